#include "vm/store/commit_record.h"

#include <aqd/abi/cbor.h>
#include <aqd/crypto/sha256.h>

#include <array>

namespace aqd::store {

namespace {

constexpr std::string_view magic = "aqd/store";
constexpr std::uint64_t format_version = 1;
constexpr std::size_t check_size = Hash256::size_bytes;
constexpr std::size_t row_check_size = 8;

Hash256 record_check(BytesView record) {
    return crypto::sha256({as_bytes("aqd/store/v1"), record});
}

std::array<std::uint8_t, 4> big_endian(std::size_t value) {
    std::array<std::uint8_t, 4> octets{};
    for (unsigned i = 0; i < 4; ++i) {
        octets[i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
    }
    return octets;
}

Hash256 row_check(std::string_view table, BytesView key, BytesView value) {
    return crypto::sha256({as_bytes("aqd/table/v1"), big_endian(table.size()), as_bytes(table),
                           big_endian(key.size()), key, value});
}

Result<CommitRecord> decode_front(BytesView front) {
    abi::Reader in(front);
    AQD_CHECK(in.expect_array(6));
    AQD_TRY(what, in.read_text());
    AQD_TRY(version, in.read_uint());
    if (what != magic || version != format_version) {
        return fail(ErrorCode::unsupported,
                    "store format version " + std::to_string(version) + " is not supported");
    }
    CommitRecord record;
    AQD_TRY(is_new, in.take_null());
    if (!is_new) {
        AQD_TRY(height, in.read_uint());
        record.tip = Tip{height, {}, {}};
    }
    AQD_TRY(state_root, in.read_fixed<Hash256>());
    AQD_TRY(replay_root, in.read_fixed<Hash256>());
    if (record.tip) {
        record.tip->state_root = state_root;
        record.tip->replay_root = replay_root;
    }
    AQD_TRY(meta, in.read_fixed<Hash256>());
    record.meta = meta;
    AQD_CHECK(in.finish());
    return record;
}

}  // namespace

Hash256 meta_digest(const MetaRows& rows) {
    crypto::Sha256 hash;
    hash.update(as_bytes("aqd/meta/v1"));
    for (const auto& [name, value] : rows) {
        hash.update(big_endian(name.size())).update(as_bytes(name));
        hash.update(big_endian(value.size())).update(value);
    }
    return hash.finish();
}

Bytes encode_record(const CommitRecord& record) {
    Bytes bytes;
    abi::Writer out(bytes);
    out.write_array_header(6);
    out.write_text(magic);
    out.write_uint(format_version);
    const Tip tip = record.tip.value_or(Tip{});
    if (record.tip) {
        out.write_uint(tip.height);
    } else {
        out.write_null();
    }
    out.write_bytes(tip.state_root.view());
    out.write_bytes(tip.replay_root.view());
    out.write_bytes(record.meta.view());
    append(bytes, record_check(bytes).view());
    return bytes;
}

Result<CommitRecord> decode_record(BytesView bytes) {
    if (bytes.size() < check_size) {
        return fail(ErrorCode::corrupt, "the record of the last commit is too short");
    }
    const BytesView front = bytes.first(bytes.size() - check_size);
    if (!equal(record_check(front).view(), bytes.subspan(front.size()))) {
        return fail(ErrorCode::corrupt, "the record of the last commit does not fit its checksum");
    }
    return decode_front(front);
}

Bytes seal_row(std::string_view table, BytesView key, BytesView value) {
    Bytes stored = to_bytes(row_check(table, key, value).view().first(row_check_size));
    append(stored, value);
    return stored;
}

Result<Bytes> open_row(std::string_view table, BytesView key, BytesView stored) {
    if (stored.size() >= row_check_size) {
        const BytesView value = stored.subspan(row_check_size);
        if (equal(row_check(table, key, value).view().first(row_check_size),
                  stored.first(row_check_size))) {
            return to_bytes(value);
        }
    }
    return fail(ErrorCode::corrupt,
                "a row of the table " + std::string(table) + " does not fit its checksum");
}

}  // namespace aqd::store
