#pragma once

#include <aqd/abi/cbor.h>
#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/state/overlay.h>
#include <aqd/state/state_view.h>

#include <cstdint>
#include <optional>
#include <string>

// Fields that several rows have. Rows are CBOR arrays of a fixed number of fields.

namespace aqd::system {

inline void write_day(abi::Writer& writer, const std::optional<std::int32_t>& day) {
    if (day) {
        writer.write_int(*day);
    } else {
        writer.write_null();
    }
}

inline Result<std::int32_t> read_day(abi::Reader& reader) {
    AQD_TRY(day, reader.read_int());
    if (day < INT32_MIN || day > INT32_MAX) {
        return fail(ErrorCode::invalid, "a day out of range", reader.offset());
    }
    return static_cast<std::int32_t>(day);
}

inline Result<std::optional<std::int32_t>> read_optional_day(abi::Reader& reader) {
    AQD_TRY(absent, reader.take_null());
    if (absent) {
        return std::optional<std::int32_t>();
    }
    AQD_TRY(day, read_day(reader));
    return std::optional<std::int32_t>(day);
}

inline Result<std::uint32_t> read_u32(abi::Reader& reader) {
    AQD_TRY(value, reader.read_uint_up_to(UINT32_MAX));
    return static_cast<std::uint32_t>(value);
}

inline Result<std::uint8_t> read_u8(abi::Reader& reader) {
    AQD_TRY(value, reader.read_uint_up_to(UINT8_MAX));
    return static_cast<std::uint8_t>(value);
}

inline void write_optional_u32(abi::Writer& writer, const std::optional<std::uint32_t>& value) {
    if (value) {
        writer.write_uint(*value);
    } else {
        writer.write_null();
    }
}

inline Result<std::optional<std::uint32_t>> read_optional_u32(abi::Reader& reader) {
    AQD_TRY(absent, reader.take_null());
    if (absent) {
        return std::optional<std::uint32_t>();
    }
    AQD_TRY(value, read_u32(reader));
    return std::optional<std::uint32_t>(value);
}

template <class Fixed>
void write_optional_fixed(abi::Writer& writer, const std::optional<Fixed>& value) {
    if (value) {
        writer.write_bytes(value->view());
    } else {
        writer.write_null();
    }
}

template <class Fixed>
Result<std::optional<Fixed>> read_optional_fixed(abi::Reader& reader) {
    AQD_TRY(absent, reader.take_null());
    if (absent) {
        return std::optional<Fixed>();
    }
    AQD_TRY(value, reader.read_fixed<Fixed>());
    return std::optional<Fixed>(value);
}

inline void write_optional_bytes(abi::Writer& writer, const std::optional<Bytes>& value) {
    if (value) {
        writer.write_bytes(*value);
    } else {
        writer.write_null();
    }
}

inline Result<std::optional<Bytes>> read_optional_bytes(abi::Reader& reader) {
    AQD_TRY(absent, reader.take_null());
    if (absent) {
        return std::optional<Bytes>();
    }
    AQD_TRY(value, reader.read_bytes());
    return std::optional<Bytes>(to_bytes(value));
}

inline Result<Bytes> read_owned_bytes(abi::Reader& reader) {
    AQD_TRY(value, reader.read_bytes());
    return to_bytes(value);
}

inline Result<std::string> read_owned_text(abi::Reader& reader) {
    AQD_TRY(value, reader.read_text());
    return std::string(value);
}

/// Reads and decodes the row under `key`. A row that does not decode means that the state is
/// damaged.
template <class Row>
Result<std::optional<Row>> load_row(const state::StateView& view, BytesView key,
                                    Result<Row> (*decode)(BytesView)) {
    AQD_TRY(stored, view.get(key));
    if (!stored) {
        return std::optional<Row>();
    }
    auto row = decode(*stored);
    if (!row) {
        return fail(ErrorCode::corrupt, "a system row does not decode: " + row.error().message);
    }
    return std::optional<Row>(std::move(*row));
}

}  // namespace aqd::system
