#include "vm/store/store_parts.h"

#include "vm/store/structure_check.h"

#include <aqd/crypto/random.h>
#include <aqd/proof/trie.h>

#include <system_error>
#include <utility>

namespace aqd::store {

namespace {

constexpr std::size_t most_tables = 32;
constexpr unsigned most_readers = 120;

KeyedHash fresh_hash() {
    std::array<std::uint8_t, 16> key{};
    crypto::SystemRandom().fill(key);
    return KeyedHash(key);
}

Result<> check_options(const Options& options) {
    if (options.tables.size() > most_tables) {
        return fail(ErrorCode::too_large,
                    "a store has at most " + std::to_string(most_tables) + " derived tables");
    }
    if (options.readers == 0 || options.readers > most_readers) {
        return fail(ErrorCode::invalid,
                    "a store has 1 to " + std::to_string(most_readers) + " readers");
    }
    return {};
}

/// LMDB would quietly make a new file where one is missing or has lost all its octets.
Result<bool> has_data(const std::filesystem::path& folder, const Options& options,
                      bool had_commits) {
    std::error_code error;
    const std::filesystem::path data = folder / "data.mdb";
    const bool exists = std::filesystem::exists(data, error);
    if (exists && std::filesystem::file_size(data, error) > 0) {
        return true;
    }
    if (error) {
        return fail(ErrorCode::io, "looking at " + data.string() + ": " + error.message());
    }
    if (had_commits) {
        return fail(ErrorCode::corrupt, data.string() + " is missing or empty, but had commits");
    }
    if (options.read_only || !options.create) {
        return fail(ErrorCode::not_found, "there is no store in " + folder.string());
    }
    return false;
}

Result<> make_folder(const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
        return fail(ErrorCode::io, "making " + folder.string() + ": " + error.message());
    }
    const auto above = std::filesystem::absolute(folder, error).parent_path();
    return error ? Result<>() : sync_folder(above);
}

}  // namespace

StateStore::Parts::Parts(std::filesystem::path where, bool is_read_only, const KeyedHash& hash)
    : folder(std::move(where)),
      read_only(is_read_only),
      tries{TrieParts{state_keys, Tree(state_rows, hash), KeyOrder(state_keys, hash)},
            TrieParts{replay_keys, Tree(replay_rows, hash), KeyOrder(replay_keys, hash)}} {}

Result<std::unique_ptr<StateStore::Parts>> StateStore::Parts::open(
    const std::filesystem::path& folder, const Options& options) {
    AQD_CHECK(check_options(options));
    std::unique_ptr<Parts> parts(new Parts(folder, options.read_only, fresh_hash()));
    std::error_code ignored;
    if (!std::filesystem::is_directory(folder, ignored)) {
        if (options.read_only || !options.create) {
            return fail(ErrorCode::not_found, "there is no store in " + folder.string());
        }
        AQD_CHECK(make_folder(folder));
    }
    if (!options.read_only) {
        // Only to learn early that there is another writer: the child process that checks the file
        // would inherit the lock, and outlive us if we are killed.
        AQD_CHECK(WriterLock::take(folder));
    }
    // Read before LMDB's file: another process may be committing, and the record must not be the
    // younger one.
    const std::optional<CommitRecord> last = read_last_commit(folder);
    AQD_TRY(exists, has_data(folder, options, last.has_value()));
    if (exists && options.check_structure) {
        AQD_CHECK(check_structure(folder));
    }
    if (!options.read_only) {
        AQD_TRY(lock, WriterLock::take(folder));
        parts->lock.emplace(std::move(lock));
    }
    AQD_CHECK(parts->open_environment(options));
    AQD_CHECK(parts->load());
    AQD_CHECK(parts->compare_with_last_commit(last));
    if (!options.read_only) {
        write_last_commit(folder, parts->record);
    }
    return parts;
}

Result<> StateStore::Parts::open_environment(const Options& options) {
    Environment::Setup setup{
        folder, options.read_only, options.map_size_bytes, options.readers, {}};
    for (const char* name : {"state", "state_keys", "replay", "replay_keys", "meta", "commit"}) {
        setup.databases.push_back({name, true});
    }
    for (const std::string& name : options.tables) {
        if (tables.contains(name) || name.empty()) {
            return fail(ErrorCode::invalid, "the table '" + name + "' has no name or comes twice");
        }
        tables.emplace(name, static_cast<Database>(setup.databases.size()));
        setup.databases.push_back({"table:" + name, true});
    }
    AQD_TRY(opened, Environment::open(setup));
    environment = std::move(opened);
    return {};
}

Result<> StateStore::Parts::write_first_record() {
    record.meta = meta_digest(meta);
    AQD_CHECK(environment->write(
        [&](Writer& writer) {
            return writer.put(commit_row, as_bytes(commit_key), encode_record(record));
        },
        [] {}));
    return sync_folder(folder);
}

Result<> StateStore::Parts::load() {
    bool is_new = true;
    {
        AQD_TRY(reader, environment->read());
        AQD_TRY(stored, reader->get(commit_row, as_bytes(commit_key)));
        if (stored) {
            AQD_TRY(decoded, decode_record(*stored));
            record = decoded;
            is_new = false;
        }
        AQD_CHECK(load_meta(*reader));
        for (TrieParts& trie : tries) {
            AQD_CHECK(load_trie(*reader, trie));
        }
    }
    const Tip tip = record.tip.value_or(Tip{});
    const bool is_empty = meta.empty() && tries[0].tree.count() + tries[1].tree.count() == 0;
    if (is_new && is_empty) {
        // Made, or left by a process that was stopped while it was making it.
        return read_only ? fail(ErrorCode::not_found, "there is no store in " + folder.string())
                         : write_first_record();
    }
    if (is_new || tries[0].tree.root() != tip.state_root ||
        tries[1].tree.root() != tip.replay_root) {
        return fail(ErrorCode::corrupt, "the store " + folder.string() +
                                            " is damaged: its leaves do not meet its roots");
    }
    if (meta_digest(meta) != record.meta) {
        return fail(ErrorCode::corrupt, "the store " + folder.string() +
                                            " is damaged: its meta rows do not fit their hash");
    }
    return {};
}

Result<> StateStore::Parts::load_meta(Reader& reader) {
    AQD_TRY(cursor, reader.cursor(meta_rows));
    AQD_TRY(more, cursor->seek({}));
    while (more) {
        const auto [row, is_new] =
            meta.emplace(std::string(as_text(cursor->key())), to_bytes(cursor->value()));
        if (!is_new || std::next(row) != meta.end()) {
            return fail(ErrorCode::corrupt, "the store is damaged: meta rows out of order");
        }
        AQD_TRY(another, cursor->advance());
        more = another;
    }
    return {};
}

Result<> StateStore::Parts::load_trie(Reader& reader, TrieParts& trie) {
    KeySum rows(trie.tree.keyed_hash());
    AQD_CHECK(trie.tree.load(reader, &rows));
    KeySum keys(trie.tree.keyed_hash());
    Bytes before;
    std::uint64_t count = 0;
    AQD_TRY(cursor, reader.cursor(trie.keys));
    AQD_TRY(more, cursor->seek({}));
    while (more) {
        const BytesView key = cursor->key();
        if (++count > trie.tree.count() || compare(before, key) >= 0) {
            return fail(ErrorCode::corrupt, "the store is damaged: keys out of order");
        }
        keys.add(proof::trie_key(key));
        trie.order.append(key);
        before.assign(key.begin(), key.end());
        AQD_TRY(another, cursor->advance());
        more = another;
    }
    if (!rows.same_as(keys)) {
        return fail(ErrorCode::corrupt,
                    "the store is damaged: rows and keys do not belong together");
    }
    return {};
}

Result<> StateStore::Parts::compare_with_last_commit(
    const std::optional<CommitRecord>& last) const {
    if (!last || !last->tip) {
        return {};
    }
    if (!record.tip || record.tip->height < last->tip->height) {
        return fail(ErrorCode::corrupt,
                    "the store " + folder.string() + " has gone back from height " +
                        std::to_string(last->tip->height) + " to " +
                        (record.tip ? std::to_string(record.tip->height) : "nothing"));
    }
    if (record.tip->height == last->tip->height && !(record == *last)) {
        return fail(ErrorCode::corrupt,
                    "the store " + folder.string() + " is not the one that was last committed");
    }
    return {};
}

Result<std::optional<Bytes>> StateStore::Parts::read(Reader& reader, Trie which,
                                                     BytesView key) const {
    if (!state::check_key(key)) {
        return std::nullopt;
    }
    AQD_TRY(value, trie(which).tree.find(reader, proof::trie_key(key)));
    return value ? std::optional(to_bytes(*value)) : std::nullopt;
}

Result<Database> StateStore::Parts::table(std::string_view name) const {
    const auto found = tables.find(name);
    if (found == tables.end()) {
        return fail(ErrorCode::not_found,
                    "the store was opened without the table " + std::string(name));
    }
    return found->second;
}

}  // namespace aqd::store
