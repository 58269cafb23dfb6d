#include "compiler/syntax/name.h"

#include "compiler/syntax/body.h"

namespace aqd::syntax {

std::string Path::text() const {
    std::string joined;
    for (const Name& segment : segments) {
        if (!joined.empty()) {
            joined += ".";
        }
        joined += segment.text;
    }
    return joined;
}

std::string_view text(BinaryOp op) {
    switch (op) {
        case BinaryOp::implies:
            return "implies";
        case BinaryOp::logical_or:
            return "or";
        case BinaryOp::logical_and:
            return "and";
        case BinaryOp::equal:
            return "==";
        case BinaryOp::not_equal:
            return "!=";
        case BinaryOp::less:
            return "<";
        case BinaryOp::less_equal:
            return "<=";
        case BinaryOp::greater:
            return ">";
        case BinaryOp::greater_equal:
            return ">=";
        case BinaryOp::add:
            return "+";
        case BinaryOp::subtract:
            return "-";
        case BinaryOp::wrapping_add:
            return "+%";
        case BinaryOp::wrapping_subtract:
            return "-%";
        case BinaryOp::bit_or:
            return "|";
        case BinaryOp::bit_xor:
            return "^";
        case BinaryOp::multiply:
            return "*";
        case BinaryOp::divide:
            return "/";
        case BinaryOp::remainder:
            return "%";
        case BinaryOp::wrapping_multiply:
            return "*%";
        case BinaryOp::bit_and:
            return "&";
        case BinaryOp::shift_left:
            return "<<";
        case BinaryOp::shift_right:
            return ">>";
    }
    return "";
}

std::string_view text(UnaryOp op) {
    switch (op) {
        case UnaryOp::negate:
            return "-";
        case UnaryOp::complement:
            return "~";
        case UnaryOp::logical_not:
            return "not";
    }
    return "";
}

}  // namespace aqd::syntax
