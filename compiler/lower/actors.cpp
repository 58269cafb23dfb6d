#include "compiler/lower/entry.h"

// Who may act (docs/abi.md, Checks).

namespace aqd::lower {

using program::Actor;
using program::Group;

namespace {

constexpr std::uint32_t person_size = 32;

}  // namespace

llvm::Value* EntryLowering::fits(const Actor& actor) {
    at(actor.span);
    switch (actor.form) {
        case Actor::Form::anyone:
            return i1(true);
        case Actor::Form::role: {
            const program::Role& role = unit.program.roles[actor.role];
            llvm::Value* const mark = support("aqd_heap_mark");
            Region body{null_pointer(), i32(0)};
            if (actor.body != nullptr) {
                llvm::Value* const value = evaluate(*actor.body);
                body = encode(actor.body->type, value);
            }
            llvm::Value* const holds =
                host("caller_has_role", {i32(role.module), i64(role.id), body.data, body.size});
            support("aqd_heap_release", {mark});
            return b.CreateICmpNE(holds, i32(0));
        }
        case Actor::Form::party: {
            const program::TypeId type = procedure_->data[actor.party].type;
            llvm::Value* const party = case_field(actor.party);
            llvm::Value* const result = temporary(b.getInt1Ty(), "is_party");
            b.CreateStore(i1(false), result);
            if_then(is_present(type, party), [&] {
                llvm::Value* const person = b.CreateLoad(b.getPtrTy(), field(type, party, 1));
                b.CreateStore(b.CreateICmpNE(host("caller_is_person", {person}), i32(0)), result);
            });
            return b.CreateLoad(b.getInt1Ty(), result);
        }
        case Actor::Form::notice:
            return i1(false);
    }
    return i1(false);
}

// The first alternative that fits is the one that the caller acts as: no other is asked for.
llvm::Value* EntryLowering::fits(const Group& group) {
    if (group.actors.size() == 1) {
        return fits(group.actors.front());
    }
    llvm::Value* const result = temporary(b.getInt1Ty(), "fits");
    llvm::BasicBlock* const found = block("fits");
    llvm::BasicBlock* const after = block("after");
    for (const Actor& actor : group.actors) {
        llvm::BasicBlock* const next = block("next");
        b.CreateCondBr(fits(actor), found, next);
        continue_in(next);
    }
    b.CreateStore(i1(false), result);
    b.CreateBr(after);
    continue_in(found);
    b.CreateStore(i1(true), result);
    go_to(after);
    return b.CreateLoad(b.getInt1Ty(), result);
}

llvm::Value* EntryLowering::state_is_one_of(llvm::Value* state,
                                            const std::vector<std::uint32_t>& states) {
    llvm::Value* found = i1(false);
    for (const std::uint32_t each : states) {
        found = b.CreateOr(found, b.CreateICmpEQ(state, i32(each)));
    }
    return found;
}

llvm::Value* EntryLowering::choose_any_group() {
    if (entry_.groups.size() == 1) {
        llvm::Value* const good = fits(entry_.groups.front());
        at(entry_.span);
        refuse_unless(good, abi::Refusal::NotAuthorised);
        return i32(0);
    }
    llvm::Value* const chosen = temporary(b.getInt32Ty(), "group");
    llvm::BasicBlock* const after = block("after");
    for (std::uint32_t i = 0; i < entry_.groups.size(); ++i) {
        llvm::BasicBlock* const found = block("found");
        llvm::BasicBlock* const next = block("next");
        b.CreateCondBr(fits(entry_.groups[i]), found, next);
        continue_in(found);
        b.CreateStore(i32(i), chosen);
        b.CreateBr(after);
        continue_in(next);
    }
    at(entry_.span);
    refuse(abi::Refusal::NotAuthorised);
    b.CreateBr(after);
    continue_in(after);
    return b.CreateLoad(b.getInt32Ty(), chosen);
}

llvm::Value* EntryLowering::choose_group(llvm::Value* state) {
    if (entry_.groups.size() == 1) {
        choose_any_group();
        at(entry_.span);
        refuse_unless(state_is_one_of(state, entry_.groups.front().states),
                      abi::Refusal::WrongState);
        return i32(0);
    }
    llvm::Value* const chosen = temporary(b.getInt32Ty(), "group");
    llvm::BasicBlock* const after = block("after");
    for (std::uint32_t i = 0; i < entry_.groups.size(); ++i) {
        llvm::BasicBlock* const here = block("here");
        llvm::BasicBlock* const found = block("found");
        llvm::BasicBlock* const next = block("next");
        b.CreateCondBr(state_is_one_of(state, entry_.groups[i].states), here, next);
        continue_in(here);
        b.CreateCondBr(fits(entry_.groups[i]), found, next);
        continue_in(found);
        b.CreateStore(i32(i), chosen);
        b.CreateBr(after);
        continue_in(next);
    }
    // Nobody who may act now: may the caller act in another state?
    for (const Group& group : entry_.groups) {
        if_then(b.CreateNot(state_is_one_of(state, group.states)), [&] {
            llvm::Value* const elsewhere = fits(group);
            at(entry_.span);
            refuse_if(elsewhere, abi::Refusal::WrongState);
        });
    }
    at(entry_.span);
    refuse(abi::Refusal::NotAuthorised);
    b.CreateBr(after);
    continue_in(after);
    return b.CreateLoad(b.getInt32Ty(), chosen);
}

// A missing case and a case in which the caller has no role look alike, unless the role does not
// depend on the case.
void EntryLowering::refuse_missing_case() {
    for (const Group& group : entry_.groups) {
        for (const Actor& actor : group.actors) {
            if (actor.form != Actor::Form::party && !actor.depends_on_case) {
                llvm::Value* const good = fits(actor);
                at(entry_.span);
                refuse_if(good, abi::Refusal::NoCase);
            }
        }
    }
    at(entry_.span);
    refuse(abi::Refusal::NotAuthorised);
    b.CreateUnreachable();
}

void EntryLowering::for_group(llvm::Value* group, llvm::function_ref<bool(const Group&)> concerns,
                              llvm::function_ref<void(const Group&)> body) {
    for (std::uint32_t i = 0; i < entry_.groups.size(); ++i) {
        const Group& each = entry_.groups[i];
        if (!concerns(each)) {
            continue;
        }
        if (entry_.groups.size() == 1) {
            body(each);
        } else {
            if_then(b.CreateICmpEQ(group, i32(i)), [&] { body(each); });
        }
    }
}

void EntryLowering::refuse_same_person(llvm::Value* group) {
    for_group(
        group, [](const Group& each) { return !each.except.empty(); },
        [&](const Group& each) {
            for (const std::uint32_t party : each.except) {
                const program::TypeId type = procedure_->data[party].type;
                llvm::Value* const address = case_field(party);
                if_then(is_present(type, address), [&] {
                    llvm::Value* const person = b.CreateLoad(b.getPtrTy(), field(type, address, 1));
                    llvm::Value* const same = host("caller_is_person", {person});
                    refuse_if(b.CreateICmpNE(same, i32(0)), abi::Refusal::SamePerson);
                });
            }
        });
}

void EntryLowering::bind_party(llvm::Value* group) {
    for_group(
        group, [](const Group& each) { return each.as.has_value(); },
        [&](const Group& each) {
            const program::TypeId type = procedure_->data[*each.as].type;
            llvm::Value* const address = case_field(*each.as);
            llvm::Value* const person = support("aqd_allocate", {i32(person_size)});
            host("caller_person", {person});
            b.CreateStore(i1(true), field(type, address, 0));
            b.CreateStore(person, field(type, address, 1));
        });
}

}  // namespace aqd::lower
