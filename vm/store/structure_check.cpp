#include "vm/store/structure_check.h"

#include "vm/store/environment.h"

#include <aqd/base/bytes.h>

#include <lmdb.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace aqd::store {

namespace {

constexpr MDB_dbi free_list_handle = 0;
constexpr MDB_dbi main_handle = 1;
constexpr unsigned most_databases = 64;

BytesView as_view(const MDB_val& value) {
    return {static_cast<const std::uint8_t*>(value.mv_data), value.mv_size};
}

/// Reads one octet of each page, so that a page past the end of the file shows now.
void touch(BytesView value) {
    volatile std::uint8_t seen = 0;
    for (std::size_t at = 0; at < value.size(); at += 4096) {
        seen = value[at];
    }
    if (!value.empty()) {
        seen = value.back();
    }
    (void)seen;
}

/// One free-list row: a count and as many page numbers, descending (LMDB's MDB_IDL).
Result<> check_free_row(BytesView value, std::uint64_t last_page, std::uint64_t& free_pages) {
    std::vector<std::uint64_t> row(value.size() / 8);
    if (row.empty() || value.size() % 8 != 0) {
        return fail(ErrorCode::corrupt, "a row of the free list has a wrong size");
    }
    std::memcpy(row.data(), value.data(), value.size());
    if (row[0] != row.size() - 1) {
        return fail(ErrorCode::corrupt, "a row of the free list has a wrong count");
    }
    for (std::size_t i = 1; i < row.size(); ++i) {
        if (row[i] < 2 || row[i] > last_page || (i > 1 && row[i] >= row[i - 1])) {
            return fail(ErrorCode::corrupt, "the free list names a page that cannot be free");
        }
    }
    free_pages += row[0];
    return {};
}

class Walk {
  public:
    explicit Walk(MDB_env* environment, MDB_txn* transaction)
        : environment_(environment), transaction_(transaction) {}

    Result<> all() {
        MDB_envinfo info{};
        mdb_env_info(environment_, &info);
        AQD_CHECK(rows(free_list_handle, [&](BytesView key, BytesView value) -> Result<> {
            if (key.size() != 8) {
                return fail(ErrorCode::corrupt, "a row of the free list has a wrong key");
            }
            return check_free_row(value, info.me_last_pgno, pages_);
        }));
        std::vector<std::string> names;
        AQD_CHECK(rows(main_handle, [&](BytesView key, BytesView) -> Result<> {
            names.emplace_back(as_text(key));
            return {};
        }));
        if (names.size() > most_databases) {
            return fail(ErrorCode::corrupt, "too many tables");
        }
        for (const std::string& name : names) {
            MDB_dbi handle = 0;
            int code = mdb_dbi_open(transaction_, name.c_str(), 0, &handle);
            unsigned flags = 0;
            if (code == MDB_SUCCESS) {
                code = mdb_dbi_flags(transaction_, handle, &flags);
            }
            if (code != MDB_SUCCESS) {
                return lmdb_failure("opening a table", code);
            }
            if (flags != 0) {
                return fail(ErrorCode::corrupt, "a table is not of the expected kind");
            }
            AQD_CHECK(rows(handle, [](BytesView, BytesView value) -> Result<> {
                touch(value);
                return {};
            }));
        }
        // The two meta pages, every page of a table, every free page, and no other.
        if (pages_ + 2 != info.me_last_pgno + 1) {
            return fail(ErrorCode::corrupt, "pages are lost or used twice");
        }
        return {};
    }

  private:
    template <class Visit>
    Result<> rows(MDB_dbi handle, Visit visit) {
        MDB_stat stat{};
        int code = mdb_stat(transaction_, handle, &stat);
        if (code != MDB_SUCCESS) {
            return lmdb_failure("reading a table's record", code);
        }
        pages_ += stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages;
        MDB_cursor* cursor = nullptr;
        code = mdb_cursor_open(transaction_, handle, &cursor);
        if (code != MDB_SUCCESS) {
            return lmdb_failure("opening a cursor", code);
        }
        // The free list has integer keys, whose order is not that of their octets.
        const bool ordered = handle != free_list_handle;
        Bytes before;
        std::uint64_t count = 0;
        MDB_val key{};
        MDB_val value{};
        while ((code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == MDB_SUCCESS) {
            // Bounds the walk where damage has bent the tree into a circle.
            if (++count > stat.ms_entries ||
                (ordered && count > 1 && compare(before, as_view(key)) >= 0)) {
                return fail(ErrorCode::corrupt, "rows out of order");
            }
            before = to_bytes(as_view(key));
            AQD_CHECK(visit(as_view(key), as_view(value)));
        }
        mdb_cursor_close(cursor);
        if (code != MDB_NOTFOUND) {
            return lmdb_failure("walking a table", code);
        }
        if (count != stat.ms_entries) {
            return fail(ErrorCode::corrupt, "a table has fewer rows than it says");
        }
        return {};
    }

    MDB_env* environment_;
    MDB_txn* transaction_;
    std::uint64_t pages_ = 0;
};

/// In the child: what it opens dies with it.
Result<> walk_file(const std::filesystem::path& folder) {
    MDB_env* environment = nullptr;
    MDB_txn* transaction = nullptr;
    int code = mdb_env_create(&environment);
    if (code == MDB_SUCCESS) {
        mdb_env_set_maxdbs(environment, most_databases);
        code = mdb_env_open(environment, folder.c_str(), MDB_RDONLY | MDB_NOTLS, 0644);
    }
    if (code == MDB_SUCCESS) {
        code = mdb_txn_begin(environment, nullptr, MDB_RDONLY, &transaction);
    }
    if (code != MDB_SUCCESS) {
        return lmdb_failure("opening the file", code);
    }
    auto walked = Walk(environment, transaction).all();
    mdb_txn_abort(transaction);
    mdb_env_close(environment);
    return walked;
}

[[noreturn]] void run_child(const std::filesystem::path& folder, int report) {
    for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL}) {
        std::signal(signal, SIG_DFL);
    }
    const rlimit no_core{0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    std::error_code ignored;
    const std::uintmax_t size = std::filesystem::file_size(folder / "data.mdb", ignored);
    // Reading runs at far more than 20 MB a second; what takes longer runs in circles.
    const rlim_t seconds = 10 + static_cast<rlim_t>(size / (std::uintmax_t{20} << 20));
    const rlimit time{seconds, seconds};
    setrlimit(RLIMIT_CPU, &time);
    // LMDB prints where it stumbles; the caller gets an error instead.
    const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(nowhere, STDERR_FILENO);
    const auto walked = walk_file(folder);
    if (walked) {
        _exit(0);
    }
    const std::string& message = walked.error().message;
    const bool is_told =
        ::write(report, message.data(), message.size()) == static_cast<ssize_t>(message.size());
    _exit(is_told && walked.error().code == ErrorCode::io ? 2 : 1);
}

}  // namespace

Result<> check_structure(const std::filesystem::path& folder) {
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0) {
        return fail(ErrorCode::io, std::string("no pipe: ") + std::strerror(errno));
    }
    const pid_t child = fork();
    if (child < 0) {
        ::close(report[0]);
        ::close(report[1]);
        return fail(ErrorCode::io, std::string("no child process: ") + std::strerror(errno));
    }
    if (child == 0) {
        run_child(folder, report[1]);
    }
    ::close(report[1]);
    std::string message;
    char buffer[256];
    for (;;) {
        const ssize_t got = ::read(report[0], buffer, sizeof buffer);
        if (got > 0) {
            message.append(buffer, static_cast<std::size_t>(got));
        } else if (got == 0 || errno != EINTR) {
            break;
        }
    }
    ::close(report[0]);
    int status = 0;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) {
            return fail(ErrorCode::io, "the structural check was lost");
        }
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        return {};
    }
    if (WIFSIGNALED(status)) {
        message = "it stops LMDB with signal " + std::to_string(WTERMSIG(status));
    }
    const bool is_io = WIFEXITED(status) && WEXITSTATUS(status) == 2;
    return fail(is_io ? ErrorCode::io : ErrorCode::corrupt,
                (folder / "data.mdb").string() + (is_io ? ": " : " is damaged: ") + message);
}

}  // namespace aqd::store
