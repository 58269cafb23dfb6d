#include "vm/store/structure_check.h"

#include "vm/store/environment.h"
#include "vm/store/page_check.h"

#include <aqd/base/bytes.h>

#include <lmdb.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace aqd::store {

namespace {

/// The octets of a file, mapped for as long as the process lives.
Result<BytesView> map_file(const std::filesystem::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat about{};
    if (file < 0 || fstat(file, &about) != 0) {
        return fail(ErrorCode::io, std::string("opening the file: ") + std::strerror(errno));
    }
    const auto size = static_cast<std::size_t>(about.st_size);
    void* octets = mmap(nullptr, size, PROT_READ, MAP_SHARED, file, 0);
    if (octets == MAP_FAILED) {
        return fail(ErrorCode::io, std::string("mapping the file: ") + std::strerror(errno));
    }
    return BytesView(static_cast<const std::uint8_t*>(octets), size);
}

/// In the child: what it opens dies with it. The read transaction keeps another process from using
/// the pages of this commit again while they are looked at.
Result<> walk_file(const std::filesystem::path& folder) {
    MDB_env* environment = nullptr;
    MDB_txn* transaction = nullptr;
    int code = mdb_env_create(&environment);
    if (code == MDB_SUCCESS) {
        code = mdb_env_open(environment, folder.c_str(), MDB_RDONLY | MDB_NOTLS, 0644);
    }
    if (code == MDB_SUCCESS) {
        code = mdb_txn_begin(environment, nullptr, MDB_RDONLY, &transaction);
    }
    if (code != MDB_SUCCESS) {
        return lmdb_failure("opening the file", code);
    }
    Result<> checked;
    if (const auto file = map_file(folder / "data.mdb")) {
        checked = check_pages(*file, mdb_txn_id(transaction));
    } else {
        checked = std::unexpected(file.error());
    }
    mdb_txn_abort(transaction);
    mdb_env_close(environment);
    return checked;
}

/// While another process commits, both meta pages may be those of later commits by the time that
/// they are read: damage is what is still there at a third look.
Result<> look_again(const std::filesystem::path& folder) {
    auto checked = walk_file(folder);
    for (int i = 0; i < 2 && !checked && checked.error().code == ErrorCode::corrupt; ++i) {
        checked = walk_file(folder);
    }
    return checked;
}

[[noreturn]] void run_child(const std::filesystem::path& folder, int report) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    // Locks of the caller, on other stores, would last as long as this process.
    dup2(report, 3);
    close_range(4, ~0U, 0);
    report = 3;
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
    const auto walked = look_again(folder);
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
