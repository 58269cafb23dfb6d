#pragma once

#include <aqd/gas/schedule.h>
#include <aqd/wasm/validate.h>

#include <cstdint>
#include <vector>

namespace aqd::gas {

/// Gas by regions. A *region* reaches from a head to the next transfer of control, that one
/// included; its whole cost is charged when its head is reached. Heads are: the first instruction
/// of a function; the target of a branch; the instruction after a conditional branch that was not
/// taken; either side of an `if`. Transfers are `br`, `br_if`, `br_on_null`, `br_on_non_null`,
/// `br_table`, tail calls, `if`, `else` (met at the end of the first side), `return`, `unreachable`
/// and the `end` of the function. Falling into a label is no transfer: the region goes on through
/// it. A call is none either: what follows it belongs to the same region, so returning charges
/// nothing. Costs that depend on a size are charged by their instruction, before its work.
///
/// `RegionMeter` is the one place where this is computed; every tier and the oracle walk the
/// reachable instructions in order and tell it what they meet.
class RegionMeter {
  public:
    /// A place from which a region can be entered.
    struct Head {
        std::uint32_t region = 0;
        std::uint32_t before = 0;  ///< cost in the region ahead of this place
    };

    explicit RegionMeter(const Schedule& schedule) : schedule_(&schedule) {}

    /// Forgets everything and begins a function that declares so many locals. Its entry is
    /// `Head{}`.
    void begin_function(std::uint32_t local_count) {
        totals_.clear();
        open_cost_ = schedule_->locals_cost(local_count);
    }
    /// An instruction of the region that is open. Sums stop at 2^32 - 1.
    void add(wasm::Opcode opcode) {
        const std::uint32_t price = schedule_->price(opcode);
        open_cost_ = price > 0xffff'ffff - open_cost_ ? 0xffff'ffff : open_cost_ + price;
    }
    /// After a transfer of control has been added: what follows is another region.
    void close() {
        totals_.push_back(open_cost_);
        open_cost_ = 0;
    }
    [[nodiscard]] Head head() const {
        return {static_cast<std::uint32_t>(totals_.size()), open_cost_};
    }
    /// Known once the region of the head has been closed.
    [[nodiscard]] std::uint32_t cost(Head head) const { return totals_[head.region] - head.before; }

  private:
    const Schedule* schedule_;
    std::uint32_t open_cost_ = 0;
    std::vector<std::uint32_t> totals_;
};

/// The cost of entering the region at a file offset.
struct RegionCost {
    std::uint32_t code_offset = 0;
    std::uint32_t cost = 0;
};

/// The heads of one function body in order of their offsets, for listings and for interpreters that
/// work from the bytes. The first one is the entry. The offset of a head is that of its first
/// instruction.
std::vector<RegionCost> region_costs(const wasm::ValidatedModule& module, std::uint32_t body,
                                     const Schedule& schedule);

}  // namespace aqd::gas
