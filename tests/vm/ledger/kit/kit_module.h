#pragma once

#include <aqd/abi/manifest.h>
#include <aqd/base/bytes.h>

#include <cstdint>
#include <string>

namespace aqd::ledger::testing {

/// The contract of these tests: every entry carries out a `Script`. Action `run`, view `look`,
/// start `P.open` and step `P.step` take it as their argument; what the ledger itself calls finds
/// it in register `scripts` under its own name: "d1", "d2" (deadlines), "on_n" (listener),
/// "P.on_n", "P.on_ask", "P.on_reply", "P.on_ack". Without a script they do nothing.
struct KitOptions {
    std::string path = "test.kit";
    std::uint32_t version = 1;
    std::int32_t from = 0;
    std::string serves;
    /// Path of the module that declares notice N, exchange X and role Officer; index 1 of `modules`
    /// if it is another one.
    std::string declares = "test.kit";
    std::uint32_t backdated_days = 5;
};

abi::Manifest kit_manifest(const KitOptions& options);
/// Compiled once in a process, then given its manifest.
Bytes kit_module(const abi::Manifest& manifest);
Bytes kit_module(const KitOptions& options = {});

}  // namespace aqd::ledger::testing
