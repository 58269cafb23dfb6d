#pragma once

#include <aqd/abi/refusal.h>
#include <aqd/base/bytes.h>
#include <aqd/exec/host.h>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace aqd::lower::testing {

/// The host functions over maps in memory: no gas, no rules of the ledger, and a log of what a real
/// host would carry out. A call that is refused does not undo its writes.
class FakeHost {
  public:
    using Named = std::tuple<std::uint32_t, std::uint64_t, Bytes>;  ///< module, id8, CBOR

    struct Case {
        std::uint64_t procedure = 0;
        std::optional<std::uint32_t> state;
        bool settled = false;
        std::int32_t opened = 0;
        std::optional<Bytes> unique;
        std::optional<Bytes> data;

        bool operator==(const Case&) const = default;
    };

    // The call.
    Bytes arguments;
    std::optional<Bytes> result;
    std::uint16_t refusal = 0;

    // The block and the caller.
    std::int32_t today = 20000;
    std::int64_t now = std::int64_t{20000} * 86400;
    std::optional<std::int32_t> effective;
    Bytes account = Bytes(20, 0xAA);
    Bytes person = Bytes(32, 0xBB);
    std::set<Named> roles;  ///< the CBOR is that of the keys; a role without body: no octets
    std::optional<Bytes> body;

    std::set<Named> bodies;
    std::map<Named, Bytes> attributes;
    std::map<Named, Bytes> registers;
    std::vector<Case> cases;
    std::optional<std::size_t> named;  ///< the case that the call names
    std::optional<std::size_t> current;
    std::map<std::uint64_t, Bytes> sent;  ///< recipients by notice
    std::vector<std::string> log;

    /// The table of functions for `exec::link`; the context of a call is a `FakeHost*`.
    static std::vector<exec::HostFunction> functions();

    exec::Trap handle(std::string_view name, exec::HostCall& call);

    bool operator==(const FakeHost&) const = default;

    static Named named_by(std::uint32_t module, std::string_view name, std::string_view keys);

  private:
    exec::Trap refuse(abi::Refusal code);
    exec::Trap handle_call(std::string_view name, exec::HostCall& call);
    exec::Trap handle_actor(std::string_view name, exec::HostCall& call);
    exec::Trap handle_register(std::string_view name, exec::HostCall& call);
    exec::Trap handle_case(std::string_view name, exec::HostCall& call);
    exec::Trap handle_case_store(exec::HostCall& call);
    exec::Trap handle_timer(std::string_view name, exec::HostCall& call);
    exec::Trap handle_message(std::string_view name, exec::HostCall& call);
};

}  // namespace aqd::lower::testing
