#pragma once

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/embed/host_functions.h>
#include <aqd/embed/value.h>
#include <aqd/exec/trap.h>
#include <aqd/gas/schedule.h>
#include <aqd/wasm/limits.h>
#include <aqd/wasm/types.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The machine for a host that only wants to run modules: octets → `Module` → `Instance` → call. It
/// leaves signals, floating-point state, limits, descriptors and mappings of its host alone.
namespace aqd::embed {

/// What the machine can run, with memories of at most 64 MiB.
constexpr wasm::Limits generous_limits() {
    wasm::Limits limits = wasm::Limits::widest();
    limits.memory_pages = 1'024;
    return limits;
}

struct Options {
    /// What modules may be; `wasm::Limits::contracts()` is what a ledger accepts.
    wasm::Limits limits = generous_limits();
    std::uint32_t gas_schedule = gas::newest_schedule;
};

struct CallOptions {
    std::uint64_t gas_limit = std::numeric_limits<std::int64_t>::max();
    void* host = nullptr;  ///< for `Caller::host`
};

/// Where a call ended early, for people.
struct Place {
    std::uint32_t function_index = 0;
    std::uint32_t code_offset = 0;  ///< in the module file
    std::string file;               ///< empty if the module has no line table
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

/// How a call ended.
struct Outcome {
    Trap trap = Trap::none;
    std::vector<Value> results;  ///< empty after a trap
    std::uint64_t gas_used = 0;  ///< exact on every path; the whole limit after `out_of_gas`
    std::optional<Place> where;  ///< of a trap
    std::string message;         ///< what a host function said when it ended the call

    explicit operator bool() const { return trap == Trap::none; }
    /// The first result; there must be one.
    template <Number T>
    [[nodiscard]] T value() const {
        return results.at(0).as<T>();
    }
};

class Instance;

/// A module ready to run, bound to its host functions. Immutable and cheap to copy; any number of
/// threads share it. Lives on as long as an instance of it.
class Module {
  public:
    struct Function {
        std::string name;
        wasm::FunctionType type;
    };
    /// What it exports to be called, by name.
    [[nodiscard]] std::vector<Function> functions() const;
    /// The type of an exported function; `not_found`.
    [[nodiscard]] Result<wasm::FunctionType> type_of(std::string_view function) const;

    /// A fresh instance, segments applied and the start function run. `invalid` if those trap, with
    /// the trap's name; `io` if there is no address space for the memory.
    [[nodiscard]] Result<Instance> instantiate(const CallOptions& options = {}) const;

  private:
    friend class Engine;
    friend class Instance;
    struct Parts;
    explicit Module(std::shared_ptr<const Parts> parts) : parts_(std::move(parts)) {}
    std::shared_ptr<const Parts> parts_;
};

/// Turns octets into modules. A value without state: any thread may use it.
class Engine {
  public:
    /// `not_found` for a gas schedule that this build does not know.
    static Result<Engine> create(const Options& options = {});

    /// Decodes, validates, translates and binds; linear in the size, whatever the octets are.
    /// Errors say what is wrong and where, as those of `wasm::decode`, `wasm::validate` and
    /// `exec::link` do.
    [[nodiscard]] Result<Module> compile(BytesView wasm, HostFunctions functions = {}) const;

  private:
    Engine(const Options& options, const gas::Schedule& schedule)
        : options_(options), schedule_(schedule) {}
    Options options_;
    gas::Schedule schedule_;
};

/// The mutable part: memory, globals, tables. Belongs to one thread at a time; different instances
/// are independent.
class Instance {
  public:
    Instance(Instance&&) noexcept;
    Instance& operator=(Instance&&) noexcept;
    ~Instance();

    /// Calls an exported function. An error means that nothing ran: `not_found`, `invalid` for
    /// arguments of other number or types, `unsupported` for parameters that are references,
    /// `conflict` if the instance is running already or its last `reset` failed. How the run itself
    /// ended is in the outcome; after a trap the instance is as the trap left it.
    Result<Outcome> call(std::string_view function, std::span<const Value> arguments,
                         const CallOptions& options = {});
    Result<Outcome> call(std::string_view function, std::initializer_list<Value> arguments = {},
                         const CallOptions& options = {}) {
        return call(function, std::span<const Value>(arguments.begin(), arguments.size()), options);
    }

    /// Back to a fresh instance, by clearing only what was in use. Errors as `instantiate` has
    /// them, and `conflict` while it is running.
    Result<> reset(const CallOptions& options = {});

    /// The first memory; empty if there is none. Valid until the instance runs, is reset or moves.
    [[nodiscard]] std::span<std::uint8_t> memory();
    /// Copies out of or into the memory; `too_large` beyond its end.
    [[nodiscard]] Result<Bytes> read(std::uint64_t address, std::uint64_t size);
    Result<> write(std::uint64_t address, BytesView octets);
    /// The value of an exported global; `not_found`.
    [[nodiscard]] Result<Value> global(std::string_view name) const;

    /// How initialising it went: gas of the start function.
    [[nodiscard]] const Outcome& started() const;
    /// A call is under way, further up on the stack of this thread.
    [[nodiscard]] bool is_running() const;
    [[nodiscard]] const Module& module() const;

  private:
    friend class Module;
    friend class InstancePool;
    struct State;
    explicit Instance(std::unique_ptr<State> state);
    Result<> start(const CallOptions& options);
    void clear();
    std::unique_ptr<State> state_;
};

/// Instances of one module that wait to be used again: taking one costs no system call. Any thread
/// may take and give back. Outlives what was taken from it.
class InstancePool {
  public:
    explicit InstancePool(Module module, std::size_t most_idle = 8)
        : module_(std::move(module)), most_idle_(most_idle) {}
    InstancePool(const InstancePool&) = delete;
    InstancePool& operator=(const InstancePool&) = delete;
    InstancePool(InstancePool&&) = delete;
    InstancePool& operator=(InstancePool&&) = delete;
    ~InstancePool() = default;

    /// A fresh instance that goes back to the pool when this is destroyed.
    class Lease {
      public:
        Lease(Lease&& other) noexcept
            : pool_(std::exchange(other.pool_, nullptr)), instance_(std::move(other.instance_)) {}
        Lease& operator=(Lease&&) = delete;
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        ~Lease();
        Instance& operator*() { return instance_; }
        Instance* operator->() { return &instance_; }

      private:
        friend class InstancePool;
        Lease(InstancePool* pool, Instance instance)
            : pool_(pool), instance_(std::move(instance)) {}
        InstancePool* pool_;
        Instance instance_;
    };

    /// Errors as `Module::instantiate` has them.
    Result<Lease> take(const CallOptions& options = {});
    [[nodiscard]] const Module& module() const { return module_; }

  private:
    void give_back(Instance instance);

    Module module_;
    std::size_t most_idle_;
    std::mutex mutex_;
    std::vector<Instance> idle_;  ///< cleared, not started
};

}  // namespace aqd::embed
