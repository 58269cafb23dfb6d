#pragma once

#include <aqd/engine/profile.h>
#include <aqd/exec/instance.h>
#include <aqd/gas/instrument.h>
#include <aqd/host/call_context.h>

#include <cstdint>
#include <memory>
#include <string_view>

namespace aqd::engine {

/// A module with notes, ready to run.
struct Profiler::Prepared {
    gas::Instrumented notes;
    std::shared_ptr<const exec::LinkedModule> linked;
};

struct ProfiledRun {
    exec::Outcome outcome;  ///< its place is one of the original module
    RunProfile profile;     ///< without `code`, `gas` and `start_gas`
};

/// Initialises an instance and calls an export with the length of the arguments.
Result<ProfiledRun> run_profiled(const Profiler::Prepared& prepared, std::string_view exported,
                                 std::uint64_t gas_limit, host::CallContext& context);

}  // namespace aqd::engine
