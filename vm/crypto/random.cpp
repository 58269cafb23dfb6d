#include <aqd/base/assert.h>
#include <aqd/base/bytes.h>
#include <aqd/crypto/random.h>
#include <aqd/crypto/sha256.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <span>
#include <sys/random.h>
#include <sys/types.h>

namespace aqd::crypto {

void SystemRandom::fill(std::span<std::uint8_t> out) {
    while (!out.empty()) {
        const ssize_t got = getrandom(out.data(), out.size(), 0);
        if (got < 0) {
            AQD_ASSERT(errno == EINTR);
            continue;
        }
        out = out.subspan(static_cast<std::size_t>(got));
    }
}

SeededRandom::SeededRandom(BytesView seed) : seed_(sha256({as_bytes("aqd/random/v1"), seed})) {}

void SeededRandom::fill(std::span<std::uint8_t> out) {
    while (!out.empty()) {
        if (used_ == Hash256::size_bytes) {
            std::array<std::uint8_t, 8> counter{};
            for (std::size_t i = 0; i < counter.size(); ++i) {
                counter[i] = static_cast<std::uint8_t>(counter_ >> (56 - 8 * i));
            }
            ++counter_;
            block_ = sha256({seed_.view(), counter});
            used_ = 0;
        }
        const std::size_t count = std::min(out.size(), Hash256::size_bytes - used_);
        std::ranges::copy(block_.view().subspan(used_, count), out.begin());
        used_ += count;
        out = out.subspan(count);
    }
}

}  // namespace aqd::crypto
