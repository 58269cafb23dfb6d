#pragma once

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>

#include <cstddef>
#include <optional>
#include <vector>

namespace aqd::state {

/// A key gets a value, or loses it.
struct Write {
    Bytes key;
    std::optional<Bytes> value;

    bool operator==(const Write&) const = default;
};

/// Writes in bytewise order of their keys, one a key.
class WriteSet {
  public:
    WriteSet() = default;

    /// Sorts. `conflict` if a key comes twice; `invalid` or `too_large` for a key or value that no
    /// state can hold.
    static Result<WriteSet> from(std::vector<Write> writes);

    [[nodiscard]] const std::vector<Write>& writes() const { return writes_; }
    [[nodiscard]] std::size_t size() const { return writes_.size(); }
    [[nodiscard]] bool empty() const { return writes_.empty(); }
    [[nodiscard]] auto begin() const { return writes_.begin(); }
    [[nodiscard]] auto end() const { return writes_.end(); }

    bool operator==(const WriteSet&) const = default;

  private:
    friend class Overlay;
    explicit WriteSet(std::vector<Write> sorted) : writes_(std::move(sorted)) {}

    std::vector<Write> writes_;
};

}  // namespace aqd::state
