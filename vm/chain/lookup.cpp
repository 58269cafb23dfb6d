#include "vm/chain/parts.h"

#include <aqd/abi/cbor.h>

// Finding things again through the derived tables. A table row is a hint: what it points to is
// checked.

namespace aqd::chain {
namespace {

std::uint64_t read_big_endian(BytesView octets) {
    std::uint64_t value = 0;
    for (const std::uint8_t octet : octets) {
        value = value << 8 | octet;
    }
    return value;
}

}  // namespace

Result<TransactionPlace> Chain::find_transaction(const Hash256& id) const {
    AQD_TRY(row, parts_->store->table_get(transactions_table, id.view()));
    if (!row) {
        return fail(ErrorCode::not_found, "no block has such a transaction");
    }
    TransactionPlace place;
    abi::Reader reader(*row);
    AQD_CHECK(reader.expect_array(2));
    AQD_TRY(height, reader.read_uint());
    place.height = height;
    AQD_TRY(index, reader.read_uint_up_to(UINT32_MAX));
    place.index = static_cast<std::uint32_t>(index);
    AQD_TRY(found, receipts(height));
    for (ledger::Receipt& receipt : found) {
        if (receipt.origin == ledger::Origin::transaction && receipt.transaction == id) {
            place.receipts.push_back(std::move(receipt));
        }
    }
    return place;
}

Result<std::vector<Chain::ReceiptPlace>> Chain::history(const abi::CaseId& case_id) const {
    std::vector<ReceiptPlace> places;
    Bytes after;
    while (true) {
        AQD_TRY(row, parts_->store->table_next(history_table, case_id.view(), after));
        if (!row) {
            return places;
        }
        const BytesView key = row->key;
        if (key.size() != abi::CaseId::size_bytes + 12) {
            return fail(ErrorCode::corrupt, "a row of the history does not decode");
        }
        places.push_back({read_big_endian(key.subspan(abi::CaseId::size_bytes, 8)),
                          static_cast<std::uint32_t>(read_big_endian(key.last(4)))});
        after = std::move(row->key);
    }
}

}  // namespace aqd::chain
