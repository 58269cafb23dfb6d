#pragma once

#include <aqd/abi/refusal.h>
#include <aqd/base/bytes.h>
#include <aqd/exec/host.h>
#include <aqd/exec/trap.h>
#include <aqd/host/call_context.h>
#include <aqd/system/deliveries.h>
#include <aqd/system/terms.h>

#include <cstdint>
#include <expected>
#include <optional>

// What the host functions of every topic use: arguments and regions of memory, paid for as the
// table says, and the ways in which a function ends.

namespace aqd::host {

using exec::Trap;

template <class T>
using Or = std::expected<T, Trap>;

/// `AQD_HOST_TRY(name, expression)`: binds the value of an `Or<T>`, or ends the host function with
/// its trap.
#define AQD_HOST_TRY(name, expression)                   \
    auto AQD_CONCAT(aqd_host_, __LINE__) = (expression); \
    if (!AQD_CONCAT(aqd_host_, __LINE__)) {              \
        return AQD_CONCAT(aqd_host_, __LINE__).error();  \
    }                                                    \
    auto name = *std::move(AQD_CONCAT(aqd_host_, __LINE__))

/// The same inside a function that itself returns an `Or<T>`.
#define AQD_OR_TRY(name, expression)                                   \
    auto AQD_CONCAT(aqd_or_, __LINE__) = (expression);                 \
    if (!AQD_CONCAT(aqd_or_, __LINE__)) {                              \
        return std::unexpected(AQD_CONCAT(aqd_or_, __LINE__).error()); \
    }                                                                  \
    auto name = *std::move(AQD_CONCAT(aqd_or_, __LINE__))

/// Ends the host function if a step of it trapped.
#define AQD_HOST_CHECK(expression)                     \
    do {                                               \
        const aqd::exec::Trap aqd_trap = (expression); \
        if (aqd_trap != aqd::exec::Trap::none) {       \
            return aqd_trap;                           \
        }                                              \
    } while (false)

/// One call of one host function.
class Call {
  public:
    Call(CallContext& context, exec::HostCall& raw, std::uint32_t gas_per_byte)
        : context_(&context), raw_(&raw), gas_per_byte_(gas_per_byte) {}

    [[nodiscard]] CallContext& context() const { return *context_; }
    [[nodiscard]] std::uint32_t u32(std::size_t index) const {
        return static_cast<std::uint32_t>(raw_->argument(index));
    }
    [[nodiscard]] std::int32_t i32(std::size_t index) const {
        return static_cast<std::int32_t>(u32(index));
    }
    [[nodiscard]] std::uint64_t u64(std::size_t index) const { return raw_->argument(index); }
    [[nodiscard]] std::int64_t i64(std::size_t index) const {
        return static_cast<std::int64_t>(raw_->argument(index));
    }

    /// The region whose address and length are the arguments at `index` and `index` + 1. Charged.
    [[nodiscard]] Or<BytesView> region(std::size_t index) const;
    /// A region that must be one canonical CBOR item; anything else ends the call with `Trap`.
    [[nodiscard]] Or<BytesView> item(std::size_t index) const;
    /// A region of the octets of `Fixed`, at the address in the argument at `index`. Not charged:
    /// fixed gas covers it.
    template <class Fixed>
    [[nodiscard]] Or<Fixed> fixed(std::size_t index) const {
        const auto memory = raw_->memory(u32(index), Fixed::size_bytes);
        if (!memory) {
            return std::unexpected(Trap::memory_out_of_bounds);
        }
        return Fixed::from(*memory);
    }

    /// Writes all of `value` at the address in the argument at `index`. Not charged.
    [[nodiscard]] Trap write_fixed(std::size_t index, BytesView value) const;
    /// Writes as much of `value` as (out, cap) at `index` takes and returns the whole length.
    /// Charges for all of it: it has been read, however little is taken.
    [[nodiscard]] Trap write_out(std::size_t index, BytesView value) const;
    [[nodiscard]] Trap charge(std::uint64_t gas) const {
        return raw_->charge(gas) ? Trap::none : Trap::out_of_gas;
    }
    [[nodiscard]] std::uint32_t gas_per_byte() const { return gas_per_byte_; }
    /// Pays for the days that working out a term has to look at.
    [[nodiscard]] Trap charge_term(const system::Term& term) const;
    [[nodiscard]] Trap charge_row(const system::CaseRow& row) const;

    [[nodiscard]] Trap give(std::uint64_t value) const {
        raw_->set_result(value);
        return Trap::none;
    }
    [[nodiscard]] Trap give_absent() const { return give(UINT32_MAX); }

    /// Ends the call of the contract with a code.
    [[nodiscard]] Trap refuse(abi::Refusal code) const {
        return refuse(static_cast<std::uint16_t>(code));
    }
    [[nodiscard]] Trap refuse(std::uint16_t code) const;
    /// The node cannot go on.
    [[nodiscard]] Trap fault(Error error) const;
    /// Ends a view that tries to write.
    [[nodiscard]] Trap check_writable() const;
    /// The current case, for functions that make no sense without one.
    [[nodiscard]] Or<CallContext::CurrentCase*> current() const;
    /// Hands something to a module in a later block, if the call succeeds.
    void queue(system::DeliveryRow row) const;
    /// Of an index into the manifest's modules.
    [[nodiscard]] Or<abi::Lineage> lineage(std::size_t index) const;
    /// What a module declares; null if it is not deployed.
    [[nodiscard]] Or<const Declarations*> declarations(const abi::Lineage& lineage) const;
    /// The lineage of a calendar, where -1 stands for none.
    [[nodiscard]] Or<std::optional<abi::Lineage>> calendar(std::size_t index) const;

  private:
    CallContext* context_;
    exec::HostCall* raw_;
    std::uint32_t gas_per_byte_;
};

/// The value of a `Result`, or a fault.
template <class T>
Or<T> or_fault(const Call& call, Result<T> result) {
    if (!result) {
        return std::unexpected(call.fault(std::move(result).error()));
    }
    return std::move(*result);
}

inline Trap trap_of(const Call& call, Result<> result) {
    return result ? Trap::none : call.fault(std::move(result).error());
}

#define AQD_HOST(name, parameters, result, gas, gas_per_byte, doc) \
    Trap host_##name(const Call& call);
#include <aqd/abi/host_functions.def>
#undef AQD_HOST

}  // namespace aqd::host
