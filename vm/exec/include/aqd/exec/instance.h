#pragma once

#include <aqd/base/result.h>
#include <aqd/exec/host.h>
#include <aqd/exec/trap.h>
#include <aqd/prepare/prepare.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace aqd::exec {

/// Bounds of the deterministic stack counters, equal in every tier: the frame of a function counts
/// as 8 octets for each parameter, local and operand at the greatest height of its stack.
inline constexpr std::uint32_t max_call_depth = 256;
inline constexpr std::uint32_t max_stack_bytes = 64 * 1024;

/// A place in the module, for people: it is not part of what consensus sees.
struct Location {
    std::uint32_t function_index = 0;
    std::uint32_t code_offset = 0;  ///< in the module file
    bool operator==(const Location&) const = default;
};

struct Outcome {
    Trap trap = Trap::none;
    /// Empty after a trap; an i32 or f32 is zero-extended. A reference is 0 for null, the host's
    /// own word, or a word that stands for a function as long as the instance lives.
    std::vector<std::uint64_t> results;
    std::uint64_t gas_used = 0;     ///< exact on every path; the whole limit after `out_of_gas`
    std::optional<Location> where;  ///< of a trap
};

/// Prepared code bound to host functions. Read only after it was made; any number of instances and
/// threads share it.
class LinkedModule {
  public:
    struct Parts;  // private to vm/exec
    explicit LinkedModule(std::unique_ptr<const Parts> parts);
    LinkedModule(const LinkedModule&) = delete;
    LinkedModule& operator=(const LinkedModule&) = delete;
    ~LinkedModule();

    [[nodiscard]] const prepare::PreparedCode& code() const;
    [[nodiscard]] const Parts& parts() const { return *parts_; }

  private:
    std::unique_ptr<const Parts> parts_;
};

/// Binds each import to the host function of the same module and name. Errors: `not_found` or
/// `invalid`, naming the import that is missing or whose type differs; `unsupported` for imported
/// memories, tables and globals.
Result<std::shared_ptr<const LinkedModule>> link(prepare::PreparedCode code,
                                                 std::span<const HostFunction> host_functions);

/// The mutable part: memory, globals, tables. Belongs to one thread at a time; different instances
/// are independent.
class Instance {
  public:
    /// `io` if the host refuses the address space for the memory.
    static Result<Instance> create(std::shared_ptr<const LinkedModule> module);
    Instance(Instance&&) noexcept;
    Instance& operator=(Instance&&) noexcept;
    ~Instance();

    /// Applies the active segments and runs the start function. Must be called once after `create`
    /// or `reset`, before `invoke`. The segments trap as the specification says; without a start
    /// function no gas is used.
    Outcome initialise(std::uint64_t gas_limit, void* host_context);

    /// Calls an exported function. The name must be an exported function and the arguments must fit
    /// its parameters in number: see `Instance::check_call` for names that come from outside.
    Outcome invoke(std::string_view export_name, std::span<const std::uint64_t> arguments,
                   std::uint64_t gas_limit, void* host_context);
    /// The same by function index.
    Outcome invoke(std::uint32_t function_index, std::span<const std::uint64_t> arguments,
                   std::uint64_t gas_limit, void* host_context);

    /// The index of an exported function that takes so many arguments; `not_found` or `invalid`
    /// otherwise.
    [[nodiscard]] Result<std::uint32_t> check_call(std::string_view export_name,
                                                   std::size_t argument_count) const;

    /// Back to the state after `create`, by clearing only what was in use.
    void reset();

    [[nodiscard]] std::span<std::uint8_t> memory();
    [[nodiscard]] std::uint64_t global(std::uint32_t index) const;
    [[nodiscard]] const LinkedModule& module() const;

  private:
    friend class Store;
    struct State;
    explicit Instance(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace aqd::exec
