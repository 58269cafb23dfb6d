#include "vm/store/environment.h"
#include "vm/store/folder.h"
#include "vm/store/private_store_keys.h"
#include "vm/store/structure_check.h"

#include <aqd/abi/cbor.h>
#include <aqd/crypto/sha256.h>
#include <aqd/store/private_store.h>

#include <sys/stat.h>
#include <utility>

namespace aqd::store {
namespace {

constexpr Database records = 0;
constexpr Database erased = 1;
constexpr Database about = 2;
constexpr std::string_view check_row = "check";
constexpr std::string_view check_text = "aqd private store 1";
/// Before every commitment, which has 32 octets.
constexpr std::uint8_t before_all[1] = {0};
constexpr std::size_t map_size_bytes = std::size_t{64} << 20;
constexpr std::size_t largest_name_bytes = 4096;

/// A row of `records`: where its key lies, and the sealed content.
struct Row {
    std::uint64_t place = 0;
    BytesView box;
};

Bytes encode_row(std::uint64_t place, BytesView box) {
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(2);
    writer.write_uint(place);
    writer.write_bytes(box);
    return out;
}

Result<Row> decode_row(BytesView bytes) {
    abi::Reader reader(bytes);
    AQD_CHECK(reader.expect_array(2));
    AQD_TRY(place, reader.read_uint());
    AQD_TRY(box, reader.read_bytes());
    AQD_CHECK(reader.finish());
    return Row{place, box};
}

Bytes encode_content(const PrivateRecord& record) {
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(5);
    writer.write_bytes(record.value);
    writer.write_bytes(record.salt.view());
    writer.write_text(record.module);
    writer.write_text(record.slot);
    writer.write_text(record.holder);
    return out;
}

Result<PrivateRecord> decode_content(const Hash256& commitment, BytesView bytes) {
    abi::Reader reader(bytes);
    PrivateRecord record;
    record.commitment = commitment;
    AQD_CHECK(reader.expect_array(5));
    AQD_TRY(value, reader.read_bytes());
    AQD_TRY(salt, reader.read_fixed<Salt>());
    AQD_TRY(module, reader.read_text());
    AQD_TRY(slot, reader.read_text());
    AQD_TRY(holder, reader.read_text());
    AQD_CHECK(reader.finish());
    record.value = to_bytes(value);
    record.salt = salt;
    record.module = module;
    record.slot = slot;
    record.holder = holder;
    return record;
}

void write_erasure_fields(abi::Writer& writer, const Erasure& erasure) {
    writer.write_bytes(erasure.commitment.view());
    writer.write_int(erasure.time);
    writer.write_text(erasure.reason);
    writer.write_bytes(erasure.signer.view());
}

Bytes encode_erasure(const Erasure& erasure) {
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(5);
    write_erasure_fields(writer, erasure);
    writer.write_bytes(erasure.signature.view());
    return out;
}

Result<Erasure> decode_erasure(BytesView bytes) {
    abi::Reader reader(bytes);
    AQD_CHECK(reader.expect_array(5));
    AQD_TRY(commitment, reader.read_fixed<Hash256>());
    AQD_TRY(time, reader.read_int());
    AQD_TRY(reason, reader.read_text());
    AQD_TRY(signer, reader.read_fixed<crypto::PublicKey>());
    AQD_TRY(signature, reader.read_fixed<crypto::Signature>());
    AQD_CHECK(reader.finish());
    return Erasure{commitment, time, std::string(reason), signer, signature};
}

bool is_short_text(std::string_view text) {
    return text.size() <= largest_name_bytes && abi::is_utf8(text);
}

}  // namespace

Hash256 erasure_digest(const Erasure& erasure) {
    Bytes fields;
    abi::Writer writer(fields);
    writer.write_array_header(4);
    write_erasure_fields(writer, erasure);
    return crypto::sha256({as_bytes("aqd/erasure/v1"), fields});
}

bool verify_erasure(const Erasure& erasure) {
    return crypto::verify(erasure.signer, erasure_digest(erasure), erasure.signature);
}

struct PrivateStore::Parts {
    std::unique_ptr<RecordKeys> keys;
    std::unique_ptr<Environment> environment;
    crypto::SealingKey key;
    crypto::RandomSource* random;

    Result<void> check_key() {
        std::optional<Bytes> stored;
        {
            AQD_TRY(lease, environment->read());
            AQD_TRY(row, lease->get(about, as_bytes(check_row)));
            if (row) {
                stored = to_bytes(*row);
            }
        }
        if (!stored) {
            // The first thing that is ever written, so these keys are those of another database.
            // They are kept for it.
            if (!keys->is_empty()) {
                return fail(ErrorCode::corrupt,
                            "private store: there are keys of records, but their database is gone");
            }
            const Bytes box = crypto::seal(key, as_bytes(check_text), as_bytes(check_row), *random);
            return environment->write(
                [&](Writer& writer) { return writer.put(about, as_bytes(check_row), box); }, [] {});
        }
        const auto text = crypto::open(key, *stored, as_bytes(check_row));
        if (!text || !equal(*text, as_bytes(check_text))) {
            return fail(ErrorCode::denied, "private store: this is not the key it was made with");
        }
        return {};
    }

    /// Finishes what a crash interrupted: keys without a record are destroyed.
    Result<void> repair() {
        std::set<std::uint64_t> used;
        AQD_TRY(lease, environment->read());
        AQD_TRY(cursor, lease->cursor(records));
        AQD_TRY(found, cursor->seek(before_all));
        for (bool more = found; more;) {
            AQD_TRY(row, decode_row(cursor->value()));
            if (!used.insert(row.place).second) {
                return fail(ErrorCode::corrupt, "private store: two records have one key");
            }
            AQD_TRY(next, cursor->advance());
            more = next;
        }
        return keys->keep_only(used);
    }
};

PrivateStore::PrivateStore(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
PrivateStore::~PrivateStore() = default;

Result<std::unique_ptr<PrivateStore>> PrivateStore::open(const std::filesystem::path& folder,
                                                         const crypto::SealingKey& key,
                                                         crypto::RandomSource& random) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error || ::chmod(folder.c_str(), 0700) != 0) {
        return fail(ErrorCode::io, folder.string() + ": cannot make the folder of a private store");
    }
    AQD_TRY(keys, RecordKeys::open(folder / "keys"));
    if (std::filesystem::exists(folder / "data.mdb", error) &&
        std::filesystem::file_size(folder / "data.mdb", error) > 0) {
        AQD_CHECK(check_structure(folder));
    }
    Environment::Setup setup;
    setup.folder = folder;
    setup.map_size_bytes = map_size_bytes;
    setup.databases = {{"records", true}, {"erased", true}, {"about", true}};
    AQD_TRY(environment, Environment::open(setup));
    auto parts =
        std::make_unique<Parts>(Parts{std::move(keys), std::move(environment), key, &random});
    AQD_CHECK(parts->check_key());
    AQD_CHECK(parts->repair());
    // The names of new files, and of the folder itself.
    AQD_CHECK(sync_folder(folder));
    AQD_CHECK(sync_folder(std::filesystem::absolute(folder).parent_path()));
    return std::unique_ptr<PrivateStore>(new PrivateStore(std::move(parts)));
}

Result<void> PrivateStore::put(std::span<const PrivateRecord> given) {
    std::vector<std::pair<Hash256, Bytes>> rows;
    for (const PrivateRecord& record : given) {
        if (!is_short_text(record.module) || !is_short_text(record.slot) ||
            !is_short_text(record.holder)) {
            return fail(ErrorCode::invalid, "private store: a name is too long or not UTF-8");
        }
        AQD_TRY(gone, erasure(record.commitment));
        if (gone) {
            return fail(ErrorCode::denied, "private store: the record was erased");
        }
        {
            AQD_TRY(lease, parts_->environment->read());
            AQD_TRY(present, lease->get(records, record.commitment.view()));
            if (present) {
                continue;
            }
        }
        const crypto::SealingKey record_key = crypto::SealingKey::random(*parts_->random);
        AQD_TRY(place, parts_->keys->store(record_key, parts_->key, *parts_->random));
        Bytes content = encode_content(record);
        const Bytes box =
            crypto::seal(record_key, content, record.commitment.view(), *parts_->random);
        crypto::wipe(content);
        rows.emplace_back(record.commitment, encode_row(place, box));
    }
    if (rows.empty()) {
        return {};
    }
    // Keys first: a record whose key is not on disk could never be read.
    AQD_CHECK(parts_->keys->sync());
    return parts_->environment->write(
        [&](Writer& writer) -> Result<> {
            for (const auto& [commitment, row] : rows) {
                AQD_CHECK(writer.put(records, commitment.view(), row));
            }
            return {};
        },
        [] {});
}

Result<PrivateRecord> PrivateStore::get(const Hash256& commitment) const {
    AQD_TRY(gone, erasure(commitment));
    if (gone) {
        return fail(ErrorCode::denied,
                    "private store: the record was erased (" + gone->reason + ")");
    }
    AQD_TRY(lease, parts_->environment->read());
    AQD_TRY(stored, lease->get(records, commitment.view()));
    if (!stored) {
        return fail(ErrorCode::not_found, "private store: there is no record of this commitment");
    }
    AQD_TRY(row, decode_row(*stored));
    AQD_TRY(record_key, parts_->keys->load(row.place, parts_->key));
    auto content = crypto::open(record_key, row.box, commitment.view());
    if (!content) {
        return fail(ErrorCode::corrupt, "private store: a record does not open with its key");
    }
    auto record = decode_content(commitment, *content);
    crypto::wipe(*content);
    return record;
}

Result<Erasure> PrivateStore::erase(const Hash256& commitment, std::int64_t time,
                                    std::string_view reason, const crypto::SecretKey& signer) {
    if (!is_short_text(reason)) {
        return fail(ErrorCode::invalid, "private store: the reason is too long or not UTF-8");
    }
    AQD_TRY(gone, erasure(commitment));
    if (gone) {
        return fail(ErrorCode::conflict, "private store: the record was erased already");
    }
    std::uint64_t place = 0;
    {
        AQD_TRY(lease, parts_->environment->read());
        AQD_TRY(stored, lease->get(records, commitment.view()));
        if (!stored) {
            return fail(ErrorCode::not_found,
                        "private store: there is no record of this commitment");
        }
        AQD_TRY(row, decode_row(*stored));
        place = row.place;
    }
    Erasure left{commitment, time, std::string(reason), crypto::derive_public(signer), {}};
    left.signature = crypto::sign(signer, erasure_digest(left));
    const auto bury = [&](Writer& writer) -> Result<> {
        AQD_CHECK(writer.remove(records, commitment.view()));
        return writer.put(erased, commitment.view(), encode_erasure(left));
    };
    AQD_CHECK(parts_->environment->write(bury, [] {}));
    // A crash before this line leaves a key without a record, which `repair` destroys.
    AQD_CHECK(parts_->keys->destroy(place));
    return left;
}

Result<std::optional<Erasure>> PrivateStore::erasure(const Hash256& commitment) const {
    AQD_TRY(lease, parts_->environment->read());
    AQD_TRY(stored, lease->get(erased, commitment.view()));
    if (!stored) {
        return std::optional<Erasure>();
    }
    AQD_TRY(decoded, decode_erasure(*stored));
    return std::optional<Erasure>(std::move(decoded));
}

Result<std::vector<Hash256>> PrivateStore::list() const {
    std::vector<Hash256> commitments;
    AQD_TRY(lease, parts_->environment->read());
    AQD_TRY(cursor, lease->cursor(records));
    AQD_TRY(found, cursor->seek(before_all));
    for (bool more = found; more;) {
        if (cursor->key().size() != Hash256::size_bytes) {
            return fail(ErrorCode::corrupt, "private store: a key of another length");
        }
        commitments.push_back(Hash256::from(cursor->key()));
        AQD_TRY(next, cursor->advance());
        more = next;
    }
    return commitments;
}

Result<std::vector<Erasure>> PrivateStore::erasures() const {
    std::vector<Erasure> all;
    AQD_TRY(lease, parts_->environment->read());
    AQD_TRY(cursor, lease->cursor(erased));
    AQD_TRY(found, cursor->seek(before_all));
    for (bool more = found; more;) {
        AQD_TRY(one, decode_erasure(cursor->value()));
        all.push_back(std::move(one));
        AQD_TRY(next, cursor->advance());
        more = next;
    }
    return all;
}

}  // namespace aqd::store
