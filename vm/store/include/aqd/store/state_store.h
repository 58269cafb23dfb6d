#pragma once

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/proof/trie.h>
#include <aqd/state/state_view.h>
#include <aqd/state/write_set.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aqd::store {

struct Options {
    bool read_only = false;
    /// Make the store if the folder holds none.
    bool create = true;
    /// Address space to begin with; doubled whenever it fills up.
    std::size_t map_size_bytes = std::size_t{1} << 30;
    /// Reads under way at the same time; more wait. At most 120.
    unsigned readers = 64;
    /// Walk every page in a child process before trusting the file, so that damage which makes LMDB
    /// crash becomes an error. Costs one reading of the file. Without it damage may end the
    /// process.
    bool check_structure = true;
    /// Names of the derived tables that the caller will use. At most 32.
    std::vector<std::string> tables = {};
};

/// What a store stands for after a commit.
struct Tip {
    std::uint64_t height = 0;
    Hash256 state_root;
    Hash256 replay_root;

    bool operator==(const Tip&) const = default;
};

/// A write of a derived table: its rows can be made again from the state or the block log, and no
/// root covers them.
struct TableWrite {
    std::string table;
    Bytes key;  ///< 1 to 480 octets
    std::optional<Bytes> value;
};

/// What goes into the same transaction as a commit.
struct CommitRows {
    /// At most 256 rows, names to 480 octets, values to 4 KiB: all are kept in memory and covered
    /// by one checksum. No value removes the row.
    std::vector<std::pair<std::string, std::optional<Bytes>>> meta = {};
    std::vector<TableWrite> tables = {};
};

/// The two tries; which one a call speaks of.
enum class Trie : std::uint8_t { state, replay };

/// Roots worked out, nothing written. Destroying it discards it. Good for one commit on the tip it
/// was staged on.
class Staged {
  public:
    Staged(Staged&&) noexcept;
    Staged& operator=(Staged&&) noexcept;
    Staged(const Staged&) = delete;
    Staged& operator=(const Staged&) = delete;
    ~Staged();

    [[nodiscard]] const Hash256& state_root() const;
    [[nodiscard]] const Hash256& replay_root() const;

  private:
    friend class StateStore;
    struct Parts;
    explicit Staged(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

class StoreView;

/// The committed state on disk (docs/formats/store.md): a folder with one LMDB file, one writer.
/// Every answer, absence included, is checked against hashes in memory that add up to the committed
/// roots: damage gives `corrupt`, never a wrong answer. Any thread may read; one thread stages and
/// commits. Do not open the same folder twice in one process (LMDB).
class StateStore {
  public:
    /// `conflict` if another writer has it; `not_found` if there is none and none may be made;
    /// `corrupt` for damage; `unsupported` for another format version; `io`.
    static Result<std::unique_ptr<StateStore>> open(const std::filesystem::path& folder,
                                                    const Options& options = {});
    ~StateStore();
    StateStore(const StateStore&) = delete;
    StateStore& operator=(const StateStore&) = delete;
    StateStore(StateStore&&) = delete;
    StateStore& operator=(StateStore&&) = delete;

    /// Nothing before the first commit.
    [[nodiscard]] std::optional<Tip> tip() const;
    /// The root of a trie now, the zero root before the first commit.
    [[nodiscard]] Hash256 root(Trie trie) const;
    [[nodiscard]] std::uint64_t key_count(Trie trie) const;

    /// The committed rows of a trie. Views share the store and must not outlive it; they always
    /// show the last commit.
    [[nodiscard]] StoreView view(Trie trie = Trie::state) const;

    /// Works out the roots that these writes lead to.
    [[nodiscard]] Result<Staged> stage(state::WriteSet state, state::WriteSet replay) const;

    /// One synchronous transaction: all or nothing, on disk when it returns. `invalid` if `height`
    /// is not over that of the tip; `conflict` if the tip is not the one staged on. After `io` or
    /// `corrupt` the store is poisoned: it refuses every later write, for what is on disk is no
    /// longer known.
    Result<> commit(Staged staged, std::uint64_t height, const CommitRows& rows = {});

    /// The path to `key`, with its value if it is there, at the tip.
    struct Proved {
        std::optional<Bytes> value;
        proof::Path path;
    };
    [[nodiscard]] Result<Proved> prove(BytesView key, Trie trie = Trie::state) const;

    /// A meta row as of the tip.
    [[nodiscard]] std::optional<Bytes> meta(std::string_view name) const;

    /// Derived tables. A damaged row gives `corrupt`; a row that damage has hidden reads as absent,
    /// so nothing that matters may rest on one alone. `not_found` for a table that `Options` did
    /// not name.
    [[nodiscard]] Result<std::optional<Bytes>> table_get(std::string_view table,
                                                         BytesView key) const;
    /// First row with this prefix and key > `after`, as `StateView::next`.
    [[nodiscard]] Result<std::optional<state::Row>> table_next(std::string_view table,
                                                               BytesView prefix,
                                                               BytesView after) const;
    /// Outside a commit, synchronous as well.
    Result<> table_write(const std::vector<TableWrite>& writes);

    /// Reads every row of both tries and checks it: the values too, which `open` leaves to the
    /// first read.
    [[nodiscard]] Result<> verify_all() const;

    struct Parts;  ///< private to vm/store

  private:
    explicit StateStore(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

/// The committed rows of one trie as a view.
class StoreView final : public state::StateView {
  public:
    [[nodiscard]] Result<std::optional<Bytes>> get(BytesView key) const override;
    [[nodiscard]] Result<std::optional<state::Row>> next(BytesView prefix,
                                                         BytesView after) const override;

  private:
    friend class StateStore;
    StoreView(const StateStore::Parts& store, Trie trie) : store_(&store), trie_(trie) {}

    const StateStore::Parts* store_;
    Trie trie_;
};

}  // namespace aqd::store
