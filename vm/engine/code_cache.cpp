#include "vm/engine/code_cache.h"

#include <aqd/base/hex.h>
#include <aqd/crypto/random.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <string>
#include <sys/stat.h>
#include <tuple>
#include <unistd.h>
#include <utility>
#include <vector>

namespace aqd::engine {
namespace {

constexpr const char* key_name = "key";
constexpr mode_t private_folder = 0700;
constexpr mode_t private_file = 0600;
constexpr mode_t of_others = 0077;
/// Code of the largest module is about four times its size.
constexpr off_t largest_entry = 64 << 20;

std::unexpected<Error> system_failure(const std::string& doing) {
    return fail(ErrorCode::io, doing + ": " + std::strerror(errno));
}

class File {
  public:
    explicit File(int number) : number_(number) {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    File(File&&) = delete;
    File& operator=(File&&) = delete;
    ~File() {
        if (number_ >= 0) {
            ::close(number_);
        }
    }
    [[nodiscard]] int number() const { return number_; }
    [[nodiscard]] bool is_open() const { return number_ >= 0; }
    int release() { return std::exchange(number_, -1); }

  private:
    int number_;
};

/// The whole of a plain file of ours.
std::optional<Bytes> read_file(int folder, const char* name) {
    const File file(::openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat facts{};
    if (!file.is_open() || ::fstat(file.number(), &facts) != 0 || !S_ISREG(facts.st_mode) ||
        facts.st_uid != ::geteuid() || (facts.st_mode & of_others) != 0 ||
        facts.st_size > largest_entry) {
        return std::nullopt;
    }
    Bytes content(static_cast<std::size_t>(facts.st_size));
    std::size_t done = 0;
    while (done < content.size()) {
        const ssize_t got = ::read(file.number(), content.data() + done, content.size() - done);
        if (got <= 0) {
            return std::nullopt;
        }
        done += static_cast<std::size_t>(got);
    }
    return content;
}

/// A new file under a name that no other thread or process uses; empty on failure.
std::string write_aside(int folder, BytesView content) {
    static std::atomic<unsigned> count = 0;
    std::string name = "new." + std::to_string(::getpid()) + "." + std::to_string(++count);
    // One of that name is left over from a process that ended in the middle.
    ::unlinkat(folder, name.c_str(), 0);
    const File file(::openat(folder, name.c_str(),
                             O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, private_file));
    if (!file.is_open()) {
        return {};
    }
    for (std::size_t done = 0; done < content.size();) {
        const ssize_t put = ::write(file.number(), content.data() + done, content.size() - done);
        if (put <= 0) {
            ::unlinkat(folder, name.c_str(), 0);
            return {};
        }
        done += static_cast<std::size_t>(put);
    }
    return name;
}

/// The node's own secret, made by whoever comes first.
Result<Hash256> secret_in(int folder) {
    const auto known = read_file(folder, key_name);
    if (known && known->size() == Hash256::size_bytes) {
        return Hash256::from(*known);
    }
    if (known) {
        ::unlinkat(folder, key_name, 0);
    }
    const auto secret = crypto::SystemRandom().draw<Hash256>();
    const std::string name = write_aside(folder, secret.view());
    if (name.empty()) {
        return system_failure("writing the key of the code cache");
    }
    // Unlike a renaming, this leaves the key of another process alone.
    ::linkat(folder, name.c_str(), folder, key_name, 0);
    ::unlinkat(folder, name.c_str(), 0);
    const auto made = read_file(folder, key_name);
    if (!made || made->size() != Hash256::size_bytes) {
        return fail(ErrorCode::io, "the key of the code cache cannot be read");
    }
    return Hash256::from(*made);
}

}  // namespace

Result<CodeCache> CodeCache::open(const std::filesystem::path& folder, std::uint64_t most_octets) {
    if (::mkdir(folder.c_str(), private_folder) != 0 && errno != EEXIST) {
        return system_failure("making the code cache " + folder.string());
    }
    File opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    struct stat facts{};
    if (!opened.is_open() || ::fstat(opened.number(), &facts) != 0) {
        return system_failure("opening the code cache " + folder.string());
    }
    if (facts.st_uid != ::geteuid() || (facts.st_mode & of_others) != 0) {
        return fail(ErrorCode::denied, "the code cache " + folder.string() +
                                           " must belong to this user alone (mode 0700)");
    }
    AQD_TRY(secret, secret_in(opened.number()));
    return CodeCache(opened.release(), most_octets, secret);
}

CodeCache::CodeCache(CodeCache&& other) noexcept
    : folder_(std::exchange(other.folder_, -1)),
      most_octets_(other.most_octets_),
      key_(other.key_) {}

CodeCache::~CodeCache() {
    if (folder_ >= 0) {
        ::close(folder_);
    }
}

std::optional<Bytes> CodeCache::read(const Hash256& module) const {
    return read_file(folder_, to_hex(module.view()).c_str());
}

void CodeCache::keep(const Hash256& module, BytesView entry) const {
    const std::string name = write_aside(folder_, entry);
    if (name.empty()) {
        return;
    }
    if (::renameat(folder_, name.c_str(), folder_, to_hex(module.view()).c_str()) != 0) {
        ::unlinkat(folder_, name.c_str(), 0);
    }
    trim();
}

void CodeCache::trim() const {
    struct Close {
        void operator()(DIR* list) const { ::closedir(list); }
    };
    File again(::openat(folder_, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const std::unique_ptr<DIR, Close> list(again.is_open() ? ::fdopendir(again.number()) : nullptr);
    if (list == nullptr) {
        return;
    }
    again.release();
    struct Entry {
        timespec written;
        std::string name;
        std::uint64_t octets;
    };
    std::vector<Entry> entries;
    std::uint64_t octets = 0;
    // Each thread has a list of its own.
    while (const dirent* item = ::readdir(list.get())) {  // NOLINT(concurrency-mt-unsafe)
        struct stat facts{};
        const std::string name(static_cast<const char*>(item->d_name));
        if (name == key_name ||
            ::fstatat(folder_, name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0 ||
            !S_ISREG(facts.st_mode)) {
            continue;
        }
        octets += static_cast<std::uint64_t>(facts.st_size);
        entries.push_back({facts.st_mtim, name, static_cast<std::uint64_t>(facts.st_size)});
    }
    std::ranges::sort(entries, {}, [](const Entry& entry) {
        return std::tuple(entry.written.tv_sec, entry.written.tv_nsec, entry.name);
    });
    for (const Entry& entry : entries) {
        if (octets <= most_octets_) {
            return;
        }
        ::unlinkat(folder_, entry.name.c_str(), 0);
        octets -= entry.octets;
    }
}

}  // namespace aqd::engine
