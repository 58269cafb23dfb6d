#include <aqd/abi/cbor.h>
#include <aqd/base/assert.h>
#include <aqd/base/bytes.h>

#include <cstddef>
#include <cstdint>
#include <string>

/// An input is refused, or it is the one spelling of its value, and walking it, decoding it and
/// printing it agree.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const aqd::BytesView input(data, size);
    aqd::abi::Reader reader(input);
    const bool whole = reader.skip().has_value() && reader.finish().has_value();
    const auto value = aqd::abi::decode_value(input);
    AQD_ASSERT(value.has_value() == whole);
    if (value) {
        const auto again = aqd::abi::encode_value(*value);
        AQD_ASSERT(again.has_value() && aqd::equal(*again, input));
        const std::string notation = aqd::abi::to_diagnostic(*value);
        AQD_ASSERT(!notation.empty() && aqd::abi::is_utf8(notation));
    }
    return 0;
}
