#include "compiler/check/body_checker.h"
#include "compiler/check/build.h"
#include "compiler/check/declarations.h"
#include "compiler/check/fold.h"
#include "compiler/program/walk.h"

#include <aqd/abi/keys.h>

// Roles, registers, parameters, constants and errors.

namespace aqd::check {

using diagnostics::error;

namespace {

bool is_scalar(Kind kind) {
    return kind != Kind::array && kind != Kind::list && kind != Kind::record && kind != Kind::tuple;
}

}  // namespace

std::uint32_t Declarations::role(const Symbol& symbol) {
    const auto [at, fresh] = place(symbol.item, program_->roles.size());
    if (!fresh) {
        return at;
    }
    const auto& item = *symbol.item->as<syntax::RoleItem>();
    program_->roles.emplace_back();
    program::Role made;
    made.module = symbol.module;
    made.name = item.name.text;
    made.id = abi::id8(item.name.text);
    made.span = item.name.span;
    const syntax::Name* authority = nullptr;
    if (const auto* of = std::get_if<syntax::RoleOf>(&item.source)) {
        authority = &of->authority;
    } else if (const auto* assertion = std::get_if<syntax::RoleByAssertion>(&item.source)) {
        made.form = abi::Role::Form::by_assertion;
        authority = &assertion->authority;
        made.level = static_cast<std::uint8_t>(assertion->level.value);
        if (assertion->level.value > 255) {
            report(error(Code::literal_out_of_range, assertion->level.span,
                         "an assertion level is at most 255", "too high"));
        }
    } else {
        made.form = abi::Role::Form::by_credential;
        made.credential = std::get<syntax::RoleByCredential>(item.source).credential.value;
    }
    if (authority != nullptr) {
        if (const Symbol* found =
                find_as<syntax::AuthorityItem>(symbol.module, *authority, "authority")) {
            made.authority = named(*found);
        }
    }
    program_->roles[at] = std::move(made);
    return at;
}

std::uint32_t Declarations::reg(const Symbol& symbol) {
    const auto [at, fresh] = place(symbol.item, program_->registers.size());
    if (fresh) {
        program_->registers.emplace_back();
        fill_register(symbol.module, *symbol.item, at);
    }
    return at;
}

void Declarations::check_storable(TypeId id, Span span, std::string_view what) {
    if (holds_secret(id)) {
        report(error(Code::wrong_key, span,
                     std::string(what) + " of a register may not hold a secret", "holds a secret"));
    }
}

void Declarations::fill_register(std::uint32_t module, const syntax::Item& whole, std::size_t at) {
    const auto& item = *whole.as<syntax::RegisterItem>();
    program::Register made;
    made.module = module;
    made.name = item.name.text;
    made.id = abi::id8(made.name);
    made.span = item.name.span;
    made.key = type(module, *item.key);
    made.value = type(module, *item.value);
    check_storable(made.key, item.key->span, "the key");
    check_storable(made.value, item.value->span, "the value");
    if (types().kind(made.value) == Kind::option) {
        report(error(Code::wrong_key, item.value->span,
                     "the value of a register is there or not already: it is no option",
                     "an option")
                   .with_help("leave out the `?`, and remove the key for none"));
    }
    if (item.initial) {
        made.initial = constant_expr(module, *item.initial, made.value);
    }
    if (item.owner) {
        if (const Symbol* owner =
                find_as<syntax::AuthorityItem>(module, *item.owner, "authority")) {
            made.owner = named(*owner);
        }
    }
    for (const syntax::Name& document_name : item.proves) {
        if (const Symbol* found =
                find_as<syntax::DocumentItem>(module, document_name, "kind of document")) {
            made.proves.push_back(qualified(found->module, found->name));
        }
    }
    program_->registers[at] = std::move(made);
    for (const syntax::Actor& actor : item.changed_by) {
        program_->registers[at].changed_by_span =
            program_->registers[at].changed_by.empty()
                ? actor.span
                : join(program_->registers[at].changed_by_span, actor.span);
        auto checked = check_changed_by(*this, module, actor);
        if (checked) {
            program_->registers[at].changed_by.push_back(std::move(*checked));
        } else {
            program_->registers[at].changed_by_known = false;
        }
    }
    if (modules_->broken(whole.span)) {
        program_->registers[at].changed_by_known = false;
    }
}

std::uint32_t Declarations::parameter(const Symbol& symbol) {
    const auto [at, fresh] = place(symbol.item, program_->parameters.size());
    if (fresh) {
        program_->parameters.emplace_back();
        fill_parameter(symbol.module, *symbol.item->as<syntax::ParameterItem>(), at);
    }
    return at;
}

/// How a `Body` is spelled depends on the chain, and the values of parameters stand in the
/// manifest.
void Declarations::refuse_bodies(const program::Expr& value) {
    program::Visitor visitor;
    visitor.on_expr = [&](const program::Expr& expr) {
        if (expr.as<program::ToBody>() != nullptr) {
            report(error(Code::not_constant, expr.span,
                         "a `Body` of any kind cannot be the value of a parameter",
                         "depends on the chain")
                       .with_help("give the parameter the type of one authority"));
        }
    };
    program::walk(value, visitor);
}

void Declarations::fill_parameter(std::uint32_t module, const syntax::ParameterItem& item,
                                  std::size_t at) {
    program::Parameter made;
    made.module = module;
    made.name = item.name.text;
    made.span = item.name.span;
    made.type = error_type();
    if (item.type) {
        made.type = type(module, *item.type);
    }
    for (const syntax::DatedValue& dated : item.values) {
        const std::int32_t from = days_of(dated.from.value);
        if (!made.values.empty() && from <= made.values.back().from) {
            report(error(Code::dates_not_rising, dated.from.span,
                         "the values of `" + made.name + "` are not in the order of their dates",
                         "not later than the one before"));
        }
        ExprPtr value;
        if (item.type || !made.values.empty()) {
            value = constant_expr(module, *dated.value, made.type);
        } else if ((value = constant_expr(module, *dated.value))) {
            made.type = value->type;
        }
        if (value != nullptr) {
            refuse_bodies(*value);
        }
        const std::string law = dated.basis ? basis(module, *dated.basis) : std::string();
        made.values.push_back({from, std::move(value), law});
    }
    program_->parameters[at] = std::move(made);
}

ExprPtr Declarations::constant(const Symbol& symbol, Span span) {
    const auto& item = *symbol.item->as<syntax::ConstItem>();
    if (const auto known = constants_.find(symbol.item); known != constants_.end()) {
        if (known->second == nullptr) {
            return nullptr;
        }
        return copy_constant(*known->second);
    }
    if (open_.size() > 64) {
        report(error(Code::nested_too_deeply, span,
                     "constants are built of each other more than 64 deep", "too deep"));
        return nullptr;
    }
    if (!open_.insert(symbol.item).second) {
        report(error(Code::not_constant, span,
                     "constant `" + item.name.text + "` needs its own value", "a circle"));
        return nullptr;
    }
    const TypeId wanted = type(symbol.module, *item.type);
    ExprPtr value = constant_expr(symbol.module, *item.value, wanted);
    open_.erase(symbol.item);
    finish_attributes();
    if (value != nullptr && !is_scalar(types().kind(wanted))) {
        const auto index = static_cast<std::uint32_t>(program_->constants.size());
        program_->constants.push_back({symbol.module, item.name.text, wanted, std::move(value)});
        value = make(wanted, item.name.span, program::ConstantRead{index});
    }
    ExprPtr copy = value != nullptr ? copy_constant(*value) : nullptr;
    constants_[symbol.item] = std::move(value);
    return copy;
}

ExprPtr Declarations::constant_expr(std::uint32_t module, const syntax::Expr& expr, TypeId wanted) {
    ExprPtr value = check_constant(*this, module, expr, wanted);
    return value != nullptr ? fold(*this, std::move(value)) : nullptr;
}

ExprPtr Declarations::constant_expr(std::uint32_t module, const syntax::Expr& expr) {
    return constant_expr(module, expr, no_type);
}

std::uint32_t Declarations::error_text(const Symbol& symbol) {
    const auto [at, fresh] = place(symbol.item, program_->errors.size());
    if (fresh) {
        const auto& item = *symbol.item->as<syntax::ErrorItem>();
        program_->errors.push_back({item.name.text, labels(item.texts)});
    }
    return at;
}

std::uint32_t Declarations::unnamed_error(const std::string& words) {
    const auto [place, fresh] =
        unnamed_errors_.try_emplace(words, static_cast<std::uint32_t>(program_->errors.size()));
    if (fresh) {
        program_->errors.push_back({"", {{"en", words}}});
    }
    return place->second;
}

}  // namespace aqd::check
