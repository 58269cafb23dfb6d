#include "vm/system/row_codec.h"

#include <aqd/abi/cbor.h>
#include <aqd/crypto/sha256.h>
#include <aqd/system/bodies.h>
#include <aqd/system/mandates.h>
#include <aqd/system/store_keys.h>

namespace aqd::system {
namespace {

constexpr std::size_t tag_size = 40;

Result<Mandate> read_mandate(abi::Reader& reader) {
    Mandate mandate;
    AQD_CHECK(reader.expect_array(6));
    AQD_TRY(no_body, reader.take_null());
    if (no_body) {
        AQD_CHECK(reader.read_null());
    } else {
        AQD_TRY(authority, read_owned_bytes(reader));
        mandate.authority = std::move(authority);
        AQD_TRY(keys, reader.skip());
        if (mandate.authority.size() != tag_size || !is_array(keys)) {
            return fail(ErrorCode::invalid, "the body of a mandate");
        }
        mandate.keys = to_bytes(keys);
    }
    AQD_TRY(person, reader.read_fixed<abi::Person>());
    mandate.person = person;
    AQD_TRY(from, read_day(reader));
    mandate.from = from;
    AQD_TRY(until, read_optional_day(reader));
    mandate.until = until;
    AQD_TRY(delegator, read_optional_fixed<abi::Person>(reader));
    mandate.delegator = delegator;
    return mandate;
}

}  // namespace

abi::Person person_of(const abi::Account& account) {
    return abi::Person::from(crypto::sha256({as_bytes("aqd/person/v1"), account.view()}).view());
}

Bytes encode_mandates(const MandateRow& row) {
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(row.size());
    for (const Mandate& mandate : row) {
        writer.write_array_header(6);
        if (mandate.authority.empty()) {
            writer.write_null();
            writer.write_null();
        } else {
            writer.write_bytes(mandate.authority);
            writer.write_encoded(mandate.keys);
        }
        writer.write_bytes(mandate.person.view());
        writer.write_int(mandate.from);
        write_day(writer, mandate.until);
        write_optional_fixed(writer, mandate.delegator);
    }
    return out;
}

Result<MandateRow> decode_mandates(BytesView bytes) {
    MandateRow row;
    abi::Reader reader(bytes);
    AQD_TRY(count, reader.read_array_header());
    for (std::uint64_t i = 0; i < count; ++i) {
        AQD_TRY(mandate, read_mandate(reader));
        row.push_back(std::move(mandate));
    }
    AQD_CHECK(reader.finish());
    return row;
}

Result<std::vector<HeldMandate>> read_mandates(const state::StateView& view,
                                               const abi::Account& account) {
    const Bytes prefix = mandate_prefix(account);
    std::vector<HeldMandate> held;
    Bytes after;
    while (true) {
        AQD_TRY(found, view.next(prefix, after));
        if (!found) {
            return held;
        }
        auto row = decode_mandates(found->value);
        if (!row || found->key.size() != prefix.size() + tag_size) {
            return fail(ErrorCode::corrupt, "a row of mandates does not decode");
        }
        const Bytes role = to_bytes(BytesView(found->key).subspan(prefix.size()));
        for (Mandate& mandate : *row) {
            held.push_back({role, std::move(mandate)});
        }
        after = std::move(found->key);
    }
}

Result<> add_mandate(state::Overlay& overlay, const abi::Account& account, BytesView role_tag,
                     const Mandate& mandate) {
    const Bytes key = mandate_key(account, role_tag);
    AQD_TRY(stored, load_row(overlay, key, decode_mandates));
    MandateRow row = stored.value_or(MandateRow());
    row.push_back(mandate);
    return overlay.put(key, encode_mandates(row));
}

Result<std::size_t> end_mandates(state::Overlay& overlay, const abi::Account& account,
                                 BytesView role_tag, const std::optional<Bytes>& keys,
                                 std::int32_t today) {
    const Bytes key = mandate_key(account, role_tag);
    AQD_TRY(stored, load_row(overlay, key, decode_mandates));
    if (!stored) {
        return std::size_t{0};
    }
    std::size_t ended = 0;
    MandateRow kept;
    for (Mandate& mandate : *stored) {
        const bool concerned =
            (!keys || mandate.keys == *keys) && (!mandate.until || *mandate.until >= today);
        if (concerned) {
            ++ended;
            mandate.until = today - 1;
        }
        if (!concerned || mandate.from <= *mandate.until) {
            kept.push_back(std::move(mandate));
        }
    }
    if (kept.empty()) {
        AQD_CHECK(overlay.remove(key));
    } else {
        AQD_CHECK(overlay.put(key, encode_mandates(kept)));
    }
    return ended;
}

}  // namespace aqd::system
