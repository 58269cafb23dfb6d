#include "compiler/check/declarations.h"

#include "compiler/check/body_checker.h"
#include "compiler/check/build.h"
#include "compiler/check/fold.h"
#include "compiler/check/unsupported.h"
#include "compiler/program/walk.h"

#include <aqd/abi/keys.h>
#include <aqd/calendar/civil_date.h>

#include <algorithm>

namespace aqd::check {

using diagnostics::error;
using program::Field;
using program::NamedType;

namespace {

/// Edit distance, cut off: names that differ more are not near.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) {
        row[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] =
                std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
            diagonal = above;
        }
    }
    return row[b.size()];
}

bool is_scalar(Kind kind) {
    return kind != Kind::array && kind != Kind::list && kind != Kind::record && kind != Kind::tuple;
}

}  // namespace

std::string Declarations::closest(std::string_view name,
                                  const std::vector<std::string>& others) const {
    std::string best;
    std::size_t least = name.size() / 3 + 2;
    for (const std::string& other : others) {
        const std::size_t d = distance(name, other);
        if (d < least) {
            least = d;
            best = other;
        }
    }
    return best;
}

const Symbol* Declarations::find(std::uint32_t module, const syntax::Name& name,
                                 std::string_view wanted) {
    if (const Symbol* symbol = look_up(module, name.text)) {
        return symbol->missing ? nullptr : symbol;
    }
    auto report =
        error(Code::unknown_name, name.span,
              "there is no " + std::string(wanted) + " `" + name.text + "` here", "unknown name");
    std::vector<std::string> others;
    for (const auto& [other, symbol] : modules_->names(module)) {
        others.push_back(other);
    }
    if (const std::string near = closest(name.text, others); !near.empty()) {
        report.help.push_back("did you mean `" + near + "`?");
    } else {
        report.help.push_back("declare it, or take it from another module with `use`");
    }
    sink_->report(std::move(report));
    return nullptr;
}

void Declarations::wrong_kind(const syntax::Name& name, const Symbol& symbol,
                              std::string_view wanted) {
    if (symbol.missing) {
        return;
    }
    const std::string is = symbol.item != nullptr ? std::string(kind_of(*symbol.item)) : "a module";
    sink_->report(error(Code::wrong_kind_of_name, name.span,
                        "`" + name.text + "` is " + is + ", but a name of a " +
                            std::string(wanted) + " is wanted here",
                        "this is " + is)
                      .with(symbol.span, "declared here"));
}

std::string Declarations::qualified(std::uint32_t module, std::string_view name) const {
    return modules_->path(module) + "." + std::string(name);
}

std::pair<std::uint32_t, bool> Declarations::place(const syntax::Item* item, std::size_t next) {
    const auto [where, fresh] = places_.try_emplace(item, static_cast<std::uint32_t>(next));
    return {where->second, fresh};
}

// The whole module

void Declarations::resolve_own() {
    for (std::size_t i = 0; i < modules_->size(); ++i) {
        const auto index = static_cast<std::uint32_t>(i);
        program_->modules.push_back({modules_->path(index), modules_->hash(index)});
    }
    resolve_header();
    for (const syntax::Item& item : modules_->file(0).items) {
        report_unsupported(*this, item);
        resolve_item(item);
    }
}

void Declarations::resolve_header() {
    const syntax::File& file = modules_->file(0);
    program_->path = modules_->path(0);
    program_->doc = file.doc;
    if (file.version.value == 0 || file.version.value > 0xffffffff) {
        sink_->report(error(Code::literal_out_of_range, file.version.span,
                            "a version is a number from 1 to 4294967295", "not a version"));
    }
    program_->version = static_cast<std::uint32_t>(file.version.value);
    program_->from = file.from ? days_of(file.from->value) : calendar::min_day;
    if (file.serves) {
        const auto* node = file.serves->as<syntax::NameExpr>();
        const Symbol* symbol =
            node != nullptr ? find_as<syntax::AuthorityItem>(0, node->name, "authority") : nullptr;
        if (node == nullptr) {
            sink_->report(error(Code::wrong_kind_of_name, file.serves->span,
                                "`serves` names an authority", "not an authority"));
        }
        if (symbol != nullptr) {
            program_->serves = named(*symbol);
        }
    }
}

void Declarations::resolve_item(const syntax::Item& item) {
    const syntax::Name* name = declared_name(item);
    const Symbol* symbol = name != nullptr ? look_up(0, name->text) : nullptr;
    if (symbol == nullptr || symbol->item != &item) {
        return;
    }
    const auto with = syntax::Overloaded{
        [&](const syntax::RecordItem&) { named(*symbol); },
        [&](const syntax::EnumItem&) { named(*symbol); },
        [&](const syntax::AuthorityItem&) { named(*symbol); },
        [&](const syntax::RoleItem&) { role(*symbol); },
        [&](const syntax::RegisterItem&) { reg(*symbol); },
        [&](const syntax::ParameterItem&) { parameter(*symbol); },
        [&](const syntax::ConstItem&) { constant(*symbol, symbol->span); },
        [&](const syntax::ErrorItem&) { error_text(*symbol); },
        [&](const syntax::NoticeItem&) { notice(*symbol); },
        [&](const syntax::ExchangeItem&) { exchange(*symbol); },
        [&](const syntax::DocumentItem&) { document(*symbol); },
        [&](const syntax::FunctionItem&) { function(*symbol); },
        [](const auto&) {},
    };
    std::visit(with, item.node);
}

void Declarations::finish_functions() {
    while (!pending_.empty()) {
        const Pending next = pending_.front();
        pending_.pop_front();
        check_function(*this, next.module, *next.item->as<syntax::FunctionItem>(), next.function);
    }
}

// Records, enumerations, authorities

NamedId Declarations::named(const Symbol& symbol) {
    const auto [at, fresh] = place(symbol.item, program_->named.size());
    const auto id = static_cast<NamedId>(at);
    if (!fresh) {
        return id;
    }
    NamedType& made = program_->named.emplace_back();
    made.module = symbol.module;
    made.name = declared_name(*symbol.item)->text;
    made.full_name = qualified(symbol.module, made.name);
    made.id = abi::id8(made.name);
    made.span = declared_name(*symbol.item)->span;
    open_.insert(symbol.item);
    if (const auto* record = symbol.item->as<syntax::RecordItem>()) {
        made.form = abi::NamedType::Form::record;
        fill_record(symbol.module, *record, at);
    } else if (const auto* enumeration = symbol.item->as<syntax::EnumItem>()) {
        made.form = abi::NamedType::Form::enumeration;
        fill_enumeration(symbol.module, *enumeration, at);
    } else {
        made.form = abi::NamedType::Form::authority;
        const auto& authority = *symbol.item->as<syntax::AuthorityItem>();
        fill_authority(symbol.module, authority, at);
        open_.erase(symbol.item);
        fill_attributes(symbol.module, authority, at);
    }
    open_.erase(symbol.item);
    return id;
}

std::vector<Field> Declarations::fields(std::uint32_t module,
                                        const std::vector<syntax::Field>& written, bool secrets) {
    std::vector<Field> out;
    std::map<std::string, Span> seen;
    bool has_default = false;
    for (const syntax::Field& field : written) {
        TypeId given = type(module, *field.type);
        if (field.secret && !secrets) {
            sink_->report(error(Code::secret_used, field.span,
                                "only the fields of an exchange may be secret", "a secret field")
                              .with_help("keep the secret in a procedure: `secret " +
                                         field.name.text + ": … held by …`"));
        } else if (field.secret) {
            given = types().of(Kind::secret, given);
        }
        if (const auto [place, fresh] = seen.try_emplace(field.name.text, field.name.span);
            !fresh) {
            sink_->report(error(Code::duplicate_name, field.name.span,
                                "field `" + field.name.text + "` is declared twice", "again here")
                              .with(place->second, "first declared here"));
        }
        ExprPtr initial;
        if (field.initial) {
            initial = constant_expr(module, *field.initial, given);
        } else if (has_default) {
            sink_->report(error(
                Code::wrong_field_default, field.name.span,
                "field `" + field.name.text + "` without a default stands after one with a default",
                "move it up, or give it a default"));
        }
        has_default = has_default || field.initial != nullptr;
        out.push_back({field.name.text, given, field.name.span, std::move(initial)});
    }
    return out;
}

std::vector<Field> Declarations::fields(std::uint32_t module,
                                        const std::vector<syntax::Param>& params) {
    std::vector<Field> out;
    std::map<std::string, Span> seen;
    for (const syntax::Param& param : params) {
        if (const auto [place, fresh] = seen.try_emplace(param.name.text, param.name.span);
            !fresh) {
            sink_->report(error(Code::duplicate_name, param.name.span,
                                "`" + param.name.text + "` is declared twice", "again here")
                              .with(place->second, "first declared here"));
        }
        TypeId given = error_type();
        if (param.type) {
            given = type(module, *param.type);
        } else {
            sink_->report(error(Code::type_unclear, param.span,
                                "`" + param.name.text + "` needs a type", "without a type"));
        }
        out.push_back({param.name.text, given, param.name.span, nullptr});
    }
    return out;
}

void Declarations::fill_record(std::uint32_t module, const syntax::RecordItem& item,
                               std::size_t at) {
    records_.emplace(static_cast<NamedId>(at), &item);
    auto made = fields(module, item.fields, false);
    program_->named[at].fields = std::move(made);
}

void Declarations::fill_enumeration(std::uint32_t module, const syntax::EnumItem& item,
                                    std::size_t at) {
    std::vector<program::Variant> variants;
    std::map<std::string, Span> seen;
    for (const syntax::Variant& variant : item.variants) {
        if (const auto [place, fresh] = seen.try_emplace(variant.name.text, variant.name.span);
            !fresh) {
            sink_->report(error(Code::duplicate_name, variant.name.span,
                                "variant `" + variant.name.text + "` is declared twice",
                                "again here")
                              .with(place->second, "first declared here"));
        }
        variants.push_back({variant.name.text, fields(module, variant.params)});
    }
    program_->named[at].variants = std::move(variants);
}

void Declarations::fill_authority(std::uint32_t module, const syntax::AuthorityItem& item,
                                  std::size_t at) {
    auto keys = fields(module, item.params);
    program_->named[at].fields = std::move(keys);
}

void Declarations::fill_attributes(std::uint32_t module, const syntax::AuthorityItem& item,
                                   std::size_t at) {
    auto attributes = fields(module, item.fields, false);
    program_->named[at].attributes = std::move(attributes);
}

std::vector<Wanted> Declarations::record_fields(NamedId id) {
    std::vector<Wanted> out;
    const NamedType& type = program_->named[static_cast<std::size_t>(id)];
    const auto found = records_.find(id);
    const syntax::RecordItem* item = found != records_.end() ? found->second : nullptr;
    for (std::size_t i = 0; i < type.fields.size(); ++i) {
        const syntax::Expr* initial = item != nullptr ? item->fields[i].initial.get() : nullptr;
        out.push_back({type.fields[i].name, type.fields[i].type, initial});
    }
    return out;
}

std::vector<std::pair<NamedId, std::uint32_t>> Declarations::variants(std::uint32_t module,
                                                                      std::string_view name) {
    std::vector<std::pair<NamedId, std::uint32_t>> out;
    for (const auto& [text, symbol] : modules_->names(module)) {
        const auto* item = symbol.item != nullptr ? symbol.item->as<syntax::EnumItem>() : nullptr;
        if (item == nullptr) {
            continue;
        }
        for (std::size_t i = 0; i < item->variants.size(); ++i) {
            if (item->variants[i].name.text == name) {
                out.emplace_back(named(symbol), static_cast<std::uint32_t>(i));
                break;
            }
        }
    }
    return out;
}

bool Declarations::holds_secret(TypeId id) {
    const program::Type type = types()[id];
    if (type.kind == Kind::secret) {
        return true;
    }
    if (type.kind == Kind::enumeration && is_reply(type.named)) {
        const auto& reply = program_->named[static_cast<std::size_t>(type.named)].variants.front();
        return std::ranges::any_of(reply.fields,
                                   [&](const Field& field) { return holds_secret(field.type); });
    }
    return std::ranges::any_of(type.items, [&](TypeId item) { return holds_secret(item); });
}

// Roles, registers, parameters, constants, errors

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
            sink_->report(error(Code::literal_out_of_range, assertion->level.span,
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
        fill_register(symbol.module, *symbol.item->as<syntax::RegisterItem>(), at);
    }
    return at;
}

void Declarations::check_storable(TypeId id, Span span, std::string_view what) {
    if (holds_secret(id)) {
        sink_->report(error(Code::wrong_key, span,
                            std::string(what) + " of a register may not hold a secret",
                            "holds a secret"));
    }
}

void Declarations::fill_register(std::uint32_t module, const syntax::RegisterItem& item,
                                 std::size_t at) {
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
        sink_->report(error(Code::wrong_key, item.value->span,
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
        }
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
            sink_->report(error(Code::not_constant, expr.span,
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
            sink_->report(
                error(Code::dates_not_rising, dated.from.span,
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
    if (!open_.insert(symbol.item).second) {
        sink_->report(error(Code::not_constant, span,
                            "constant `" + item.name.text + "` needs its own value", "a circle"));
        return nullptr;
    }
    const TypeId wanted = type(symbol.module, *item.type);
    ExprPtr value = constant_expr(symbol.module, *item.value, wanted);
    open_.erase(symbol.item);
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

// Notices, exchanges, documents, functions

std::uint32_t Declarations::notice(const Symbol& symbol) {
    const auto [at, fresh] = place(symbol.item, program_->notices.size());
    if (fresh) {
        program_->notices.emplace_back();
        fill_notice(symbol.module, *symbol.item->as<syntax::NoticeItem>(), at);
    }
    return at;
}

void Declarations::fill_notice(std::uint32_t module, const syntax::NoticeItem& item,
                               std::size_t at) {
    program::Notice made;
    made.module = module;
    made.name = item.name.text;
    made.id = abi::id8(made.name);
    made.span = item.name.span;
    made.fields = fields(module, item.fields, false);
    made.sent_by = item.sent_by ? item.sent_by->text() : std::string();
    made.basis = basis(module, item.basis);
    if (item.max) {
        made.most_recipients = checked_size(item.max->value, item.max->span).value_or(1);
    }
    if (item.acknowledge_within) {
        made.acknowledge_within = period(module, *item.acknowledge_within);
    }
    if (item.act_within) {
        made.act_within = period(module, *item.act_within);
    }
    if (item.reminder) {
        made.reminders =
            checked_size(item.reminder->times.value, item.reminder->times.span).value_or(1);
        made.remind_every = period(module, item.reminder->every);
        if (item.reminder->escalate_to) {
            made.escalate_to = text(*item.reminder->escalate_to);
            check_changed_by(*this, module, *item.reminder->escalate_to);
        }
    }
    program_->notices[at] = std::move(made);
}

std::uint32_t Declarations::exchange(const Symbol& symbol) {
    const auto [at, fresh] = place(symbol.item, program_->exchanges.size());
    if (fresh) {
        program_->exchanges.emplace_back();
        fill_exchange(symbol.module, *symbol.item->as<syntax::ExchangeItem>(), at);
    }
    return at;
}

void Declarations::fill_exchange(std::uint32_t module, const syntax::ExchangeItem& item,
                                 std::size_t at) {
    program::Exchange made;
    made.module = module;
    made.name = item.name.text;
    made.id = abi::id8(made.name);
    made.span = item.name.span;
    made.question = fields(module, item.question, false);
    made.reply = fields(module, item.answer, true);
    made.purpose = item.purpose ? item.purpose->value : std::string();
    made.basis = basis(module, item.basis);
    if (item.within) {
        made.within = period(module, *item.within);
    }
    program_->exchanges[at] = std::move(made);
}

TypeId Declarations::reply_type(std::uint32_t index) {
    if (const auto known = reply_types_.find(index); known != reply_types_.end()) {
        return known->second;
    }
    const auto id = static_cast<NamedId>(program_->named.size());
    NamedType& made = program_->named.emplace_back();
    const program::Exchange& exchange = program_->exchanges[index];
    made.form = abi::NamedType::Form::enumeration;
    made.module = exchange.module;
    made.name = exchange.name + ".reply";
    made.full_name = qualified(exchange.module, made.name);
    made.id = abi::id8(made.name);
    made.span = exchange.span;
    std::vector<Field> reply;
    for (const Field& field : exchange.reply) {
        reply.push_back({field.name, field.type, field.span, nullptr});
    }
    made.variants.push_back({"Answered", std::move(reply)});
    made.variants.push_back({"Refused", {}});
    made.variants.push_back({"Silent", {}});
    replies_.insert(id);
    const TypeId type = types().of(Kind::enumeration, id);
    reply_types_.emplace(index, type);
    return type;
}

std::uint32_t Declarations::document(const Symbol& symbol) {
    const auto [at, fresh] = place(symbol.item, program_->documents.size());
    if (fresh) {
        const auto& item = *symbol.item->as<syntax::DocumentItem>();
        program_->documents.push_back({symbol.module, item.name.text,
                                       item.held_in ? item.held_in->text() : std::string(),
                                       item.name.span});
    }
    return at;
}

std::uint32_t Declarations::function(const Symbol& symbol) {
    const auto [at, fresh] = place(symbol.item, program_->functions.size());
    if (!fresh) {
        return at;
    }
    const auto& item = *symbol.item->as<syntax::FunctionItem>();
    program_->functions.emplace_back();
    program::Function made;
    made.name = qualified(symbol.module, item.name.text);
    made.span = item.name.span;
    made.module = symbol.module;
    for (Field& field : fields(symbol.module, item.params)) {
        made.slots.push_back({field.name, field.type, false});
    }
    made.parameter_count = static_cast<std::uint32_t>(made.slots.size());
    made.result = item.result ? type(symbol.module, *item.result) : unit();
    program_->functions[at] = std::move(made);
    pending_.push_back({at, symbol.module, symbol.item});
    return at;
}

// Texts, dates, periods

std::string Declarations::basis(std::uint32_t module, const syntax::Name& name) {
    const Symbol* symbol = find_as<syntax::LegalItem>(module, name, "legal text");
    if (symbol == nullptr) {
        return {};
    }
    const auto& item = *symbol->item->as<syntax::LegalItem>();
    return item.kind.text + " " + item.reference.value +
           (item.article ? " article " + item.article->value : "");
}

std::string Declarations::basis(std::uint32_t module, const std::vector<syntax::Name>& names) {
    std::string out;
    for (const syntax::Name& name : names) {
        out += (out.empty() ? "" : ", ") + basis(module, name);
    }
    return out;
}

std::optional<abi::Period> Declarations::period(std::uint32_t module,
                                                const syntax::Duration& duration) {
    ExprPtr term = check_term(*this, module, duration);
    if (term == nullptr) {
        return std::nullopt;
    }
    ExprPtr value = fold(*this, std::move(term));
    if (value == nullptr) {
        return std::nullopt;
    }
    const Kind kind = types().kind(value->type);
    if (const auto* months = value->as<program::MonthsLiteral>()) {
        return abi::Period{months->count, 2};
    }
    const auto amount = static_cast<std::uint64_t>(value->as<program::NumberLiteral>()->magnitude);
    const auto unit = static_cast<std::uint8_t>(
        kind == Kind::days ? 0 : (kind == Kind::workdays ? 1 : (kind == Kind::hours ? 3 : 4)));
    return abi::Period{amount, unit};
}

std::int32_t Declarations::days_of(const syntax::DateLiteral& date) {
    return calendar::day_from_civil({date.year, date.month, date.day});
}

std::string Declarations::text(const syntax::Duration& duration) {
    if (const auto* name = std::get_if<syntax::Name>(&duration.value)) {
        return name->text;
    }
    const auto& literal = std::get<syntax::DurationLiteral>(duration.value);
    std::string out =
        std::to_string(literal.count) + " " + std::string(lex::unit_text(literal.unit));
    out += literal.count == 1 ? "" : "s";
    if (literal.rounding != syntax::Rounding::unsaid) {
        out += literal.rounding == syntax::Rounding::up ? " round up" : " round down";
    }
    return out;
}

std::vector<abi::Label> Declarations::labels(const std::vector<syntax::LanguageText>& texts) {
    static constexpr std::string_view names[] = {"fr", "ar", "en", "zgh"};
    std::vector<abi::Label> out;
    for (const syntax::LanguageText& text : texts) {
        out.push_back(
            {std::string(names[static_cast<std::size_t>(text.language)]), text.text.value});
    }
    return out;
}

}  // namespace aqd::check
