#pragma once

#include <aqd/state/ordered_bytes.h>
#include <aqd/state/state_view.h>
#include <aqd/state/write_set.h>

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
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
    /// To stack on an overlay, hand it over as the `StateView` that it is.
    Overlay(const Overlay&) = delete;
    Overlay& operator=(const Overlay&) = delete;
    Overlay(Overlay&&) = delete;
    Overlay& operator=(Overlay&&) = delete;
    ~Overlay() override = default;

    [[nodiscard]] Result<std::optional<Bytes>> get(BytesView key) const override;
    [[nodiscard]] Result<std::optional<Row>> next(BytesView prefix, BytesView after) const override;

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
    struct Undo {
        Bytes key;
        bool was_pending = false;
        std::optional<Bytes> value;  ///< what was pending
    };
    /// What comes after a removed key of the base: the next key that is not removed, or nothing
    /// that begins with `prefix`.
    struct Behind {
        std::optional<Bytes> key;
        Bytes prefix;
    };

    void write(BytesView key, std::optional<Bytes> value);

    /// The first row of the base that is not removed.
    Result<std::optional<Row>> next_of_base(BytesView prefix, BytesView after) const;

    const StateView* base_;
    /// A written key is in one of the two.
    std::map<Bytes, Bytes, BytewiseLess> put_;
    std::set<Bytes, BytewiseLess> removed_;
    /// By the first key of a stretch of removed ones. Who takes rows from the front of a queue
    /// would otherwise pass over all that are gone, again and again. Void when one comes back.
    mutable std::map<Bytes, Behind, BytewiseLess> behind_;
    mutable std::mutex behind_mutex_;
    std::vector<Undo> journal_;
    std::uint64_t octets_written_ = 0;
};

}  // namespace aqd::state
