#include "compiler/lower/emitter.h"

// Structural equality. Aggregates get a function each, made when first asked for.

namespace aqd::lower {

using program::Kind;
using program::TypeId;

namespace {

class EqualityFunction : public Emitter {
  public:
    EqualityFunction(Unit& owner, llvm::Function* made, TypeId type)
        : Emitter(owner, made, std::nullopt), type_(type) {}

    void make() {
        left_ = function->getArg(0);
        right_ = function->getArg(1);
        switch (kind(type_)) {
            case Kind::option:
                same(is_present(type_, left_), is_present(type_, right_));
                done_unless(is_present(type_, left_));
                same_at(unit.program.types.item(type_), field(type_, left_, 1),
                        field(type_, right_, 1));
                break;
            case Kind::list:
            case Kind::array:
                elements();
                break;
            case Kind::enumeration:
                variants();
                break;
            case Kind::months:
                same(b.CreateLoad(b.getInt64Ty(), field(type_, left_, 0)),
                     b.CreateLoad(b.getInt64Ty(), field(type_, right_, 0)));
                same(b.CreateLoad(b.getInt32Ty(), field(type_, left_, 1)),
                     b.CreateLoad(b.getInt32Ty(), field(type_, right_, 1)));
                break;
            default: {
                const std::vector<TypeId> parts = part_types(unit.program, type_);
                for (std::uint32_t i = 0; i < parts.size(); ++i) {
                    same_at(parts[i], field(type_, left_, i), field(type_, right_, i));
                }
            }
        }
        b.CreateRet(i1(true));
    }

  private:
    void done_unless(llvm::Value* condition) {
        llvm::BasicBlock* const done = block("equal");
        llvm::BasicBlock* const more = block("more");
        b.CreateCondBr(condition, more, done);
        continue_in(done);
        b.CreateRet(i1(true));
        continue_in(more);
    }

    void require(llvm::Value* condition) {
        llvm::BasicBlock* const different = block("different");
        llvm::BasicBlock* const more = block("more");
        b.CreateCondBr(condition, more, different);
        continue_in(different);
        b.CreateRet(i1(false));
        continue_in(more);
    }

    void same(llvm::Value* left, llvm::Value* right) { require(b.CreateICmpEQ(left, right)); }

    void same_at(TypeId type, llvm::Value* left, llvm::Value* right) {
        require(equal(type, value_at(type, left), value_at(type, right)));
    }

    void elements() {
        llvm::Value* const count = element_count(type_, left_);
        if (kind(type_) == Kind::list) {
            same(count, element_count(type_, right_));
        }
        const TypeId item = unit.program.types.item(type_);
        repeat(count, [&](llvm::Value* index) {
            same_at(item, element(type_, left_, index), element(type_, right_, index));
        });
    }

    void variants() {
        llvm::Value* const which = ordinal(type_, left_);
        same(which, ordinal(type_, right_));
        const auto& all = unit.program.named_type(type_).variants;
        for (std::uint32_t v = 0; v < all.size(); ++v) {
            if (all[v].fields.empty()) {
                continue;
            }
            if_then(b.CreateICmpEQ(which, i32(v)), [&] {
                for (std::uint32_t i = 0; i < all[v].fields.size(); ++i) {
                    same_at(all[v].fields[i].type, variant_field(type_, left_, v, i),
                            variant_field(type_, right_, v, i));
                }
            });
        }
    }

    TypeId type_;
    llvm::Value* left_ = nullptr;
    llvm::Value* right_ = nullptr;
};

llvm::Function* equality_function(Unit& unit, TypeId type) {
    llvm::Function*& made = unit.by_type[{"equal", type}];
    if (made == nullptr) {
        llvm::Type* const pointer = llvm::PointerType::getUnqual(unit.context);
        made = unit.make_function(
            llvm::FunctionType::get(llvm::Type::getInt1Ty(unit.context), {pointer, pointer}, false),
            "equal." + program::type_text(unit.program, type));
        EqualityFunction(unit, made, type).make();
    }
    return unit.by_type[{"equal", type}];
}

}  // namespace

llvm::Value* Emitter::support_equal_octets(llvm::Value* left, llvm::Value* right,
                                           std::uint32_t size) {
    return support("aqd_octets_equal", {left, right, i32(size)});
}

llvm::Value* Emitter::equal(TypeId type, llvm::Value* left, llvm::Value* right) {
    const Kind what = kind(type);
    if (const std::uint32_t size = Layouts::fixed_size(what); size != 0) {
        return support_equal_octets(left, right, size);
    }
    if (layout(type).scalar) {
        return b.CreateICmpEQ(left, right);
    }
    if (what == Kind::text || what == Kind::bytes || what == Kind::body) {
        return support("aqd_slices_equal", {left, right});
    }
    return call(equality_function(unit, type), {left, right});
}

}  // namespace aqd::lower
