#include "compiler/lower/case_data.h"
#include "compiler/lower/entry.h"

// Entries of procedures: starts, steps, and what the machine calls by itself.

namespace aqd::lower {

using abi::EntryKind;
using program::Kind;
using program::TypeId;

void EntryLowering::prepare_case() {
    set_case_data(temporary(unit.case_data(procedure_index_), "case"));
}

void EntryLowering::load_case() {
    call(load_case_function(unit, procedure_index_), {case_data()});
}

// A new case: parameters as given, the others at their first value or, where every start assigns
// them, at nothing.
void EntryLowering::initialise_data() {
    for (std::size_t i = 0; i < entry_.arguments.size(); ++i) {
        if (parameter_filled_by(i)) {
            fill(i);
        }
    }
    for (std::uint32_t i = procedure_->parameter_count; i < procedure_->data.size(); ++i) {
        const program::DataField& data = procedure_->data[i];
        llvm::Value* const address = case_field(i);
        if (data.initial != nullptr) {
            evaluate_to(*data.initial, address);
            continue;
        }
        b.CreateMemSet(address, b.getInt8(0), layout(data.type).size,
                       unit.module.getDataLayout().getABITypeAlign(layout(data.type).type));
    }
}

void EntryLowering::refuse_second_time() {
    if (!entry_.once_bit) {
        return;
    }
    llvm::Value* const mask = b.CreateLoad(b.getInt64Ty(), case_field(procedure_->once_mask()));
    llvm::Value* const bit = b.getInt64(std::uint64_t{1} << *entry_.once_bit);
    refuse_if(b.CreateICmpNE(b.CreateAnd(mask, bit), i64(0)), abi::Refusal::Once);
}

void EntryLowering::remember_moments() {
    for (std::uint32_t i = 0; i < procedure_->deadlines.size(); ++i) {
        const auto& at_field = procedure_->deadlines[i].at_field;
        if (at_field) {
            copy(procedure_->data[*at_field].type, moment_before(unit, procedure_index_, i),
                 case_field(*at_field));
        }
    }
}

// The body, with arguments and parties in place, and all that follows it.
void EntryLowering::run_and_store(llvm::Value* state) {
    remember_moments();
    for (std::size_t i = 0; i < entry_.arguments.size(); ++i) {
        if (!parameter_filled_by(i)) {
            fill(i);
        }
    }
    b.CreateStore(state, unit.case_state());
    at(entry_.span);
    llvm::Value* const target = call_body();
    if (entry_.once_bit) {
        // Only successes count.
        llvm::Value* const place = case_field(procedure_->once_mask());
        llvm::Value* const bit = b.getInt64(std::uint64_t{1} << *entry_.once_bit);
        b.CreateStore(b.CreateOr(b.CreateLoad(b.getInt64Ty(), place), bit), place);
    }
    call(store_case_function(unit, procedure_index_), {case_data(), state, target});
    b.CreateRetVoid();
}

// Steps and accesses: somebody acts in a case that is there.
void EntryLowering::make_step() {
    read_arguments();
    check_argument_bodies();
    prepare_case();
    set_rule_date(host("today"));
    llvm::BasicBlock* const missing = block("missing");
    llvm::BasicBlock* const found = block("found");
    llvm::Value* const loaded = host("case_load", {i64(procedure_->id)});
    b.CreateCondBr(b.CreateICmpNE(loaded, i32(0)), found, missing);
    continue_in(missing);
    refuse_missing_case();
    continue_in(found);
    load_case();
    set_rule_date(host("case_opened"));
    llvm::Value* const state = host("case_state");
    llvm::Value* const group = choose_group(state);
    refuse_same_person(group);
    refuse_second_time();
    if (entry_.kind == EntryKind::access) {
        make_access();
        return;
    }
    bind_party(group);
    run_and_store(state);
}

// i1: the open case with the same unique value, if there is one, is the current case.
llvm::Value* EntryLowering::join() {
    if (entry_.sources.empty() || !procedure_->unique) {
        return i1(false);
    }
    for (std::size_t i = 0; i < entry_.arguments.size(); ++i) {
        if (entry_.arguments[i].fills != procedure_->unique) {
            continue;
        }
        // An option that is none names no case.
        TypeId type = entry_.arguments[i].type;
        llvm::Value* address = places_[i];
        llvm::Value* const joined = temporary(b.getInt1Ty(), "joined");
        b.CreateStore(i1(false), joined);
        const auto look = [&] {
            llvm::Value* const mark = support("aqd_heap_mark");
            const Region unique = encode(type, value_at(type, address));
            llvm::Value* const found =
                host("case_join", {i64(procedure_->id), unique.data, unique.size});
            support("aqd_heap_release", {mark});
            b.CreateStore(b.CreateICmpNE(found, i32(0)), joined);
        };
        if (kind(type) == Kind::option) {
            llvm::Value* const present = is_present(type, address);
            address = field(type, address, 1);
            type = unit.program.types.item(type);
            if_then(present, look);
        } else {
            look();
        }
        return b.CreateLoad(b.getInt1Ty(), joined);
    }
    return i1(false);
}

// Whether the case that was joined was opened with the parameters given now.
void EntryLowering::compare_parameters(llvm::Value* same) {
    b.CreateStore(i1(true), same);
    for (std::size_t i = 0; i < entry_.arguments.size(); ++i) {
        const std::optional<std::uint32_t> target = parameter_filled_by(i);
        if (!target) {
            continue;
        }
        const TypeId type = entry_.arguments[i].type;
        llvm::Value* const held = value_at(type, case_field(*target));
        llvm::Value* const equals = equal(type, held, value_at(type, places_[i]));
        b.CreateStore(b.CreateAnd(b.CreateLoad(b.getInt1Ty(), same), equals), same);
    }
}

void EntryLowering::make_start() {
    read_arguments();
    check_argument_bodies();
    prepare_case();
    set_rule_date(host("today"));
    llvm::Value* const joined = join();
    llvm::Value* const same = temporary(b.getInt1Ty(), "same");
    if_else(
        joined,
        [&] {
            load_case();
            set_rule_date(host("case_opened"));
            compare_parameters(same);
            // Who may act is decided by what the caller named, not by what is in the case.
            for (std::size_t i = 0; i < entry_.arguments.size(); ++i) {
                if (parameter_filled_by(i)) {
                    fill(i);
                }
            }
        },
        [&] { initialise_data(); });
    llvm::Value* const group = choose_any_group();
    if (entry_.backdated_days != 0) {
        host("backdate", {i32(entry_.backdated_days)});
    }
    llvm::Value* const state = temporary(b.getInt32Ty(), "state");
    if_else(
        joined,
        [&] {
            b.CreateStore(host("case_state"), state);
            llvm::Value* const fitting =
                state_is_one_of(b.CreateLoad(b.getInt32Ty(), state), entry_.sources);
            refuse_unless(b.CreateAnd(fitting, b.CreateLoad(b.getInt1Ty(), same)),
                          abi::Refusal::OtherCase);
        },
        [&] {
            b.CreateStore(b.getInt32(UINT32_MAX), state);
            host("case_create", {i64(procedure_->id)});
            set_rule_date(host("case_opened"));
        });
    refuse_same_person(group);
    refuse_second_time();
    bind_party(group);
    run_and_store(b.CreateLoad(b.getInt32Ty(), state));
}

// Another body's question opens the case. Bodies in it were checked where the question was put.
void EntryLowering::make_start_on_ask() {
    read_arguments();
    prepare_case();
    host("case_create", {i64(procedure_->id)});
    set_rule_date(host("case_opened"));
    initialise_data();
    run_and_store(b.getInt32(UINT32_MAX));
}

// Deadlines, notices to the case, replies, acknowledgements: the machine names the case, as a
// caller does. Without a case the load after it refuses.
void EntryLowering::make_reaction() {
    read_arguments();
    prepare_case();
    host("case_load", {i64(procedure_->id)});
    load_case();
    set_rule_date(host("case_opened"));
    llvm::Value* const state = host("case_state");
    const bool quiet = entry_.ignore_elsewhere || entry_.kind == EntryKind::deadline;
    llvm::Value* const here = state_is_one_of(state, entry_.sources);
    if (quiet) {
        llvm::BasicBlock* const elsewhere = block("elsewhere");
        llvm::BasicBlock* const more = block("more");
        b.CreateCondBr(here, more, elsewhere);
        continue_in(elsewhere);
        b.CreateRetVoid();
        continue_in(more);
    } else {
        refuse_unless(here, abi::Refusal::WrongState);
    }
    if (entry_.breach != nullptr) {
        b.CreateStore(state, unit.case_state());
        const Region body = evaluate_slice(*entry_.breach);
        host("breach", {body.data, body.size});
    }
    run_and_store(state);
}

}  // namespace aqd::lower
