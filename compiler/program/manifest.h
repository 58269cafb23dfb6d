#pragma once

#include "compiler/program/program.h"

#include <aqd/abi/manifest.h>
#include <aqd/base/bytes.h>

namespace aqd::program {

/// What the module says of itself (abi::Manifest). Takes only programs without errors.
abi::Manifest manifest_of(const Program& program);

/// A constant as CBOR (docs/abi.md, Values); it holds no `Body`, whose spelling depends on the
/// chain.
Bytes encode_constant(const Program& program, const Expr& constant);

}  // namespace aqd::program
