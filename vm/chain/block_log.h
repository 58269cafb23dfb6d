#pragma once

#include "vm/chain/file.h"

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>

#include <cstdint>
#include <filesystem>
#include <vector>

namespace aqd::chain {

/// The append-only log of blocks (docs/formats/block_log.md): what a ledger is, all else can be
/// made from it again. One thread appends; others may read records that were there before.
class BlockLog {
  public:
    static constexpr std::size_t record_limit_bytes = std::size_t{1} << 30;
    /// Of a log without records.
    static constexpr std::size_t empty_bytes = 16 + Hash256::size_bytes;

    /// A new log of a chain, on disk when it returns.
    static Result<> create(const std::filesystem::path& path, const Hash256& chain);

    /// Finds the records. An unfinished one at the end, left by a process that was stopped, is cut
    /// off (left alone if `read_only`). `corrupt`, with nothing cut off, for any other damage to
    /// the chain of records, and if there are fewer than `at_least`; `denied` if the log is another
    /// chain's.
    static Result<BlockLog> open(const std::filesystem::path& path, const Hash256& chain,
                                 bool read_only, std::uint64_t at_least = 0);

    [[nodiscard]] std::uint64_t count() const { return offsets_.size(); }
    /// By number from 0. `corrupt` if it is not what was written.
    [[nodiscard]] Result<Bytes> read(std::uint64_t index) const;
    /// On disk when it returns. After an error the log must be opened again.
    Result<> append(BytesView record);

  private:
    BlockLog(File file, std::uint64_t end) : file_(std::move(file)), end_(end) {}
    /// True if a whole record begins at `end_`: it is then taken in.
    Result<bool> take_next(std::uint64_t file_size);
    [[nodiscard]] Result<> check_tail(std::uint64_t file_size) const;

    File file_;
    std::uint64_t end_ = 0;  ///< of the last whole record
    std::vector<std::uint64_t> offsets_;
};

}  // namespace aqd::chain
