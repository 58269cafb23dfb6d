#pragma once

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct MDB_cursor;
struct MDB_env;
struct MDB_txn;

/// The thin face of LMDB (0.9): everything that LMDB lets a caller get wrong is settled here.
namespace aqd::store {

/// Index into `Environment::Setup::databases`.
using Database = unsigned;

/// `corrupt` if the code speaks of damage, `io` otherwise.
std::unexpected<Error> lmdb_failure(std::string_view doing, int code);

/// A place in one database as one read transaction sees it. Views point into the map and die with
/// the lease.
class Cursor {
  public:
    /// Null stands for a table that is not there: it has no rows.
    explicit Cursor(MDB_cursor* cursor) : cursor_(cursor) {}
    Cursor(Cursor&& other) noexcept : cursor_(std::exchange(other.cursor_, nullptr)) {}
    Cursor& operator=(Cursor&&) = delete;
    Cursor(const Cursor&) = delete;
    Cursor& operator=(const Cursor&) = delete;
    ~Cursor();

    /// Goes to the first row whose key is at least `key`; false if there is none.
    Result<bool> seek(BytesView key);
    /// Goes one row on; false behind the last.
    Result<bool> advance();
    [[nodiscard]] BytesView key() const { return key_; }
    [[nodiscard]] BytesView value() const { return value_; }

  private:
    friend class Reader;
    Result<bool> move(BytesView key, int operation);

    MDB_cursor* cursor_;
    BytesView key_;
    BytesView value_;
};

/// A read transaction. One thread at a time.
class Reader {
  public:
    explicit Reader(MDB_txn* transaction, const std::vector<unsigned>& handles);
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    Reader(Reader&&) = delete;
    Reader& operator=(Reader&&) = delete;
    ~Reader();

    Result<std::optional<BytesView>> get(Database database, BytesView key);
    Result<Cursor*> cursor(Database database);
    Result<std::uint64_t> entry_count(Database database);

    /// The keys of a stretch of a database that this transaction has found to be whole, for
    /// `KeyOrder`; forgotten with the transaction.
    struct Whole {
        Database database = 0;
        Bytes from;
        Bytes joined;
        std::vector<std::size_t> ends;

        [[nodiscard]] BytesView key(std::size_t i) const {
            const std::size_t begin = i == 0 ? 0 : ends[i - 1];
            return BytesView(joined).subspan(begin, ends[i] - begin);
        }
    };
    std::optional<Whole> whole;

  private:
    friend class Environment;
    void reset();
    Result<> renew();

    MDB_txn* transaction_;
    const std::vector<unsigned>* handles_;
    std::vector<std::unique_ptr<Cursor>> cursors_;
    bool is_live_ = true;
};

/// The one write transaction. A failed write says whether the map was full: then the transaction is
/// tried again.
class Writer {
  public:
    Writer(MDB_txn* transaction, const std::vector<unsigned>& handles)
        : transaction_(transaction), handles_(&handles) {}

    /// What the caller knows of a key it writes; if the file disagrees it is damaged.
    enum class Known : std::uint8_t { nothing, absent, present };
    Result<> put(Database database, BytesView key, BytesView value, Known known = Known::nothing) {
        return put_joined(database, key, {value}, known);
    }
    /// The value is the parts joined.
    Result<> put_joined(Database database, BytesView key, std::initializer_list<BytesView> parts,
                        Known known = Known::nothing);
    Result<> remove(Database database, BytesView key, Known known = Known::nothing);
    [[nodiscard]] bool map_was_full() const { return map_was_full_; }

  private:
    MDB_txn* transaction_;
    const std::vector<unsigned>* handles_;
    bool map_was_full_ = false;
};

class Environment {
  public:
    struct Setup {
        std::filesystem::path folder;
        bool read_only = false;
        std::size_t map_size_bytes = 0;
        unsigned readers = 1;
        /// Name, and whether to make it if it is missing (a writer only).
        struct Named {
            std::string name;
            bool may_create = false;
        };
        std::vector<Named> databases;
    };

    /// `corrupt` if a database that may not be created is missing.
    static Result<std::unique_ptr<Environment>> open(const Setup& setup);
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;
    Environment(Environment&&) = delete;
    Environment& operator=(Environment&&) = delete;
    ~Environment();

    /// A reader at the last commit. While any lease lives no commit becomes visible, so what the
    /// holder keeps in memory and what it reads belong together. A thread holds one lease at a
    /// time.
    class Lease {
      public:
        Lease(Lease&&) noexcept = default;
        Lease& operator=(Lease&&) = delete;
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        ~Lease();
        Reader& operator*() const { return *reader_; }
        Reader* operator->() const { return reader_.get(); }

      private:
        friend class Environment;
        Lease(Environment& owner, std::unique_ptr<Reader> reader)
            : owner_(&owner), reader_(std::move(reader)) {}

        Environment* owner_;
        std::unique_ptr<Reader> reader_;
    };
    Result<Lease> read();

    /// Keeps commits from becoming visible, without a transaction; for a moment only.
    std::unique_lock<std::mutex> hold() { return std::unique_lock(mutex_); }

    /// Runs `fill` in a write transaction, again with a larger map if it fills up, and commits.
    /// `install` runs once the commit is on disk, before any reader sees it. One thread at a time.
    Result<> write(const std::function<Result<>(Writer&)>& fill,
                   const std::function<void()>& install);

    /// Runs `change` while nobody reads; for what is in memory beside the map.
    void exclusively(const std::function<void()>& change);

    /// Refuses every later write.
    void poison() { is_poisoned_ = true; }
    [[nodiscard]] bool is_poisoned() const { return is_poisoned_; }

  private:
    Environment(MDB_env* environment, const Setup& setup);
    Result<> open_databases(const Setup& setup);
    Result<> write_once(const std::function<Result<>(Writer&)>& fill,
                        const std::function<void()>& install, bool& map_was_full);
    Result<> grow_map();
    void give_back(std::unique_ptr<Reader> reader);
    /// Waits until no lease lives; new ones wait meanwhile, so that readers cannot keep a commit
    /// waiting for ever. Commits and what follows from them happen under the lock that this
    /// returns.
    std::unique_lock<std::mutex> shut_out_readers();
    void reset_idle_readers();

    MDB_env* environment_;
    bool read_only_;
    unsigned reader_limit_;
    std::vector<unsigned> handles_;
    std::mutex mutex_;  ///< guards the four below
    std::condition_variable changed_;
    std::vector<std::unique_ptr<Reader>> idle_;
    unsigned leased_ = 0;
    bool is_writer_waiting_ = false;
    bool is_poisoned_ = false;
};

}  // namespace aqd::store
