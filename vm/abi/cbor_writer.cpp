#include <aqd/abi/cbor.h>
#include <aqd/abi/cbor_core.h>
#include <aqd/base/assert.h>
#include <aqd/base/bytes.h>
#include <aqd/base/int128.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace aqd::abi {

namespace {

void append_integer(Bytes& out, const core::Integer& value) {
    std::array<std::uint8_t, core::max_integer_size> buffer{};
    const std::size_t size = core::encode_integer(buffer.data(), buffer.size(), value);
    append(out, BytesView(buffer.data(), size));
}

}  // namespace

bool is_utf8(std::string_view text) {
    const BytesView octets = as_bytes(text);
    return core::is_utf8(octets.data(), octets.size());
}

void Writer::write_head(std::uint8_t major, std::uint64_t argument) {
    std::array<std::uint8_t, core::max_head_size> buffer{};
    const std::size_t size =
        core::encode_head(buffer.data(), buffer.size(), static_cast<core::Major>(major), argument);
    append(*out_, BytesView(buffer.data(), size));
}

void Writer::write_uint(std::uint64_t value) {
    append_integer(*out_, {false, 0, value});
}

void Writer::write_int(std::int64_t value) {
    write_int128(value);
}

void Writer::write_uint128(UInt128 value) {
    append_integer(*out_, {false, high_half(value), low_half(value)});
}

void Writer::write_int128(Int128 value) {
    const auto octets = static_cast<UInt128>(value);
    append_integer(*out_, core::integer_from_signed(high_half(octets), low_half(octets)));
}

void Writer::write_bool(bool value) {
    out_->push_back(value ? core::true_octet : core::false_octet);
}

void Writer::write_null() {
    out_->push_back(core::null_octet);
}

void Writer::write_bytes(BytesView value) {
    write_head(static_cast<std::uint8_t>(core::Major::bytes), value.size());
    append(*out_, value);
}

void Writer::write_text(std::string_view value) {
    AQD_ASSERT(is_utf8(value));
    write_head(static_cast<std::uint8_t>(core::Major::text), value.size());
    append(*out_, as_bytes(value));
}

void Writer::write_array_header(std::uint64_t count) {
    write_head(static_cast<std::uint8_t>(core::Major::array), count);
}

void Writer::write_map_header(std::uint64_t count) {
    write_head(static_cast<std::uint8_t>(core::Major::map), count);
}

void Writer::write_encoded(BytesView item) {
    append(*out_, item);
}

}  // namespace aqd::abi
