#include "vm/abi/cbor_errors.h"

#include <aqd/abi/cbor.h>
#include <aqd/abi/cbor_core.h>
#include <aqd/base/bytes.h>
#include <aqd/base/int128.h>
#include <aqd/base/result.h>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

namespace aqd::abi {

namespace {

const char* words(core::Status status) {
    switch (status) {
        case core::Status::ok:
            return "no fault";
        case core::Status::truncated:
            return "the input ends inside an item";
        case core::Status::reserved:
            return "a reserved first octet";
        case core::Status::bad_text:
            return "a text that is not UTF-8";
        case core::Status::not_in_profile:
            return "a kind of item that this format does not use";
        case core::Status::too_deep:
            return "items nested too deep";
        case core::Status::too_wide:
            return "an integer of more than 128 bits";
        case core::Status::wrong_kind:
            return "an item of another kind";
        case core::Status::indefinite:
            return "an item of indefinite length";
        case core::Status::not_shortest:
            return "a longer spelling than the value needs";
        case core::Status::unordered_keys:
            return "map keys out of order, or repeated";
    }
    return "an unknown fault";
}

const char* name_of(Kind kind) {
    switch (kind) {
        case Kind::integer:
            return "an integer";
        case Kind::bytes:
            return "a byte string";
        case Kind::text:
            return "a text";
        case Kind::array:
            return "an array";
        case Kind::map:
            return "a map";
        case Kind::boolean:
            return "a boolean";
        case Kind::null:
            return "null";
    }
    return "an item";
}

/// An integer behind the cursor, or the reason why there is none.
Result<core::Integer> decode_integer(BytesView input, std::uint64_t offset, std::size_t& used) {
    core::Integer value;
    const core::Status status = core::decode_integer(input.data(), input.size(), value, used);
    if (status != core::Status::ok) {
        return std::unexpected(error_from(status, offset));
    }
    return value;
}

std::unexpected<Error> out_of_range(const char* range, std::uint64_t offset) {
    return fail(ErrorCode::invalid, std::string("expected ") + range + ", found one out of range",
                offset);
}

}  // namespace

Error error_from(core::Status status, std::uint64_t offset) {
    const ErrorCode code =
        core::is_non_canonical(status) ? ErrorCode::non_canonical : ErrorCode::malformed;
    return {code, words(status), offset};
}

Result<Kind> Reader::peek() const {
    core::Head head;
    const core::Status status = core::decode_head(input_.data() + at_, input_.size() - at_, head);
    if (status != core::Status::ok) {
        return std::unexpected(error_from(status, offset()));
    }
    switch (head.major) {
        case core::Major::unsigned_integer:
        case core::Major::negative_integer:
            return Kind::integer;
        case core::Major::bytes:
            return Kind::bytes;
        case core::Major::text:
            return Kind::text;
        case core::Major::array:
            return Kind::array;
        case core::Major::map:
            return Kind::map;
        case core::Major::tag:
            if (head.argument != 2 && head.argument != 3) {
                return std::unexpected(error_from(core::Status::not_in_profile, offset()));
            }
            return Kind::integer;
        case core::Major::simple:
            return head.argument == 22 ? Kind::null : Kind::boolean;
    }
    std::unreachable();
}

std::unexpected<Error> Reader::wrong_kind(std::string_view expected) const {
    auto found = peek();
    if (!found) {
        return std::unexpected(std::move(found).error());
    }
    return fail(ErrorCode::invalid,
                "expected " + std::string(expected) + ", found " + name_of(*found), offset());
}

Result<std::uint64_t> Reader::read_uint() {
    return read_uint_up_to(std::numeric_limits<std::uint64_t>::max());
}

Result<std::uint64_t> Reader::read_uint_up_to(std::uint64_t maximum) {
    const std::size_t before = at_;
    AQD_TRY(value, read_uint128());
    if (value > maximum) {
        at_ = before;
        return fail(ErrorCode::invalid,
                    "expected an unsigned integer of at most " + std::to_string(maximum), offset());
    }
    return static_cast<std::uint64_t>(value);
}

Result<std::int64_t> Reader::read_int() {
    const std::size_t before = at_;
    AQD_TRY(value, read_int128());
    if (value < std::numeric_limits<std::int64_t>::min() ||
        value > std::numeric_limits<std::int64_t>::max()) {
        at_ = before;
        return out_of_range("a signed integer of 64 bits", offset());
    }
    return static_cast<std::int64_t>(value);
}

Result<UInt128> Reader::read_uint128() {
    AQD_TRY(kind, peek());
    if (kind != Kind::integer) {
        return wrong_kind("an unsigned integer");
    }
    std::size_t used = 0;
    AQD_TRY(value, decode_integer(rest(), offset(), used));
    if (!core::fits_unsigned_128(value)) {
        return out_of_range("an unsigned integer", offset());
    }
    at_ += used;
    return join_halves(value.high, value.low);
}

Result<Int128> Reader::read_int128() {
    AQD_TRY(kind, peek());
    if (kind != Kind::integer) {
        return wrong_kind("an integer");
    }
    std::size_t used = 0;
    AQD_TRY(value, decode_integer(rest(), offset(), used));
    if (!core::fits_signed_128(value)) {
        return out_of_range("a signed integer of 128 bits", offset());
    }
    at_ += used;
    return static_cast<Int128>(join_halves(core::signed_high(value), core::signed_low(value)));
}

Result<bool> Reader::read_bool() {
    AQD_TRY(kind, peek());
    if (kind != Kind::boolean) {
        return wrong_kind("a boolean");
    }
    return input_[at_++] == core::true_octet;
}

Result<void> Reader::read_null() {
    AQD_TRY(kind, peek());
    if (kind != Kind::null) {
        return wrong_kind("null");
    }
    ++at_;
    return {};
}

Result<bool> Reader::take_null() {
    AQD_TRY(kind, peek());
    if (kind != Kind::null) {
        return false;
    }
    ++at_;
    return true;
}

Result<BytesView> Reader::read_string(std::uint8_t major, std::string_view expected) {
    core::Head head;
    std::size_t used = 0;
    const core::Status status =
        core::scalar_size(input_.data() + at_, input_.size() - at_, head, used);
    if (status != core::Status::ok) {
        return std::unexpected(error_from(status, offset() + used));
    }
    if (static_cast<std::uint8_t>(head.major) != major) {
        return wrong_kind(expected);
    }
    const BytesView content = input_.subspan(at_ + head.size, used - head.size);
    at_ += used;
    return content;
}

Result<BytesView> Reader::read_bytes() {
    return read_string(static_cast<std::uint8_t>(core::Major::bytes), "a byte string");
}

Result<std::string_view> Reader::read_text() {
    AQD_TRY(octets, read_string(static_cast<std::uint8_t>(core::Major::text), "a text"));
    return as_text(octets);
}

Result<std::uint64_t> Reader::read_header(std::uint8_t major, std::string_view expected) {
    core::Head head;
    const core::Status status = core::decode_head(input_.data() + at_, input_.size() - at_, head);
    if (status != core::Status::ok) {
        return std::unexpected(error_from(status, offset()));
    }
    if (static_cast<std::uint8_t>(head.major) != major) {
        return wrong_kind(expected);
    }
    const std::uint64_t each = head.major == core::Major::map ? 2 : 1;
    if (head.argument > (input_.size() - at_ - head.size) / each) {
        return std::unexpected(error_from(core::Status::truncated, offset()));
    }
    at_ += head.size;
    return head.argument;
}

Result<std::uint64_t> Reader::read_array_header() {
    return read_header(static_cast<std::uint8_t>(core::Major::array), "an array");
}

Result<void> Reader::expect_array(std::uint64_t count) {
    const std::size_t before = at_;
    AQD_TRY(found, read_array_header());
    if (found != count) {
        at_ = before;
        return fail(ErrorCode::invalid,
                    "expected an array of " + std::to_string(count) + ", found one of " +
                        std::to_string(found),
                    offset());
    }
    return {};
}

Result<std::uint64_t> Reader::read_map_header() {
    return read_header(static_cast<std::uint8_t>(core::Major::map), "a map");
}

Result<BytesView> Reader::skip() {
    std::size_t used = 0;
    const core::Status status =
        core::item_size(input_.data() + at_, input_.size() - at_, max_depth, used);
    if (status != core::Status::ok) {
        return std::unexpected(error_from(status, offset() + used));
    }
    const BytesView item = input_.subspan(at_, used);
    at_ += used;
    return item;
}

Result<void> Reader::finish() const {
    if (!at_end()) {
        return fail(ErrorCode::malformed,
                    std::to_string(input_.size() - at_) + " octets behind the last item", offset());
    }
    return {};
}

Result<void> MapKeys::note(const Reader& reader, std::size_t begin) {
    const BytesView key = reader.input_.subspan(begin, reader.at_ - begin);
    if (has_previous_ && compare(previous_, key) >= 0) {
        return std::unexpected(error_from(core::Status::unordered_keys, reader.base_ + begin));
    }
    previous_ = key;
    has_previous_ = true;
    return {};
}

Result<std::uint64_t> MapKeys::read_uint(Reader& reader) {
    const std::size_t begin = reader.at_;
    AQD_TRY(key, reader.read_uint());
    if (auto order = note(reader, begin); !order) {
        reader.at_ = begin;
        return std::unexpected(std::move(order).error());
    }
    return key;
}

Result<std::string_view> MapKeys::read_text(Reader& reader) {
    const std::size_t begin = reader.at_;
    AQD_TRY(key, reader.read_text());
    if (auto order = note(reader, begin); !order) {
        reader.at_ = begin;
        return std::unexpected(std::move(order).error());
    }
    return key;
}

}  // namespace aqd::abi
