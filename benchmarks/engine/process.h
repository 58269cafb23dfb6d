#pragma once

#include <aqd/base/result.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace aqd::benchmarks {

/// What became of another program.
struct Finished {
    int status = 0;                        ///< its exit code; 128 and the signal if it died of one
    std::string output;                    ///< its standard output
    std::string errors;                    ///< its standard error
    std::chrono::nanoseconds processor{};  ///< user and system time of all its threads
};

/// Runs a program, found on the PATH, to its end or for so long at most. Errors: `io`.
Result<Finished> run_program(const std::vector<std::string>& words,
                             std::chrono::seconds longest = std::chrono::seconds{120});

/// Where the PATH has a program of that name.
std::optional<std::string> find_program(const std::string& name);

}  // namespace aqd::benchmarks
