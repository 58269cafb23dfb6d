#pragma once

#include "vm/store/commit_record.h"

#include <aqd/base/result.h>

#include <filesystem>
#include <optional>

/// The files beside LMDB's in a store's folder.
namespace aqd::store {

/// The right to write, as long as the object lives: `flock` on the file `writer`, which the system
/// lets go of when the process ends, however it ends.
class WriterLock {
  public:
    /// `conflict` if another holds it, in this process too.
    static Result<WriterLock> take(const std::filesystem::path& folder);
    WriterLock(WriterLock&& other) noexcept;
    WriterLock& operator=(WriterLock&&) = delete;
    WriterLock(const WriterLock&) = delete;
    WriterLock& operator=(const WriterLock&) = delete;
    ~WriterLock();

  private:
    explicit WriterLock(int file) : file_(file) {}

    int file_;
};

/// The record in `last_commit`, if it is there and whole. It is written after each commit and not
/// forced to disk: it may be older than LMDB's file, never younger, and so betrays a file that has
/// gone back.
std::optional<CommitRecord> read_last_commit(const std::filesystem::path& folder);

/// A failure is left unsaid: an older or torn record only shows less.
void write_last_commit(const std::filesystem::path& folder, const CommitRecord& record);

/// Makes the names of new files durable.
Result<> sync_folder(const std::filesystem::path& folder);

}  // namespace aqd::store
