#pragma once

#include <aqd/base/bytes.h>

#include <cstdint>
#include <string_view>

namespace aqd::ledger::testing {

/// A list of calls of host functions, which the kit contract (`kit_module.h`) reads from its
/// arguments or from a register and carries out: so that tests in C++ say what a contract does.
class Script {
  public:
    /// Where a piece of data lies in the contract's memory.
    struct Region {
        std::int64_t address = 0;
        std::int64_t size = 0;
    };
    static constexpr std::int64_t scratch = 40'000;    ///< free memory, 20,000 octets
    static constexpr std::int64_t arguments = 60'000;  ///< where `read_arguments` puts them
    /// Refusal of an expectation that does not hold.
    static constexpr std::int64_t unexpected = 256;

    Region data(BytesView bytes);
    Region text(std::string_view value);  ///< as a CBOR text

    /// A row of host_functions.def by name.
    template <class... Values>
    Script& call(std::string_view function, Values... values) {
        const std::int64_t list[] = {static_cast<std::int64_t>(values)..., 0};
        return add(operation_of(function), list, sizeof...(values));
    }
    /// Refuses unless the last result was `value`.
    Script& expect(std::int64_t value, std::int64_t refusal = unexpected);
    Script& refuse(std::int64_t code) { return call("refuse", code); }
    Script& trap();
    Script& spin();
    /// Passes over the next operations if the last result is 0.
    Script& skip_if_zero(std::int64_t operations);
    /// Refuses unless the memory at `address` holds these octets.
    Script& expect_memory(std::int64_t address, BytesView bytes);
    /// Writes the length that the last result gave, as nothing else can: returns [address, last
    /// result) as the result of the call.
    Script& return_last(std::int64_t address);

    /// As the contract reads it: at least 256 octets, so that its CBOR head has three.
    [[nodiscard]] Bytes encode() const;
    /// [bstr]: the arguments of the kit's entries.
    [[nodiscard]] Bytes as_arguments() const;
    /// bstr: a row of the kit's register `scripts`.
    [[nodiscard]] Bytes as_row() const;

  private:
    static std::int64_t operation_of(std::string_view function);
    Script& add(std::int64_t operation, const std::int64_t* values, std::size_t count);

    Bytes operations_;
    Bytes data_;
};

}  // namespace aqd::ledger::testing
