#include "compiler/syntax/dumper.h"

/// Members of procedures and parts, and what their headings are made of.
namespace aqd::syntax {

std::string Dumper::param(const Param& param) {
    const std::string_view head = param.kind == ParamKind::reveal      ? "reveal"
                                  : param.kind == ParamKind::published ? "public"
                                                                       : "";
    if (head.empty()) {
        return param.type ? form(name(param.name), {type(param.type)}) : name(param.name);
    }
    return form(head, {name(param.name), type(param.type)});
}

std::string Dumper::params(const std::vector<Param>& params) {
    return each("params", params, [&](const Param& one) { return param(one); });
}

std::string Dumper::by(const By& by) {
    Parts parts;
    for (const Actor& one : by.actors) {
        parts.push_back(actor(one));
    }
    parts.push_back(maybe("as", by.as));
    parts.push_back(names("except", by.except));
    parts.push_back(by.quorum ? form("quorum", {number(by.quorum->value)}) : "");
    return form("by", parts);
}

std::string Dumper::index(const Index& index) {
    return form("index", {name(index.field), number(index.max.value)});
}

std::string Dumper::texts(const std::vector<LanguageText>& texts) {
    std::string out;
    for (const LanguageText& text : texts) {
        constexpr std::string_view languages[] = {"fr", "ar", "en", "zgh"};
        out += out.empty() ? "" : " ";
        out += form(languages[static_cast<std::size_t>(text.language)], {quoted(text.text.value)});
    }
    return out;
}

std::string Dumper::clauses(const Clauses& clauses) {
    std::string out = names("basis", clauses.basis);
    if (clauses.once) {
        out += out.empty() ? "once" : " once";
    }
    if (clauses.backdated_within) {
        out += out.empty() ? "" : " ";
        out += form("backdated", {duration(*clauses.backdated_within)});
    }
    return out;
}

std::string Dumper::members(const std::vector<Member>& members) {
    std::string out;
    ++indent_;
    for (const Member& member : members) {
        out += line() + std::visit([this](const auto& kind) { return node(kind); }, member.node);
        if (!member.doc.empty()) {
            out += " " + doc(member.doc);
        }
    }
    --indent_;
    return out;
}

std::string Dumper::node(const IncludeMember& include) {
    return form("include", {name(include.part), arguments(include.arguments)});
}
std::string Dumper::node(const LabelMember& label) {
    return form("label", {label.state ? name(*label.state) : "", texts(label.texts)});
}
std::string Dumper::node(const FeeMember& fee) {
    return form("fee", {name(fee.name), expr(fee.amount), form("to", {expr(fee.payee)}),
                        form("basis", {name(fee.basis)})});
}
std::string Dumper::node(const VarMember& var) {
    return form("var",
                {name(var.name), type(var.type), var.value ? form("=", {expr(var.value)}) : ""});
}
std::string Dumper::node(const PartyMember& party) {
    return form("party", {name(party.name),
                          each("by", party.actors, [&](const Actor& one) { return actor(one); })});
}
std::string Dumper::node(const SecretMember& secret) {
    return form("secret", {name(secret.name), type(secret.type), maybe("kind", secret.kind),
                           form("held", {expr(secret.holder)}),
                           form("purge", {duration(secret.purge), name(secret.after)})});
}
std::string Dumper::node(const StatesMember& states) {
    return names(states.settled ? "settled" : "states", states.names);
}
std::string Dumper::node(const WaitsMember& waits) {
    return form("waits", {name(waits.state), quoted(waits.reason.value)});
}
std::string Dumper::node(const StartMember& start) {
    const std::string opening =
        std::visit(Overloaded{[&](const StartBy& opened) {
                                  std::string out = params(opened.params);
                                  out += out.empty() ? "" : " ";
                                  out += by(opened.by);
                                  const std::string joins = names("joins", opened.joins);
                                  return joins.empty() ? out : out + " " + joins;
                              },
                              [](const StartOnAsk& ask) {
                                  return form("on-ask", {name(ask.exchange), name(ask.binder)});
                              }},
                   start.opening);
    return form("start", {name(start.name), opening, names("->", start.targets),
                          clauses(start.clauses), block(start.body)});
}
std::string Dumper::node(const StepMember& step) {
    Parts parts{name(step.name), params(step.params)};
    for (const StepGroup& group : step.groups) {
        parts.push_back(by(group.by));
        parts.push_back(names("in", group.states));
    }
    parts.push_back(names("->", step.targets));
    parts.push_back(clauses(step.clauses));
    parts.push_back(block(step.body));
    return form("step", parts);
}
std::string Dumper::node(const ReactMember& react) {
    const std::string event = std::visit(
        Overloaded{
            [](const OnReply& reply) {
                return form("reply", {name(reply.exchange), name(reply.binder)});
            },
            [](const OnAcknowledged& done) { return form("acknowledged", {name(done.notice)}); },
            [&](const OnNotice& notice) {
                return form("notice", {name(notice.notice), name(notice.binder),
                                       notice.each ? form("each", {expr(notice.each)}) : ""});
            }},
        react.event);
    return form("on", {event, names("in", react.states), names("->", react.targets),
                       react.else_ignore ? "else-ignore" : "", block(react.body)});
}
std::string Dumper::node(const DeadlineMember& deadline) {
    const std::string term = std::visit(
        Overloaded{[](const Term& term) {
                       return form("term", {duration(term.duration), term.clear ? "clear" : "",
                                            term.exact ? "exact" : ""});
                   },
                   [](const TermAt& at) { return form("at", {name(at.variable)}); }},
        deadline.term);
    return form(
        "deadline",
        {name(deadline.name), term, names("in", deadline.states), names("pauses", deadline.pauses),
         deadline.extend_once ? form("extend", {duration(*deadline.extend_once)}) : "",
         names("suspended-by", deadline.suspended_by), names("basis", deadline.basis),
         deadline.breach_of ? form("breach", {expr(deadline.breach_of)}) : "",
         names("->", deadline.targets), block(deadline.body)});
}
std::string Dumper::node(const AccessMember& access) {
    return form("access", {name(access.secret), by(access.by), names("in", access.states),
                           form("purpose", {quoted(access.purpose.value)}),
                           form("basis", {name(access.basis)})});
}
std::string Dumper::node(const InvariantMember& invariant) {
    return form("invariant", {name(invariant.name), expr(invariant.condition)});
}
std::string Dumper::node(const ProveMember& prove) {
    return form("prove", {name(prove.property)});
}

}  // namespace aqd::syntax
