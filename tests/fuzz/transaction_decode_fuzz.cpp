#include <aqd/base/assert.h>
#include <aqd/ledger/block.h>
#include <aqd/ledger/transaction.h>

// Octets from the network: transactions, and the receipts and blocks that a node may be handed.
// Whatever decodes must be the one spelling of what it says.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const aqd::BytesView input(data, size);
    if (const auto transaction = aqd::ledger::decode_signed(input)) {
        AQD_ASSERT(aqd::equal(aqd::ledger::encode_signed(*transaction), input));
        const auto admitted = aqd::ledger::readmit(input, transaction->body.chain);
        AQD_ASSERT(admitted.has_value());
        AQD_ASSERT(admitted->id() == aqd::ledger::transaction_id(transaction->body));
    }
    if (const auto receipt = aqd::ledger::decode_receipt(input)) {
        AQD_ASSERT(aqd::equal(aqd::ledger::encode_receipt(*receipt), input));
    }
    if (const auto block = aqd::ledger::decode_block(input)) {
        AQD_ASSERT(aqd::equal(aqd::ledger::encode_block(*block), input));
    }
    return 0;
}
