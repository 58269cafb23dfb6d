#include "vm/system/row_codec.h"

#include <aqd/abi/cbor.h>
#include <aqd/system/deliveries.h>
#include <aqd/system/store_keys.h>

namespace aqd::system {

Bytes encode_delivery(const DeliveryRow& row) {
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(6);
    writer.write_uint(static_cast<std::uint64_t>(row.kind));
    writer.write_bytes(row.case_id.view());
    writer.write_uint(row.ordinal);
    write_optional_fixed(writer, row.module);
    write_optional_bytes(writer, row.reply);
    writer.write_uint(row.further);
    return out;
}

Result<DeliveryRow> decode_delivery(BytesView bytes) {
    DeliveryRow row;
    abi::Reader reader(bytes);
    AQD_CHECK(reader.expect_array(6));
    AQD_TRY(kind, reader.read_uint_up_to(static_cast<std::uint64_t>(DeliveryKind::reply)));
    row.kind = static_cast<DeliveryKind>(kind);
    AQD_TRY(case_id, reader.read_fixed<abi::CaseId>());
    row.case_id = case_id;
    AQD_TRY(ordinal, read_u32(reader));
    row.ordinal = ordinal;
    AQD_TRY(module, read_optional_fixed<abi::Lineage>(reader));
    row.module = module;
    AQD_TRY(reply, read_optional_bytes(reader));
    row.reply = std::move(reply);
    AQD_TRY(further, read_u32(reader));
    row.further = further;
    AQD_CHECK(reader.finish());
    return row;
}

Result<std::optional<QueuedDelivery>> next_delivery(const state::StateView& view,
                                                    std::uint64_t height) {
    AQD_TRY(found, view.next(delivery_prefix(), {}));
    if (!found || delivery_height(found->key) >= height) {
        return std::optional<QueuedDelivery>();
    }
    auto row = decode_delivery(found->value);
    if (!row) {
        return fail(ErrorCode::corrupt, "a delivery row does not decode");
    }
    return std::optional<QueuedDelivery>({std::move(found->key), std::move(*row)});
}

Bytes encode_breach(const BreachRow& row) {
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(2);
    writer.write_encoded(row.body);
    writer.write_int(row.on);
    return out;
}

Result<BreachRow> decode_breach(BytesView bytes) {
    BreachRow row;
    abi::Reader reader(bytes);
    AQD_CHECK(reader.expect_array(2));
    AQD_TRY(body, reader.skip());
    row.body = to_bytes(body);
    AQD_TRY(on, read_day(reader));
    row.on = on;
    AQD_CHECK(reader.finish());
    return row;
}

}  // namespace aqd::system
