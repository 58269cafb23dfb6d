#include "vm/system/row_codec.h"

#include <aqd/abi/cbor.h>
#include <aqd/system/questions.h>
#include <aqd/system/store_keys.h>

namespace aqd::system {

Bytes encode_question(const QuestionRow& row) {
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(8);
    writer.write_text(row.exchange);
    writer.write_encoded(row.asked);
    writer.write_encoded(row.asking);
    writer.write_encoded(row.fields);
    writer.write_int(row.asked_on);
    writer.write_uint(static_cast<std::uint64_t>(row.status));
    write_optional_fixed(writer, row.answering);
    write_optional_bytes(writer, row.timer);
    return out;
}

Result<QuestionRow> decode_question(BytesView bytes) {
    QuestionRow row;
    abi::Reader reader(bytes);
    AQD_CHECK(reader.expect_array(8));
    AQD_TRY(exchange, read_owned_text(reader));
    row.exchange = std::move(exchange);
    AQD_TRY(asked, reader.skip());
    row.asked = to_bytes(asked);
    AQD_TRY(asking, reader.skip());
    row.asking = to_bytes(asking);
    AQD_TRY(fields, reader.skip());
    row.fields = to_bytes(fields);
    AQD_TRY(asked_on, read_day(reader));
    row.asked_on = asked_on;
    AQD_TRY(status, reader.read_uint_up_to(static_cast<std::uint64_t>(QuestionStatus::cancelled)));
    row.status = static_cast<QuestionStatus>(status);
    AQD_TRY(answering, read_optional_fixed<abi::CaseId>(reader));
    row.answering = answering;
    AQD_TRY(timer, read_optional_bytes(reader));
    row.timer = std::move(timer);
    AQD_CHECK(reader.finish());
    return row;
}

Result<std::optional<QuestionRow>> read_question(const state::StateView& view,
                                                 const abi::CaseId& case_id,
                                                 std::uint32_t ordinal) {
    return load_row(view, question_key(case_id, ordinal), decode_question);
}

}  // namespace aqd::system
