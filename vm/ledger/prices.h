#pragma once

#include <cstddef>
#include <cstdint>

// What the ledger itself charges, on top of what code and host functions cost. Part of the gas
// rules of version 1.

namespace aqd::ledger::prices {

/// Paid by the first call of a transaction: its signature and its nonce.
inline constexpr std::uint64_t transaction = 15'000;
inline constexpr std::uint64_t transaction_octet = 2;
inline constexpr std::uint64_t call = 1'000;
/// Checking the signature of an assertion.
inline constexpr std::uint64_t assertion = 15'000;
/// An entry of the ledger itself.
inline constexpr std::uint64_t native_entry = 3'000;
/// Decoding, validating, translating and keeping a module.
inline constexpr std::uint64_t module_octet = 200;

/// What a transaction costs before any of its calls has done anything.
constexpr std::uint64_t of_transaction(std::size_t octets, std::size_t calls) {
    return transaction + transaction_octet * octets + call * calls;
}

}  // namespace aqd::ledger::prices
