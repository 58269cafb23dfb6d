#include "vm/chain/file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace aqd::chain {

std::unexpected<Error> File::failure(const char* what) const {
    return fail(ErrorCode::io,
                std::string(what) + " " + path_.string() + ": " + std::strerror(errno));
}

Result<File> File::open(const std::filesystem::path& path, Mode mode) {
    int flags = O_CLOEXEC;
    switch (mode) {
        case Mode::read:
            flags |= O_RDONLY;
            break;
        case Mode::append:
            flags |= O_RDWR;
            break;
        case Mode::create:
            flags |= O_RDWR | O_CREAT | O_TRUNC;
            break;
    }
    File file(::open(path.c_str(), flags, 0644), path);
    if (file.descriptor_ < 0) {
        if (errno == ENOENT) {
            return fail(ErrorCode::not_found, "there is no " + path.string());
        }
        return file.failure("opening");
    }
    return file;
}

File::File(File&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}

File& File::operator=(File&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    std::swap(path_, other.path_);
    return *this;
}

File::~File() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

Result<std::uint64_t> File::size() const {
    struct stat facts{};
    if (::fstat(descriptor_, &facts) != 0) {
        return failure("looking at");
    }
    return static_cast<std::uint64_t>(facts.st_size);
}

Result<> File::read(std::uint64_t offset, std::span<std::uint8_t> out) const {
    std::size_t done = 0;
    while (done < out.size()) {
        const ssize_t count = ::pread(descriptor_, out.data() + done, out.size() - done,
                                      static_cast<off_t>(offset + done));
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return failure("reading");
        }
        if (count == 0) {
            return fail(ErrorCode::corrupt, path_.string() + " ends too early", offset + done);
        }
        done += static_cast<std::size_t>(count);
    }
    return {};
}

Result<> File::write(std::uint64_t offset, BytesView bytes) {
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t count = ::pwrite(descriptor_, bytes.data() + done, bytes.size() - done,
                                       static_cast<off_t>(offset + done));
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return failure("writing");
        }
        done += static_cast<std::size_t>(count);
    }
    return {};
}

Result<> File::truncate(std::uint64_t size) {
    if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0) {
        return failure("cutting");
    }
    return {};
}

Result<> File::sync() {
    if (::fdatasync(descriptor_) != 0) {
        return failure("syncing");
    }
    return {};
}

Result<> sync_folder(const std::filesystem::path& folder) {
    AQD_TRY(file, File::open(folder, File::Mode::read));
    return file.sync();
}

}  // namespace aqd::chain
