#pragma once

#include "compiler/check/declarations.h"

namespace aqd::check {

/// Computes a checked expression, so that literals and constructions of them remain. Reports what
/// is not constant or does not fit, and yields null then.
ExprPtr fold(Declarations& declarations, ExprPtr expr);

/// Whether a number fits a type of numeric kind.
bool fits(const program::Type& type, const program::NumberLiteral& number);

/// "0 to 255": for messages.
std::string range_text(const program::Type& type);

}  // namespace aqd::check
