#include "vm/chain/parts.h"

#include <aqd/abi/cbor.h>
#include <aqd/base/assert.h>

#include <algorithm>
#include <array>
#include <set>
#include <thread>

namespace aqd::chain {
namespace {

/// Fewer signatures than this are not worth a thread.
constexpr std::size_t worth_a_thread = 64;

void append_big_endian(Bytes& out, std::uint64_t value, unsigned octets) {
    for (unsigned i = octets; i > 0; --i) {
        out.push_back(static_cast<std::uint8_t>(value >> (8 * (i - 1))));
    }
}

Bytes place_of(std::uint64_t height, std::uint64_t index) {
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(2);
    writer.write_uint(height);
    writer.write_uint(index);
    return out;
}

}  // namespace

Bytes encode_logged(const LoggedBlock& logged) {
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(2);
    writer.write_encoded(ledger::encode_block(logged.block));
    writer.write_array_header(logged.receipts.size());
    for (const ledger::Receipt& receipt : logged.receipts) {
        writer.write_encoded(ledger::encode_receipt(receipt));
    }
    return out;
}

Result<LoggedBlock> decode_logged(BytesView bytes) {
    LoggedBlock logged;
    abi::Reader reader(bytes);
    AQD_CHECK(reader.expect_array(2));
    AQD_TRY(block_item, reader.skip());
    AQD_TRY(block, ledger::decode_block(block_item));
    logged.block = std::move(block);
    AQD_TRY(count, reader.read_array_header());
    logged.receipts.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i) {
        AQD_TRY(item, reader.skip());
        AQD_TRY(receipt, ledger::decode_receipt(item));
        logged.receipts.push_back(std::move(receipt));
    }
    AQD_CHECK(reader.finish());
    return logged;
}

Result<> check_follows(const proof::Header& header, const proof::Header& previous,
                       const Hash256& chain) {
    const std::string name = "block " + std::to_string(header.height);
    if (header.height != previous.height + 1 || header.chain != chain) {
        return fail(ErrorCode::invalid, name + " is not the next one of this chain");
    }
    if (header.previous != proof::header_hash(previous)) {
        return fail(ErrorCode::invalid, name + " does not follow the block before it");
    }
    if (header.time_ns <= previous.time_ns) {
        return fail(ErrorCode::invalid, name + " is not later than the block before it");
    }
    return {};
}

Result<> check_signatures(const ledger::Block& block, const ledger::Genesis& genesis) {
    const std::string name = "block " + std::to_string(block.header.height);
    const Hash256 digest = proof::header_hash(block.header);
    for (const proof::HeaderSignature& signature : block.signatures) {
        const bool known =
            std::ranges::find(genesis.header_keys, signature.key) != genesis.header_keys.end();
        if (!known || !crypto::verify(signature.key, digest, signature.signature)) {
            return fail(ErrorCode::denied, name + " has a signature that is not good");
        }
    }
    if (block.signatures.empty()) {
        return fail(ErrorCode::denied, name + " is not signed");
    }
    return {};
}

std::vector<Result<ledger::Admitted>> admit_all(std::span<const Bytes> transactions,
                                                const Hash256& chain, bool check_signatures) {
    std::vector<std::optional<Result<ledger::Admitted>>> slots(transactions.size());
    const auto work = [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            slots[i] = check_signatures ? ledger::admit(transactions[i], chain)
                                        : ledger::readmit(transactions[i], chain);
        }
    };
    const std::size_t most = std::max<std::size_t>(1, std::thread::hardware_concurrency());
    const std::size_t threads = std::clamp<std::size_t>(
        check_signatures ? transactions.size() / worth_a_thread : 1, 1, most);
    const std::size_t share = (transactions.size() + threads - 1) / threads;
    {
        std::vector<std::jthread> helpers;
        for (std::size_t i = 1; i < threads; ++i) {
            helpers.emplace_back(work, std::min(i * share, slots.size()),
                                 std::min((i + 1) * share, slots.size()));
        }
        work(0, std::min(share, slots.size()));
    }
    std::vector<Result<ledger::Admitted>> admitted;
    admitted.reserve(slots.size());
    for (std::optional<Result<ledger::Admitted>>& slot : slots) {
        AQD_ASSERT(slot);
        admitted.push_back(std::move(*slot));
    }
    return admitted;
}

Result<std::vector<ledger::Admitted>> admit_block(const ledger::Block& block, const Hash256& chain,
                                                  bool check_signatures) {
    std::vector<ledger::Admitted> admitted;
    admitted.reserve(block.transactions.size());
    for (Result<ledger::Admitted>& one : admit_all(block.transactions, chain, check_signatures)) {
        if (!one) {
            return fail(ErrorCode::corrupt, "block " + std::to_string(block.header.height) +
                                                " has a bad transaction: " + one.error().message);
        }
        admitted.push_back(std::move(*one));
    }
    return admitted;
}

void fill_lists(proof::Header& header, std::span<const Bytes> transactions,
                std::span<const ledger::Receipt> receipts) {
    header.transactions_root = ledger::transactions_root(transactions);
    header.receipts_root = ledger::receipts_root(receipts);
    header.events_root = ledger::events_root(receipts);
}

std::vector<store::TableWrite> table_rows(const LoggedBlock& logged,
                                          std::span<const ledger::Admitted> admitted) {
    std::vector<store::TableWrite> rows;
    rows.reserve(admitted.size());
    const std::uint64_t height = logged.block.header.height;
    for (std::size_t i = 0; i < admitted.size(); ++i) {
        rows.push_back({std::string(transactions_table), to_bytes(admitted[i].id().view()),
                        place_of(height, i)});
    }
    for (std::uint32_t i = 0; i < logged.receipts.size(); ++i) {
        const ledger::Receipt& receipt = logged.receipts[i];
        std::set<abi::CaseId> cases;
        if (receipt.case_id) {
            cases.insert(*receipt.case_id);
        }
        for (const system::Event& event : receipt.events) {
            if (event.case_id) {
                cases.insert(*event.case_id);
            }
        }
        for (const abi::CaseId& case_id : cases) {
            Bytes key = to_bytes(case_id.view());
            append_big_endian(key, height, 8);
            append_big_endian(key, i, 4);
            rows.push_back({std::string(history_table), std::move(key), Bytes()});
        }
    }
    return rows;
}

}  // namespace aqd::chain
