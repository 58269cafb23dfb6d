#include "vm/store/page_check.h"

#include <cstddef>
#include <cstdint>
#include <cstring>

using namespace aqd;

/// The structural check of a store's file reads what any disk may hold. Inputs of LMDB's smallest
/// page size are as good as full ones and mutate faster.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const BytesView file(data, size);
    (void)store::check_pages(file, 1);
    (void)store::check_pages(file, 2);
    return 0;
}
