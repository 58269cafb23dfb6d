#pragma once

#include <aqd/base/bytes.h>

namespace aqd::test {

/// A contract `test.counter` with a register `counts`: action `count` adds one to the row 1 and
/// returns it, view `look` returns it, action `fail` refuses with its own error 256, action `crash`
/// traps after writing.
Bytes counter_contract();

/// The key of row 1 in the register, on the chain of zeroes.
Bytes counter_key();

}  // namespace aqd::test
