#include <aqd/base/int128.h>
#include <aqd/crypto/sha256.h>
#include <aqd/prepare/storage_key.h>

#include <cstring>
#include <vector>

namespace aqd::prepare {
namespace {

void put_word(std::uint8_t* at, std::uint64_t word) {
    std::memcpy(at, &word, sizeof word);
}

std::uint64_t word_at(const std::uint8_t* at) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    return word;
}

/// The words of a block by pairs, each pair at its own pair of the key. Sums run on their own so
/// that multiplications overlap.
template <std::size_t count>
UInt128 block_sum(const std::uint8_t* at, const std::uint64_t* key) {
    UInt128 even = 0;
    UInt128 odd = 0;
    for (std::size_t i = 0; i < count; i += 4) {
        even += UInt128{word_at(at + 8 * i) + key[i]} * (word_at(at + 8 * i + 8) + key[i + 1]);
        odd += UInt128{word_at(at + 8 * i + 16) + key[i + 2]} *
               (word_at(at + 8 * i + 24) + key[i + 3]);
    }
    return even + odd;
}

}  // namespace

StorageKey::StorageKey(const Hash256& secret) : secret_(secret) {
    for (std::size_t i = 0; i < words_.size(); i += 4) {
        const std::array<std::uint8_t, 2> number{'k', static_cast<std::uint8_t>(i)};
        const Hash256 part = crypto::sha256({secret.view(), number});
        std::memcpy(&words_[i], part.octets.data(), part.octets.size());
    }
}

Hash256 StorageKey::sum(BytesView input) const {
    constexpr std::size_t block_bytes = block_words * 8;
    const std::size_t blocks = (input.size() + block_bytes - 1) / block_bytes;
    std::vector<std::uint8_t> sums(16 * blocks + 8);
    std::uint8_t* out = sums.data();
    const auto put = [&](UInt128 sum) {
        put_word(out, static_cast<std::uint64_t>(sum));
        put_word(out + 8, static_cast<std::uint64_t>(sum >> 64U));
        out += 16;
    };
    const std::size_t whole = input.size() / block_bytes;
    for (std::size_t i = 0; i < whole; ++i) {
        put(block_sum<block_words>(input.data() + i * block_bytes, words_.data()));
    }
    if (whole != blocks) {
        // Zeros behind the end cannot be mistaken for content: the length is part of the sum.
        std::array<std::uint8_t, block_bytes> last{};
        std::memcpy(last.data(), input.data() + whole * block_bytes,
                    input.size() - whole * block_bytes);
        put(block_sum<block_words>(last.data(), words_.data()));
    }
    put_word(out, input.size());
    return crypto::sha256({secret_.view(), sums});
}

}  // namespace aqd::prepare
