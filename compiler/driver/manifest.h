#pragma once

#include "compiler/program/program.h"

#include <aqd/abi/manifest.h>

namespace aqd::driver {

/// What the module says of itself.
abi::Manifest make_manifest(const program::Program& program);

}  // namespace aqd::driver
