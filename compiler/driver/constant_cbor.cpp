#include "compiler/driver/constant_cbor.h"

#include <aqd/abi/cbor.h>
#include <aqd/base/assert.h>

namespace aqd::driver {
namespace {

using namespace program;

class ConstantWriter {
  public:
    ConstantWriter(const Program& program, Bytes& out) : program_(program), writer_(out) {}

    void write(const Expr& expr) {
        if (expr.as<UnitLiteral>() != nullptr || expr.as<NoneLiteral>() != nullptr) {
            writer_.write_null();
        } else if (const auto* const truth = expr.as<BoolLiteral>()) {
            writer_.write_bool(truth->value);
        } else if (const auto* const number = expr.as<NumberLiteral>()) {
            write_number(*number);
        } else if (const auto* const months = expr.as<MonthsLiteral>()) {
            writer_.write_array_header(2);
            writer_.write_uint(months->count);
            writer_.write_uint(static_cast<std::uint64_t>(months->rounding));
        } else if (const auto* const text = expr.as<TextLiteral>()) {
            writer_.write_text(text->value);
        } else if (const auto* const some = expr.as<Some>()) {
            write(*some->operand);
        } else if (const auto* const widened = expr.as<Widen>()) {
            write(*widened->operand);
        } else if (const auto* const read = expr.as<ConstantRead>()) {
            write(*program_.constants[read->constant].value);
        } else if (const auto* const node = expr.as<Construct>()) {
            write_construct(expr, *node);
        } else if (const auto* const repeated = expr.as<Repeat>()) {
            const std::uint32_t count = program_.types[expr.type].size;
            writer_.write_array_header(count);
            for (std::uint32_t i = 0; i < count; ++i) {
                write(*repeated->element);
            }
        } else {
            // The checker lets nothing else pass as a constant.
            AQD_ASSERT(false);
        }
    }

  private:
    void write_number(const NumberLiteral& number) {
        if (number.negative) {
            writer_.write_int128(static_cast<Int128>(UInt128{0} - number.magnitude));
        } else {
            writer_.write_uint128(number.magnitude);
        }
    }

    void write_construct(const Expr& expr, const Construct& node) {
        const bool is_enumeration = program_.types.kind(expr.type) == Kind::enumeration;
        if (is_enumeration && node.parts.empty()) {
            writer_.write_uint(node.variant);
            return;
        }
        writer_.write_array_header(node.parts.size() + (is_enumeration ? 1 : 0));
        if (is_enumeration) {
            writer_.write_uint(node.variant);
        }
        for (const ExprPtr& part : node.parts) {
            write(*part);
        }
    }

    const Program& program_;
    abi::Writer writer_;
};

}  // namespace

Bytes constant_cbor(const Program& program, const Expr& expr) {
    Bytes out;
    ConstantWriter(program, out).write(expr);
    return out;
}

}  // namespace aqd::driver
