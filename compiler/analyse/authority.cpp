#include "compiler/analyse/authority.h"

#include "compiler/program/walk.h"

#include <algorithm>
#include <map>

namespace aqd::analyse {

using diagnostics::Code;
using diagnostics::error;
using program::Actor;
using program::Entry;
using program::Expr;

namespace {

/// Whether two expressions are the same constant, or read the same part of the case.
bool same_value(const Expr& a, const Expr& b) {
    if (a.type != b.type || a.node.index() != b.node.index()) {
        return false;
    }
    if (const auto* x = a.as<program::Construct>()) {
        const auto& y = *b.as<program::Construct>();
        return x->variant == y.variant &&
               std::ranges::equal(x->parts, y.parts,
                                  [](const auto& p, const auto& q) { return same_value(*p, *q); });
    }
    if (const auto* x = a.as<program::TextLiteral>()) {
        return x->value == b.as<program::TextLiteral>()->value;
    }
    if (const auto* x = a.as<program::NumberLiteral>()) {
        const auto& y = *b.as<program::NumberLiteral>();
        return x->magnitude == y.magnitude && x->negative == y.negative;
    }
    if (const auto* x = a.as<program::CaseFieldRead>()) {
        return x->field == b.as<program::CaseFieldRead>()->field;
    }
    if (const auto* x = a.as<program::AttributeGet>()) {
        const auto& y = *b.as<program::AttributeGet>();
        return x->index == y.index && same_value(*x->operand, *y.operand);
    }
    return false;
}

class Authority {
  public:
    Authority(const program::Program& program, const std::vector<Effects>& effects,
              diagnostics::Sink& sink)
        : program_(&program), effects_(&effects), sink_(&sink) {}

    void run() {
        for (const Entry& entry : program_->entries) {
            check_registers(entry);
            check_parties(entry);
            check_documents(entry);
        }
    }

  private:
    /// Everybody whom an alternative of an entry lets act: a party stands for those who may become
    /// it.
    [[nodiscard]] std::vector<const Actor*> expand(const Entry& entry, const Actor& actor) const {
        if (actor.form != Actor::Form::party) {
            return {&actor};
        }
        std::vector<const Actor*> out;
        const auto& actors = program_->procedures[*entry.procedure].data[actor.party].actors;
        out.reserve(actors.size());
        for (const Actor& one : actors) {
            out.push_back(&one);
        }
        return out;
    }

    [[nodiscard]] bool covers(const Actor& wide, const Actor& narrow) const {
        if (wide.form == Actor::Form::anyone) {
            return true;
        }
        if (wide.form != Actor::Form::role || narrow.form != Actor::Form::role ||
            wide.role != narrow.role) {
            return false;
        }
        const auto authority = program_->roles[wide.role].authority;
        const bool only_one =
            authority && program_->named[static_cast<std::size_t>(*authority)].fields.empty();
        if (wide.body == nullptr || only_one) {
            return true;
        }
        return narrow.body != nullptr && same_value(*wide.body, *narrow.body);
    }

    /// Someone who may use the entry and is none of these; null if there is nobody.
    struct Stranger {
        const Actor* actor = nullptr;    ///< who
        const Actor* written = nullptr;  ///< the alternative that lets them in
    };
    [[nodiscard]] Stranger stranger(const Entry& entry, const program::Group& group,
                                    const std::vector<Actor>& allowed) const {
        for (const Actor& written : group.actors) {
            for (const Actor* actor : expand(entry, written)) {
                if (std::ranges::none_of(allowed,
                                         [&](const Actor& one) { return covers(one, *actor); })) {
                    return {actor, &written};
                }
            }
        }
        return {};
    }

    void check_registers(const Entry& entry) {
        if (!entry.function) {
            return;
        }
        for (const auto& [index, span] : (*effects_)[*entry.function].writes) {
            const program::Register& reg = program_->registers[index];
            if (reg.changed_by.empty() || !reg.changed_by_known) {
                continue;
            }
            const bool by_notice = std::ranges::any_of(
                reg.changed_by, [](const Actor& a) { return a.form == Actor::Form::notice; });
            if (entry.kind == abi::EntryKind::listener && !by_notice) {
                sink_->report(error(Code::register_not_covered, span,
                                    "a notice may not change the register `" + reg.name + "`",
                                    "changes `" + reg.name + "`")
                                  .with(reg.changed_by_span, "only these may")
                                  .with_help("add `notice` to `changed by` if the law says so"));
            }
            for (const program::Group& group : entry.groups) {
                const Stranger found = stranger(entry, group, reg.changed_by);
                if (found.actor != nullptr) {
                    report_stranger(found, reg, span);
                }
            }
        }
    }

    void report_stranger(const Stranger& found, const program::Register& reg, Span span) {
        sink_->report(
            error(Code::register_not_covered, span,
                  "`" + found.actor->text + "` may not change the register `" + reg.name + "`",
                  "changes `" + reg.name + "`")
                .with(reg.changed_by_span, "only these may")
                .with(found.written->span, "but this is who acts here")
                .with_help("let an entry of theirs do this, or add `" + found.actor->text +
                           "` to `changed by` if the law says so"));
    }

    void check_parties(const Entry& entry) {
        if (!entry.procedure) {
            return;
        }
        const program::Procedure& procedure = program_->procedures[*entry.procedure];
        for (const program::Group& group : entry.groups) {
            if (group.as) {
                bind_party(entry, group, procedure.data[*group.as], group.span);
            }
        }
        if (!entry.function) {
            return;
        }
        program::Visitor visitor;
        visitor.on_stmt = [&](const program::Stmt& stmt) {
            const auto* assign = stmt.as<program::Assign>();
            const auto* field = assign != nullptr
                                    ? std::get_if<program::CaseFieldRoot>(&assign->place.root)
                                    : nullptr;
            if (field == nullptr ||
                procedure.data[field->field].role != program::DataField::Role::party ||
                !takes_caller(*assign->value)) {
                return;
            }
            for (const program::Group& group : entry.groups) {
                bind_party(entry, group, procedure.data[field->field], stmt.span);
            }
        };
        program::walk(program_->functions[*entry.function].body, visitor);
    }

    static bool takes_caller(const Expr& expr) {
        if (const auto* some = expr.as<program::Some>()) {
            return takes_caller(*some->operand);
        }
        const auto* fact = expr.as<program::FactRead>();
        return fact != nullptr && fact->fact == program::Fact::caller_person;
    }

    void bind_party(const Entry& entry, const program::Group& group,
                    const program::DataField& party, Span span) {
        const Stranger found = stranger(entry, group, party.actors);
        if (found.actor == nullptr || !party.known) {
            return;
        }
        sink_->report(
            error(Code::party_not_covered, span,
                  "`" + found.actor->text + "` may not become the party `" + party.name + "`",
                  "makes the caller `" + party.name + "`")
                .with(party.span, "who it can be is said here")
                .with_help("add `" + found.actor->text + "` to the declaration of `" + party.name +
                           "`"));
    }

    /// Whether the actor is a citizen or company rather than an official.
    [[nodiscard]] bool is_public(const Actor& actor) const {
        return actor.form == Actor::Form::anyone ||
               (actor.form == Actor::Form::role &&
                program_->roles[actor.role].form != abi::Role::Form::of_body);
    }

    void check_documents(const Entry& entry) {
        if (!entry.procedure) {
            return;
        }
        const program::Procedure& procedure = program_->procedures[*entry.procedure];
        std::map<std::uint32_t, Span> first_asked;  // by kind of document
        for (const program::Argument& argument : entry.arguments) {
            for (const program::Secret& secret : procedure.secrets) {
                const bool asked = argument.fills == secret.field && secret.document;
                if (!asked) {
                    continue;
                }
                const program::Document& document = program_->documents[*secret.document];
                if (!document.held_in.empty()) {
                    report_asked(entry, argument, document);
                }
                const auto [first, fresh] =
                    first_asked.try_emplace(*secret.document, argument.span);
                if (!fresh) {
                    report_twice(document, argument.span, first->second);
                }
            }
        }
    }

    void report_twice(const program::Document& document, Span again, Span first) {
        sink_->report(error(Code::asked_twice, again,
                            "this entry asks for a `" + document.name + "` twice", "asked again")
                          .with(first, "first asked for here")
                          .with_help("ask for it once, or declare another kind of document if it "
                                     "is another one"));
    }

    void report_asked(const Entry& entry, const program::Argument& argument,
                      const program::Document& document) {
        for (const program::Group& group : entry.groups) {
            for (const Actor& written : group.actors) {
                for (const Actor* actor : expand(entry, written)) {
                    if (!is_public(*actor)) {
                        continue;
                    }
                    sink_->report(error(Code::asked_again, argument.span,
                                        "`" + actor->text + "` is asked for a `" + document.name +
                                            "`, which the register `" + document.held_in +
                                            "` holds already",
                                        "asked again")
                                      .with(document.span, "held in `" + document.held_in + "`")
                                      .with(written.span, "asked of them")
                                      .with_help("read the register instead of asking"));
                    return;
                }
            }
        }
    }

    const program::Program* program_;
    const std::vector<Effects>* effects_;
    diagnostics::Sink* sink_;
};

}  // namespace

void check_authority(const program::Program& program, const std::vector<Effects>& effects,
                     diagnostics::Sink& sink) {
    Authority(program, effects, sink).run();
}

}  // namespace aqd::analyse
