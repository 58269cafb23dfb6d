#include "compiler/check/body_checker.h"
#include "compiler/check/build.h"
#include "compiler/check/fold.h"
#include "compiler/source/source_set.h"

#include <aqd/calendar/civil_date.h>

#include <algorithm>

// Literals, and values built of several: they take their type from where they stand.

namespace aqd::check {

using program::NumberLiteral;
using syntax::Overloaded;

TypeId BodyChecker::without_option(TypeId type) {
    return types().kind(type) == Kind::option ? types().item(type) : type;
}

bool BodyChecker::is_flexible(const syntax::Expr& expr) {
    if (const auto* node = expr.as<syntax::LiteralExpr>()) {
        return std::holds_alternative<UInt128>(node->value) ||
               std::holds_alternative<syntax::DecimalLiteral>(node->value);
    }
    if (const auto* node = expr.as<syntax::GroupExpr>()) {
        return is_flexible(*node->inner);
    }
    if (const auto* node = expr.as<syntax::UnaryExpr>()) {
        return node->op != syntax::UnaryOp::logical_not && is_flexible(*node->operand);
    }
    if (const auto* node = expr.as<syntax::BinaryExpr>()) {
        return node->op >= syntax::BinaryOp::add && is_flexible(*node->left) &&
               is_flexible(*node->right);
    }
    if (const auto* node = expr.as<syntax::IfExpr>()) {
        return is_flexible(*node->then_value) && is_flexible(*node->else_value);
    }
    if (const auto* node = expr.as<syntax::ListExpr>()) {
        return node->elements.empty();
    }
    return expr.as<syntax::NoneExpr>() != nullptr;
}

ExprPtr BodyChecker::literal(const syntax::Literal& written, Span span, TypeId hint) {
    return std::visit(
        Overloaded{
            [&](const UInt128& value) { return integer(value, false, span, hint); },
            [&](const syntax::DecimalLiteral& value) { return decimal(value, span, hint); },
            [&](const std::string& value) { return text_literal(value, span, hint); },
            [&](const syntax::DateLiteral& value) {
                const std::int32_t day = Declarations::days_of(value);
                const auto magnitude = static_cast<UInt128>(day < 0 ? -day : day);
                return make(types().of(Kind::date), span, NumberLiteral{magnitude, day < 0});
            },
            [&](const syntax::TimeLiteral& value) {
                const std::int64_t seconds = calendar::seconds_from(
                    Declarations::days_of(value.date), {value.hour, value.minute, value.second});
                const auto magnitude = static_cast<UInt128>(seconds < 0 ? -seconds : seconds);
                return make(types().of(Kind::time), span, NumberLiteral{magnitude, seconds < 0});
            },
            [&](const syntax::DurationLiteral& value) {
                if (value.unit == syntax::DurationUnit::minute) {
                    return report_at(span, Code::unsupported_minutes,
                                     "minutes are only terms of deadlines in this version",
                                     "not supported yet");
                }
                return duration(value, span);
            },
            [&](const bool& value) {
                return make(d().boolean(), span, program::BoolLiteral{value});
            },
        },
        written);
}

ExprPtr BodyChecker::integer(UInt128 value, bool negative, Span span, TypeId hint) {
    if (hint == no_type) {
        return report_at(
            span, Code::type_unclear, "nothing says which type this number has",
            "a number of which type?",
            "say it where the value is kept, as in `let n: u32 = 5`, or convert: `u32(5)`");
    }
    const TypeId wanted = without_option(hint);
    const program::Type& type = types()[wanted];
    switch (type.kind) {
        case Kind::error:
            return error_at(span);
        case Kind::unsigned_integer:
        case Kind::signed_integer: {
            const NumberLiteral number{value, negative && value != 0};
            if (fits(type, number)) {
                return make(wanted, span, number);
            }
            return report_at(span, Code::literal_out_of_range,
                             "this number does not fit " + text(wanted), "out of range",
                             "its values go from " + range_text(type));
        }
        case Kind::decimal: {
            UInt128 scaled = value;
            bool overflow = false;
            for (std::uint32_t i = 0; i < type.size; ++i) {
                overflow = __builtin_mul_overflow(scaled, UInt128{10}, &scaled) || overflow;
            }
            const NumberLiteral number{scaled, negative && value != 0};
            if (!overflow && fits(type, number)) {
                return make(wanted, span, number);
            }
            return report_at(span, Code::literal_out_of_range,
                             "this number does not fit " + text(wanted), "out of range");
        }
        case Kind::days:
        case Kind::workdays:
        case Kind::months:
        case Kind::hours:
            return report_at(
                span, Code::type_mismatch, "this is a number, but " + text(wanted) + " is wanted",
                "without a unit", "write its unit, as in `30 days` or `3 months round down`");
        default:
            return report_at(span, Code::type_mismatch,
                             "this is a number, but " + text(wanted) + " is wanted", "a number");
    }
}

ExprPtr BodyChecker::decimal(const syntax::DecimalLiteral& value, Span span, TypeId hint) {
    const TypeId wanted =
        hint == no_type ? types().of(Kind::decimal, value.scale) : without_option(hint);
    const program::Type& type = types()[wanted];
    if (type.kind == Kind::error) {
        return error_at(span);
    }
    if (type.kind != Kind::decimal) {
        return report_at(span, Code::type_mismatch,
                         "this is a decimal, but " + text(wanted) + " is wanted", "a decimal");
    }
    if (value.scale > type.size) {
        return report_at(span, Code::literal_out_of_range,
                         text(wanted) + " has " + std::to_string(type.size) +
                             " digits after the point, this number more",
                         "too many digits");
    }
    UInt128 scaled = value.coefficient;
    bool overflow = false;
    for (std::uint32_t i = value.scale; i < type.size; ++i) {
        overflow = __builtin_mul_overflow(scaled, UInt128{10}, &scaled) || overflow;
    }
    if (overflow || !fits(type, {scaled, false})) {
        return report_at(span, Code::literal_out_of_range,
                         "this number does not fit " + text(wanted), "out of range");
    }
    return make(wanted, span, NumberLiteral{scaled, false});
}

ExprPtr BodyChecker::text_literal(const std::string& value, Span span, TypeId hint) {
    const std::uint32_t length = source::count_code_points(value);
    const TypeId wanted = hint == no_type ? no_type : without_option(hint);
    if (wanted != no_type && types().kind(wanted) == Kind::text) {
        if (length <= types()[wanted].size) {
            return make(wanted, span, program::TextLiteral{value});
        }
        return report_at(span, Code::value_too_long,
                         "this text has " + std::to_string(length) + " characters, but " +
                             text(wanted) + " is wanted",
                         "too long");
    }
    return make(types().of(Kind::text, std::max(length, 1u)), span, program::TextLiteral{value});
}

ExprPtr BodyChecker::duration(const syntax::DurationLiteral& value, Span span) {
    using Unit = syntax::DurationUnit;
    const std::uint64_t count = value.count;
    if (value.unit == Unit::month || value.unit == Unit::year) {
        const std::uint64_t months = value.unit == Unit::year ? count * 12 : count;
        if (count > 120000) {
            return report_at(span, Code::literal_out_of_range,
                             "this term reaches beyond the year 9999", "too long");
        }
        if (value.rounding == syntax::Rounding::unsaid) {
            return report_at(
                span, Code::months_without_rounding, "a term in months or years says how it rounds",
                "how does it round?",
                "add `round down` (the end of the month) or `round up` (the first of the next)");
        }
        const auto rounding = value.rounding == syntax::Rounding::up ? program::Rounding::up
                                                                     : program::Rounding::down;
        return make(types().of(Kind::months), span,
                    program::MonthsLiteral{static_cast<std::uint32_t>(months), rounding});
    }
    if (value.rounding != syntax::Rounding::unsaid) {
        return report_at(span, Code::wrong_term, "only months and years round", "does not round");
    }
    if (count > 0x7fffffff) {
        return report_at(span, Code::literal_out_of_range, "this term reaches beyond the year 9999",
                         "too long");
    }
    const Kind kind = value.unit == Unit::day       ? Kind::days
                      : value.unit == Unit::workday ? Kind::workdays
                      : value.unit == Unit::hour    ? Kind::hours
                                                    : Kind::minutes;
    return make(types().of(kind), span, NumberLiteral{count, false});
}

ExprPtr BodyChecker::none(Span span, TypeId hint) {
    if (hint == no_type) {
        return report_at(span, Code::type_unclear, "nothing says of which type this `none` is",
                         "none of what?",
                         "say the type where the value is kept, as in `let x: date? = none`");
    }
    if (types().kind(hint) == Kind::error) {
        return error_at(span);
    }
    if (types().kind(hint) != Kind::option) {
        return report_at(span, Code::type_mismatch,
                         "this is none, but " + text(hint) + " is wanted", "not optional",
                         "make the type optional: " + text(hint) + "?");
    }
    return make(hint, span, program::NoneLiteral{});
}

ExprPtr BodyChecker::tuple(const syntax::TupleExpr& node, Span span, TypeId hint) {
    const TypeId wanted = hint == no_type ? no_type : without_option(hint);
    const bool fits_hint = wanted != no_type && types().kind(wanted) == Kind::tuple &&
                           types()[wanted].items.size() == node.elements.size();
    const bool unknown = wanted != no_type && types().kind(wanted) == Kind::error;
    const TypeId inside = unknown ? wanted : no_type;
    bool good = true;
    program::Construct construct;
    program::Type type{Kind::tuple, 0, {}, {}};
    for (std::size_t i = 0; i < node.elements.size(); ++i) {
        construct.parts.push_back(fits_hint ? convert(*node.elements[i], types()[wanted].items[i])
                                            : expr(*node.elements[i], inside));
        good = good && !is_error(construct.parts.back());
        type.items.push_back(construct.parts.back()->type);
    }
    return good ? make(types().intern(std::move(type)), span, std::move(construct))
                : error_at(span);
}

ExprPtr BodyChecker::list(const syntax::ListExpr& node, Span span, TypeId hint) {
    const TypeId wanted = hint == no_type ? no_type : without_option(hint);
    const Kind wanted_kind = wanted == no_type ? Kind::unit : types().kind(wanted);
    const auto count = static_cast<std::uint32_t>(node.elements.size());
    TypeId item = no_type;
    TypeId type = wanted;
    if (wanted_kind == Kind::list || wanted_kind == Kind::array) {
        item = types().item(wanted);
        const std::uint32_t bound = types()[wanted].size;
        if (wanted_kind == Kind::list ? count > bound : count != bound) {
            return report_at(
                span, Code::value_too_long,
                "this has " + std::to_string(count) + " elements, but " + text(wanted) +
                    " is wanted",
                wanted_kind == Kind::list ? "too many elements" : "another number of elements");
        }
    } else if (wanted_kind == Kind::error) {
        item = wanted;
    } else if (count == 0) {
        return report_at(
            span, Code::type_unclear, "nothing says of what this list is", "a list of what?",
            "say the type where the value is kept, as in `var all: list[Body, 6] = []`");
    }
    bool good = wanted_kind != Kind::error;
    program::Construct construct;
    for (const syntax::ExprPtr& element : node.elements) {
        ExprPtr part = item == no_type ? expr(*element) : convert(*element, item);
        good = good && !is_error(part);
        item = part->type;
        construct.parts.push_back(std::move(part));
    }
    if (!good) {
        return error_at(span);
    }
    if (wanted_kind != Kind::list && wanted_kind != Kind::array) {
        type = types().of(Kind::array, item, count);
    }
    return make(type, span, std::move(construct));
}

ExprPtr BodyChecker::repeat(const syntax::RepeatExpr& node, Span span, TypeId hint) {
    const TypeId wanted = hint == no_type ? no_type : without_option(hint);
    const bool array = wanted != no_type && types().kind(wanted) == Kind::array;
    const bool unknown = wanted != no_type && types().kind(wanted) == Kind::error;
    ExprPtr element = array ? convert(*node.element, types().item(wanted))
                            : expr(*node.element, unknown ? wanted : no_type);
    const std::optional<std::uint32_t> count = d().size(module_, node.count);
    if (!count || is_error(element)) {
        return error_at(span);
    }
    const TypeId type = types().of(Kind::array, element->type, *count);
    return make(type, span, program::Repeat{std::move(element)});
}

ExprPtr BodyChecker::checked_index(const syntax::Expr& written, const program::Type& of) {
    ExprPtr value = is_flexible(written) ? expr(written, d().unsigned_type(32)) : expr(written);
    if (is_error(value)) {
        return value;
    }
    const program::Type& type = types()[value->type];
    if (type.kind != Kind::unsigned_integer || type.size > 64) {
        return report_at(
            value->span, Code::type_mismatch,
            "an index is an unsigned integer of at most 64 bits, this is " + text(value->type),
            "not an index");
    }
    const auto* number = value->as<NumberLiteral>();
    if (number != nullptr && number->magnitude >= of.size) {
        return report_at(value->span, Code::constant_index,
                         "there is no element here: the bound is " + std::to_string(of.size) +
                             ", and counting begins at 0",
                         "past the end");
    }
    return value;
}

ExprPtr BodyChecker::index(const syntax::IndexExpr& node, Span span) {
    if (const Symbol* symbol = register_named(*node.object)) {
        const std::uint32_t reg = d().reg(*symbol);
        const program::Register& declared = d().program().registers[reg];
        const TypeId value = declared.value;
        ExprPtr key = convert(*node.index, declared.key);
        return is_error(key) ? std::move(key)
                             : make(value, span, program::RegisterGet{reg, std::move(key), false});
    }
    ExprPtr object = expr(*node.object);
    const program::Type& type = types()[object->type];
    if (type.kind == Kind::error) {
        expr(*node.index, object->type);
        return object;
    }
    if (type.kind != Kind::array && type.kind != Kind::list && type.kind != Kind::bytes) {
        return report_at(node.object->span, Code::not_indexable,
                         "a value of type " + text(object->type) + " has no elements",
                         "without elements");
    }
    ExprPtr at = checked_index(*node.index, type);
    if (is_error(at)) {
        return at;
    }
    const TypeId element = type.kind == Kind::bytes ? d().unsigned_type(8) : type.items[0];
    return make(element, span, program::Index{std::move(object), std::move(at)});
}

}  // namespace aqd::check
