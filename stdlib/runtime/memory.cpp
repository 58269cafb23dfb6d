#include "stdlib/runtime/memory.h"

#include "stdlib/runtime/host.h"

// The linker's names: behind the data, and the end of the memory that an instance begins with.
extern "C" uint8_t __heap_base;  // NOLINT(bugprone-reserved-identifier)
extern "C" uint8_t __heap_end;   // NOLINT(bugprone-reserved-identifier)

namespace aqd::runtime {
namespace {

constexpr uint32_t page_size = 65536;

uint8_t* heap_end = &__heap_end;

[[gnu::noinline]] void grow(uint32_t size) {
    const uint32_t missing = size - room();
    const uint32_t pages = missing / page_size + (missing % page_size != 0 ? 1 : 0);
    if (__builtin_wasm_memory_grow(0, pages) == static_cast<unsigned long>(-1)) {
        aqd_host_refuse(refusal_out_of_memory);
    }
    heap_end += pages * page_size;
}

}  // namespace

uint8_t* heap_top = &__heap_base;

uint32_t room() {
    return static_cast<uint32_t>(heap_end - heap_top);
}

void reserve(uint32_t size) {
    if (size > room()) {
        grow(size);
    }
}

}  // namespace aqd::runtime

extern "C" {

/// Free space of `size` octets, contents undefined.
uint8_t* aqd_allocate(uint32_t size) {
    return aqd::runtime::allocate(size);
}

/// A mark to give back what is taken after it.
uint8_t* aqd_heap_mark() {
    return aqd::runtime::heap_top;
}

void aqd_heap_release(uint8_t* mark) {
    aqd::runtime::heap_top = mark;
}
}
