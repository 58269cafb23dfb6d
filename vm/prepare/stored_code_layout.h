#pragma once

#include <aqd/base/bytes.h>
#include <aqd/prepare/prepare.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace aqd::prepare {

/// SHA-256 of the sources of decoder, validator, gas, translator and handlers, as hexadecimal
/// digits: the build writes it. Operation numbers, sequences and the meaning of every word follow
/// from them.
std::string_view machine_digest();

/// A stored entry: this header, then
///
///   functions     `StoredFunction` for each body
///   types         `PreparedCode::type_ids`, one word of 32 bits each
///   code          `PreparedCode::words`
///   origins       `PreparedCode::origins`: how many words it is to the next one and how far the
///                 place in the module file is from that of the one before, an octet each; 255 and
///                 0x80 stand for numbers of 4 octets that follow
///
/// in the byte order of the machine, which the format number shows.
struct StoredHeader {
    std::array<char, 8> magic{};
    std::uint64_t format = 0;  ///< and the digest of the instruction set
    Hash256 sum;               ///< `StorageKey::sum` of everything behind it
    std::array<char, 64> machine{};
    Hash256 module_hash;
    std::array<std::uint32_t, 19> limits{};
    std::array<std::uint32_t, 24> schedule{};
    std::uint32_t uses_floats = 0;
    std::uint32_t functions = 0;
    std::uint32_t types = 0;
    std::uint32_t words = 0;
    std::uint32_t origins = 0;
    std::uint32_t origin_octets = 0;
    std::uint32_t reserved = 0;  ///< zero
};
static_assert(sizeof(StoredHeader) == 344, "no padding: its octets are written as they are");

inline constexpr std::array<char, 8> stored_magic = {'a', 'q', 'd', '.', 'c', 'o', 'd', 'e'};
inline constexpr std::uint64_t stored_format = 1;
/// Where what is summed begins.
inline constexpr std::size_t stored_sum_end =
    offsetof(StoredHeader, sum) + sizeof(StoredHeader::sum);

/// A body: what translation and validation know of it.
struct StoredFunction {
    std::array<std::uint32_t, 11> prepared{};
    std::uint32_t max_height = 0;
    std::uint32_t uses_floats = 0;
};

}  // namespace aqd::prepare
