#pragma once

#include "tests/compiler/lower/fake_host.h"

#include <aqd/abi/manifest.h>
#include <aqd/exec/instance.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace aqd::lower::testing {

/// What became of a call.
struct Answer {
    std::uint16_t refusal = 0;  ///< 0: it succeeded
    std::string result;         ///< in diagnostic notation
    std::uint32_t line = 0;     ///< of the refusal
    std::uint64_t gas = 0;
};

/// A module compiled from text, with a host of its own. Each call also runs the module as it is
/// without optimisation, on a copy of the host, and fails the test if anything differs.
class Contract {
  public:
    /// Fails the test, with the diagnostics, if the source has mistakes. `used` are the sources of
    /// the modules that it uses.
    explicit Contract(std::string_view source, const std::vector<std::string>& used = {});

    Answer call(std::string_view entry, std::string_view arguments);
    Answer call_raw(std::string_view entry, Bytes arguments);

    /// The result of a call that must succeed.
    std::string value(std::string_view entry, std::string_view arguments);
    /// The name of a refusal that must come.
    std::string refusal(std::string_view entry, std::string_view arguments);

    /// A call by the machine in a case; empty, or the name or number of the refusal.
    std::string react(std::size_t case_index, std::string_view entry, std::string_view arguments);
    /// The name of the first entry of a kind.
    [[nodiscard]] std::string entry_of(abi::EntryKind kind) const;

    FakeHost host;
    Bytes wasm;
    abi::Manifest manifest;
    abi::LineTable lines;

  private:
    Answer run(const std::shared_ptr<const exec::LinkedModule>& linked, std::string_view entry,
               FakeHost& on, const abi::LineTable* table);

    std::shared_ptr<const exec::LinkedModule> linked_;
    std::shared_ptr<const exec::LinkedModule> plain_;
};

}  // namespace aqd::lower::testing
