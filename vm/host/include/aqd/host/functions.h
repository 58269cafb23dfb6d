#pragma once

#include <aqd/exec/host.h>

#include <span>

namespace aqd::host {

/// The rows of `host_functions.def`, ready to be linked. Each expects a `CallContext` as its
/// context.
std::span<const exec::HostFunction> functions();

}  // namespace aqd::host
