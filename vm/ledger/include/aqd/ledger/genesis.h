#pragma once

#include <aqd/abi/cbor.h>
#include <aqd/abi/keys.h>
#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/crypto/ecdsa.h>
#include <aqd/proof/header.h>
#include <aqd/proof/proof_file.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace aqd::ledger {

inline constexpr std::uint32_t genesis_version = 1;
inline constexpr std::size_t genesis_limit_bytes = std::size_t{1} << 30;

/// Whose clock gives a block its time.
enum class Clock : std::uint8_t {
    system = 0,  ///< the machine's
    manual = 1,  ///< whoever makes the block: tests, scenarios, courses
};

/// Constants of a chain; every node must share them.
struct Rules {
    std::uint64_t transaction_gas = 200'000'000;  ///< the largest gas limit of a transaction
    std::uint64_t block_gas = 20'000'000'000;     ///< of the transactions of a block
    std::uint64_t automatic_gas = 20'000'000;     ///< of one deadline or one delivery
    std::uint32_t timers_per_block = 20'000;
    std::uint32_t deliveries_per_block = 10'000;
    std::uint32_t calls_per_block = 20'000;  ///< of transactions
    std::uint32_t module_bytes = 512 << 10;
    std::uint32_t memory_pages = 16;         ///< 64 KiB each, per contract
    std::uint32_t assertion_seconds = 3600;  ///< how old an assertion may be
    std::uint32_t gas_schedule = 1;

    bool operator==(const Rules&) const = default;
};

/// What a chain begins with (docs/formats/genesis.md). Names are "module.path.Name": lineages
/// depend on the chain id, which depends on this. Days count from 1970-01-01; a range of days
/// includes both ends.
struct Genesis {
    /// From this instant on, the civil clock shows UTC + `seconds`.
    struct Offset {
        std::int64_t from = 0;  ///< UTC seconds; rising; the first applies to all time before, too
        std::int32_t seconds = 0;
        bool operator==(const Offset&) const = default;
    };
    struct Calendar {
        std::string path;                    ///< of the module that contracts name
        std::uint8_t closed_weekdays = 0;    ///< bit 0 Monday … bit 6 Sunday
        std::vector<std::int32_t> holidays;  ///< rising
        bool operator==(const Calendar&) const = default;
    };
    struct Body {
        std::string authority;
        Bytes keys;        ///< CBOR array of its keys
        Bytes attributes;  ///< CBOR array of its `has` fields, in declared order
        std::optional<crypto::PublicKey> assertion_key;
        std::int32_t from = 0;
        std::optional<std::int32_t> until;
        bool operator==(const Body&) const = default;
    };
    struct Mandate {
        std::string role;
        abi::Account account;
        std::string authority;              ///< of the body; empty: a role of no body (credentials)
        Bytes keys;                         ///< of the body; empty if `authority` is
        std::optional<abi::Person> person;  ///< none: the account's own
        std::int32_t from = 0;
        std::optional<std::int32_t> until;
        bool operator==(const Mandate&) const = default;
    };
    struct Module {
        Bytes wasm;
        abi::Account owner;
        bool operator==(const Module&) const = default;
    };
    struct RegisterRow {
        std::string module;
        std::string name;  ///< of the register
        Bytes key;         ///< CBOR
        Bytes value;       ///< CBOR
        bool operator==(const RegisterRow&) const = default;
    };

    std::string name;
    std::int64_t time_ns = 0;  ///< every block is later
    Clock clock = Clock::system;
    std::vector<Offset> offsets;  ///< empty: UTC
    std::vector<Calendar> calendars;
    std::vector<crypto::PublicKey> header_keys;  ///< who may sign blocks; at least one
    std::vector<abi::Account> operators;         ///< who may deploy, register and grant
    std::vector<Body> bodies;
    std::vector<Mandate> mandates;
    std::vector<Module> modules;  ///< used ones before their users
    std::vector<RegisterRow> rows;
    Rules rules;

    bool operator==(const Genesis&) const = default;
};

Bytes encode_genesis(const Genesis& genesis);
/// Canonical CBOR, nothing behind it, every rule of docs/formats/genesis.md that does not need a
/// module decoded.
Result<Genesis> decode_genesis(BytesView bytes);

/// A body and a mandate as one array each, in a genesis and in the arguments of `register_body` and
/// `grant` alike. Reading leaves the reader behind the array.
void write_body(abi::Writer& writer, const Genesis::Body& body);
Result<Genesis::Body> read_body(abi::Reader& reader);
void write_mandate(abi::Writer& writer, const Genesis::Mandate& mandate);
Result<Genesis::Mandate> read_mandate(abi::Reader& reader);

/// Height 0: no roots yet, because keys of the state depend on the chain id; `transactions_root` is
/// SHA-256("aqd/genesis/v1" ‖ encoded genesis).
proof::Header genesis_header(const Genesis& genesis);

/// Hash of the genesis header: the name of the chain everywhere.
Hash256 chain_id(const Genesis& genesis);

/// What a verifier of proofs needs.
proof::Trust trust_of(const Genesis& genesis);

}  // namespace aqd::ledger
