#pragma once

#include <aqd/state/ordered_bytes.h>
#include <aqd/state/state_view.h>
#include <aqd/state/write_set.h>

#include <cstdint>
#include <map>
#include <vector>

namespace aqd::state {

/// Writes kept in memory over a view that stays as it is. Overlays stack: a call over its bundle
/// over its block. One thread writes; while nobody writes, any thread may read. The base must
/// outlive the overlay and not change under it. Open to derivation: a guard that enforces an access
/// set overrides the four operations.
class Overlay : public StateView {
  public:
    /// A moment to go back to.
    class Checkpoint {
        friend class Overlay;
        explicit Checkpoint(std::size_t position) : position_(position) {}
        std::size_t position_;
    };

    explicit Overlay(const StateView& base) : base_(&base) {}

    Result<std::optional<Bytes>> get(BytesView key) const override;
    Result<std::optional<Row>> next(BytesView prefix, BytesView after) const override;

    /// `invalid` or `too_large` for a key or value that no state can hold; nothing is then written.
    virtual Result<> put(BytesView key, BytesView value);
    /// Removing what is not there is no error.
    virtual Result<> remove(BytesView key);

    [[nodiscard]] Checkpoint checkpoint() const { return Checkpoint(journal_.size()); }
    /// Undoes every write made since. Checkpoints nest; those taken since are void. A checkpoint
    /// that is not rolled back needs no ending.
    void rollback(Checkpoint checkpoint);

    /// Takes in the writes of an overlay above this one; `rollback` undoes them too.
    Result<> apply(const WriteSet& writes);

    /// Every key written, no-ops included: what the overlay below takes in. Reads nothing.
    [[nodiscard]] WriteSet pending() const;
    /// The canonical difference from the base: writes that leave their key as the base has it are
    /// dropped, so equal outcomes give equal sets. Reads the base once a key.
    [[nodiscard]] Result<WriteSet> write_set() const;

    /// Octets of all keys and values written so far, overwritten and undone ones included: what
    /// the overlay has cost its host in memory.
    [[nodiscard]] std::uint64_t octets_written() const { return octets_written_; }

    /// Forgets all writes and checkpoints.
    void clear();

  private:
    using Pending = std::map<Bytes, std::optional<Bytes>, BytewiseLess>;
    struct Undo {
        Bytes key;
        bool was_pending = false;
        std::optional<Bytes> value;  ///< what was pending
    };

    void write(BytesView key, std::optional<Bytes> value);

    const StateView* base_;
    Pending pending_;
    std::vector<Undo> journal_;
    std::uint64_t octets_written_ = 0;
};

}  // namespace aqd::state
