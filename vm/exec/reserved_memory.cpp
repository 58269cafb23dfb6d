#include "vm/exec/reserved_memory.h"

#include <cstring>
#include <sys/mman.h>

namespace aqd::exec {
namespace {

/// Above this it is cheaper to give pages back to the system than to clear them.
constexpr std::uint64_t clear_by_hand_bytes = std::uint64_t{512} << 10;

}  // namespace

ReservedMemory::~ReservedMemory() {
    if (data_ != nullptr) {
        munmap(data_, size_);
    }
}

Result<> ReservedMemory::reserve(std::uint64_t bytes) {
    if (bytes == 0) {
        return {};
    }
    void* const place = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (place == MAP_FAILED) {
        return fail(ErrorCode::io, "no address space for a linear memory");
    }
    data_ = static_cast<std::uint8_t*>(place);
    size_ = bytes;
    return {};
}

void ReservedMemory::clear(std::uint64_t bytes) {
    if (bytes == 0) {
        return;
    }
    if (bytes > clear_by_hand_bytes && madvise(data_, bytes, MADV_DONTNEED) == 0) {
        return;
    }
    std::memset(data_, 0, bytes);
}

}  // namespace aqd::exec
