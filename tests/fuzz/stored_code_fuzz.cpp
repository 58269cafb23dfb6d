#include "vm/prepare/stored_code_layout.h"

#include <aqd/base/assert.h>
#include <aqd/crypto/sha256.h>
#include <aqd/prepare/stored_code.h>
#include <aqd/wasm/decode.h>

#include <algorithm>
#include <cstring>

// An entry of the store of prepared code with any content whose sum is right, as only the node
// itself could make it: the loader must still refuse what leads out of it, and what it accepts can
// be walked over. Without the right sum nothing behind the header is read at all.

using namespace aqd;

namespace {

struct Sample {
    Bytes wasm;
    prepare::StoredFor purpose;
    prepare::StorageKey key{Hash256{}};
    Bytes entry;
};

const Sample& sample() {
    static const Sample made = [] {
        Sample sample;
        // (func (param i32) (result i32) (local i32) loop … br_if end), twice, and a call.
        sample.wasm = {0x0,  0x61, 0x73, 0x6d, 0x1,  0x0, 0x0,  0x0,  0x1,  0x6,  0x1, 0x60, 0x1,
                       0x7f, 0x1,  0x7f, 0x3,  0x3,  0x2, 0x0,  0x0,  0xa,  0x29, 0x2, 0x1a, 0x1,
                       0x1,  0x7f, 0x3,  0x40, 0x20, 0x1, 0x41, 0x1,  0x6a, 0x22, 0x1, 0x20, 0x0,
                       0x48, 0xd,  0x0,  0xb,  0x20, 0x0, 0x10, 0x1,  0x1a, 0x20, 0x1, 0xb,  0xc,
                       0x0,  0x20, 0x0,  0x41, 0xe4, 0x0, 0x6c, 0x41, 0x1,  0x6a, 0xf, 0xb};
        sample.purpose = {crypto::sha256(sample.wasm), {}, *gas::schedule(1)};
        auto module = wasm::decode(sample.wasm);
        AQD_ASSERT(module.has_value());
        const auto valid = wasm::validate(*std::move(module));
        AQD_ASSERT(valid.has_value());
        sample.entry = prepare::store(prepare::prepare(*valid, sample.purpose.schedule),
                                      sample.purpose.module_hash, sample.key);
        return sample;
    }();
    return made;
}

/// Either octets to be put somewhere into a good entry, or everything behind what the entry is for.
Bytes entry_from(BytesView data) {
    Bytes entry = sample().entry;
    const bool patches = !data.empty() && data[0] % 2 == 0;
    if (!data.empty()) {
        data = data.subspan(1);
    }
    if (!patches) {
        entry.resize(offsetof(prepare::StoredHeader, uses_floats));
        append(entry, data);
        return entry;
    }
    for (; data.size() >= 4; data = data.subspan(4)) {
        const std::size_t at = (data[0] | std::size_t{data[1]} << 8U) % entry.size();
        if (data[2] == 0xff) {
            entry.resize(std::max(at, sizeof(prepare::StoredHeader)));
        } else {
            entry[at] = data[3];
        }
    }
    return entry;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Bytes entry = entry_from({data, size});
    if (entry.size() > prepare::stored_sum_end) {
        const Hash256 sum = sample().key.sum(BytesView(entry).subspan(prepare::stored_sum_end));
        std::ranges::copy(sum.octets, entry.begin() + offsetof(prepare::StoredHeader, sum));
    }
    const auto code = prepare::load_stored(entry, sample().wasm, sample().purpose, sample().key);
    if (!code) {
        return 0;
    }
    AQD_ASSERT(code->functions.size() == code->module->bodies.size());
    for (const prepare::PreparedFunction& function : code->functions) {
        AQD_ASSERT(function.code + std::size_t{function.code_words} <= code->words.size());
    }
    for (const prepare::Origin& origin : code->origins) {
        AQD_ASSERT(origin.word + 4 <= code->words.size());
        static_cast<void>(prepare::origin_of(*code, origin.word));
    }
    return 0;
}
