#pragma once

#include "tests/vm/exec/spec/machine.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aqd::spec {

/// What became of the assertions of one script. Skipped are those about modules that use a part of
/// the standard which the engine says it does not support, and nothing else.
struct Report {
    std::uint64_t passed = 0;
    std::uint64_t skipped = 0;
    std::vector<std::string> failures;  ///< with line numbers
};

/// Runs a script of the specification's test suite whose modules are all in binary form.
Report run_script(std::string_view script, Machine& machine);

}  // namespace aqd::spec
