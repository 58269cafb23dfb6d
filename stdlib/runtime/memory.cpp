#include "stdlib/runtime/memory.h"

#include "stdlib/runtime/host.h"

extern "C" uint8_t __heap_base;  // NOLINT(bugprone-reserved-identifier): the linker's name

namespace aqd::runtime {
namespace {

constexpr uint32_t page_size = 65536;

// Zero until the first use: the size of the memory is not a constant.
uint32_t heap_end = 0;

[[gnu::noinline]] void grow(uint32_t size) {
    const uint32_t top = reinterpret_cast<uint32_t>(heap_top);
    heap_end = static_cast<uint32_t>(__builtin_wasm_memory_size(0)) * page_size;
    if (size <= heap_end - top) {
        return;
    }
    const uint32_t missing = size - (heap_end - top);
    const uint32_t pages = missing / page_size + (missing % page_size != 0 ? 1 : 0);
    if (__builtin_wasm_memory_grow(0, pages) == static_cast<unsigned long>(-1)) {
        aqd_host_refuse(refusal_out_of_memory);
    }
    heap_end += pages * page_size;
}

}  // namespace

uint8_t* heap_top = &__heap_base;

uint32_t room() {
    return heap_end == 0 ? 0 : heap_end - reinterpret_cast<uint32_t>(heap_top);
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
