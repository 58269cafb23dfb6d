#pragma once

#include <aqd/base/bytes.h>

#include <cstdint>
#include <string_view>

namespace aqd::benchmarks {

/// Octets of a module in the binary format, one after another.
class ModuleWriter {
  public:
    Bytes octets;

    void put(std::uint32_t octet) { octets.push_back(static_cast<std::uint8_t>(octet)); }
    void number(std::uint64_t value) {
        do {
            const auto low = static_cast<std::uint8_t>(value & 0x7fU);
            value >>= 7U;
            octets.push_back(value != 0 ? low | 0x80U : low);
        } while (value != 0);
    }
    void signed_number(std::int64_t value) {
        for (;;) {
            const auto low = static_cast<std::uint8_t>(value & 0x7f);
            value >>= 7;
            if ((value == 0 && (low & 0x40U) == 0) || (value == -1 && (low & 0x40U) != 0)) {
                octets.push_back(low);
                return;
            }
            octets.push_back(low | 0x80U);
        }
    }
    void text(std::string_view words) {
        number(words.size());
        octets.insert(octets.end(), words.begin(), words.end());
    }
    void append(const Bytes& more) { octets.insert(octets.end(), more.begin(), more.end()); }
    void sized(const Bytes& more) {
        number(more.size());
        append(more);
    }
};

}  // namespace aqd::benchmarks
