#pragma once

#include "compiler/program/program.h"

namespace aqd::lower {

/// Whether evaluating the expression may change a variable. Values that were only looked at have to
/// be copied before it runs.
bool assigns(const program::Expr& expr);
bool assigns(const program::Block& block);

}  // namespace aqd::lower
