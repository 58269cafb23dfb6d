#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A session in C: compiles a module that imports `env.add`, calls its `twice` and `divide`, reads
/// its memory. 0 if all went as it should, otherwise the number of the line that did not.
int run_session(const uint8_t* wasm, size_t size);

#ifdef __cplusplus
}
#endif
