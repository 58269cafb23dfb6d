#include "vm/store/private_store_keys.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace aqd::store {
namespace {

constexpr std::size_t place_bytes = 64;
constexpr std::string_view heading = "aqd record keys 1\n";
constexpr std::size_t sealed_bytes = crypto::SealingKey::size_bytes + crypto::seal_overhead_bytes;
static_assert(sealed_bytes <= place_bytes);

using Place = std::array<std::uint8_t, place_bytes>;

std::unexpected<Error> system_error(std::string_view doing) {
    return fail(ErrorCode::io,
                "record keys: cannot " + std::string(doing) + ": " + std::strerror(errno));
}

Result<void> write_at(int descriptor, std::uint64_t place, const Place& content) {
    const ssize_t put = ::pwrite(descriptor, content.data(), content.size(),
                                 static_cast<off_t>(place * place_bytes));
    return put == static_cast<ssize_t>(content.size()) ? Result<void>() : system_error("write");
}

Result<Place> read_at(int descriptor, std::uint64_t place) {
    Place content{};
    const ssize_t got = ::pread(descriptor, content.data(), content.size(),
                                static_cast<off_t>(place * place_bytes));
    if (got != static_cast<ssize_t>(content.size())) {
        return got < 0
                   ? system_error("read")
                   : Result<Place>(fail(ErrorCode::corrupt, "record keys: the file is cut off"));
    }
    return content;
}

bool is_zero(const Place& content) {
    return std::ranges::all_of(content, [](std::uint8_t octet) { return octet == 0; });
}

Place heading_place() {
    Place content{};
    std::ranges::copy(heading, content.begin());
    return content;
}

/// The associated data of a place: a key moved to another place does not open.
std::array<std::uint8_t, 8> octets_of(std::uint64_t place) {
    std::array<std::uint8_t, 8> octets{};
    for (std::size_t i = 0; i < octets.size(); ++i) {
        octets[i] = static_cast<std::uint8_t>(place >> (56 - 8 * i));
    }
    return octets;
}

}  // namespace

Result<std::unique_ptr<RecordKeys>> RecordKeys::open(const std::filesystem::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) {
        return system_error("open " + path.string());
    }
    // The object closes the descriptor on every way out from here.
    std::unique_ptr<RecordKeys> keys(new RecordKeys(descriptor, 0, {}));
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        return fail(ErrorCode::conflict,
                    path.string() + ": another process has the private store open");
    }
    struct stat about{};
    if (::fstat(descriptor, &about) != 0) {
        return system_error("look at " + path.string());
    }
    const auto size = static_cast<std::uint64_t>(about.st_size);
    if (size == 0) {
        AQD_CHECK(write_at(descriptor, 0, heading_place()));
        AQD_CHECK(keys->sync());
        return keys;
    }
    if (size < place_bytes) {
        return fail(ErrorCode::corrupt, path.string() + ": is cut off");
    }
    AQD_TRY(first, read_at(descriptor, 0));
    if (first != heading_place()) {
        return fail(ErrorCode::corrupt, path.string() + ": is not a file of record keys");
    }
    keys->places_ = size / place_bytes - 1;
    for (std::uint64_t place = 1; place <= keys->places_; ++place) {
        AQD_TRY(content, read_at(descriptor, place));
        if (is_zero(content)) {
            keys->free_.insert(place);
        }
    }
    return keys;
}

RecordKeys::~RecordKeys() {
    ::close(descriptor_);
}

Result<std::uint64_t> RecordKeys::store(const crypto::SealingKey& key,
                                        const crypto::SealingKey& store_key,
                                        crypto::RandomSource& random) {
    const std::uint64_t place = free_.empty() ? places_ + 1 : *free_.begin();
    const Bytes sealed = crypto::seal(store_key, key.view(), octets_of(place), random);
    Place content{};
    std::ranges::copy(sealed, content.begin());
    AQD_CHECK(write_at(descriptor_, place, content));
    free_.erase(place);
    places_ = std::max(places_, place);
    return place;
}

Result<crypto::SealingKey> RecordKeys::load(std::uint64_t place,
                                            const crypto::SealingKey& store_key) const {
    if (place == 0 || place > places_) {
        return fail(ErrorCode::corrupt, "record keys: there is no such place");
    }
    AQD_TRY(content, read_at(descriptor_, place));
    if (is_zero(content)) {
        return fail(ErrorCode::denied, "the record's key was destroyed");
    }
    auto octets = crypto::open(store_key, BytesView(content).first(sealed_bytes), octets_of(place));
    if (!octets) {
        return fail(ErrorCode::corrupt, "record keys: a key does not open");
    }
    auto key = crypto::SealingKey::from_bytes(*octets);
    crypto::wipe(*octets);
    return key;
}

Result<void> RecordKeys::destroy(std::uint64_t place) {
    if (place == 0 || place > places_) {
        return fail(ErrorCode::corrupt, "record keys: there is no such place");
    }
    AQD_CHECK(write_at(descriptor_, place, Place{}));
    AQD_CHECK(sync());
    free_.insert(place);
    return {};
}

Result<void> RecordKeys::sync() {
    return ::fdatasync(descriptor_) == 0 ? Result<void>() : system_error("sync");
}

Result<void> RecordKeys::keep_only(const std::set<std::uint64_t>& used) {
    if (!used.empty() && (*used.begin() == 0 || *used.rbegin() > places_)) {
        return fail(ErrorCode::corrupt,
                    "record keys: the file is cut off, or not that of the records");
    }
    for (const std::uint64_t place : used) {
        free_.erase(place);
    }
    for (std::uint64_t place = 1; place <= places_; ++place) {
        if (!used.contains(place) && !free_.contains(place)) {
            AQD_CHECK(destroy(place));
        }
    }
    return {};
}

}  // namespace aqd::store
