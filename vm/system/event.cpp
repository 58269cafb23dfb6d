#include "vm/system/row_codec.h"

#include <aqd/abi/cbor.h>
#include <aqd/system/event.h>

namespace aqd::system {

// One case for each event, whether or not others say the same.
// NOLINTBEGIN(bugprone-branch-clone)
std::string_view event_name(std::uint16_t kind) {
    switch (kind) {
#define AQD_EVENT(number, name, fields, text) \
    case number:                              \
        return #name;
#include <aqd/system/events.def>
#undef AQD_EVENT
        default:
            return {};
    }
}

std::string_view event_fields(std::uint16_t kind) {
    switch (kind) {
#define AQD_EVENT(number, name, fields, text) \
    case number:                              \
        return fields;
#include <aqd/system/events.def>
#undef AQD_EVENT
        default:
            return {};
    }
}

std::string_view event_text(std::uint16_t kind) {
    switch (kind) {
#define AQD_EVENT(number, name, fields, text) \
    case number:                              \
        return text;
#include <aqd/system/events.def>
#undef AQD_EVENT
        default:
            return {};
    }
}

// NOLINTEND(bugprone-branch-clone)

Bytes encode_event(const Event& event) {
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(3);
    writer.write_uint(static_cast<std::uint64_t>(event.kind));
    write_optional_fixed(writer, event.case_id);
    writer.write_encoded(event.data);
    return out;
}

Result<Event> decode_event(BytesView bytes) {
    Event event;
    abi::Reader reader(bytes);
    AQD_CHECK(reader.expect_array(3));
    AQD_TRY(kind, reader.read_uint_up_to(UINT16_MAX));
    event.kind = static_cast<EventKind>(kind);
    if (event_name(static_cast<std::uint16_t>(kind)).empty()) {
        return fail(ErrorCode::unsupported, "event kind " + std::to_string(kind));
    }
    AQD_TRY(case_id, read_optional_fixed<abi::CaseId>(reader));
    event.case_id = case_id;
    AQD_TRY(data, reader.skip());
    event.data = to_bytes(data);
    AQD_CHECK(reader.finish());
    return event;
}

}  // namespace aqd::system
