#include "compiler/lower/emitter.h"

#include <aqd/calendar/civil_date.h>

#include <limits>

// Values to CBOR and back (docs/abi.md, Values). Scalars are calls of the runtime; aggregates get a
// function each way, made when first asked for.

namespace aqd::lower {

using program::Kind;
using program::TypeId;

namespace {

constexpr std::int64_t first_second = std::int64_t{calendar::min_day} * calendar::seconds_per_day;
constexpr std::int64_t last_second =
    (std::int64_t{calendar::max_day} + 1) * calendar::seconds_per_day - 1;

class WriteFunction : public Emitter {
  public:
    WriteFunction(Unit& owner, llvm::Function* made, TypeId type)
        : Emitter(owner, made, std::nullopt), type_(type) {}

    void make() {
        value_ = function->getArg(0);
        switch (kind(type_)) {
            case Kind::months:
                write_array(2);
                support("aqd_write_signed",
                        {b.CreateLoad(b.getInt64Ty(), field(type_, value_, 0))});
                support("aqd_write_unsigned",
                        {b.CreateZExt(b.CreateLoad(b.getInt32Ty(), field(type_, value_, 1)),
                                      b.getInt64Ty())});
                break;
            case Kind::option:
                if_else(
                    is_present(type_, value_),
                    [&] { write_at(unit.program.types.item(type_), field(type_, value_, 1)); },
                    [&] { support("aqd_write_null"); });
                break;
            case Kind::list:
            case Kind::array: {
                llvm::Value* const count = element_count(type_, value_);
                support("aqd_write_array", {count});
                repeat(count, [&](llvm::Value* index) {
                    write_at(unit.program.types.item(type_), element(type_, value_, index));
                });
                break;
            }
            case Kind::enumeration:
                variants();
                break;
            default: {
                const std::vector<TypeId> parts = part_types(unit.program, type_);
                write_array(parts.size());
                for (std::uint32_t i = 0; i < parts.size(); ++i) {
                    write_at(parts[i], field(type_, value_, i));
                }
            }
        }
        b.CreateRetVoid();
    }

  private:
    void write_at(TypeId type, llvm::Value* address) { write(type, value_at(type, address)); }

    void variants() {
        llvm::Value* const which = ordinal(type_, value_);
        llvm::Value* const number = b.CreateZExt(which, b.getInt64Ty());
        const auto& all = unit.program.named_type(type_).variants;
        for (std::uint32_t v = 0; v < all.size(); ++v) {
            if (all[v].fields.empty()) {
                continue;
            }
            if_then(b.CreateICmpEQ(which, i32(v)), [&] {
                write_array(1 + all[v].fields.size());
                support("aqd_write_unsigned", {number});
                for (std::uint32_t i = 0; i < all[v].fields.size(); ++i) {
                    write_at(all[v].fields[i].type, variant_field(type_, value_, v, i));
                }
                b.CreateRetVoid();
                continue_in(block("dead"));
            });
        }
        support("aqd_write_unsigned", {number});
    }

    TypeId type_;
    llvm::Value* value_ = nullptr;
};

class ReadFunction : public Emitter {
  public:
    ReadFunction(Unit& owner, llvm::Function* made, TypeId type)
        : Emitter(owner, made, std::nullopt), type_(type) {}

    void make() {
        out_ = function->getArg(0);
        switch (kind(type_)) {
            case Kind::months:
                months();
                break;
            case Kind::option:
                option();
                break;
            case Kind::list:
            case Kind::array:
                elements();
                break;
            case Kind::enumeration:
                variants();
                break;
            case Kind::authority:
                keys();
                break;
            default: {
                const std::vector<TypeId> parts = part_types(unit.program, type_);
                support("aqd_read_array", {i32(parts.size())});
                for (std::uint32_t i = 0; i < parts.size(); ++i) {
                    read(parts[i], field(type_, out_, i));
                }
            }
        }
        b.CreateRetVoid();
    }

  private:
    void months() {
        support("aqd_read_array", {i32(2)});
        const std::int64_t most = std::numeric_limits<std::uint32_t>::max();
        b.CreateStore(support("aqd_read_signed", {b.getInt64(-most), b.getInt64(most)}),
                      field(type_, out_, 0));
        b.CreateStore(b.CreateTrunc(support("aqd_read_unsigned", {i64(2)}), b.getInt32Ty()),
                      field(type_, out_, 1));
    }

    void option() {
        llvm::Value* const absent = support("aqd_read_null");
        b.CreateStore(b.CreateNot(absent), field(type_, out_, 0));
        if_then(b.CreateNot(absent),
                [&] { read(unit.program.types.item(type_), field(type_, out_, 1)); });
    }

    void elements() {
        const program::Type& sequence = shape(type_);
        llvm::Value* count = i32(sequence.size);
        if (sequence.kind == Kind::list) {
            count = support("aqd_read_list", {i32(sequence.size)});
            b.CreateStore(count, field(type_, out_, 0));
        } else {
            support("aqd_read_array", {count});
        }
        repeat(count,
               [&](llvm::Value* index) { read(sequence.items[0], element(type_, out_, index)); });
    }

    void keys() {
        const std::vector<TypeId> parts = part_types(unit.program, type_);
        support("aqd_read_array", {i32(parts.size())});
        for (std::uint32_t i = 0; i < parts.size(); ++i) {
            if (kind(parts[i]) == Kind::text) {
                support("aqd_read_key_text", {i32(shape(parts[i]).size), field(type_, out_, i)});
            } else {
                read(parts[i], field(type_, out_, i));
            }
        }
    }

    void variants() {
        const auto& all = unit.program.named_type(type_).variants;
        llvm::Value* const fields_at = temporary(b.getInt32Ty(), "fields");
        llvm::Value* const which = support("aqd_read_variant", {i32(all.size()), fields_at});
        llvm::Value* const fields = b.CreateLoad(b.getInt32Ty(), fields_at);
        b.CreateStore(which, field(type_, out_, 0));
        llvm::BasicBlock* const after = block("after");
        llvm::BasicBlock* const plain = block("plain");
        llvm::SwitchInst* const choice = b.CreateSwitch(which, plain);
        for (std::uint32_t v = 0; v < all.size(); ++v) {
            if (all[v].fields.empty()) {
                continue;
            }
            llvm::BasicBlock* const here = block("variant");
            choice->addCase(b.getInt32(v), here);
            continue_in(here);
            refuse_if(b.CreateICmpNE(fields, i32(all[v].fields.size())), abi::Refusal::Decode);
            for (std::uint32_t i = 0; i < all[v].fields.size(); ++i) {
                read(all[v].fields[i].type, variant_field(type_, out_, v, i));
            }
            b.CreateBr(after);
        }
        continue_in(plain);
        refuse_if(b.CreateICmpNE(fields, i32(0)), abi::Refusal::Decode);
        go_to(after);
    }

    TypeId type_;
    llvm::Value* out_ = nullptr;
};

template <class Maker>
llvm::Function* codec_function(Unit& unit, TypeId type, const std::string& name) {
    llvm::Function* made = unit.by_type[{name, type}];
    if (made == nullptr) {
        llvm::Type* const pointer = llvm::PointerType::getUnqual(unit.context);
        made = unit.make_function(
            llvm::FunctionType::get(llvm::Type::getVoidTy(unit.context), {pointer}, false),
            name + "." + program::type_text(unit.program, type));
        unit.by_type[{name, type}] = made;
        Maker(unit, made, type).make();
    }
    return made;
}

std::uint64_t all_ones(std::uint32_t bits) {
    return bits >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
}

}  // namespace

void Emitter::write(TypeId type, llvm::Value* value) {
    const program::Type& what = shape(type);
    switch (what.kind) {
        case Kind::unit:
            support("aqd_write_null");
            return;
        case Kind::boolean:
            support("aqd_write_bool", {value});
            return;
        case Kind::unsigned_integer:
            if (what.size == 128) {
                support("aqd_write_unsigned128", {value});
            } else {
                support("aqd_write_unsigned", {b.CreateZExt(value, b.getInt64Ty())});
            }
            return;
        case Kind::decimal:
            support("aqd_write_signed128", {value});
            return;
        case Kind::signed_integer:
            if (what.size == 128) {
                support("aqd_write_signed128", {value});
                return;
            }
            [[fallthrough]];
        case Kind::date:
        case Kind::time:
        case Kind::days:
        case Kind::workdays:
        case Kind::hours:
        case Kind::minutes:
        case Kind::seconds:
            support("aqd_write_signed", {b.CreateSExt(value, b.getInt64Ty())});
            return;
        case Kind::text:
        case Kind::bytes: {
            const Region region = load_slice(value);
            support(what.kind == Kind::text ? "aqd_write_text" : "aqd_write_bytes",
                    {region.data, region.size});
            return;
        }
        case Kind::body: {
            const Region region = load_slice(value);
            support("aqd_write_encoded", {region.data, region.size});
            return;
        }
        case Kind::hash:
        case Kind::case_id:
        case Kind::account:
        case Kind::person:
        case Kind::secret:
            support("aqd_write_bytes", {value, i32(Layouts::fixed_size(what.kind))});
            return;
        default:
            break;
    }
    if (what.kind == Kind::enumeration && layout(type).scalar) {
        support("aqd_write_unsigned", {b.CreateZExt(value, b.getInt64Ty())});
        return;
    }
    call(codec_function<WriteFunction>(unit, type, "write"), {value});
}

Region Emitter::written(llvm::function_ref<void()> body) {
    llvm::Value* const start = support("aqd_heap_mark");
    body();
    llvm::Value* const end = support("aqd_heap_mark");
    return {start, b.CreateSub(b.CreatePtrToInt(end, b.getInt32Ty()),
                               b.CreatePtrToInt(start, b.getInt32Ty()))};
}

Region Emitter::encode(TypeId type, llvm::Value* value) {
    return written([&] { write(type, value); });
}

// Longer than seventy lines: one row for each kind of type.
void Emitter::read(TypeId type, llvm::Value* address) {
    const program::Type& what = shape(type);
    const auto signed_between = [&](std::int64_t least, std::int64_t most) {
        llvm::Value* const value =
            support("aqd_read_signed", {b.getInt64(least), b.getInt64(most)});
        b.CreateStore(b.CreateTrunc(value, layout(type).type), address);
    };
    switch (what.kind) {
        case Kind::unit:
            refuse_unless(support("aqd_read_null"), abi::Refusal::Decode);
            b.CreateStore(i1(false), address);
            return;
        case Kind::boolean:
            b.CreateStore(support("aqd_read_bool"), address);
            return;
        case Kind::unsigned_integer:
            if (what.size == 128) {
                support("aqd_read_unsigned128", {address});
            } else {
                llvm::Value* const value = support("aqd_read_unsigned", {i64(all_ones(what.size))});
                b.CreateStore(b.CreateTrunc(value, layout(type).type), address);
            }
            return;
        case Kind::decimal:
            support("aqd_read_signed128", {address});
            return;
        case Kind::signed_integer:
            if (what.size == 128) {
                support("aqd_read_signed128", {address});
            } else {
                const auto most = static_cast<std::int64_t>(all_ones(what.size - 1));
                signed_between(-most - 1, most);
            }
            return;
        case Kind::date:
            signed_between(calendar::min_day, calendar::max_day);
            return;
        case Kind::time:
            signed_between(first_second, last_second);
            return;
        case Kind::days:
        case Kind::workdays:
        case Kind::hours:
        case Kind::minutes:
        case Kind::seconds:
            signed_between(std::numeric_limits<std::int64_t>::min(),
                           std::numeric_limits<std::int64_t>::max());
            return;
        case Kind::text:
            support("aqd_read_text", {i32(what.size), address});
            return;
        case Kind::bytes:
            support("aqd_read_bytes", {i32(what.size), address});
            return;
        case Kind::body:
            support("aqd_read_body", {address});
            return;
        case Kind::hash:
        case Kind::case_id:
        case Kind::account:
        case Kind::person:
        case Kind::secret:
            b.CreateStore(support("aqd_read_fixed", {i32(Layouts::fixed_size(what.kind))}),
                          address);
            return;
        default:
            break;
    }
    if (what.kind == Kind::enumeration && layout(type).scalar) {
        const auto most = unit.program.named_type(type).variants.size() - 1;
        b.CreateStore(b.CreateTrunc(support("aqd_read_unsigned", {i64(most)}), b.getInt32Ty()),
                      address);
        return;
    }
    call(codec_function<ReadFunction>(unit, type, "read"), {address});
}

}  // namespace aqd::lower
