#pragma once

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/crypto/random.h>
#include <aqd/crypto/sealed_box.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <set>
#include <vector>

namespace aqd::store {

/// The file of record keys: 64 octets of heading, then one place of 64 octets a key, each holding
/// `seal(store key, record key)` and zeros. A place of zeros is free. Held under an exclusive lock.
class RecordKeys {
  public:
    /// `conflict` if another process has it; `corrupt` for another heading. A piece of a place at
    /// the end is what an interrupted `store` left.
    static Result<std::unique_ptr<RecordKeys>> open(const std::filesystem::path& path);
    RecordKeys(const RecordKeys&) = delete;
    RecordKeys& operator=(const RecordKeys&) = delete;
    RecordKeys(RecordKeys&&) = delete;
    RecordKeys& operator=(RecordKeys&&) = delete;
    ~RecordKeys();

    /// Writes a key to a free place and returns it; not on disk before `sync`.
    Result<std::uint64_t> store(const crypto::SealingKey& key, const crypto::SealingKey& store_key,
                                crypto::RandomSource& random);
    /// `denied` if the place is empty, `corrupt` if it does not open.
    [[nodiscard]] Result<crypto::SealingKey> load(std::uint64_t place,
                                                  const crypto::SealingKey& store_key) const;
    /// Overwrites a place with zeros, on disk when it returns.
    Result<void> destroy(std::uint64_t place);
    Result<void> sync();
    /// Whether no place holds a key.
    [[nodiscard]] bool is_empty() const { return free_.size() == places_; }
    /// Destroys every place that is not in `used`, what an interrupted `put` left, and gives no
    /// place that is in it to another key, even if it is empty. `corrupt`, and nothing is
    /// destroyed, if the file is too short for `used`.
    Result<void> keep_only(const std::set<std::uint64_t>& used);

  private:
    RecordKeys(int descriptor, std::uint64_t places, std::set<std::uint64_t> free)
        : descriptor_(descriptor), places_(places), free_(std::move(free)) {}

    int descriptor_;
    std::uint64_t places_;
    std::set<std::uint64_t> free_;
};

}  // namespace aqd::store
