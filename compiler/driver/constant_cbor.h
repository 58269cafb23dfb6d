#pragma once

#include "compiler/program/program.h"

#include <aqd/base/bytes.h>

namespace aqd::driver {

/// The CBOR of a constant expression: literals and constructions of them.
Bytes constant_cbor(const program::Program& program, const program::Expr& expr);

}  // namespace aqd::driver
