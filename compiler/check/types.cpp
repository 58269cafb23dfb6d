#include "compiler/check/build.h"
#include "compiler/check/declarations.h"

#include <algorithm>
#include <array>

// Types as they are written.

namespace aqd::check {

using diagnostics::error;
using program::Type;

namespace {

constexpr std::uint32_t largest_size = 1u << 20;

struct PlainType {
    std::string_view name;
    Kind kind;
    std::uint32_t size;
};

constexpr std::array plain_types{
    PlainType{"bool", Kind::boolean, 0},
    PlainType{"u8", Kind::unsigned_integer, 8},
    PlainType{"u16", Kind::unsigned_integer, 16},
    PlainType{"u32", Kind::unsigned_integer, 32},
    PlainType{"u64", Kind::unsigned_integer, 64},
    PlainType{"u128", Kind::unsigned_integer, 128},
    PlainType{"i8", Kind::signed_integer, 8},
    PlainType{"i16", Kind::signed_integer, 16},
    PlainType{"i32", Kind::signed_integer, 32},
    PlainType{"i64", Kind::signed_integer, 64},
    PlainType{"i128", Kind::signed_integer, 128},
    PlainType{"date", Kind::date, 0},
    PlainType{"time", Kind::time, 0},
    PlainType{"days", Kind::days, 0},
    PlainType{"workdays", Kind::workdays, 0},
    PlainType{"months", Kind::months, 0},
    PlainType{"hours", Kind::hours, 0},
    PlainType{"seconds", Kind::seconds, 0},
    PlainType{"hash", Kind::hash, 0},
    PlainType{"CaseId", Kind::case_id, 0},
    PlainType{"Account", Kind::account, 0},
    PlainType{"Body", Kind::body, 0},
    PlainType{"Person", Kind::person, 0},
};

}  // namespace

TypeId Declarations::type(std::uint32_t module, const syntax::Type& written) {
    const auto element = [&](const syntax::TypePtr& item) { return type(module, *item); };
    const TypeId bare = std::visit(
        syntax::Overloaded{
            [&](const syntax::NamedType& node) { return named_type(module, written, node); },
            [&](const syntax::TupleType& node) {
                Type tuple{Kind::tuple, 0, {}, {}};
                bool known = node.elements.size() > 1;
                for (const syntax::TypePtr& item : node.elements) {
                    tuple.items.push_back(element(item));
                    known = known && types().kind(tuple.items.back()) != Kind::error;
                }
                return known ? types().intern(std::move(tuple)) : error_type();
            },
            [&](const syntax::ArrayType& node) {
                const TypeId item = element(node.element);
                const std::optional<std::uint32_t> count = size(module, node.size);
                return count ? sized(Kind::array, item, *count, written.span) : error_type();
            },
        },
        written.node);
    if (!written.optional || types().kind(bare) == Kind::error) {
        return bare;
    }
    if (types().kind(bare) == Kind::option) {
        report(error(Code::nested_option, written.span, "this type is optional already",
                     "optional twice"));
        return bare;
    }
    return option_of(bare);
}

/// Arrays and lists within each other hold at most 2^20 elements together.
TypeId Declarations::sized(Kind kind, TypeId item, std::uint32_t size, Span span) {
    if (types().kind(item) == Kind::error) {
        return item;
    }
    std::uint64_t elements = size;
    TypeId inner = item;
    while (types().kind(inner) == Kind::array || types().kind(inner) == Kind::list) {
        elements *= types()[inner].size;
        if (elements > largest_size) {
            report(error(Code::wrong_size, span,
                         "this type holds more than 1048576 elements in all", "too large"));
            return error_type();
        }
        inner = types().item(inner);
    }
    return types().of(kind, item, size);
}

bool Declarations::unknown(TypeId type) {
    return types().kind(type) == Kind::error ||
           std::ranges::any_of(types()[type].items, [&](TypeId item) { return unknown(item); });
}

std::optional<TypeId> Declarations::plain_type(std::string_view name) {
    for (const PlainType& plain : plain_types) {
        if (plain.name == name) {
            return types().of(plain.kind, plain.size);
        }
    }
    return std::nullopt;
}

TypeId Declarations::named_type(std::uint32_t module, const syntax::Type& whole,
                                const syntax::NamedType& node) {
    if (const std::optional<TypeId> bounded = bounded_type(module, whole, node)) {
        return *bounded;
    }
    const syntax::Name& name = node.path.segments.front();
    if (node.arguments) {
        report(error(Code::wrong_type_arguments, node.arguments->span,
                     "type `" + name.text + "` takes nothing in brackets", "not wanted"));
    }
    if (node.path.segments.size() == 1) {
        if (const std::optional<TypeId> plain = plain_type(name.text)) {
            return *plain;
        }
        const Symbol* symbol = find(module, name, "type");
        if (symbol == nullptr) {
            return error_type();
        }
        const bool is_type =
            symbol->item != nullptr && (symbol->item->as<syntax::RecordItem>() != nullptr ||
                                        symbol->item->as<syntax::EnumItem>() != nullptr ||
                                        symbol->item->as<syntax::AuthorityItem>() != nullptr);
        if (!is_type) {
            wrong_kind(name, *symbol, "type");
            return error_type();
        }
        if (open_.contains(symbol->item)) {
            report(error(Code::recursive_type, name.span, "`" + name.text + "` contains itself",
                         "without end")
                       .with(symbol->span, "declared here"));
            return error_type();
        }
        const NamedId id = named(*symbol);
        const auto form = program_->named[static_cast<std::size_t>(id)].form;
        using Form = abi::NamedType::Form;
        return types().of(form == Form::record
                              ? Kind::record
                              : (form == Form::enumeration ? Kind::enumeration : Kind::authority),
                          id);
    }
    report(error(Code::unknown_name, node.path.span, "there is no type `" + node.path.text() + "`",
                 "unknown type")
               .with_help("take a type of another module with `use m { T }` and name it `T`"));
    return error_type();
}

/// `text[N] bytes[N] decimal[S] list[T, N]`; nothing for other names.
std::optional<TypeId> Declarations::bounded_type(std::uint32_t module, const syntax::Type& whole,
                                                 const syntax::NamedType& node) {
    if (node.path.segments.size() != 1) {
        return std::nullopt;
    }
    const std::string& name = node.path.segments.front().text;
    const auto wrong = [&](std::string_view form) {
        report(error(Code::wrong_type_arguments, whole.span, "write `" + std::string(form) + "`",
                     "without its bound"));
        return error_type();
    };
    if (name == "text" || name == "bytes") {
        if (!node.arguments || node.arguments->size) {
            return wrong(name + "[N]");
        }
        const auto bound = first_size(module, *node.arguments);
        return bound ? types().of(name == "text" ? Kind::text : Kind::bytes, *bound) : error_type();
    }
    if (name == "decimal") {
        const auto* scale =
            node.arguments ? std::get_if<syntax::Integer>(&node.arguments->first) : nullptr;
        if (scale == nullptr || node.arguments->size || scale->value > 18) {
            return wrong("decimal[S]` with S from 0 to 18, as in `decimal[2]");
        }
        return types().of(Kind::decimal, static_cast<std::uint32_t>(scale->value));
    }
    if (name == "list") {
        const auto* item =
            node.arguments ? std::get_if<syntax::TypePtr>(&node.arguments->first) : nullptr;
        if (item == nullptr || !node.arguments->size) {
            return wrong("list[T, N]");
        }
        const TypeId element = type(module, **item);
        const auto bound = size(module, *node.arguments->size);
        return bound ? sized(Kind::list, element, *bound, whole.span) : error_type();
    }
    return std::nullopt;
}

std::optional<std::uint32_t> Declarations::checked_size(UInt128 value, Span span) {
    if (value == 0 || value > largest_size) {
        report(error(Code::wrong_size, span, "a size is a number from 1 to 1048576",
                     "not such a number"));
        return std::nullopt;
    }
    return static_cast<std::uint32_t>(value);
}

/// A constant in the brackets of `text[N]` reads as a type.
std::optional<std::uint32_t> Declarations::first_size(std::uint32_t module,
                                                      const syntax::TypeArguments& arguments) {
    if (const auto* number = std::get_if<syntax::Integer>(&arguments.first)) {
        return checked_size(number->value, number->span);
    }
    const syntax::Type& type = *std::get<syntax::TypePtr>(arguments.first);
    const auto* named = std::get_if<syntax::NamedType>(&type.node);
    if (named == nullptr || named->path.segments.size() != 1 || named->arguments || type.optional) {
        report(error(Code::wrong_size, type.span, "a size is a number or the name of a constant",
                     "not a size"));
        return std::nullopt;
    }
    return size(module, named->path.segments.front());
}

std::optional<std::uint32_t> Declarations::size(std::uint32_t module, const syntax::Size& written) {
    if (const auto* number = std::get_if<syntax::Integer>(&written)) {
        return checked_size(number->value, number->span);
    }
    const auto& name = std::get<syntax::Name>(written);
    const Symbol* symbol = find_as<syntax::ConstItem>(module, name, "constant");
    if (symbol == nullptr) {
        return std::nullopt;
    }
    const ExprPtr value = constant(*symbol, name.span);
    if (value == nullptr) {
        return std::nullopt;
    }
    const auto* number = value->as<program::NumberLiteral>();
    if (number == nullptr || number->negative) {
        return checked_size(0, name.span);
    }
    return checked_size(number->magnitude, name.span);
}

}  // namespace aqd::check
