#pragma once

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/prepare/storage_key.h>

#include <cstdint>
#include <filesystem>
#include <optional>

namespace aqd::engine {

/// Stored code in a folder that nobody else may look into: an entry for each module, under its
/// hash, and the key that entries are checked with. It is of use and never of need: what cannot be
/// read or written is not there. Any number of threads and processes may use one folder.
class CodeCache {
  public:
    /// Makes the folder and the key where they are missing. `denied` for a folder of somebody else
    /// or one that others may enter; `io`.
    static Result<CodeCache> open(const std::filesystem::path& folder, std::uint64_t most_octets);
    CodeCache(CodeCache&& other) noexcept;
    CodeCache& operator=(CodeCache&&) = delete;
    CodeCache(const CodeCache&) = delete;
    CodeCache& operator=(const CodeCache&) = delete;
    ~CodeCache();

    [[nodiscard]] const prepare::StorageKey& key() const { return key_; }
    /// Octets that somebody wrote: `prepare::load_stored` says whether they are an entry.
    [[nodiscard]] std::optional<Bytes> read(const Hash256& module) const;
    /// Replaces the entry at once or not at all. Older entries go, so that all come to no more than
    /// the bound.
    void keep(const Hash256& module, BytesView entry) const;

  private:
    CodeCache(int folder, std::uint64_t most_octets, const Hash256& secret)
        : folder_(folder), most_octets_(most_octets), key_(secret) {}
    void trim() const;

    int folder_;
    std::uint64_t most_octets_;
    prepare::StorageKey key_;
};

}  // namespace aqd::engine
