#pragma once

#include "compiler/check/declarations.h"

namespace aqd::check {

/// Reports what the grammar has and this version does not carry out, each thing at its place.
void report_unsupported(Declarations& declarations, const syntax::Item& item);
void report_unsupported(Declarations& declarations, const syntax::Member& member);
void report_unsupported(Declarations& declarations, const syntax::By& by);

}  // namespace aqd::check
