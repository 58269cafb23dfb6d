#pragma once

#include "compiler/lower/unit.h"

namespace aqd::lower {

/// The value of a literal, or of a construction of literals, as it lies in memory; nullptr for
/// anything else.
llvm::Constant* constant_of(Unit& unit, const program::Expr& expr);

/// The elements of a constant list or array, without the room that is left; nullptr as above.
llvm::Constant* constant_elements(Unit& unit, const program::Expr& expr);

}  // namespace aqd::lower
