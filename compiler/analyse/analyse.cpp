#include "compiler/analyse/analyse.h"

#include "compiler/analyse/authority.h"
#include "compiler/analyse/effects.h"
#include "compiler/analyse/settlement.h"
#include "compiler/analyse/sizes.h"

namespace aqd::analyse {

using abi::EntryKind;
using diagnostics::Code;
using diagnostics::error;

namespace {

/// Whether a person or the key of a body called.
bool has_caller(EntryKind kind) {
    return kind == EntryKind::action || kind == EntryKind::start || kind == EntryKind::step ||
           kind == EntryKind::access;
}

void no_caller(const Effects& effects, const std::string& where, diagnostics::Sink& sink) {
    if (effects.caller) {
        sink.report(error(Code::nobody_acts, *effects.caller,
                          "this needs a caller, but " + where + " has none", "nobody acts here"));
    }
}

void no_writes(const program::Program& program, const Effects& effects, const std::string& where,
               diagnostics::Sink& sink) {
    for (const auto& [reg, span] : effects.writes) {
        sink.report(
            error(Code::view_changes, span,
                  where + " may not change the register `" + program.registers[reg].name + "`",
                  "changes `" + program.registers[reg].name + "`")
                .with_help("only actions and the entries of procedures change registers"));
    }
}

void check_entry(const program::Program& program, const program::Entry& entry,
                 const Effects& effects, diagnostics::Sink& sink) {
    const bool machine = !has_caller(entry.kind) && entry.kind != EntryKind::view;
    if (!has_caller(entry.kind)) {
        no_caller(effects, machine ? "an entry that the machine calls" : "a view", sink);
    }
    if (entry.kind == EntryKind::view) {
        no_writes(program, effects, "a view", sink);
    }
    if (machine && entry.kind != EntryKind::start_on_ask && effects.refuses) {
        sink.report(error(Code::may_not_refuse, *effects.refuses,
                          "this function may refuse, but here nobody calls who could be refused",
                          "nobody to refuse")
                        .with_help("use a function that decides with `if`"));
    }
}

}  // namespace

bool analyse(const program::Program& program, diagnostics::Sink& sink) {
    const std::size_t before = sink.error_count();
    check_states(program, sink);
    check_sizes(program, sink);
    if (const auto effects = effects_of(program, sink)) {
        for (const program::Entry& entry : program.entries) {
            if (entry.function) {
                check_entry(program, entry, (*effects)[*entry.function], sink);
            }
        }
        for (const program::Procedure& procedure : program.procedures) {
            for (const program::Invariant& invariant : procedure.invariants) {
                no_caller((*effects)[invariant.function], "an invariant", sink);
                no_writes(program, (*effects)[invariant.function], "an invariant", sink);
            }
        }
        check_authority(program, *effects, sink);
    }
    return sink.error_count() == before;
}

}  // namespace aqd::analyse
