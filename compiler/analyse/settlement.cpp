#include "compiler/analyse/settlement.h"

#include <algorithm>

namespace aqd::analyse {

using diagnostics::Code;
using diagnostics::error;
using program::Entry;

namespace {

class States {
  public:
    States(const program::Program& program, std::uint32_t procedure, diagnostics::Sink& sink)
        : program_(&program), procedure_(&program.procedures[procedure]), sink_(&sink) {
        for (const Entry& entry : program.entries) {
            if (entry.procedure == procedure && entry.function) {
                entries_.push_back(&entry);
            }
        }
    }

    void run() {
        check_reached();
        check_left();
        check_deadlines();
        if (procedure_->settles) {
            check_settles();
        }
    }

  private:
    [[nodiscard]] const program::State& state(std::size_t ordinal) const {
        return procedure_->states[ordinal];
    }

    static bool has(const std::vector<std::uint32_t>& list, std::size_t ordinal) {
        return std::ranges::find(list, ordinal) != list.end();
    }

    void check_reached() {
        std::vector<bool> reached(procedure_->states.size(), false);
        for (bool grew = true; grew;) {
            grew = false;
            for (const Entry* entry : entries_) {
                const bool open = entry->from_none ||
                                  std::ranges::any_of(entry->sources,
                                                      [&](std::uint32_t s) { return reached[s]; });
                for (const std::uint32_t target : entry->targets) {
                    if (open && !reached[target]) {
                        reached[target] = true;
                        grew = true;
                    }
                }
            }
        }
        for (std::size_t i = 0; i < reached.size(); ++i) {
            if (!reached[i]) {
                sink_->report(error(Code::unreachable_state, state(i).span,
                                    "no case can come to the state `" + state(i).name + "`",
                                    "never reached")
                                  .with_help("let an entry go there, or remove it"));
            }
        }
    }

    void check_left() {
        for (std::size_t i = 0; i < procedure_->states.size(); ++i) {
            const bool left = std::ranges::any_of(entries_, [&](const Entry* entry) {
                return has(entry->sources, i) &&
                       std::ranges::any_of(entry->targets, [&](std::uint32_t t) { return t != i; });
            });
            if (!left && !state(i).settled) {
                sink_->report(error(Code::dead_end_state, state(i).span,
                                    "nothing leads out of the state `" + state(i).name + "`",
                                    "a dead end")
                                  .with_help("if this is an end, declare it with `settled`"));
            }
        }
    }

    void check_deadlines() {
        for (const program::Deadline& deadline : procedure_->deadlines) {
            const Entry& entry = program_->entries[deadline.entry];
            for (const std::uint32_t target : deadline.targets) {
                if (has(deadline.states, target)) {
                    report_round(deadline, "`" + state(target).name + "`");
                }
            }
            if (entry.may_stay) {
                report_round(deadline, "`stay`");
            }
        }
    }

    void report_round(const program::Deadline& deadline, const std::string& target) {
        sink_->report(
            error(Code::expires_into_itself, deadline.span,
                  "the deadline `" + deadline.name + "` expires into its own states: " + target,
                  "would never fire again")
                .with_help("let it lead to a state of its own"));
    }

    /// Whether the entry runs by itself when everybody stays silent.
    [[nodiscard]] bool is_clock(const Entry& entry) const {
        if (entry.kind == abi::EntryKind::deadline) {
            return true;
        }
        if (entry.kind != abi::EntryKind::reply) {
            return false;
        }
        return std::ranges::any_of(program_->exchanges, [&](const program::Exchange& exchange) {
            return exchange.within &&
                   entry.subject == program_->modules[exchange.module].path + "." + exchange.name;
        });
    }

    void check_settles() {
        std::vector<bool> good(procedure_->states.size(), false);
        for (std::size_t i = 0; i < good.size(); ++i) {
            good[i] = state(i).settled || !state(i).waits.empty();
        }
        for (bool grew = true; grew;) {
            grew = false;
            for (const Entry* entry : entries_) {
                const bool leads =
                    is_clock(*entry) && !entry->may_stay && !entry->targets.empty() &&
                    std::ranges::all_of(entry->targets, [&](std::uint32_t t) { return good[t]; });
                for (const std::uint32_t source : entry->sources) {
                    if (leads && !good[source]) {
                        good[source] = true;
                        grew = true;
                    }
                }
            }
        }
        for (std::size_t i = 0; i < good.size(); ++i) {
            if (!good[i]) {
                report_stuck(i);
            }
        }
    }

    void report_stuck(std::size_t ordinal) {
        const bool clock = std::ranges::any_of(entries_, [&](const Entry* entry) {
            return is_clock(*entry) && has(entry->sources, ordinal);
        });
        sink_->report(error(Code::does_not_settle, state(ordinal).span,
                            "if everybody stays silent, a case in `" + state(ordinal).name +
                                "` never settles",
                            clock ? "its clock does not lead to a settled state"
                                  : "no deadline or reply leads on from here")
                          .with(procedure_->settles_span, "this is what was to be proved")
                          .with_help("add a `deadline … in " + state(ordinal).name +
                                     "`, or say why it has no clock: `waits " +
                                     state(ordinal).name + " \"…\"`"));
    }

    const program::Program* program_;
    const program::Procedure* procedure_;
    diagnostics::Sink* sink_;
    std::vector<const Entry*> entries_;
};

}  // namespace

void check_states(const program::Program& program, diagnostics::Sink& sink) {
    for (std::uint32_t i = 0; i < program.procedures.size(); ++i) {
        if (!program.procedures[i].graph_known) {
            continue;
        }
        States(program, i, sink).run();
    }
}

}  // namespace aqd::analyse
