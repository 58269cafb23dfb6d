#include "vm/store/store_parts.h"

#include <aqd/proof/trie.h>
#include <aqd/store/state_store.h>

#include <algorithm>
#include <utility>

namespace aqd::store {

namespace {

constexpr std::size_t meta_limit_bytes = 4096;
constexpr std::size_t most_meta_rows = 256;
/// Rows that `verify_all` reads under one lease, so that a commit does not wait long.
constexpr std::size_t rows_at_a_time = 1024;

std::vector<Change> changes_of(const state::WriteSet& writes) {
    std::vector<Change> changes;
    changes.reserve(writes.size());
    for (const state::Write& write : writes) {
        Change change{proof::trie_key(write.key), std::nullopt,
                      static_cast<std::uint32_t>(changes.size()), Effect::nothing};
        if (write.value) {
            change.value = proof::value_hash(*write.value);
        }
        changes.push_back(change);
    }
    std::ranges::sort(changes, {}, &Change::key);
    return changes;
}

/// The write set's own order, in which LMDB takes rows best.
std::vector<Effect> effects_of(const Tree::Stage& stage) {
    std::vector<Effect> effects(stage.changes.size());
    for (const Change& change : stage.changes) {
        effects[change.write] = change.effect;
    }
    return effects;
}

Result<> check_table_key(const TableWrite& write) {
    AQD_CHECK(state::check_key(write.key));
    if (write.value && write.value->size() > state::value_limit_bytes) {
        return fail(ErrorCode::too_large, "a row of a table is too large");
    }
    return {};
}

Result<MetaRows> with_changes(
    MetaRows rows, const std::vector<std::pair<std::string, std::optional<Bytes>>>& changes) {
    for (const auto& [name, value] : changes) {
        AQD_CHECK(state::check_key(as_bytes(name)));
        if (value && value->size() > meta_limit_bytes) {
            return fail(ErrorCode::too_large, "the meta row " + name + " is too large");
        }
        if (value) {
            rows.insert_or_assign(name, *value);
        } else {
            rows.erase(name);
        }
    }
    if (rows.size() > most_meta_rows) {
        return fail(ErrorCode::too_large, "too many meta rows");
    }
    return rows;
}

}  // namespace

/// One trie's part of a stage.
struct StagedTrie {
    state::WriteSet writes;
    Tree::Stage stage;
    std::vector<Effect> effects;
};

struct Staged::Parts {
    const StateStore::Parts* store = nullptr;
    std::uint64_t commits = 0;  ///< of the store when this was staged
    std::array<StagedTrie, 2> tries;
};

namespace {

Result<> write_keys(Writer& writer, Database keys, const StagedTrie& staged) {
    using Known = Writer::Known;
    for (std::size_t i = 0; i < staged.writes.size(); ++i) {
        const Bytes& key = staged.writes.writes()[i].key;
        if (staged.effects[i] == Effect::insert) {
            AQD_CHECK(writer.put(keys, key, {}, Known::absent));
        } else if (staged.effects[i] == Effect::remove) {
            AQD_CHECK(writer.remove(keys, key, Known::present));
        }
    }
    return {};
}

void install_keys(KeyOrder& order, const StagedTrie& staged) {
    for (std::size_t i = 0; i < staged.writes.size(); ++i) {
        const Bytes& key = staged.writes.writes()[i].key;
        if (staged.effects[i] == Effect::insert) {
            order.insert(key);
        } else if (staged.effects[i] == Effect::remove) {
            order.remove(key);
        }
    }
}

Result<> write_tables(Writer& writer, const std::vector<TableWrite>& writes,
                      const std::vector<Database>& databases) {
    for (std::size_t i = 0; i < writes.size(); ++i) {
        const TableWrite& write = writes[i];
        AQD_CHECK(write.value ? writer.put(databases[i], write.key,
                                           seal_row(write.table, write.key, *write.value))
                              : writer.remove(databases[i], write.key));
    }
    return {};
}

Result<> write_meta(Writer& writer,
                    const std::vector<std::pair<std::string, std::optional<Bytes>>>& changes) {
    for (const auto& [name, value] : changes) {
        AQD_CHECK(value ? writer.put(meta_rows, as_bytes(name), *value)
                        : writer.remove(meta_rows, as_bytes(name)));
    }
    return {};
}

Result<std::vector<Database>> databases_of(const StateStore::Parts& parts,
                                           const std::vector<TableWrite>& writes) {
    std::vector<Database> databases;
    for (const TableWrite& write : writes) {
        AQD_CHECK(check_table_key(write));
        AQD_TRY(database, parts.table(write.table));
        databases.push_back(database);
    }
    return databases;
}

/// Deepens the array and shortens the stretches that a commit has filled: this process's own
/// affair, so after it.
Result<> relieve(StateStore::Parts& parts) {
    for (TrieParts& trie : parts.tries) {
        if (trie.tree.is_crowded()) {
            Tree deeper = trie.tree;
            {
                AQD_TRY(reader, parts.environment->read());
                AQD_CHECK(deeper.load(*reader, nullptr));
            }
            if (deeper.root() != trie.tree.root()) {
                return fail(ErrorCode::corrupt,
                            "the store is damaged: leaves do not meet their root");
            }
            parts.environment->exclusively([&] { trie.tree = std::move(deeper); });
        }
        if (trie.order.is_crowded()) {
            std::optional<KeyOrder> shorter;
            {
                AQD_TRY(reader, parts.environment->read());
                AQD_TRY(split, trie.order.split(*reader));
                shorter.emplace(std::move(split));
            }
            parts.environment->exclusively([&] { trie.order = std::move(*shorter); });
        }
    }
    return {};
}

}  // namespace

Staged::Staged(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Staged::Staged(Staged&&) noexcept = default;
Staged& Staged::operator=(Staged&&) noexcept = default;
Staged::~Staged() = default;

const Hash256& Staged::state_root() const {
    return parts_->tries[0].stage.root;
}

const Hash256& Staged::replay_root() const {
    return parts_->tries[1].stage.root;
}

StateStore::StateStore(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
StateStore::~StateStore() = default;

Result<std::unique_ptr<StateStore>> StateStore::open(const std::filesystem::path& folder,
                                                     const Options& options) {
    AQD_TRY(parts, Parts::open(folder, options));
    return std::unique_ptr<StateStore>(new StateStore(std::move(parts)));
}

std::optional<Tip> StateStore::tip() const {
    const auto held = parts_->environment->hold();
    return parts_->record.tip;
}

Hash256 StateStore::root(Trie trie) const {
    const auto held = parts_->environment->hold();
    return parts_->trie(trie).tree.root();
}

std::uint64_t StateStore::key_count(Trie trie) const {
    const auto held = parts_->environment->hold();
    return parts_->trie(trie).tree.count();
}

StoreView StateStore::view(Trie trie) const {
    return {*parts_, trie};
}

Result<Staged> StateStore::stage(state::WriteSet state, state::WriteSet replay) const {
    auto staged = std::make_unique<Staged::Parts>();
    staged->store = parts_.get();
    staged->tries[0].writes = std::move(state);
    staged->tries[1].writes = std::move(replay);
    AQD_TRY(reader, parts_->environment->read());
    staged->commits = parts_->commits;
    for (std::size_t i = 0; i < 2; ++i) {
        StagedTrie& trie = staged->tries[i];
        AQD_TRY(stage, parts_->tries[i].tree.stage(*reader, changes_of(trie.writes)));
        trie.stage = std::move(stage);
        trie.effects = effects_of(trie.stage);
    }
    return Staged(std::move(staged));
}

Result<> StateStore::commit(Staged staged, std::uint64_t height, const CommitRows& rows) {
    if (staged.parts_->store != parts_.get() || staged.parts_->commits != parts_->commits) {
        return fail(ErrorCode::conflict, "the store has moved on since this was staged");
    }
    const std::optional<Tip>& tip = parts_->record.tip;
    if (tip && height <= tip->height) {
        return fail(ErrorCode::invalid, "height " + std::to_string(height) +
                                            " does not come after height " +
                                            std::to_string(tip->height));
    }
    AQD_TRY(meta, with_changes(parts_->meta, rows.meta));
    AQD_TRY(databases, databases_of(*parts_, rows.tables));
    const CommitRecord record{Tip{height, staged.state_root(), staged.replay_root()},
                              meta_digest(meta)};
    const auto fill = [&](Writer& writer) -> Result<> {
        for (std::size_t i = 0; i < 2; ++i) {
            const TrieParts& trie = parts_->tries[i];
            const StagedTrie& part = staged.parts_->tries[i];
            AQD_CHECK(trie.tree.write(writer, part.stage, part.writes));
            AQD_CHECK(write_keys(writer, trie.keys, part));
        }
        AQD_CHECK(write_meta(writer, rows.meta));
        AQD_CHECK(write_tables(writer, rows.tables, databases));
        return writer.put(commit_row, as_bytes(commit_key), encode_record(record));
    };
    const auto install = [&] {
        for (std::size_t i = 0; i < 2; ++i) {
            parts_->tries[i].tree.install(staged.parts_->tries[i].stage);
            install_keys(parts_->tries[i].order, staged.parts_->tries[i]);
        }
        parts_->meta = std::move(meta);
        parts_->record = record;
        ++parts_->commits;
    };
    AQD_CHECK(parts_->environment->write(fill, install));
    write_last_commit(parts_->folder, record);
    auto relieved = relieve(*parts_);
    if (!relieved) {
        parts_->environment->poison();
        return fail(relieved.error().code, "committed, but then: " + relieved.error().message);
    }
    return {};
}

Result<StateStore::Proved> StateStore::prove(BytesView key, Trie trie) const {
    AQD_CHECK(state::check_key(key));
    AQD_TRY(reader, parts_->environment->read());
    AQD_TRY(value, parts_->read(*reader, trie, key));
    AQD_TRY(path, parts_->trie(trie).tree.path(*reader, proof::trie_key(key)));
    return Proved{std::move(value), std::move(path)};
}

std::optional<Bytes> StateStore::meta(std::string_view name) const {
    const auto held = parts_->environment->hold();
    const auto found = parts_->meta.find(name);
    return found == parts_->meta.end() ? std::nullopt : std::optional(found->second);
}

Result<std::optional<Bytes>> StateStore::table_get(std::string_view table, BytesView key) const {
    AQD_TRY(database, parts_->table(table));
    if (!state::check_key(key)) {
        return std::nullopt;
    }
    AQD_TRY(reader, parts_->environment->read());
    AQD_TRY(stored, reader->get(database, key));
    if (!stored) {
        return std::nullopt;
    }
    return open_row(table, key, *stored);
}

Result<std::optional<state::Row>> StateStore::table_next(std::string_view table, BytesView prefix,
                                                         BytesView after) const {
    AQD_TRY(database, parts_->table(table));
    if (prefix.size() > state::key_limit_bytes) {
        return std::nullopt;
    }
    // No key is longer, so the same keys come after what is left; LMDB takes no more.
    after = after.first(std::min(after.size(), state::key_limit_bytes));
    const bool is_inside = !after.empty() && compare(after, prefix) >= 0;
    AQD_TRY(reader, parts_->environment->read());
    AQD_TRY(cursor, reader->cursor(database));
    AQD_TRY(found, cursor->seek(is_inside ? after : prefix));
    if (found && is_inside && equal(cursor->key(), after)) {
        AQD_TRY(another, cursor->advance());
        found = another;
    }
    if (!found || !state::starts_with(cursor->key(), prefix)) {
        return std::nullopt;
    }
    state::Row row{to_bytes(cursor->key()), {}};
    AQD_TRY(value, open_row(table, row.key, cursor->value()));
    row.value = std::move(value);
    return row;
}

Result<> StateStore::table_write(const std::vector<TableWrite>& writes) {
    AQD_TRY(databases, databases_of(*parts_, writes));
    return parts_->environment->write(
        [&](Writer& writer) { return write_tables(writer, writes, databases); }, [] {});
}

Result<> StateStore::verify_all() const {
    for (const Trie trie : {Trie::state, Trie::replay}) {
        Bytes after;
        bool more = true;
        while (more) {
            AQD_TRY(reader, parts_->environment->read());
            for (std::size_t i = 0; more && i < rows_at_a_time; ++i) {
                AQD_TRY(key, parts_->trie(trie).order.next(*reader, {}, after));
                more = key.has_value();
                if (more) {
                    after = to_bytes(*key);
                    AQD_CHECK(parts_->read(*reader, trie, after));
                }
            }
        }
    }
    return {};
}

}  // namespace aqd::store
