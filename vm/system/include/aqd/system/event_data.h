#pragma once

#include <aqd/abi/cbor.h>
#include <aqd/base/bytes.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace aqd::system {

/// Builds the data of an event: one array, whose fields come in the order of `events.def`.
class EventData {
  public:
    EventData& number(std::uint64_t value) {
        writer().write_uint(value);
        return *this;
    }
    EventData& signed_number(std::int64_t value) {
        writer().write_int(value);
        return *this;
    }
    EventData& day(std::int32_t value) { return signed_number(value); }
    EventData& optional_day(const std::optional<std::int32_t>& value) {
        return value ? day(*value) : null();
    }
    EventData& boolean(bool value) {
        writer().write_bool(value);
        return *this;
    }
    EventData& null() {
        writer().write_null();
        return *this;
    }
    EventData& bytes(BytesView value) {
        writer().write_bytes(value);
        return *this;
    }
    /// Must be UTF-8.
    EventData& text(std::string_view value) {
        writer().write_text(value);
        return *this;
    }
    /// One canonical item.
    EventData& item(BytesView value) {
        writer().write_encoded(value);
        return *this;
    }

    /// The array. Leaves nothing behind.
    Bytes take() {
        Bytes out;
        abi::Writer header(out);
        header.write_array_header(count_);
        append(out, fields_);
        fields_.clear();
        count_ = 0;
        return out;
    }

  private:
    abi::Writer writer() {
        ++count_;
        return abi::Writer(fields_);
    }

    Bytes fields_;
    std::uint64_t count_ = 0;
};

}  // namespace aqd::system
