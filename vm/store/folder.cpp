#include "vm/store/folder.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

namespace aqd::store {

namespace {

constexpr std::size_t record_limit = 512;

std::unexpected<Error> system_failure(const std::string& doing) {
    return fail(ErrorCode::io, doing + ": " + std::strerror(errno));
}

}  // namespace

Result<WriterLock> WriterLock::take(const std::filesystem::path& folder) {
    const std::filesystem::path path = folder / "writer";
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0) {
        return system_failure("opening " + path.string());
    }
    WriterLock lock(file);
    if (flock(file, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) {
            return fail(ErrorCode::conflict,
                        "somebody else is writing to the store " + folder.string());
        }
        return system_failure("locking " + path.string());
    }
    return lock;
}

WriterLock::WriterLock(WriterLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

WriterLock::~WriterLock() {
    if (file_ >= 0) {
        ::close(file_);
    }
}

std::optional<CommitRecord> read_last_commit(const std::filesystem::path& folder) {
    const int file = ::open((folder / "last_commit").c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return std::nullopt;
    }
    Bytes bytes(record_limit);
    const ssize_t got = ::read(file, bytes.data(), bytes.size());
    ::close(file);
    if (got < 0) {
        return std::nullopt;
    }
    const auto record = decode_record(BytesView(bytes).first(static_cast<std::size_t>(got)));
    return record ? std::optional(*record) : std::nullopt;
}

void write_last_commit(const std::filesystem::path& folder, const CommitRecord& record) {
    const int file = ::open((folder / "last_commit").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0) {
        return;
    }
    const Bytes bytes = encode_record(record);
    const ssize_t written = ::pwrite(file, bytes.data(), bytes.size(), 0);
    // The first record of a store is shorter than the others, and heights make it longer as they
    // grow.
    if (written != static_cast<ssize_t>(bytes.size()) ||
        ::ftruncate(file, static_cast<off_t>(bytes.size())) != 0) {
        (void)::unlink((folder / "last_commit").c_str());
    }
    ::close(file);
}

Result<> sync_folder(const std::filesystem::path& folder) {
    const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0) {
        return system_failure("opening " + folder.string());
    }
    const int synced = ::fsync(file);
    const int why = errno;
    ::close(file);
    if (synced != 0) {
        errno = why;
        return system_failure("syncing " + folder.string());
    }
    return {};
}

}  // namespace aqd::store
