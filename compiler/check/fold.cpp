#include "compiler/check/fold.h"

#include "compiler/check/build.h"

#include <algorithm>

namespace aqd::check {

using program::BinaryOp;
using program::NumberLiteral;
using program::Type;
using syntax::Overloaded;

namespace {

UInt128 largest(const Type& type, bool negative) {
    const auto signed_limit = [&](std::uint32_t bits) {
        const UInt128 half = UInt128{1} << (bits - 1);
        return negative ? half : half - 1;
    };
    switch (type.kind) {
        case Kind::unsigned_integer:
            return negative ? 0 : (type.size == 128 ? ~UInt128{0} : (UInt128{1} << type.size) - 1);
        case Kind::signed_integer:
            return signed_limit(type.size);
        case Kind::decimal:
            return signed_limit(128);
        case Kind::date:
            return negative ? 135140 : 2932896;  // 1600-01-01, 9999-12-31
        default:
            return signed_limit(64);
    }
}

std::string decimal_text(UInt128 value) {
    std::string out;
    do {
        out.insert(out.begin(), static_cast<char>('0' + static_cast<int>(value % 10)));
        value /= 10;
    } while (value != 0);
    return out;
}

/// Exact integers of 128 bits and a sign; nothing when even that is left.
using Number = std::optional<NumberLiteral>;

Number normal(UInt128 magnitude, bool negative) {
    return NumberLiteral{magnitude, negative && magnitude != 0};
}

Number sum(const NumberLiteral& a, const NumberLiteral& b) {
    if (a.negative == b.negative) {
        UInt128 total = 0;
        if (__builtin_add_overflow(a.magnitude, b.magnitude, &total)) {
            return std::nullopt;
        }
        return normal(total, a.negative);
    }
    return a.magnitude >= b.magnitude ? normal(a.magnitude - b.magnitude, a.negative)
                                      : normal(b.magnitude - a.magnitude, b.negative);
}

Number product(const NumberLiteral& a, const NumberLiteral& b) {
    UInt128 total = 0;
    if (__builtin_mul_overflow(a.magnitude, b.magnitude, &total)) {
        return std::nullopt;
    }
    return normal(total, a.negative != b.negative);
}

UInt128 mask(const Type& type) {
    return largest(type, false);
}

Number bits(BinaryOp op, const Type& type, UInt128 a, UInt128 b) {
    switch (op) {
        case BinaryOp::wrapping_add:
            return normal((a + b) & mask(type), false);
        case BinaryOp::wrapping_subtract:
            return normal((a - b) & mask(type), false);
        case BinaryOp::wrapping_multiply:
            return normal((a * b) & mask(type), false);
        case BinaryOp::bit_and:
            return normal(a & b, false);
        case BinaryOp::bit_or:
            return normal(a | b, false);
        case BinaryOp::bit_xor:
            return normal(a ^ b, false);
        case BinaryOp::shift_left:
            return b < type.size ? normal((a << b) & mask(type), false) : std::nullopt;
        case BinaryOp::shift_right:
            return b < type.size ? normal(a >> b, false) : std::nullopt;
        default:
            return std::nullopt;
    }
}

Number arithmetic(BinaryOp op, const Type& type, const NumberLiteral& a, const NumberLiteral& b) {
    switch (op) {
        case BinaryOp::add:
            return sum(a, b);
        case BinaryOp::subtract:
            return sum(a, {b.magnitude, !b.negative});
        case BinaryOp::multiply:
            return product(a, b);
        case BinaryOp::divide:
            return b.magnitude == 0 ? std::nullopt
                                    : normal(a.magnitude / b.magnitude, a.negative != b.negative);
        case BinaryOp::remainder:
            return b.magnitude == 0 ? std::nullopt : normal(a.magnitude % b.magnitude, a.negative);
        default:
            return bits(op, type, a.magnitude, b.magnitude);
    }
}

std::strong_ordering order(const NumberLiteral& a, const NumberLiteral& b) {
    if (a.negative != b.negative) {
        return a.negative ? std::strong_ordering::less : std::strong_ordering::greater;
    }
    const bool less = a.negative ? b.magnitude < a.magnitude : a.magnitude < b.magnitude;
    return a.magnitude == b.magnitude
               ? std::strong_ordering::equal
               : (less ? std::strong_ordering::less : std::strong_ordering::greater);
}

std::optional<bool> compare(BinaryOp op, const NumberLiteral& a, const NumberLiteral& b) {
    const std::strong_ordering result = order(a, b);
    switch (op) {
        case BinaryOp::equal:
            return result == 0;
        case BinaryOp::not_equal:
            return result != 0;
        case BinaryOp::less:
            return result < 0;
        case BinaryOp::less_equal:
            return result <= 0;
        case BinaryOp::greater:
            return result > 0;
        case BinaryOp::greater_equal:
            return result >= 0;
        default:
            return std::nullopt;
    }
}

class Folder {
  public:
    explicit Folder(Declarations& declarations) : declarations_(&declarations) {}

    ExprPtr run(ExprPtr expr) {
        if (declarations_->types().kind(expr->type) == Kind::error) {
            return nullptr;
        }
        const Span span = expr->span;
        const TypeId type = expr->type;
        auto& node = expr->node;
        if (auto* construct = std::get_if<program::Construct>(&node)) {
            for (ExprPtr& part : construct->parts) {
                part = run(std::move(part));
            }
            const bool whole = std::ranges::all_of(construct->parts,
                                                   [](const ExprPtr& p) { return p != nullptr; });
            return whole ? std::move(expr) : nullptr;
        }
        for (ExprPtr* operand : wrapped(node)) {
            *operand = run(std::move(*operand));
            if (*operand == nullptr) {
                return nullptr;
            }
            return expr;
        }
        if (auto* read = std::get_if<program::ConstantRead>(&node)) {
            return copy_constant(*declarations_->program().constants[read->constant].value);
        }
        if (auto* unary = std::get_if<program::Unary>(&node)) {
            return fold_unary(type, span, *unary);
        }
        if (auto* binary = std::get_if<program::Binary>(&node)) {
            return fold_binary(type, span, *binary);
        }
        if (auto* convert = std::get_if<program::Convert>(&node)) {
            ExprPtr operand = run(std::move(convert->operand));
            const auto* number = operand ? operand->as<NumberLiteral>() : nullptr;
            return operand ? checked(type, span, number ? Number(*number) : std::nullopt) : nullptr;
        }
        if (auto* choice = std::get_if<program::Choose>(&node)) {
            return fold_choice(*choice);
        }
        if (is_literal(node)) {
            return expr;
        }
        declarations_->report(
            diagnostics::error(Code::not_constant, span, "this value is not known to the compiler",
                               "not constant")
                .with_help("constants are built of literals and other constants"));
        return nullptr;
    }

  private:
    using Node = decltype(program::Expr::node);

    static std::vector<ExprPtr*> wrapped(Node& node) {
        if (auto* repeat = std::get_if<program::Repeat>(&node)) {
            return {&repeat->element};
        }
        if (auto* some = std::get_if<program::Some>(&node)) {
            return {&some->operand};
        }
        if (auto* widen = std::get_if<program::Widen>(&node)) {
            return {&widen->operand};
        }
        if (auto* body = std::get_if<program::ToBody>(&node)) {
            return {&body->operand};
        }
        return {};
    }

    static bool is_literal(const Node& node) {
        return std::visit(Overloaded{
                              [](const program::UnitLiteral&) { return true; },
                              [](const program::BoolLiteral&) { return true; },
                              [](const NumberLiteral&) { return true; },
                              [](const program::MonthsLiteral&) { return true; },
                              [](const program::TextLiteral&) { return true; },
                              [](const program::NoneLiteral&) { return true; },
                              [](const auto&) { return false; },
                          },
                          node);
    }

    ExprPtr checked(TypeId type, Span span, Number number) {
        const Type& shape = declarations_->types()[type];
        if (number && fits(shape, *number)) {
            return make(type, span, *number);
        }
        declarations_->report(diagnostics::error(
            Code::constant_overflow, span,
            "this constant has no value of type `" + declarations_->text(type) + "`",
            "does not fit"));
        return nullptr;
    }

    ExprPtr fold_unary(TypeId type, Span span, program::Unary& unary) {
        ExprPtr operand = run(std::move(unary.operand));
        if (!operand) {
            return nullptr;
        }
        if (const auto* truth = operand->as<program::BoolLiteral>()) {
            return make(type, span, program::BoolLiteral{!truth->value});
        }
        const auto* number = operand->as<NumberLiteral>();
        if (number == nullptr) {
            return not_computable(span);
        }
        if (unary.op == program::UnaryOp::complement) {
            const UInt128 all = mask(declarations_->types()[type]);
            return make(type, span, NumberLiteral{~number->magnitude & all, false});
        }
        return checked(type, span, normal(number->magnitude, !number->negative));
    }

    ExprPtr fold_binary(TypeId type, Span span, program::Binary& binary) {
        ExprPtr left = run(std::move(binary.left));
        ExprPtr right = run(std::move(binary.right));
        if (!left || !right) {
            return nullptr;
        }
        const auto* a = left->as<NumberLiteral>();
        const auto* b = right->as<NumberLiteral>();
        if (a != nullptr && b != nullptr) {
            if (const std::optional<bool> truth = compare(binary.op, *a, *b)) {
                return make(type, span, program::BoolLiteral{*truth});
            }
            return checked(type, span, arithmetic(binary.op, declarations_->types()[type], *a, *b));
        }
        const auto* p = left->as<program::BoolLiteral>();
        const auto* q = right->as<program::BoolLiteral>();
        if (p != nullptr && q != nullptr) {
            switch (binary.op) {
                case BinaryOp::logical_and:
                    return make(type, span, program::BoolLiteral{p->value && q->value});
                case BinaryOp::logical_or:
                    return make(type, span, program::BoolLiteral{p->value || q->value});
                case BinaryOp::equal:
                    return make(type, span, program::BoolLiteral{p->value == q->value});
                case BinaryOp::not_equal:
                    return make(type, span, program::BoolLiteral{p->value != q->value});
                default:
                    break;
            }
        }
        return not_computable(span);
    }

    ExprPtr fold_choice(program::Choose& choice) {
        ExprPtr condition = run(std::move(choice.condition));
        if (!condition) {
            return nullptr;
        }
        const auto* truth = condition->as<program::BoolLiteral>();
        if (truth == nullptr) {
            return not_computable(condition->span);
        }
        return run(std::move(truth->value ? choice.then_value : choice.else_value));
    }

    ExprPtr not_computable(Span span) {
        declarations_->report(diagnostics::error(Code::not_constant, span,
                                                 "the compiler does not compute this in constants",
                                                 "not constant"));
        return nullptr;
    }

    Declarations* declarations_;
};

}  // namespace

bool fits(const Type& type, const NumberLiteral& number) {
    return number.magnitude <= largest(type, number.negative);
}

std::string range_text(const Type& type) {
    const UInt128 low = largest(type, true);
    return (low == 0 ? "" : "-") + decimal_text(low) + " to " + decimal_text(largest(type, false));
}

ExprPtr fold(Declarations& declarations, ExprPtr expr) {
    return Folder(declarations).run(std::move(expr));
}

}  // namespace aqd::check
