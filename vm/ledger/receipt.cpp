#include <aqd/abi/cbor.h>
#include <aqd/ledger/receipt.h>

namespace aqd::ledger {
namespace {

constexpr std::uint64_t receipt_fields = 14;

template <class Fixed>
void write_optional(abi::Writer& writer, const std::optional<Fixed>& value) {
    if (value) {
        writer.write_bytes(value->view());
    } else {
        writer.write_null();
    }
}

template <class Fixed>
Result<std::optional<Fixed>> read_optional(abi::Reader& reader) {
    AQD_TRY(absent, reader.take_null());
    if (absent) {
        return std::optional<Fixed>();
    }
    AQD_TRY(value, reader.read_fixed<Fixed>());
    return std::optional<Fixed>(value);
}

}  // namespace

Bytes encode_receipt(const Receipt& receipt) {
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(receipt_fields);
    writer.write_uint(static_cast<std::uint64_t>(receipt.origin));
    writer.write_bytes(receipt.transaction.view());
    writer.write_uint(receipt.call_index);
    write_optional(writer, receipt.caller);
    writer.write_text(receipt.module);
    writer.write_uint(receipt.version);
    writer.write_bytes(receipt.code.view());
    writer.write_text(receipt.entry);
    write_optional(writer, receipt.case_id);
    writer.write_int(receipt.effective);
    writer.write_uint(receipt.refusal);
    writer.write_uint(receipt.gas);
    if (receipt.result) {
        writer.write_bytes(*receipt.result);
    } else {
        writer.write_null();
    }
    writer.write_array_header(receipt.events.size());
    for (const system::Event& event : receipt.events) {
        writer.write_encoded(system::encode_event(event));
    }
    return out;
}

Result<Receipt> decode_receipt(BytesView bytes) {
    Receipt receipt;
    abi::Reader reader(bytes);
    AQD_CHECK(reader.expect_array(receipt_fields));
    AQD_TRY(origin, reader.read_uint_up_to(static_cast<std::uint64_t>(Origin::delivery)));
    receipt.origin = static_cast<Origin>(origin);
    AQD_TRY(transaction, reader.read_fixed<Hash256>());
    receipt.transaction = transaction;
    AQD_TRY(call_index, reader.read_uint_up_to(UINT32_MAX));
    receipt.call_index = static_cast<std::uint32_t>(call_index);
    AQD_TRY(caller, read_optional<abi::Account>(reader));
    receipt.caller = caller;
    AQD_TRY(module, reader.read_text());
    receipt.module = module;
    AQD_TRY(version, reader.read_uint_up_to(UINT32_MAX));
    receipt.version = static_cast<std::uint32_t>(version);
    AQD_TRY(code, reader.read_fixed<Hash256>());
    receipt.code = code;
    AQD_TRY(entry, reader.read_text());
    receipt.entry = entry;
    AQD_TRY(case_id, read_optional<abi::CaseId>(reader));
    receipt.case_id = case_id;
    AQD_TRY(effective, reader.read_int());
    if (effective < INT32_MIN || effective > INT32_MAX) {
        return fail(ErrorCode::invalid, "a legal date out of range");
    }
    receipt.effective = static_cast<std::int32_t>(effective);
    AQD_TRY(refusal, reader.read_uint_up_to(UINT16_MAX));
    receipt.refusal = static_cast<std::uint16_t>(refusal);
    AQD_TRY(gas, reader.read_uint());
    receipt.gas = gas;
    AQD_TRY(no_result, reader.take_null());
    if (!no_result) {
        AQD_TRY(result, reader.read_bytes());
        receipt.result = to_bytes(result);
    }
    AQD_TRY(count, reader.read_array_header());
    receipt.events.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i) {
        AQD_TRY(item, reader.skip());
        AQD_TRY(event, system::decode_event(item));
        receipt.events.push_back(std::move(event));
    }
    AQD_CHECK(reader.finish());
    return receipt;
}

}  // namespace aqd::ledger
