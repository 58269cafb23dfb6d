#include "vm/exec/sequence_handlers.h"

namespace aqd::exec {
AQD_SEQUENCE_PART(4)
}  // namespace aqd::exec
