#pragma once

#include "vm/store/commit_record.h"
#include "vm/store/environment.h"
#include "vm/store/folder.h"
#include "vm/store/key_order.h"
#include "vm/store/tree.h"

#include <aqd/store/state_store.h>

#include <array>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aqd::store {

/// A trie on disk and in memory.
struct TrieParts {
    Database keys = 0;
    Tree tree;
    KeyOrder order;
};

/// Databases of the file, in the order in which they are opened; derived tables follow.
enum Databases : Database {
    state_rows,
    state_keys,
    replay_rows,
    replay_keys,
    meta_rows,
    commit_row,
    first_table,
};

inline constexpr std::string_view commit_key = "last";

/// A store that is open. What the members say belongs to the last commit that readers can see.
struct StateStore::Parts {
    std::filesystem::path folder;
    bool read_only = false;
    std::optional<WriterLock> lock;  ///< outlives the environment
    std::unique_ptr<Environment> environment;
    std::array<TrieParts, 2> tries;
    MetaRows meta;
    CommitRecord record;
    std::uint64_t commits = 0;  ///< since opening
    std::map<std::string, Database, std::less<>> tables;

    [[nodiscard]] const TrieParts& trie(Trie which) const {
        return tries[which == Trie::state ? 0 : 1];
    }

    static Result<std::unique_ptr<Parts>> open(const std::filesystem::path& folder,
                                               const Options& options);

    /// The value under a store key, checked; for the holder of a lease.
    Result<std::optional<Bytes>> read(Reader& reader, Trie which, BytesView key) const;

    [[nodiscard]] Result<Database> table(std::string_view name) const;

  private:
    Parts(std::filesystem::path where, bool is_read_only, const KeyedHash& hash);
    Result<> open_environment(const Options& options);
    Result<> write_first_record();
    Result<> load();
    Result<> load_meta(Reader& reader);
    Result<> load_trie(Reader& reader, TrieParts& trie);
    [[nodiscard]] Result<> compare_with_last_commit(const std::optional<CommitRecord>& last) const;
};

}  // namespace aqd::store
