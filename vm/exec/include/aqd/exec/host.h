#pragma once

#include <aqd/exec/trap.h>
#include <aqd/wasm/types.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace aqd::exec {

/// What a host function sees of the call that it serves; valid only while the function runs.
class HostCall {
  public:
    /// The arguments as 64-bit words; an i32 is zero-extended.
    [[nodiscard]] std::span<const std::uint64_t> arguments() const { return arguments_; }
    [[nodiscard]] std::uint64_t argument(std::size_t index) const { return arguments_[index]; }
    /// The result, for a function that has one; an i32 is cut to its lower half. Without a call it
    /// is 0.
    void set_result(std::uint64_t value) { result_ = value; }
    /// The octets [address, address + size) of the instance's memory, or nothing if they are not
    /// all inside it: the function should then return `Trap::memory_out_of_bounds`.
    [[nodiscard]] std::optional<std::span<std::uint8_t>> memory(std::uint64_t address,
                                                                std::uint64_t size) const {
        if (address > memory_.size() || size > memory_.size() - address) {
            return std::nullopt;
        }
        return memory_.subspan(address, size);
    }
    [[nodiscard]] std::uint64_t memory_size() const { return memory_.size(); }
    /// Pays for work whose cost depends on a size, before it is done. False, with nothing left, if
    /// the gas does not suffice: the function should then return `Trap::out_of_gas`.
    [[nodiscard]] bool charge(std::uint64_t gas) {
        if (gas > gas_left_) {
            gas_left_ = 0;
            exhausted_ = true;
            return false;
        }
        gas_left_ -= gas;
        return true;
    }
    [[nodiscard]] std::uint64_t gas_left() const { return gas_left_; }
    /// `HostFunction::data` of the function that is called.
    [[nodiscard]] const void* data() const { return data_; }

    /// Made by the engine, and by tests of host functions.
    HostCall(std::span<const std::uint64_t> arguments, std::span<std::uint8_t> memory,
             std::uint64_t gas_left, const void* data = nullptr)
        : arguments_(arguments), memory_(memory), gas_left_(gas_left), data_(data) {}
    [[nodiscard]] std::uint64_t result() const { return result_; }
    /// Whether a charge failed.
    [[nodiscard]] bool exhausted() const { return exhausted_; }

  private:
    std::span<const std::uint64_t> arguments_;
    std::span<std::uint8_t> memory_;
    std::uint64_t gas_left_;
    const void* data_;
    std::uint64_t result_ = 0;
    bool exhausted_ = false;
};

/// `context` is what the caller of `Instance::invoke` passed. Must not throw and must not call into
/// the instance that is running; another instance is fine.
using HostCallback = Trap (*)(void* context, HostCall& call);

/// A function that the host offers under `module` and `name`. At most one result.
struct HostFunction {
    std::string module;
    std::string name;
    wasm::FunctionType type;
    std::uint32_t gas = 0;  ///< charged before each call, on top of the price of the instruction
    HostCallback callback = nullptr;
    /// The host's own, for callbacks that serve several functions; must outlive the linked module.
    const void* data = nullptr;
};

}  // namespace aqd::exec
