#include <aqd/abi/manifest.h>
#include <aqd/base/assert.h>
#include <aqd/base/bytes.h>

#include <cstddef>
#include <cstdint>

using namespace aqd;

/// What a deployed module carries beside its code: refused, or the one spelling of what it says.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const BytesView input(data, size);
    if (const auto manifest = abi::decode_manifest(input)) {
        AQD_ASSERT(equal(abi::encode_manifest(*manifest), input));
    }
    if (const auto lines = abi::decode_lines(input)) {
        AQD_ASSERT(equal(abi::encode_lines(*lines), input));
        (void)lines->find(0);
    }
    return 0;
}
