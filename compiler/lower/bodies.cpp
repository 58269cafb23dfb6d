#include "compiler/lower/emitter.h"

#include <algorithm>

// Authority values: as a `Body` of any kind, and whether they are registered.

namespace aqd::lower {

using program::Kind;
using program::TypeId;

namespace {

class CheckFunction : public Emitter {
  public:
    CheckFunction(Unit& owner, llvm::Function* made, TypeId type)
        : Emitter(owner, made, std::nullopt), type_(type) {}

    void make() {
        value_ = function->getArg(0);
        switch (kind(type_)) {
            case Kind::body: {
                const Region body = load_slice(value_);
                known(host("any_body_exists", {body.data, body.size}));
                break;
            }
            case Kind::authority: {
                const program::NamedType& named = unit.program.named_type(type_);
                llvm::Value* const mark = support("aqd_heap_mark");
                const Region keys = encode(type_, value_);
                known(
                    host("body_exists", {i32(named.module), i64(named.id), keys.data, keys.size}));
                support("aqd_heap_release", {mark});
                break;
            }
            case Kind::option:
                if_then(is_present(type_, value_),
                        [&] { check(unit.program.types.item(type_), field(type_, value_, 1)); });
                break;
            case Kind::list:
            case Kind::array:
                repeat(element_count(type_, value_), [&](llvm::Value* index) {
                    check(unit.program.types.item(type_), element(type_, value_, index));
                });
                break;
            case Kind::enumeration:
                variants();
                break;
            default: {
                const std::vector<TypeId> parts = part_types(unit.program, type_);
                for (std::uint32_t i = 0; i < parts.size(); ++i) {
                    check(parts[i], field(type_, value_, i));
                }
            }
        }
        b.CreateRetVoid();
    }

  private:
    void known(llvm::Value* answer) {
        refuse_if(b.CreateICmpEQ(answer, i32(0)), abi::Refusal::UnknownBody);
    }

    void check(TypeId type, llvm::Value* address) {
        if (layout(type).has_body) {
            check_bodies(type, address);
        }
    }

    void variants() {
        const auto& all = unit.program.named_type(type_).variants;
        for (std::uint32_t v = 0; v < all.size(); ++v) {
            if (all[v].fields.empty()) {
                continue;
            }
            if_then(b.CreateICmpEQ(ordinal(type_, value_), i32(v)), [&] {
                for (std::uint32_t i = 0; i < all[v].fields.size(); ++i) {
                    check(all[v].fields[i].type, variant_field(type_, value_, v, i));
                }
            });
        }
    }

    TypeId type_;
    llvm::Value* value_ = nullptr;
};

}  // namespace

void Emitter::write_body(TypeId authority, llvm::Value* value) {
    const program::NamedType& named = unit.program.named_type(authority);
    write_array(1 + named.fields.size());
    support("aqd_write_authority_tag", {i32(named.module), i64(named.id)});
    for (std::uint32_t i = 0; i < named.fields.size(); ++i) {
        const TypeId type = named.fields[i].type;
        write(type, value_at(type, field(authority, value, i)));
    }
}

void Emitter::to_body(TypeId authority, llvm::Value* value, llvm::Value* address) {
    store_slice(address, written([&] { write_body(authority, value); }));
}

void Emitter::check_bodies(TypeId type, llvm::Value* value) {
    if (!layout(type).has_body) {
        return;
    }
    llvm::Function* made = unit.by_type[{"check", type}];
    if (made == nullptr) {
        llvm::Type* const pointer = llvm::PointerType::getUnqual(unit.context);
        made = unit.make_function(
            llvm::FunctionType::get(llvm::Type::getVoidTy(unit.context), {pointer}, false),
            "check." + program::type_text(unit.program, type));
        unit.by_type[{"check", type}] = made;
        CheckFunction(unit, made, type).make();
    }
    call(made, {value});
}

}  // namespace aqd::lower
