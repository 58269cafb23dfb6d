#pragma once

#include "compiler/syntax/item.h"

#include <string>

namespace aqd::syntax {

/// The tree as S-expressions, one item, member or statement a line, without spans or ids: what
/// golden tests compare.
std::string dump(const File& file);

/// One expression or type on one line.
std::string dump(const Expr& expr);
std::string dump(const Type& type);

}  // namespace aqd::syntax
