#include "vm/abi/cbor_errors.h"

#include <aqd/abi/cbor.h>
#include <aqd/abi/cbor_core.h>
#include <aqd/base/bytes.h>
#include <aqd/base/hex.h>
#include <aqd/base/int128.h>
#include <aqd/base/result.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace aqd::abi {

namespace {

/// Elements reserved before any was read: a header may promise much more than it holds.
constexpr std::uint64_t reserve_limit = 16;

Result<Value> decode_item(Reader& reader);

Result<Value> decode_integer(Reader& reader) {
    const std::uint64_t offset = reader.offset();
    AQD_TRY(octets, reader.skip());
    core::Integer value;
    std::size_t used = 0;
    const core::Status status = core::decode_integer(octets.data(), octets.size(), value, used);
    if (status != core::Status::ok) {
        return std::unexpected(error_from(status, offset));
    }
    return Value{Integer{value.negative, join_halves(value.high, value.low)}};
}

Result<Value> decode_array(Reader& reader) {
    AQD_TRY(count, reader.read_array_header());
    Value::Array items;
    items.reserve(std::min(count, reserve_limit));
    for (std::uint64_t i = 0; i < count; ++i) {
        AQD_TRY(item, decode_item(reader));
        items.push_back(std::move(item));
    }
    return Value{std::move(items)};
}

Result<Value> decode_map(Reader& reader) {
    AQD_TRY(count, reader.read_map_header());
    Value::Map entries;
    entries.reserve(std::min(count, reserve_limit));
    for (std::uint64_t i = 0; i < count; ++i) {
        AQD_TRY(key, decode_item(reader));
        AQD_TRY(value, decode_item(reader));
        entries.push_back({std::move(key), std::move(value)});
    }
    return Value{std::move(entries)};
}

/// The whole input was checked before: depth and the order of keys are sound.
Result<Value> decode_item(Reader& reader) {
    AQD_TRY(kind, reader.peek());
    switch (kind) {
        case Kind::integer:
            return decode_integer(reader);
        case Kind::array:
            return decode_array(reader);
        case Kind::map:
            return decode_map(reader);
        case Kind::bytes: {
            AQD_TRY(octets, reader.read_bytes());
            return Value{to_bytes(octets)};
        }
        case Kind::text: {
            AQD_TRY(text, reader.read_text());
            return Value{std::string(text)};
        }
        case Kind::boolean: {
            AQD_TRY(flag, reader.read_bool());
            return Value{flag};
        }
        case Kind::null:
            AQD_CHECK(reader.read_null());
            return Value{Null{}};
    }
    std::unreachable();
}

class Encoder {
  public:
    explicit Encoder(Bytes& out) : out_(&out), writer_(out) {}

    Result<void> operator()(const Null& /*null*/) {
        writer_.write_null();
        return {};
    }

    Result<void> operator()(bool flag) {
        writer_.write_bool(flag);
        return {};
    }

    Result<void> operator()(const Integer& value) {
        std::uint8_t buffer[core::max_integer_size];
        const std::size_t size = core::encode_integer(
            buffer, sizeof buffer,
            {value.negative, high_half(value.magnitude), low_half(value.magnitude)});
        append(*out_, BytesView(buffer, size));
        return {};
    }

    Result<void> operator()(const Bytes& octets) {
        writer_.write_bytes(octets);
        return {};
    }

    Result<void> operator()(const std::string& text) {
        if (!is_utf8(text)) {
            return fail(ErrorCode::invalid, "a text that is not UTF-8");
        }
        writer_.write_text(text);
        return {};
    }

    Result<void> operator()(const Value::Array& items) {
        AQD_CHECK(enter());
        writer_.write_array_header(items.size());
        for (const Value& item : items) {
            AQD_CHECK(std::visit(*this, item.content));
        }
        --depth_;
        return {};
    }

    Result<void> operator()(const Value::Map& entries) {
        AQD_CHECK(enter());
        std::vector<std::pair<Bytes, const Value*>> sorted;
        sorted.reserve(entries.size());
        for (const MapEntry& entry : entries) {
            AQD_TRY(key, encode_key(entry.key));
            sorted.emplace_back(std::move(key), &entry.value);
        }
        std::ranges::sort(sorted, {}, &std::pair<Bytes, const Value*>::first);
        writer_.write_map_header(entries.size());
        const Bytes* previous = nullptr;
        for (const auto& [key, value] : sorted) {
            if (previous != nullptr && *previous == key) {
                return fail(ErrorCode::invalid, "a map key occurs twice");
            }
            previous = &key;
            append(*out_, key);
            AQD_CHECK(std::visit(*this, value->content));
        }
        --depth_;
        return {};
    }

  private:
    Result<void> enter() {
        if (depth_ == Reader::max_depth) {
            return fail(ErrorCode::invalid, "items nested too deep");
        }
        ++depth_;
        return {};
    }

    static Result<Bytes> encode_key(const Value& key) {
        const auto* number = std::get_if<Integer>(&key.content);
        const bool is_uint =
            number != nullptr && !number->negative && high_half(number->magnitude) == 0;
        if (!is_uint && !std::holds_alternative<std::string>(key.content)) {
            return fail(ErrorCode::invalid, "a map key is an unsigned integer or a text");
        }
        return encode_value(key);
    }

    Bytes* out_;
    Writer writer_;
    std::uint32_t depth_ = 0;
};

std::string decimal(UInt128 value) {
    std::string digits;
    do {
        digits.push_back(static_cast<char>('0' + static_cast<int>(value % 10)));
        value /= 10;
    } while (value != 0);
    std::ranges::reverse(digits);
    return digits;
}

/// -1 - n in decimal; n + 1 may need 129 bits.
std::string negative_decimal(UInt128 magnitude) {
    if (magnitude == ~static_cast<UInt128>(0)) {
        return "-340282366920938463463374607431768211456";
    }
    return "-" + decimal(magnitude + 1);
}

/// The code point of a whole sequence of UTF-8.
std::uint32_t code_point(std::string_view sequence) {
    constexpr std::uint8_t lead_bits[] = {0x7F, 0x1F, 0x0F, 0x07};
    const BytesView octets = as_bytes(sequence);
    std::uint32_t point = octets[0] & lead_bits[octets.size() - 1];
    for (const std::uint8_t octet : octets.subspan(1)) {
        point = (point << 6) | (octet & 0x3FU);
    }
    return point;
}

/// Controls would move a terminal's cursor; separators and marks of direction would let a text pose
/// as another one.
bool is_escaped(std::uint32_t point) {
    return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0x061C ||
           (point >= 0x200E && point <= 0x200F) || (point >= 0x2028 && point <= 0x202E) ||
           (point >= 0x2066 && point <= 0x2069) || point == 0xFEFF;
}

/// The text is UTF-8, as `decode_value` checked and `Value` asks.
void print_text(std::string& out, std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    out.push_back('"');
    while (!text.empty()) {
        const BytesView octets = as_bytes(text);
        const std::size_t size =
            std::max<std::size_t>(1, core::utf8_sequence_size(octets.data(), octets.size()));
        const std::string_view sequence = text.substr(0, size);
        const std::uint32_t point = code_point(sequence);
        if (point == '\n') {
            out += "\\n";
        } else if (is_escaped(point)) {
            out += "\\u";
            for (const unsigned shift : {12U, 8U, 4U, 0U}) {
                out.push_back(digits[(point >> shift) & 0xF]);
            }
        } else {
            if (point == '"' || point == '\\') {
                out.push_back('\\');
            }
            out += sequence;
        }
        text.remove_prefix(size);
    }
    out.push_back('"');
}

class Printer {
  public:
    explicit Printer(std::string& out) : out_(&out) {}

    void operator()(const Null& /*null*/) { *out_ += "null"; }
    void operator()(bool flag) { *out_ += flag ? "true" : "false"; }

    void operator()(const Integer& value) {
        *out_ += value.negative ? negative_decimal(value.magnitude) : decimal(value.magnitude);
    }

    void operator()(const Bytes& octets) { *out_ += "h'" + to_hex(octets) + "'"; }
    void operator()(const std::string& text) { print_text(*out_, text); }

    void operator()(const Value::Array& items) {
        *out_ += "[";
        const char* separator = "";
        for (const Value& item : items) {
            *out_ += std::exchange(separator, ", ");
            std::visit(*this, item.content);
        }
        *out_ += "]";
    }

    void operator()(const Value::Map& entries) {
        *out_ += "{";
        const char* separator = "";
        for (const MapEntry& entry : entries) {
            *out_ += std::exchange(separator, ", ");
            std::visit(*this, entry.key.content);
            *out_ += ": ";
            std::visit(*this, entry.value.content);
        }
        *out_ += "}";
    }

  private:
    std::string* out_;
};

}  // namespace

bool operator==(const Value& a, const Value& b) {
    return a.content == b.content;
}

bool operator==(const MapEntry& a, const MapEntry& b) {
    return a.key == b.key && a.value == b.value;
}

Result<Value> decode_value(BytesView input) {
    // Checked whole first, so that the recursion below is bounded and keys need no second look.
    Reader whole(input);
    AQD_CHECK(whole.skip());
    AQD_CHECK(whole.finish());
    Reader reader(input);
    return decode_item(reader);
}

Result<Bytes> encode_value(const Value& value) {
    Bytes out;
    Encoder encoder(out);
    AQD_CHECK(std::visit(encoder, value.content));
    return out;
}

std::string to_diagnostic(const Value& value) {
    std::string out;
    Printer printer(out);
    std::visit(printer, value.content);
    return out;
}

}  // namespace aqd::abi
