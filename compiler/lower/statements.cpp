#include "compiler/lower/effects.h"
#include "compiler/lower/function.h"

#include <aqd/base/assert.h>

#include <llvm/ADT/APInt.h>
#include <llvm/IR/Constants.h>

namespace aqd::lower {

using program::Kind;
using program::TypeId;

namespace {

llvm::Constant* bound(llvm::Type* type, const program::NumberLiteral& literal) {
    llvm::APInt value(128, {low_half(literal.magnitude), high_half(literal.magnitude)});
    if (literal.negative) {
        value.negate();
    }
    return llvm::ConstantInt::get(type, value.trunc(type->getIntegerBitWidth()));
}

template <class... Functions>
struct Overloaded : Functions... {
    using Functions::operator()...;
};

}  // namespace

FunctionLowering::FunctionLowering(Unit& owner, llvm::Function* made, source::Span span,
                                   std::optional<std::uint32_t> procedure)
    : Emitter(owner, made, span), procedure_(procedure) {}

void FunctionLowering::lower_body(const program::Function& source) {
    source_ = &source;
    unsigned next = 0;
    if (source.procedure) {
        case_data_ = function->getArg(next++);
    }
    if (!layout(source.result).scalar) {
        result_ = function->getArg(next++);
    }
    for (std::uint32_t i = 0; i < source.slots.size(); ++i) {
        const program::Slot& slot = source.slots[i];
        const bool is_parameter = i < source.parameter_count;
        llvm::Value* const given = is_parameter ? function->getArg(next++) : nullptr;
        // A parameter in memory belongs to the caller: only one that changes is copied.
        if (is_parameter && !layout(slot.type).scalar && !slot.mutable_) {
            slots_.push_back(given);
            continue;
        }
        llvm::Value* const place = temporary(slot.type, slot.name);
        if (is_parameter) {
            store(slot.type, given, place);
        }
        slots_.push_back(place);
    }
    lower_block(source.body);
    // Every way out was a return or a goto, except for functions that yield nothing.
    if (!source.goes && kind(source.result) == Kind::unit) {
        b.CreateRetVoid();
    } else {
        b.CreateUnreachable();
    }
}

void FunctionLowering::lower_block(const program::Block& block) {
    for (const program::Stmt& statement : block.statements) {
        lower_statement(statement);
    }
}

void FunctionLowering::let(const program::Let& node) {
    evaluate_to(*node.value, slots_[static_cast<std::size_t>(node.slot)]);
}

void FunctionLowering::for_range(const program::ForRange& node) {
    const auto slot = static_cast<std::size_t>(node.slot);
    llvm::Type* const type = layout(source_->slots[slot].type).type;
    const bool signs = kind(source_->slots[slot].type) == Kind::signed_integer;
    llvm::Constant* const last = bound(type, node.last);
    // The counter is apart from the slot, which the body may not change but a loop inside it must
    // not either.
    llvm::Value* const counter = temporary(type, "counter");
    b.CreateStore(bound(type, node.first), counter);
    llvm::BasicBlock* const head = block("range");
    llvm::BasicBlock* const round = block("round");
    llvm::BasicBlock* const after = block("after");
    go_to(head);
    llvm::Value* const now = b.CreateLoad(type, counter);
    b.CreateCondBr(signs ? b.CreateICmpSLT(now, last) : b.CreateICmpULT(now, last), round, after);
    continue_in(round);
    b.CreateStore(now, slots_[slot]);
    lower_block(node.body);
    b.CreateStore(b.CreateAdd(now, llvm::ConstantInt::get(type, 1), "", !signs, signs), counter);
    b.CreateBr(head);
    continue_in(after);
}

void FunctionLowering::for_each(const program::ForEach& node) {
    const TypeId type = node.list->type;
    const TypeId item = unit.program.types.item(type);
    llvm::Value* const list = evaluate_before(*node.list, assigns(node.body));
    repeat(element_count(type, list), [&](llvm::Value* index) {
        copy(item, slots_[static_cast<std::size_t>(node.slot)], element(type, list, index));
        lower_block(node.body);
    });
}

void FunctionLowering::while_loop(const program::While& node) {
    llvm::Value* const rounds = temporary(b.getInt32Ty(), "rounds");
    b.CreateStore(i32(0), rounds);
    llvm::BasicBlock* const head = block("while");
    llvm::BasicBlock* const round = block("round");
    llvm::BasicBlock* const after = block("after");
    go_to(head);
    const llvm::DebugLoc here = b.getCurrentDebugLocation();
    b.CreateCondBr(evaluate(*node.condition), round, after);
    continue_in(round);
    b.SetCurrentDebugLocation(here);
    llvm::Value* const done = b.CreateLoad(b.getInt32Ty(), rounds);
    refuse_if(b.CreateICmpUGE(done, i32(node.most)), abi::Refusal::LoopLimit);
    b.CreateStore(b.CreateAdd(done, i32(1)), rounds);
    lower_block(node.body);
    b.CreateBr(head);
    continue_in(after);
}

void FunctionLowering::return_value(const program::Return& node) {
    if (node.value == nullptr) {
        b.CreateRetVoid();
    } else if (result_ != nullptr) {
        evaluate_to(*node.value, result_);
        b.CreateRetVoid();
    } else if (kind(node.value->type) == Kind::unit) {
        evaluate(*node.value);
        b.CreateRetVoid();
    } else {
        b.CreateRet(evaluate(*node.value));
    }
    continue_in(block("dead"));
}

void FunctionLowering::go(const program::Goto& node) {
    b.CreateRet(i32(node.target ? *node.target : stay));
    continue_in(block("dead"));
}

void FunctionLowering::lower_statement(const program::Stmt& statement) {
    at(statement.span);
    std::visit(Overloaded{[&](const program::Let& node) { let(node); },
                          [&](const program::Assign& node) { assign(node); },
                          [&](const program::Push& node) { push(node); },
                          [&](const program::If& node) {
                              if_else(
                                  evaluate(*node.condition), [&] { lower_block(node.then_block); },
                                  [&] { lower_block(node.else_block); });
                          },
                          [&](const program::ForRange& node) { for_range(node); },
                          [&](const program::ForEach& node) { for_each(node); },
                          [&](const program::While& node) { while_loop(node); },
                          [&](const program::Return& node) { return_value(node); },
                          [&](const program::Goto& node) { go(node); },
                          [&](const program::Require& node) {
                              llvm::Value* const holds = evaluate(*node.condition);
                              at(statement.span);
                              refuse_if(b.CreateNot(holds), node.refusal);
                          },
                          [&](const program::Fail& node) { refuse(node.refusal); },
                          [&](const program::Evaluate& node) { evaluate(*node.value); },
                          [&](const program::RegisterPut& node) { register_put(node); },
                          [&](const program::RegisterRemove& node) { register_remove(node); },
                          [&](const program::Send& node) { send(node); },
                          [&](const program::Ask& node) { ask(node); },
                          [&](const program::Answer& node) { answer(node); },
                          [&](const program::Receipt& node) {
                              host("receipt_to", {evaluate(*node.person)});
                          },
                          [&](const program::Notify& node) { notify(node); },
                          [&](const program::Escalate& node) { escalate(node); }},
               statement.node);
}

}  // namespace aqd::lower
