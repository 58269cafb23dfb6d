#include "cli/files/files.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace aqd::files {
namespace {

/// A file descriptor that closes itself.
class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ >= 0) {
            ::close(number_);
        }
    }
    [[nodiscard]] int number() const { return number_; }
    [[nodiscard]] bool is_open() const { return number_ >= 0; }

  private:
    int number_;
};

std::unexpected<Error> system_error(const std::filesystem::path& path, std::string_view doing) {
    const int code = errno;
    const ErrorCode kind = code == ENOENT   ? ErrorCode::not_found
                           : code == EEXIST ? ErrorCode::conflict
                           : code == EACCES ? ErrorCode::denied
                                            : ErrorCode::io;
    return fail(kind,
                path.string() + ": cannot " + std::string(doing) + ": " + std::strerror(code));
}

Result<Bytes> read_all(const Descriptor& file, const std::filesystem::path& path,
                       std::uint64_t limit_bytes) {
    struct stat about{};
    if (::fstat(file.number(), &about) != 0) {
        return system_error(path, "look at it");
    }
    if (S_ISDIR(about.st_mode)) {
        return fail(ErrorCode::io, path.string() + ": is a folder, not a file");
    }
    Bytes content;
    std::uint8_t piece[1 << 16];
    while (true) {
        const ssize_t got = ::read(file.number(), piece, sizeof piece);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return system_error(path, "read");
        }
        if (got == 0) {
            return content;
        }
        if (content.size() + static_cast<std::size_t>(got) > limit_bytes) {
            return fail(ErrorCode::too_large, path.string() + ": is larger than the " +
                                                  std::to_string(limit_bytes) +
                                                  " bytes that are read here");
        }
        append(content, BytesView(piece, static_cast<std::size_t>(got)));
    }
}

Result<void> write_all(const Descriptor& file, const std::filesystem::path& path,
                       BytesView content) {
    std::size_t written = 0;
    while (written < content.size()) {
        const ssize_t put =
            ::write(file.number(), content.data() + written, content.size() - written);
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put < 0) {
            return system_error(path, "write");
        }
        written += static_cast<std::size_t>(put);
    }
    if (::fsync(file.number()) != 0) {
        return system_error(path, "sync");
    }
    return {};
}

}  // namespace

Result<Bytes> read(const std::filesystem::path& path, std::uint64_t limit_bytes) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open()) {
        return system_error(path, "open");
    }
    return read_all(file, path, limit_bytes);
}

Result<Bytes> read_private(const std::filesystem::path& path, std::uint64_t limit_bytes) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file.is_open()) {
        return system_error(path, "open");
    }
    struct stat about{};
    if (::fstat(file.number(), &about) != 0) {
        return system_error(path, "look at it");
    }
    if (about.st_uid != ::geteuid()) {
        return fail(ErrorCode::denied, path.string() + ": belongs to another user");
    }
    if ((about.st_mode & 077) != 0) {
        return fail(ErrorCode::denied, path.string() +
                                           ": others may read it; a key file must have mode 0600 "
                                           "(chmod 600 " +
                                           path.string() + ")");
    }
    return read_all(file, path, limit_bytes);
}

Result<void> write(const std::filesystem::path& path, BytesView content) {
    std::filesystem::path beside = path;
    beside += ".new";
    {
        const Descriptor file(
            ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
        if (!file.is_open()) {
            return system_error(path, "create");
        }
        AQD_CHECK(write_all(file, path, content));
    }
    if (std::rename(beside.c_str(), path.c_str()) != 0) {
        return system_error(path, "replace");
    }
    return {};
}

Result<void> create_private(const std::filesystem::path& path, BytesView content) {
    const Descriptor file(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.is_open()) {
        return system_error(path, "create");
    }
    return write_all(file, path, content);
}

Result<void> make_folder(const std::filesystem::path& path) {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error) {
        return fail(ErrorCode::io, path.string() + ": cannot make the folder: " + error.message());
    }
    return {};
}

}  // namespace aqd::files
