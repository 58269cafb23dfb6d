#pragma once

#include <aqd/embed/value.h>
#include <aqd/exec/host.h>
#include <aqd/exec/trap.h>

#include <cstdint>
#include <exception>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace aqd::embed {

using exec::Trap;

/// What one call of an instance carries along.
struct CallFrame {
    void* host = nullptr;
    std::string message;  ///< why a host function ended it
};

/// What a host function sees of the call that it serves: its first parameter, if it asks for it.
/// Valid only while the function runs.
class Caller {
  public:
    Caller(CallFrame& frame, exec::HostCall& call) : frame_(&frame), call_(&call) {}

    /// The octets [address, address + size) of the instance's memory, or nothing if they are not
    /// all inside it: the function should then return `Trap::memory_out_of_bounds`.
    [[nodiscard]] std::optional<std::span<std::uint8_t>> memory(std::uint64_t address,
                                                                std::uint64_t size) const {
        return call_->memory(address, size);
    }
    /// Pays for work whose cost depends on a size, before it is done. False if the gas does not
    /// suffice: the function should then return, and the call ends `out_of_gas`.
    [[nodiscard]] bool charge(std::uint64_t gas) { return call_->charge(gas); }
    [[nodiscard]] std::uint64_t gas_left() const { return call_->gas_left(); }
    /// What `CallOptions::host` holds; null if the caller gave nothing.
    template <class T>
    [[nodiscard]] T* host() const {
        return static_cast<T*>(frame_->host);
    }
    /// `return caller.refuse("no such account");` ends the call with these words.
    Trap refuse(std::string message) {
        frame_->message = std::move(message);
        return Trap::host_refusal;
    }

  private:
    CallFrame* frame_;
    exec::HostCall* call_;
};

/// From the type of a callable: its parameters without `Caller&`, and how to call it.
template <class Function>
struct Signature : Signature<decltype(&Function::operator())> {};
template <class Result_, class... Parameters>
struct Signature<Result_ (*)(Parameters...)> {
    using Returns = Result_;
    using Takes = std::tuple<Parameters...>;
    static constexpr bool with_caller = false;
};
template <class Result_, class... Parameters>
struct Signature<Result_ (*)(Caller&, Parameters...)> {
    using Returns = Result_;
    using Takes = std::tuple<Parameters...>;
    static constexpr bool with_caller = true;
};
template <class Class, class Result_, class... Parameters>
struct Signature<Result_ (Class::*)(Parameters...) const> : Signature<Result_ (*)(Parameters...)> {
};
template <class Class, class Result_, class... Parameters>
struct Signature<Result_ (Class::*)(Parameters...) const noexcept>
    : Signature<Result_ (*)(Parameters...)> {};
template <class Result_, class... Parameters>
struct Signature<Result_ (*)(Parameters...) noexcept> : Signature<Result_ (*)(Parameters...)> {};

/// What a host function may return, and how that ends its call.
template <class Returned>
struct Returning {
    static_assert(Number<Returned>,
                  "a host function returns nothing, a number, a Trap, or std::expected of a "
                  "number (or nothing) and a Trap");
    using Value = Returned;
    static Trap end(exec::HostCall& call, Returned number) {
        call.set_result(word_of(number));
        return Trap::none;
    }
};
template <>
struct Returning<Trap> {
    using Value = void;
    static Trap end(exec::HostCall& /*call*/, Trap trap) { return trap; }
};
template <class Returned>
struct Returning<std::expected<Returned, Trap>> {
    using Value = Returned;
    static Trap end(exec::HostCall& call, const std::expected<Returned, Trap>& result) {
        if (!result) {
            return result.error();
        }
        if constexpr (!std::is_void_v<Returned>) {
            call.set_result(word_of(*result));
        }
        return Trap::none;
    }
};
template <>
struct Returning<void> {
    using Value = void;
};

/// The functions that a host offers to modules. A lambda gives its WebAssembly type by its own
/// signature:
///
///     HostFunctions functions;
///     functions.add("env", "add", [](std::int32_t a, std::int32_t b) { return a + b; });
///
/// A lambda may take `Caller&` first, for memory, gas and refusals. Modules made with this list
/// share its functions and call them from whichever thread runs an instance: they must be safe for
/// that, and results should depend on nothing but arguments and memory. They must not call into the
/// instance that is running. One that throws ends its call with `host_fault`.
class HostFunctions {
  public:
    /// `gas` is charged before each call. A second function of the same name replaces the first.
    template <class Function>
    HostFunctions& add(std::string module, std::string name, Function function,
                       std::uint32_t gas = 0) {
        using Called = Signature<Function>;
        exec::HostFunction entry;
        entry.module = std::move(module);
        entry.name = std::move(name);
        entry.type = type_for(static_cast<typename Called::Takes*>(nullptr));
        if constexpr (!std::is_void_v<typename Returning<typename Called::Returns>::Value>) {
            entry.type.results.push_back(
                type_of<typename Returning<typename Called::Returns>::Value>());
        }
        entry.gas = gas;
        entry.callback = &serve<Function>;
        auto kept = std::make_shared<const Function>(std::move(function));
        entry.data = kept.get();
        return add(std::move(entry), std::move(kept));
    }
    /// One that reads its own arguments; its context is a `CallFrame`, its type may only have
    /// numbers. `kept` is what `function.data` points at.
    HostFunctions& add(exec::HostFunction function, std::shared_ptr<const void> kept);

    [[nodiscard]] std::span<const exec::HostFunction> functions() const { return functions_; }

  private:
    template <class... Parameters>
    static wasm::FunctionType type_for(std::tuple<Parameters...>* /*parameters*/) {
        static_assert((Number<Parameters> && ...), "a host function takes numbers by value");
        return {{type_of<Parameters>()...}, {}};
    }

    template <class Function, class... Parameters, std::size_t... Index>
    static Trap invoke(const Function& function, Caller& caller, exec::HostCall& call,
                       std::tuple<Parameters...>* /*parameters*/,
                       std::index_sequence<Index...> /*numbers*/) {
        using Called = Signature<Function>;
        const auto run = [&]() -> decltype(auto) {
            if constexpr (Called::with_caller) {
                return function(caller, number_of<Parameters>(call.argument(Index))...);
            } else {
                return function(number_of<Parameters>(call.argument(Index))...);
            }
        };
        if constexpr (std::is_void_v<typename Called::Returns>) {
            run();
            return Trap::none;
        } else {
            return Returning<typename Called::Returns>::end(call, run());
        }
    }

    template <class Function>
    static Trap serve(void* context, exec::HostCall& call) noexcept {
        using Takes = typename Signature<Function>::Takes;
        CallFrame& frame = *static_cast<CallFrame*>(context);
        Caller caller(frame, call);
        try {
            return invoke(*static_cast<const Function*>(call.data()), caller, call,
                          static_cast<Takes*>(nullptr),
                          std::make_index_sequence<std::tuple_size_v<Takes>>());
        } catch (const std::exception& thrown) {
            return failed(frame, thrown.what());
        } catch (...) {
            return failed(frame, "a host function threw");
        }
    }
    static Trap failed(CallFrame& frame, std::string_view words) noexcept;

    std::vector<exec::HostFunction> functions_;
    std::vector<std::shared_ptr<const void>> kept_;
};

}  // namespace aqd::embed
