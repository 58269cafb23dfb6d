#pragma once

#include "tests/vm/exec/oracle/generator.h"

#include <aqd/base/bytes.h>

namespace aqd::differential {

/// A module with a few octets changed, moved, removed or added inside one of its sections, whose
/// sizes, and those of function bodies, are mended afterwards: what comes out is seldom refused for
/// its outer form. A file that is no module is changed like any octets.
Bytes mutate(BytesView module, oracle::Random& random);

/// The same without any change of length, and in bodies only: what comes out is more often valid.
Bytes mutate_gently(BytesView module, oracle::Random& random);

}  // namespace aqd::differential
