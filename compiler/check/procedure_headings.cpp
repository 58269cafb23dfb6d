#include "compiler/check/procedure_checker.h"

#include <algorithm>

// What the headings of entries say: who, in which states, with what, and whereto.

namespace aqd::check {

using diagnostics::error;
using program::Argument;
using program::DataField;
using program::Entry;

std::vector<std::uint32_t> ProcedureChecker::state_list(const std::vector<syntax::Name>& names) {
    std::vector<std::uint32_t> out;
    for (const syntax::Name& name : names) {
        const std::optional<std::uint32_t> ordinal = state(name);
        if (!ordinal) {
            continue;
        }
        if (std::ranges::find(out, *ordinal) != out.end()) {
            report(error(Code::duplicate_name, name.span,
                         "state `" + name.text + "` is named twice here", "again here"));
            continue;
        }
        out.push_back(*ordinal);
    }
    return out;
}

void ProcedureChecker::targets(const std::vector<syntax::Name>& names, EntryScope& scope,
                               Entry& entry) {
    scope.heading_read = heading_read_;
    for (const syntax::Name& name : names) {
        if (name.text == "stay" && !scope_.states.contains("stay")) {
            scope.may_stay = name.span;
            entry.may_stay = true;
            continue;
        }
        const std::optional<std::uint32_t> ordinal = state(name);
        if (ordinal && !scope.targets.try_emplace(*ordinal, name.span).second) {
            report(error(Code::duplicate_name, name.span,
                         "state `" + name.text + "` is named twice here", "again here"));
        } else if (ordinal) {
            entry.targets.push_back(*ordinal);
        }
    }
}

std::optional<std::uint32_t> ProcedureChecker::party(const syntax::Name& name) {
    const auto field = scope_.fields.find(name.text);
    if (field != scope_.fields.end() && made().data[field->second].role == DataField::Role::party) {
        return field->second;
    }
    if (d().lost(0, name.text)) {
        return std::nullopt;
    }
    report(error(Code::unassigned_party, name.span,
                 "`" + name.text + "` is not a party of `" + name_ + "`", "not a party")
               .with_help("declare it: `party " + name.text + ": …`"));
    return std::nullopt;
}

program::Group ProcedureChecker::group(const syntax::By& by,
                                       const std::vector<syntax::Name>& states,
                                       const CaseScope& scope) {
    program::Group out;
    out.span = by.span;
    for (const syntax::Actor& written : by.actors) {
        BodyChecker body(d(), 0, &scope);
        if (std::optional<program::Actor> actor = body.actor(written, false)) {
            out.actors.push_back(std::move(*actor));
        }
    }
    if (by.as) {
        out.as = party(*by.as);
    }
    for (const syntax::Name& name : by.except) {
        if (const auto field = party(name)) {
            out.except.push_back(*field);
        }
    }
    out.states = state_list(states);
    return out;
}

void ProcedureChecker::clauses(const syntax::Clauses& clauses, Entry& entry) {
    entry.basis = d().basis(0, clauses.basis);
    if (clauses.once) {
        if (made().once_entries.size() == 64) {
            report(error(Code::too_many_once, entry.span,
                         "at most 64 entries of a procedure are `once`", "one too many"));
            return;
        }
        entry.once_bit = static_cast<std::uint32_t>(made().once_entries.size());
        made().once_entries.push_back(entry.name);
    }
    if (clauses.backdated_within) {
        const std::optional<abi::Period> period = d().period(0, *clauses.backdated_within);
        if (period && (period->unit != 0 || period->amount > 36500)) {
            report(error(Code::wrong_term, clauses.backdated_within->span,
                         "a start is backdated by a number of days", "not such a number"));
        } else if (period) {
            entry.backdated_days = static_cast<std::uint32_t>(period->amount);
        }
    }
}

void ProcedureChecker::parameters(const std::vector<syntax::Param>& params, BodyChecker& body,
                                  Entry& entry) {
    for (const syntax::Param& param : params) {
        for (const Argument& other : entry.arguments) {
            if (other.name == param.name.text && !other.name.empty()) {
                report(error(Code::duplicate_name, param.name.span,
                             "`" + other.name + "` is given twice", "again here")
                           .with(other.span, "first here"));
            }
        }
        if (param.kind == syntax::ParamKind::reveal) {
            report(error(Code::unsupported_reveal, param.span, "`reveal` is not supported yet",
                         "not supported yet"));
        } else if (param.type == nullptr) {
            filling_parameter(param, body, entry);
        } else {
            Argument made;
            made.name = param.name.text;
            made.span = param.name.span;
            made.type = d().type(0, *param.type);
            made.public_text = param.kind == syntax::ParamKind::published;
            const auto field = scope_.fields.find(param.name.text);
            if (field != scope_.fields.end()) {
                report(error(Code::shadowed_name, param.name.span,
                             "`" + made.name + "` already names something of the case",
                             "the same name")
                           .with(this->made().data[field->second].span, "declared here")
                           .with_help("leave out the type to fill `" + made.name +
                                      "`, or use another name"));
            } else {
                body.add_parameter(made.name, made.span, made.type);
            }
            entry.arguments.push_back(std::move(made));
        }
    }
}

/// `person`, without a type: fills the variable or secret of that name.
void ProcedureChecker::filling_parameter(const syntax::Param& param, BodyChecker& body,
                                         Entry& entry) {
    const auto field = scope_.fields.find(param.name.text);
    if (field == scope_.fields.end() &&
        (d().lost(0, param.name.text) || d().modules().broken(param.span))) {
        body.add_parameter(param.name.text, param.name.span, d().error_type());
        return;
    }
    if (field == scope_.fields.end()) {
        report(error(Code::type_unclear, param.span,
                     "`" + param.name.text + "` needs a type: no variable or secret has this name",
                     "without a type"));
        body.add_parameter(param.name.text, param.name.span, d().error_type());
        return;
    }
    const DataField& data = made().data[field->second];
    if (data.role != DataField::Role::variable && data.role != DataField::Role::secret) {
        const bool is_party = data.role == DataField::Role::party;
        report(
            error(Code::wrong_kind_of_name, param.span,
                  "`" + param.name.text + "` is a " + (is_party ? "party" : "parameter") +
                      " of the procedure and is not given here",
                  "not a variable or secret")
                .with_help(
                    is_party
                        ? "a party becomes the caller: `by … as " + param.name.text + "`"
                        : "the parameters of the procedure are arguments of every start already"));
        return;
    }
    Argument made;
    made.name = param.name.text;
    made.span = param.name.span;
    made.type = data.role == DataField::Role::secret ? d().types().item(data.type) : data.type;
    made.fills = field->second;
    made.passed = false;
    entry.arguments.push_back(std::move(made));
}

}  // namespace aqd::check
