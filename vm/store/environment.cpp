#include "vm/store/environment.h"

#include <aqd/base/assert.h>

#include <lmdb.h>

#include <algorithm>
#include <array>
#include <utility>

namespace aqd::store {

namespace {

/// The handle of a table that a read-only store does not have: it reads as empty.
constexpr unsigned no_handle = ~0U;

MDB_val as_val(BytesView bytes) {
    // LMDB never writes through a key or a value that it is given.
    return {bytes.size(), const_cast<std::uint8_t*>(bytes.data())};
}

BytesView as_view(const MDB_val& value) {
    return {static_cast<const std::uint8_t*>(value.mv_data), value.mv_size};
}

}  // namespace

std::unexpected<Error> lmdb_failure(std::string_view doing, int code) {
    constexpr std::array damage = {MDB_PAGE_NOTFOUND,    MDB_CORRUPTED,    MDB_PANIC,
                                   MDB_VERSION_MISMATCH, MDB_INVALID,      MDB_CURSOR_FULL,
                                   MDB_PAGE_FULL,        MDB_INCOMPATIBLE, MDB_BAD_DBI,
                                   MDB_NOTFOUND,         MDB_KEYEXIST};
    const bool is_damage = std::ranges::find(damage, code) != damage.end();
    return fail(is_damage ? ErrorCode::corrupt : ErrorCode::io,
                std::string(doing) + ": " + mdb_strerror(code));
}

Cursor::~Cursor() {
    if (cursor_ != nullptr) {
        mdb_cursor_close(cursor_);
    }
}

Result<bool> Cursor::seek(BytesView key) {
    return move(key, key.empty() ? MDB_FIRST : MDB_SET_RANGE);
}

Result<bool> Cursor::advance() {
    return move({}, MDB_NEXT);
}

Result<bool> Cursor::move(BytesView key, int operation) {
    if (cursor_ == nullptr) {
        return false;
    }
    MDB_val found_key = as_val(key);
    MDB_val found_value{};
    const int code =
        mdb_cursor_get(cursor_, &found_key, &found_value, static_cast<MDB_cursor_op>(operation));
    if (code == MDB_NOTFOUND) {
        return false;
    }
    if (code != MDB_SUCCESS) {
        return lmdb_failure("reading the store", code);
    }
    key_ = as_view(found_key);
    value_ = as_view(found_value);
    return true;
}

Reader::Reader(MDB_txn* transaction, const std::vector<unsigned>& handles)
    : transaction_(transaction), handles_(&handles), cursors_(handles.size()) {}

Reader::~Reader() {
    cursors_.clear();
    mdb_txn_abort(transaction_);
}

Result<std::optional<BytesView>> Reader::get(Database database, BytesView key) {
    const unsigned handle = (*handles_)[database];
    if (handle == no_handle) {
        return std::nullopt;
    }
    MDB_val wanted = as_val(key);
    MDB_val found{};
    const int code = mdb_get(transaction_, handle, &wanted, &found);
    if (code == MDB_NOTFOUND) {
        return std::nullopt;
    }
    if (code != MDB_SUCCESS) {
        return lmdb_failure("reading the store", code);
    }
    return as_view(found);
}

Result<Cursor*> Reader::cursor(Database database) {
    std::unique_ptr<Cursor>& slot = cursors_[database];
    if (!slot) {
        MDB_cursor* cursor = nullptr;
        const unsigned handle = (*handles_)[database];
        if (handle != no_handle) {
            const int code = mdb_cursor_open(transaction_, handle, &cursor);
            if (code != MDB_SUCCESS) {
                return lmdb_failure("opening a cursor", code);
            }
        }
        slot = std::make_unique<Cursor>(cursor);
    }
    return slot.get();
}

Result<std::uint64_t> Reader::entry_count(Database database) {
    const unsigned handle = (*handles_)[database];
    if (handle == no_handle) {
        return 0;
    }
    MDB_stat stat{};
    const int code = mdb_stat(transaction_, handle, &stat);
    if (code != MDB_SUCCESS) {
        return lmdb_failure("counting rows", code);
    }
    return stat.ms_entries;
}

void Reader::reset() {
    if (is_live_) {
        mdb_txn_reset(transaction_);
        is_live_ = false;
        whole.reset();
    }
}

Result<> Reader::renew() {
    if (is_live_) {
        return {};
    }
    int code = mdb_txn_renew(transaction_);
    if (code != MDB_SUCCESS) {
        return lmdb_failure("renewing a read transaction", code);
    }
    is_live_ = true;
    for (const auto& cursor : cursors_) {
        if (cursor && cursor->cursor_ != nullptr) {
            code = mdb_cursor_renew(transaction_, cursor->cursor_);
            if (code != MDB_SUCCESS) {
                reset();  // a cursor of an earlier snapshot must not be read
                return lmdb_failure("renewing a cursor", code);
            }
        }
    }
    return {};
}

Result<> Writer::put_joined(Database database, BytesView key,
                            std::initializer_list<BytesView> parts, Known known) {
    MDB_val wanted = as_val(key);
    MDB_val room{};
    for (const BytesView part : parts) {
        room.mv_size += part.size();
    }
    const unsigned flags = MDB_RESERVE | (known == Known::absent ? MDB_NOOVERWRITE : 0U);
    const int code = mdb_put(transaction_, (*handles_)[database], &wanted, &room, flags);
    if (code != MDB_SUCCESS) {
        map_was_full_ = code == MDB_MAP_FULL;
        return lmdb_failure("writing to the store", code);
    }
    auto* out = static_cast<std::uint8_t*>(room.mv_data);
    for (const BytesView part : parts) {
        out = std::ranges::copy(part, out).out;
    }
    return {};
}

Result<> Writer::remove(Database database, BytesView key, Known known) {
    MDB_val wanted = as_val(key);
    const int code = mdb_del(transaction_, (*handles_)[database], &wanted, nullptr);
    if (code == MDB_SUCCESS || (code == MDB_NOTFOUND && known != Known::present)) {
        return {};
    }
    map_was_full_ = code == MDB_MAP_FULL;
    return lmdb_failure("removing from the store", code);
}

Environment::Environment(MDB_env* environment, const Setup& setup)
    : environment_(environment),
      read_only_(setup.read_only),
      // A read-only store keeps to the one snapshot that it has checked.
      reader_limit_(setup.read_only ? 1 : setup.readers) {}

Environment::~Environment() {
    idle_.clear();
    mdb_env_close(environment_);
}

Result<std::unique_ptr<Environment>> Environment::open(const Setup& setup) {
    MDB_env* raw = nullptr;
    int code = mdb_env_create(&raw);
    if (code != MDB_SUCCESS) {
        return lmdb_failure("making an LMDB environment", code);
    }
    std::unique_ptr<Environment> environment(new Environment(raw, setup));
    mdb_env_set_maxdbs(raw, static_cast<MDB_dbi>(setup.databases.size()));
    // Two to spare: the structural check and the pages' owner.
    mdb_env_set_maxreaders(raw, setup.readers + 2);
    mdb_env_set_mapsize(raw, setup.map_size_bytes);
    const unsigned flags = MDB_NOTLS | (setup.read_only ? MDB_RDONLY : 0U);
    code = mdb_env_open(raw, setup.folder.c_str(), flags, 0644);
    if (code != MDB_SUCCESS) {
        return lmdb_failure("opening " + setup.folder.string(), code);
    }
    unsigned actual = 0;
    mdb_env_get_flags(raw, &actual);
    constexpr unsigned unsafe = MDB_NOSYNC | MDB_NOMETASYNC | MDB_WRITEMAP | MDB_MAPASYNC;
    if ((actual & unsafe) != 0) {
        return fail(ErrorCode::corrupt, setup.folder.string() + " asks for unsafe writing");
    }
    int dead = 0;
    mdb_reader_check(raw, &dead);
    AQD_CHECK(environment->open_databases(setup));
    return environment;
}

Result<> Environment::open_databases(const Setup& setup) {
    MDB_txn* transaction = nullptr;
    int code = mdb_txn_begin(environment_, nullptr, read_only_ ? MDB_RDONLY : 0U, &transaction);
    if (code != MDB_SUCCESS) {
        return lmdb_failure("beginning a transaction", code);
    }
    for (const Setup::Named& named : setup.databases) {
        unsigned handle = no_handle;
        const bool create = named.may_create && !read_only_;
        code = mdb_dbi_open(transaction, named.name.c_str(), create ? MDB_CREATE : 0U, &handle);
        unsigned flags = 0;
        if (code == MDB_SUCCESS) {
            code = mdb_dbi_flags(transaction, handle, &flags);
        }
        if (code == MDB_SUCCESS && flags != 0) {
            code = MDB_INCOMPATIBLE;
        }
        if (code == MDB_NOTFOUND && named.may_create) {
            code = MDB_SUCCESS;
            handle = no_handle;
        }
        if (code != MDB_SUCCESS) {
            mdb_txn_abort(transaction);
            return lmdb_failure("opening the table " + named.name, code);
        }
        handles_.push_back(handle);
    }
    code = mdb_txn_commit(transaction);
    if (code != MDB_SUCCESS) {
        return lmdb_failure("making the tables", code);
    }
    return {};
}

Environment::Lease::~Lease() {
    if (reader_) {
        owner_->give_back(std::move(reader_));
    }
}

Result<Environment::Lease> Environment::read() {
    std::unique_ptr<Reader> reader;
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return !is_writer_waiting_ && leased_ < reader_limit_; });
        ++leased_;
        if (!idle_.empty()) {
            reader = std::move(idle_.back());
            idle_.pop_back();
        }
    }
    if (!reader) {
        MDB_txn* transaction = nullptr;
        const int code = mdb_txn_begin(environment_, nullptr, MDB_RDONLY, &transaction);
        if (code != MDB_SUCCESS) {
            give_back(nullptr);
            return lmdb_failure("beginning a read transaction", code);
        }
        reader = std::make_unique<Reader>(transaction, handles_);
    }
    Lease lease(*this, std::move(reader));
    AQD_CHECK(lease->renew());
    return lease;
}

void Environment::give_back(std::unique_ptr<Reader> reader) {
    const std::lock_guard lock(mutex_);
    if (reader) {
        idle_.push_back(std::move(reader));
    }
    --leased_;
    // Each place that comes free wakes one of those that wait for one: whoever wakes later than the
    // next place comes free would leave the others asleep if only the first were told.
    if (is_writer_waiting_) {
        changed_.notify_all();
    } else {
        changed_.notify_one();
    }
}

std::unique_lock<std::mutex> Environment::shut_out_readers() {
    std::unique_lock lock(mutex_);
    is_writer_waiting_ = true;
    changed_.wait(lock, [&] { return leased_ == 0; });
    is_writer_waiting_ = false;
    changed_.notify_all();
    return lock;
}

void Environment::reset_idle_readers() {
    for (const auto& reader : idle_) {
        reader->reset();
    }
}

void Environment::exclusively(const std::function<void()>& change) {
    const auto lock = shut_out_readers();
    change();
}

Result<> Environment::write(const std::function<Result<>(Writer&)>& fill,
                            const std::function<void()>& install) {
    if (read_only_) {
        return fail(ErrorCode::denied, "the store was opened for reading only");
    }
    for (;;) {
        if (is_poisoned_) {
            return fail(ErrorCode::io,
                        "an earlier write to the store failed: reopen it before writing again");
        }
        bool map_was_full = false;
        auto written = write_once(fill, install, map_was_full);
        if (written) {
            return {};
        }
        if (!map_was_full) {
            poison();
            return written;
        }
        AQD_CHECK(grow_map());
    }
}

Result<> Environment::write_once(const std::function<Result<>(Writer&)>& fill,
                                 const std::function<void()>& install, bool& map_was_full) {
    MDB_txn* transaction = nullptr;
    int code = mdb_txn_begin(environment_, nullptr, 0, &transaction);
    if (code != MDB_SUCCESS) {
        return lmdb_failure("beginning a write transaction", code);
    }
    Writer writer(transaction, handles_);
    auto filled = fill(writer);
    if (!filled) {
        map_was_full = writer.map_was_full();
        mdb_txn_abort(transaction);
        return filled;
    }
    const auto lock = shut_out_readers();
    code = mdb_txn_commit(transaction);
    if (code != MDB_SUCCESS) {
        // Finding room for the free list can fill the map too; nothing was written then.
        map_was_full = code == MDB_MAP_FULL;
        return lmdb_failure("committing", code);
    }
    reset_idle_readers();
    install();
    return {};
}

Result<> Environment::grow_map() {
    const auto lock = shut_out_readers();
    reset_idle_readers();
    MDB_envinfo info{};
    mdb_env_info(environment_, &info);
    const int code = mdb_env_set_mapsize(environment_, 2 * info.me_mapsize);
    if (code != MDB_SUCCESS) {
        poison();
        return lmdb_failure("growing the map", code);
    }
    return {};
}

}  // namespace aqd::store
