#include "vm/system/row_codec.h"

#include <aqd/abi/cbor.h>
#include <aqd/base/assert.h>
#include <aqd/system/bodies.h>
#include <aqd/system/store_keys.h>

namespace aqd::system {
namespace {

constexpr std::size_t tag_size = 40;

}  // namespace

Bytes encode_body(const BodyRow& row) {
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(4);
    writer.write_encoded(row.attributes);
    write_optional_fixed(writer, row.assertion_key);
    writer.write_int(row.from);
    write_day(writer, row.until);
    return out;
}

Result<BodyRow> decode_body(BytesView bytes) {
    BodyRow row;
    abi::Reader reader(bytes);
    AQD_CHECK(reader.expect_array(4));
    AQD_TRY(attributes, reader.skip());
    if (!is_array(attributes)) {
        return fail(ErrorCode::invalid, "the attributes of a body are an array");
    }
    row.attributes = to_bytes(attributes);
    AQD_TRY(key, read_optional_fixed<crypto::PublicKey>(reader));
    row.assertion_key = key;
    AQD_TRY(from, read_day(reader));
    row.from = from;
    AQD_TRY(until, read_optional_day(reader));
    row.until = until;
    AQD_CHECK(reader.finish());
    return row;
}

Result<std::optional<BodyRow>> read_body(const state::StateView& view, BytesView authority_tag,
                                         BytesView keys) {
    return load_row(view, body_key(authority_tag, keys), decode_body);
}

Result<BodyParts> split_body(BytesView body) {
    abi::Reader reader(body);
    AQD_TRY(count, reader.read_array_header());
    if (count == 0) {
        return fail(ErrorCode::invalid, "a body without its authority");
    }
    AQD_TRY(tag, reader.read_bytes());
    if (tag.size() != tag_size) {
        return fail(ErrorCode::invalid, "the authority of a body has 40 octets");
    }
    BodyParts parts;
    parts.authority = to_bytes(tag);
    abi::Writer writer(parts.keys);
    writer.write_array_header(count - 1);
    for (std::uint64_t i = 1; i < count; ++i) {
        AQD_TRY(key, reader.skip());
        writer.write_encoded(key);
    }
    AQD_CHECK(reader.finish());
    return parts;
}

Bytes join_body(BytesView authority_tag, BytesView keys) {
    abi::Reader reader(keys);
    const auto count = reader.read_array_header();
    AQD_ASSERT(count.has_value());
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(*count + 1);
    writer.write_bytes(authority_tag);
    append(out, reader.rest());
    return out;
}

bool is_array(BytesView item) {
    const auto kind = abi::Reader(item).peek();
    return kind.has_value() && *kind == abi::Kind::array && is_item(item);
}

bool is_item(BytesView item) {
    abi::Reader reader(item);
    return reader.skip().has_value() && reader.at_end();
}

}  // namespace aqd::system
