#include "compiler/lower/emitter.h"

#include <llvm/IR/MDBuilder.h>

namespace aqd::lower {

using program::Kind;
using program::TypeId;

namespace {

// The stack of a contract is 16 KiB: values that would take much of it lie in static memory.
constexpr std::uint64_t largest_on_stack = 512;

// Up to here a copy of the whole room of a list is cheaper than looking at its length.
constexpr std::uint64_t small_list = 64;

}  // namespace

Emitter::Emitter(Unit& unit_in, llvm::Function* function_in, std::optional<source::Span> span)
    : unit(unit_in), function(function_in), b(unit_in.context) {
    llvm::BasicBlock* const entry = block("entry");
    continue_in(entry);
    if (span) {
        scope_ = unit.lines.function(*function, *span);
        at(*span);
    }
    // A marker before which all stack memory is reserved, so that it is reserved once.
    llvm::BasicBlock* const body = block("body");
    allocas_end_ = b.CreateBr(body);
    continue_in(body);
}

void Emitter::at(source::Span span) {
    if (scope_ != nullptr) {
        b.SetCurrentDebugLocation(unit.lines.place(span, scope_));
    }
}

llvm::BasicBlock* Emitter::block(const std::string& name) {
    return llvm::BasicBlock::Create(unit.context, name, function);
}

void Emitter::go_to(llvm::BasicBlock* target) {
    b.CreateBr(target);
    continue_in(target);
}

void Emitter::if_then(llvm::Value* condition, llvm::function_ref<void()> then) {
    llvm::BasicBlock* const yes = block("then");
    llvm::BasicBlock* const after = block("after");
    b.CreateCondBr(condition, yes, after);
    continue_in(yes);
    then();
    go_to(after);
}

void Emitter::if_else(llvm::Value* condition, llvm::function_ref<void()> then,
                      llvm::function_ref<void()> otherwise) {
    llvm::BasicBlock* const yes = block("then");
    llvm::BasicBlock* const no = block("else");
    llvm::BasicBlock* const after = block("after");
    b.CreateCondBr(condition, yes, no);
    continue_in(yes);
    then();
    b.CreateBr(after);
    continue_in(no);
    otherwise();
    go_to(after);
}

void Emitter::repeat(llvm::Value* count, llvm::function_ref<void(llvm::Value*)> body) {
    llvm::BasicBlock* const before = b.GetInsertBlock();
    llvm::BasicBlock* const head = block("each");
    llvm::BasicBlock* const round = block("round");
    llvm::BasicBlock* const after = block("after");
    b.CreateBr(head);
    continue_in(head);
    llvm::PHINode* const index = b.CreatePHI(b.getInt32Ty(), 2);
    index->addIncoming(b.getInt32(0), before);
    b.CreateCondBr(b.CreateICmpULT(index, count), round, after);
    continue_in(round);
    body(index);
    index->addIncoming(b.CreateAdd(index, b.getInt32(1), "", true, true), b.GetInsertBlock());
    b.CreateBr(head);
    continue_in(after);
}

void Emitter::refuse(std::uint32_t code) {
    llvm::CallInst* const end = b.CreateCall(unit.host("refuse", {b.getInt32Ty()}), {i32(code)});
    end->setDoesNotReturn();
    // Two refusals of one kind stay two, or the machine could not tell the line.
    end->addFnAttr(llvm::Attribute::NoMerge);
    b.CreateUnreachable();
    continue_in(block("dead"));
}

void Emitter::refuse_if(llvm::Value* condition, std::uint32_t code) {
    if (const auto* const known = llvm::dyn_cast<llvm::ConstantInt>(condition)) {
        if (known->isZero()) {
            return;
        }
    }
    llvm::BasicBlock* const bad = block("refuse");
    llvm::BasicBlock* const good = block("good");
    b.CreateCondBr(condition, bad, good,
                   llvm::MDBuilder(unit.context).createBranchWeights(1, 4096));
    continue_in(bad);
    refuse(code);
    b.GetInsertBlock()->eraseFromParent();
    continue_in(good);
}

llvm::CallInst* Emitter::call(llvm::Function* callee, llvm::ArrayRef<llvm::Value*> arguments) {
    return b.CreateCall(callee, arguments);
}

llvm::Value* Emitter::support(std::string_view name, llvm::ArrayRef<llvm::Value*> arguments) {
    return call(unit.support(name), arguments);
}

llvm::Value* Emitter::host(std::string_view name, llvm::ArrayRef<llvm::Value*> arguments) {
    std::vector<llvm::Type*> types;
    types.reserve(arguments.size());
    for (const llvm::Value* const argument : arguments) {
        types.push_back(argument->getType());
    }
    return call(unit.host(name, types), arguments);
}

llvm::Value* Emitter::null_pointer() {
    return llvm::ConstantPointerNull::get(b.getPtrTy());
}

llvm::Value* Emitter::temporary(llvm::Type* type, const llvm::Twine& name) {
    const std::uint64_t size = unit.module.getDataLayout().getTypeAllocSize(type).getFixedValue();
    if (size > largest_on_stack) {
        return unit.static_memory(type, (function->getName() + "." + name).str());
    }
    llvm::IRBuilder<> entry(allocas_end_);
    return entry.CreateAlloca(type, nullptr, name);
}

llvm::Value* Emitter::value_at(TypeId type, llvm::Value* address) {
    const Layout& held = layout(type);
    return held.scalar ? b.CreateLoad(held.type, address) : address;
}

void Emitter::store(TypeId type, llvm::Value* value, llvm::Value* address) {
    if (layout(type).scalar) {
        b.CreateStore(value, address);
    } else {
        copy(type, address, value);
    }
}

void Emitter::copy(TypeId type, llvm::Value* to, llvm::Value* from) {
    const Layout& held = layout(type);
    const llvm::MaybeAlign alignment = unit.module.getDataLayout().getABITypeAlign(held.type);
    if (held.scalar) {
        b.CreateStore(b.CreateLoad(held.type, from), to);
        return;
    }
    if (kind(type) == Kind::list && held.size > small_list) {
        const llvm::DataLayout& data = unit.module.getDataLayout();
        auto* const list = llvm::cast<llvm::StructType>(held.type);
        const std::uint64_t head = data.getStructLayout(list)->getElementOffset(1);
        const std::uint64_t each =
            data.getTypeAllocSize(layout(unit.program.types.item(type)).type);
        llvm::Value* const size =
            b.CreateAdd(i32(head), b.CreateMul(list_length(type, from), i32(each)));
        b.CreateMemMove(to, alignment, from, alignment, size);
        return;
    }
    b.CreateMemCpy(to, alignment, from, alignment, held.size);
}

llvm::Value* Emitter::field(llvm::Type* aggregate, llvm::Value* address, std::uint32_t index) {
    return b.CreateStructGEP(aggregate, address, index);
}

llvm::Value* Emitter::variant_field(TypeId enumeration, llvm::Value* address, std::uint32_t variant,
                                    std::uint32_t index) {
    llvm::Value* const payload = field(enumeration, address, 1);
    return field(unit.layouts.variant(enumeration, variant), payload, index);
}

llvm::Value* Emitter::ordinal(TypeId enumeration, llvm::Value* value) {
    if (layout(enumeration).scalar) {
        return value;
    }
    return b.CreateLoad(b.getInt32Ty(), field(enumeration, value, 0));
}

llvm::Value* Emitter::is_present(TypeId option, llvm::Value* address) {
    return b.CreateLoad(b.getInt1Ty(), field(option, address, 0));
}

llvm::Value* Emitter::list_length(TypeId list, llvm::Value* address) {
    return b.CreateLoad(b.getInt32Ty(), field(list, address, 0));
}

llvm::Value* Emitter::element(TypeId sequence, llvm::Value* address, llvm::Value* index) {
    llvm::Type* array = layout(sequence).type;
    if (kind(sequence) == Kind::list) {
        address = field(sequence, address, 1);
        array = llvm::cast<llvm::StructType>(array)->getElementType(1);
    }
    return b.CreateInBoundsGEP(array, address, {b.getInt32(0), index});
}

llvm::Value* Emitter::element_count(TypeId sequence, llvm::Value* address) {
    if (kind(sequence) == Kind::list) {
        return list_length(sequence, address);
    }
    return i32(shape(sequence).size);
}

Region Emitter::load_slice(llvm::Value* slice) {
    llvm::StructType* const type = unit.layouts.slice();
    return {b.CreateLoad(b.getPtrTy(), field(type, slice, 0)),
            b.CreateLoad(b.getInt32Ty(), field(type, slice, 1))};
}

void Emitter::store_slice(llvm::Value* slice, Region region) {
    llvm::StructType* const type = unit.layouts.slice();
    b.CreateStore(region.data, field(type, slice, 0));
    b.CreateStore(region.size, field(type, slice, 1));
}

llvm::Value* Emitter::make_slice(Region region) {
    llvm::Value* const slice = temporary(unit.layouts.slice(), "slice");
    store_slice(slice, region);
    return slice;
}

}  // namespace aqd::lower
