#pragma once

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>

#include <cstddef>
#include <optional>

namespace aqd::state {

/// Store keys have 1 to 480 octets (LMDB takes at most 511), values at most 16 MiB.
inline constexpr std::size_t key_limit_bytes = 480;
inline constexpr std::size_t value_limit_bytes = std::size_t{16} << 20;

/// `invalid` for an empty key, `too_large` for one over the limit.
Result<> check_key(BytesView key);

struct Row {
    Bytes key;
    Bytes value;

    bool operator==(const Row&) const = default;
};

/// A key→value set that can only be read: what simulation, queries, replay and block execution all
/// take. Reading is safe from several threads as long as nobody writes to what lies underneath. An
/// error (`corrupt`, `io`) means that the node must stop: it never stands for "absent".
class StateView {
  public:
    StateView() = default;
    StateView(const StateView&) = default;
    StateView& operator=(const StateView&) = default;
    StateView(StateView&&) = default;
    StateView& operator=(StateView&&) = default;
    virtual ~StateView() = default;

    /// The value under `key`, or nothing. A key that no state can hold is simply absent.
    [[nodiscard]] virtual Result<std::optional<Bytes>> get(BytesView key) const = 0;

    /// The first row, in bytewise order, whose key begins with `prefix` and is greater than
    /// `after`. An empty `after` starts at the first row of the prefix.
    [[nodiscard]] virtual Result<std::optional<Row>> next(BytesView prefix,
                                                          BytesView after) const = 0;
};

}  // namespace aqd::state
