#pragma once

#include <stdint.h>  // NOLINT(modernize-deprecated-headers)

// The memory of a contract, from the bottom: the stack of the linker, data, and one heap that only
// grows. An instance lives for one call, so nothing is ever freed one by one; a caller that needs
// scratch space remembers `heap_top` and puts it back. The heap holds octets only (texts, byte
// strings, encoded values): everything with an alignment lies on the stack or in data.

namespace aqd::runtime {

/// Octets that nobody changes any more: in the heap, in data, or in the arguments.
struct Slice {
    const uint8_t* data;
    uint32_t size;
};

/// The first free octet.
extern uint8_t* heap_top;

/// Octets between `heap_top` and the end of the memory as it is now.
uint32_t room();

/// Grows the memory until `size` octets are free; refuses OutOfMemory at the limit.
void reserve(uint32_t size);

inline uint8_t* allocate(uint32_t size) {
    reserve(size);
    uint8_t* const start = heap_top;
    heap_top += size;
    return start;
}

}  // namespace aqd::runtime
