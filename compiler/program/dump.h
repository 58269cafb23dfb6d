#pragma once

#include "compiler/program/program.h"

#include <string>

namespace aqd::program {

/// The whole program as indented text without spans, one declaration, statement or entry a line:
/// what golden tests compare. Slots read as `name.index`.
std::string dump(const Program& program);

/// One function, for tests of single expressions.
std::string dump(const Program& program, const Function& function);

}  // namespace aqd::program
