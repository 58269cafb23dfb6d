#include "compiler/check/body_checker.h"
#include "compiler/check/build.h"

// Who acts: `Officer of office`, `Clerk of any Court`, `declarant`, `anyone`.

namespace aqd::check {

using diagnostics::error;
using program::Actor;
using program::DataField;

namespace {

/// The expression as it would be written, for people: names, members and constructions.
std::string written(const syntax::Expr& expr) {
    return std::visit(syntax::Overloaded{
                          [](const syntax::NameExpr& node) { return node.name.text; },
                          [](const syntax::MemberExpr& node) {
                              return written(*node.object) + "." + node.member.text;
                          },
                          [](const syntax::CallExpr& node) {
                              std::string inner;
                              for (const syntax::Argument& argument : node.arguments) {
                                  inner += (inner.empty() ? "" : ", ") + written(*argument.value);
                              }
                              return written(*node.callee) + "(" + inner + ")";
                          },
                          [](const syntax::LiteralExpr& node) {
                              const auto* text = std::get_if<std::string>(&node.value);
                              return text != nullptr ? "\"" + *text + "\"" : std::string("…");
                          },
                          [](const auto&) { return std::string("…"); },
                      },
                      expr.node);
}

bool reads_case(const program::Expr& expr) {
    if (expr.as<program::CaseFieldRead>() != nullptr) {
        return true;
    }
    if (const auto* get = expr.as<program::Get>()) {
        return reads_case(*get->operand);
    }
    if (const auto* get = expr.as<program::AttributeGet>()) {
        return reads_case(*get->operand);
    }
    if (const auto* value = expr.as<program::OptionValue>()) {
        return reads_case(*value->operand);
    }
    return false;
}

}  // namespace

std::string Declarations::text(const syntax::Actor& actor) {
    if (actor.any_of) {
        return actor.name.text + " of any " + actor.any_of->text;
    }
    return actor.of != nullptr ? actor.name.text + " of " + written(*actor.of) : actor.name.text;
}

std::string Declarations::text(const syntax::Expr& expr) {
    return written(expr);
}

std::optional<Actor> BodyChecker::actor(const syntax::Actor& node, bool in_changed_by) {
    Actor made;
    made.text = Declarations::text(node);
    made.span = node.span;
    const bool alone = !node.any_of && node.of == nullptr;
    if (!node.name.is_upper()) {
        const auto field = case_ != nullptr ? case_->fields.find(node.name.text)
                                            : decltype(case_->fields.find("")){};
        if (node.name.text == "anyone" && alone) {
            made.form = Actor::Form::anyone;
            return made;
        }
        if (node.name.text == "notice" && alone && in_changed_by) {
            made.form = Actor::Form::notice;
            return made;
        }
        if (case_ != nullptr && field != case_->fields.end() && alone &&
            d().program().procedures[case_->procedure].data[field->second].role ==
                DataField::Role::party) {
            made.form = Actor::Form::party;
            made.party = field->second;
            made.depends_on_case = true;
            return made;
        }
        if (d().lost(module_, node.name.text)) {
            return std::nullopt;
        }
        report(error(Code::not_an_actor, node.span,
                     "`" + node.name.text + "` is nobody who could act", "not a role or a party")
                   .with_help("who acts is a role (`Officer of office`), a party of the procedure, "
                              "or `anyone`"));
        return std::nullopt;
    }
    const Symbol* symbol = d().find_as<syntax::RoleItem>(module_, node.name, "role");
    if (symbol == nullptr) {
        return std::nullopt;
    }
    made.form = Actor::Form::role;
    made.role = d().role(*symbol);
    if (!role_body(node, made)) {
        return std::nullopt;
    }
    return made;
}

/// Which body's role is meant; false after a report.
bool BodyChecker::role_body(const syntax::Actor& node, Actor& made) {
    const program::Role& role = d().program().roles[made.role];
    const std::optional<NamedId> authority = role.authority;
    const bool alone = !node.any_of && node.of == nullptr;
    if (role.form == abi::Role::Form::by_credential) {
        report(error(Code::unsupported_credential, node.span,
                     "roles by credential are not supported yet", "not supported yet"));
        return false;
    }
    if (role.form == abi::Role::Form::by_assertion) {
        if (!alone) {
            report(error(Code::body_of_free_role, node.span,
                         "`" + role.name + "` is a role of persons, not of a body", "of no body")
                       .with_help("write `" + role.name + "` alone"));
        }
        return alone;
    }
    if (!authority) {
        return false;
    }
    const std::string authority_name =
        d().program().named[static_cast<std::size_t>(*authority)].name;
    if (alone) {
        report(error(Code::role_without_body, node.span,
                     "`" + role.name + "` is a role of `" + authority_name + "`: of which one?",
                     "of which body?")
                   .with(role.span, "declared here")
                   .with_help("write `" + role.name + " of …` for one body, or `" + role.name +
                              " of any " + authority_name + "`"));
        return false;
    }
    if (node.any_of) {
        const Symbol* any = d().find_as<syntax::AuthorityItem>(module_, *node.any_of, "authority");
        if (any == nullptr) {
            return false;
        }
        if (d().named(*any) != *authority) {
            report(error(Code::wrong_body, node.any_of->span,
                         "a role of `" + authority_name + "`, not of `" + node.any_of->text + "`",
                         "another kind of body"));
            return false;
        }
        return true;
    }
    const std::size_t slots = slots_.size();
    ExprPtr body = expr(*node.of);
    if (is_error(body)) {
        return false;
    }
    if (slots_.size() != slots) {
        report(error(Code::not_an_actor, node.of->span,
                     "the body of a role is named simply, as in `office.court`",
                     "too complicated"));
        return false;
    }
    if (kind(body) != Kind::authority || types()[body->type].named != *authority) {
        report(error(Code::wrong_body, node.of->span,
                     "a `" + authority_name + "` is wanted here, this is " + text(body->type),
                     "another kind of body"));
        return false;
    }
    made.depends_on_case = reads_case(*body) && !(case_ != nullptr && case_->only_parameters);
    made.body = std::move(body);
    return true;
}

std::optional<Actor> check_changed_by(Declarations& declarations, std::uint32_t module,
                                      const syntax::Actor& actor) {
    BodyChecker body(declarations, module);
    return body.actor(actor, true);
}

}  // namespace aqd::check
