#pragma once

#include <aqd/base/result.h>

#include <cstdint>

namespace aqd::exec {

/// Address space for a linear memory at its greatest size, all zero; the system fills in pages as
/// they are touched.
class ReservedMemory {
  public:
    ReservedMemory() = default;
    ReservedMemory(const ReservedMemory&) = delete;
    ReservedMemory& operator=(const ReservedMemory&) = delete;
    ~ReservedMemory();

    /// Once, on an empty object. `io` if the system refuses.
    Result<> reserve(std::uint64_t bytes);
    /// Makes the first octets zero again.
    void clear(std::uint64_t bytes);
    [[nodiscard]] std::uint8_t* data() const { return data_; }

  private:
    std::uint8_t* data_ = nullptr;
    std::uint64_t size_ = 0;
};

}  // namespace aqd::exec
