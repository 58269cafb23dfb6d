#pragma once

#include <aqd/state/ordered_bytes.h>
#include <aqd/state/state_view.h>
#include <aqd/state/write_set.h>

#include <map>

namespace aqd::state {

/// A state in memory, for tests and simulation. Any thread may read while nobody writes.
class MemoryState final : public StateView {
  public:
    [[nodiscard]] Result<std::optional<Bytes>> get(BytesView key) const override;
    [[nodiscard]] Result<std::optional<Row>> next(BytesView prefix, BytesView after) const override;

    void apply(const WriteSet& writes);
    [[nodiscard]] std::size_t size() const { return rows_.size(); }

    using Rows = std::map<Bytes, Bytes, BytewiseLess>;
    [[nodiscard]] const Rows& rows() const { return rows_; }

  private:
    Rows rows_;
};

}  // namespace aqd::state
