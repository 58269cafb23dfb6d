#include "compiler/check/declarations.h"

#include <aqd/abi/keys.h>

#include <algorithm>

// Records, enumerations and authorities.

namespace aqd::check {

using diagnostics::error;
using program::Field;
using program::NamedType;

namespace {

/// Later stages follow types recursively.
constexpr unsigned deepest_type = 64;

}  // namespace

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
    if (modules_->broken(symbol.item->span)) {
        broken_.insert(id);
    }
    if (open_.size() > deepest_type) {
        depths_[id] = deepest_type;  // what contains it reports it
        return id;
    }
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
        authorities_.emplace(id, &authority);
        attributes_.push_back(id);
        fill_authority(symbol.module, authority, at);
    }
    open_.erase(symbol.item);
    if (!deep_enough(id)) {
        program_->named[at].fields.clear();
        program_->named[at].variants.clear();
    }
    finish_attributes();
    return id;
}

/// Attributes are no part of a body's value, so authorities may name each other in them.
void Declarations::finish_attributes() {
    while (open_.empty() && !attributes_.empty()) {
        const NamedId id = attributes_.front();
        attributes_.pop_front();
        open_.insert(nullptr);  // what is met meanwhile waits for its turn
        auto attributes = fields(module_of(id), authorities_[id]->fields, false);
        open_.erase(nullptr);
        program_->named[static_cast<std::size_t>(id)].attributes = std::move(attributes);
    }
}

unsigned Declarations::depth(TypeId id) {
    const program::Type& type = types()[id];
    if (type.kind == Kind::record || type.kind == Kind::enumeration ||
        type.kind == Kind::authority) {
        return depths_[type.named];
    }
    unsigned most = 0;
    for (const TypeId item : type.items) {
        most = std::max(most, depth(item));
    }
    return most;
}

bool Declarations::deep_enough(NamedId id) {
    const NamedType& type = program_->named[static_cast<std::size_t>(id)];
    unsigned most = 0;
    for (const Field& field : type.fields) {
        most = std::max(most, depth(field.type));
    }
    for (const program::Variant& variant : type.variants) {
        for (const Field& field : variant.fields) {
            most = std::max(most, depth(field.type));
        }
    }
    depths_[id] = most + 1;
    if (most < deepest_type) {
        return true;
    }
    report(error(Code::nested_too_deeply, type.span,
                 "types are built of each other more than 64 deep", "too deep"));
    depths_[id] = 0;
    return false;
}

std::vector<Field> Declarations::fields(std::uint32_t module,
                                        const std::vector<syntax::Field>& written, bool secrets) {
    std::vector<Field> out;
    std::map<std::string, Span> seen;
    bool has_default = false;
    for (const syntax::Field& field : written) {
        TypeId given = type(module, *field.type);
        if (field.secret && !secrets) {
            report(error(Code::secret_used, field.span,
                         "only the fields of an exchange may be secret", "a secret field")
                       .with_help("keep the secret in a procedure: `secret " + field.name.text +
                                  ": … held by …`"));
        } else if (field.secret) {
            given = types().of(Kind::secret, given);
        }
        if (const auto [place, fresh] = seen.try_emplace(field.name.text, field.name.span);
            !fresh) {
            report(error(Code::duplicate_name, field.name.span,
                         "field `" + field.name.text + "` is declared twice", "again here")
                       .with(place->second, "first declared here"));
        }
        ExprPtr initial;
        if (field.initial) {
            initial = constant_expr(module, *field.initial, given);
        } else if (has_default) {
            report(error(
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
            report(error(Code::duplicate_name, param.name.span,
                         "`" + param.name.text + "` is declared twice", "again here")
                       .with(place->second, "first declared here"));
        }
        TypeId given = error_type();
        if (param.type) {
            given = type(module, *param.type);
        } else if (!modules_->broken(param.span)) {
            report(error(Code::type_unclear, param.span, "`" + param.name.text + "` needs a type",
                         "without a type"));
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
            report(error(Code::duplicate_name, variant.name.span,
                         "variant `" + variant.name.text + "` is declared twice", "again here")
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
    auto known = variants_.find(module);
    if (known == variants_.end()) {
        known = variants_.try_emplace(module).first;
        for (const auto& [text, symbol] : modules_->names(module)) {
            const auto* item =
                symbol.item != nullptr ? symbol.item->as<syntax::EnumItem>() : nullptr;
            for (std::size_t i = 0; item != nullptr && i < item->variants.size(); ++i) {
                auto& places = known->second[item->variants[i].name.text];
                if (places.empty() || places.back().first != &symbol) {
                    places.emplace_back(&symbol, static_cast<std::uint32_t>(i));
                }
            }
        }
    }
    std::vector<std::pair<NamedId, std::uint32_t>> out;
    if (const auto found = known->second.find(name); found != known->second.end()) {
        for (const auto& [symbol, ordinal] : found->second) {
            out.emplace_back(named(*symbol), ordinal);
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

}  // namespace aqd::check
