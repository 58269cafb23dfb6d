#include "vm/exec/sequence_handlers.h"

namespace aqd::exec {
AQD_SEQUENCE_PART(6)
}  // namespace aqd::exec
