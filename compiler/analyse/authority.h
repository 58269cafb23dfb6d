#pragma once

#include "compiler/analyse/effects.h"

namespace aqd::analyse {

/// Who may use an entry must be among those who may change the registers that it writes, and among
/// those who may become the parties that it binds; nobody is asked for a document that a register
/// holds.
void check_authority(const program::Program& program, const std::vector<Effects>& effects,
                     diagnostics::Sink& sink);

}  // namespace aqd::analyse
