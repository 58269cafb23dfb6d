#include "vm/system/row_codec.h"

#include <aqd/abi/cbor.h>
#include <aqd/system/bodies.h>
#include <aqd/system/case_row.h>
#include <aqd/system/store_keys.h>

namespace aqd::system {
namespace {

constexpr std::uint64_t case_fields = 16;

Result<abi::CaseId> decode_unique(BytesView bytes) {
    abi::Reader reader(bytes);
    AQD_TRY(case_id, reader.read_fixed<abi::CaseId>());
    AQD_CHECK(reader.finish());
    return case_id;
}

Result<std::optional<QuestionLink>> read_link(abi::Reader& reader) {
    AQD_TRY(absent, reader.take_null());
    if (absent) {
        return std::optional<QuestionLink>();
    }
    QuestionLink link;
    AQD_CHECK(reader.expect_array(2));
    AQD_TRY(asking, reader.read_fixed<abi::CaseId>());
    link.asking = asking;
    AQD_TRY(ordinal, read_u32(reader));
    link.ordinal = ordinal;
    return std::optional<QuestionLink>(link);
}

Result<std::vector<ArmedTimer>> read_timers(abi::Reader& reader) {
    std::vector<ArmedTimer> timers;
    AQD_TRY(count, reader.read_array_header());
    for (std::uint64_t i = 0; i < count; ++i) {
        AQD_CHECK(reader.expect_array(2));
        ArmedTimer timer;
        AQD_TRY(deadline, read_u32(reader));
        timer.deadline = deadline;
        AQD_TRY(key, read_owned_bytes(reader));
        timer.key = std::move(key);
        if (!timers.empty() && timers.back().deadline >= deadline) {
            return fail(ErrorCode::non_canonical, "armed timers do not rise");
        }
        timers.push_back(std::move(timer));
    }
    return timers;
}

Result<std::vector<OpenQuestion>> read_open_questions(abi::Reader& reader) {
    std::vector<OpenQuestion> questions;
    AQD_TRY(count, reader.read_array_header());
    for (std::uint64_t i = 0; i < count; ++i) {
        AQD_CHECK(reader.expect_array(2));
        OpenQuestion question;
        AQD_TRY(exchange, reader.read_uint());
        question.exchange = exchange;
        AQD_TRY(ordinal, read_u32(reader));
        question.ordinal = ordinal;
        questions.push_back(question);
    }
    return questions;
}

}  // namespace

Bytes encode_case(const CaseRow& row) {
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(case_fields);
    writer.write_bytes(row.lineage.view());
    writer.write_text(row.procedure);
    writer.write_uint(row.version);
    write_optional_u32(writer, row.state);
    writer.write_bool(row.settled);
    writer.write_bool(row.faulted);
    writer.write_int(row.opened);
    write_day(writer, row.settled_on);
    write_optional_bytes(writer, row.unique);
    writer.write_uint(row.next_ordinal);
    writer.write_array_header(row.timers.size());
    for (const ArmedTimer& timer : row.timers) {
        writer.write_array_header(2);
        writer.write_uint(timer.deadline);
        writer.write_bytes(timer.key);
    }
    if (row.question) {
        writer.write_array_header(2);
        writer.write_bytes(row.question->asking.view());
        writer.write_uint(row.question->ordinal);
    } else {
        writer.write_null();
    }
    writer.write_array_header(row.open_questions.size());
    for (const OpenQuestion& question : row.open_questions) {
        writer.write_array_header(2);
        writer.write_uint(question.exchange);
        writer.write_uint(question.ordinal);
    }
    write_day(writer, row.fired_on);
    writer.write_uint(row.fired);
    if (row.data) {
        writer.write_encoded(*row.data);
    } else {
        writer.write_null();
    }
    return out;
}

Result<CaseRow> decode_case(BytesView bytes) {
    CaseRow row;
    abi::Reader reader(bytes);
    AQD_CHECK(reader.expect_array(case_fields));
    AQD_TRY(lineage, reader.read_fixed<abi::Lineage>());
    row.lineage = lineage;
    AQD_TRY(procedure, read_owned_text(reader));
    row.procedure = std::move(procedure);
    AQD_TRY(version, read_u32(reader));
    row.version = version;
    AQD_TRY(state, read_optional_u32(reader));
    row.state = state;
    AQD_TRY(settled, reader.read_bool());
    row.settled = settled;
    AQD_TRY(faulted, reader.read_bool());
    row.faulted = faulted;
    AQD_TRY(opened, read_day(reader));
    row.opened = opened;
    AQD_TRY(settled_on, read_optional_day(reader));
    row.settled_on = settled_on;
    AQD_TRY(unique, read_optional_bytes(reader));
    row.unique = std::move(unique);
    AQD_TRY(next_ordinal, read_u32(reader));
    row.next_ordinal = next_ordinal;
    AQD_TRY(timers, read_timers(reader));
    row.timers = std::move(timers);
    AQD_TRY(question, read_link(reader));
    row.question = question;
    AQD_TRY(open_questions, read_open_questions(reader));
    row.open_questions = std::move(open_questions);
    AQD_TRY(fired_on, read_optional_day(reader));
    row.fired_on = fired_on;
    AQD_TRY(fired, read_u32(reader));
    row.fired = fired;
    AQD_TRY(absent, reader.take_null());
    if (!absent) {
        AQD_TRY(data, reader.skip());
        row.data = to_bytes(data);
    }
    AQD_CHECK(reader.finish());
    return row;
}

Result<std::optional<CaseRow>> read_case(const state::StateView& view, const abi::CaseId& case_id) {
    return load_row(view, case_key(case_id), decode_case);
}

Bytes unique_key(const abi::Lineage& lineage, std::string_view procedure, BytesView unique) {
    return abi::store_key(abi::KeyKind::unique, lineage, abi::id8(procedure), unique);
}

Result<std::optional<abi::CaseId>> read_unique(const state::StateView& view, BytesView key) {
    return load_row(view, key, decode_unique);
}

Bytes encode_unique(const abi::CaseId& case_id) {
    Bytes out;
    abi::Writer(out).write_bytes(case_id.view());
    return out;
}

}  // namespace aqd::system
