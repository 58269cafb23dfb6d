#include "vm/system/row_codec.h"

#include <aqd/abi/cbor.h>
#include <aqd/base/assert.h>
#include <aqd/system/timers.h>

#include <algorithm>

namespace aqd::system {
namespace {

constexpr std::size_t order_at = 2 + 8;
constexpr std::size_t key_size = order_at + 8 + 4 + 4;

enum class ClockOfKey : std::uint8_t { civil_day = 0, utc_second = 1 };

/// Bytewise order of these octets is numeric order, negative values included.
void append_ordered(Bytes& out, std::int64_t value) {
    const std::uint64_t shifted = static_cast<std::uint64_t>(value) ^ (std::uint64_t{1} << 63);
    for (unsigned i = 0; i < 8; ++i) {
        out.push_back(static_cast<std::uint8_t>(shifted >> (56 - 8 * i)));
    }
}

void append_big_endian(Bytes& out, std::uint64_t value, unsigned octets) {
    for (unsigned i = octets; i > 0; --i) {
        out.push_back(static_cast<std::uint8_t>(value >> (8 * (i - 1))));
    }
}

Bytes clock_prefix(ClockOfKey clock) {
    return {static_cast<std::uint8_t>(abi::KeyKind::timer), static_cast<std::uint8_t>(clock)};
}

Bytes due_prefix(const Due& due) {
    Bytes key = clock_prefix(due.is_instant ? ClockOfKey::utc_second : ClockOfKey::civil_day);
    append_ordered(key, due.is_instant ? due.instant : due.day);
    return key;
}

Result<std::optional<RipeTimer>> head_of(const state::StateView& view, ClockOfKey clock,
                                         const CivilClock& civil) {
    AQD_TRY(found, view.next(clock_prefix(clock), {}));
    if (!found) {
        return std::optional<RipeTimer>();
    }
    const auto row = decode_timer(found->value);
    if (!row || found->key.size() != key_size) {
        return fail(ErrorCode::corrupt, "a timer row does not decode");
    }
    const std::int64_t first = first_second(row->due, civil);
    return std::optional<RipeTimer>({std::move(found->key), *row, first});
}

/// Octets after the due time: bytewise order is arming order.
BytesView order_of(const RipeTimer& timer) {
    return BytesView(timer.key).subspan(order_at);
}

}  // namespace

Bytes encode_timer(const TimerRow& row) {
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(6);
    writer.write_uint(static_cast<std::uint64_t>(row.waker));
    writer.write_bytes(row.case_id.view());
    writer.write_uint(row.number);
    writer.write_bool(row.due.is_instant);
    writer.write_int(row.due.is_instant ? row.due.instant : row.due.day);
    if (row.term) {
        write_term(writer, *row.term);
    } else {
        writer.write_null();
    }
    return out;
}

Result<TimerRow> decode_timer(BytesView bytes) {
    TimerRow row;
    abi::Reader reader(bytes);
    AQD_CHECK(reader.expect_array(6));
    AQD_TRY(waker, reader.read_uint_up_to(static_cast<std::uint64_t>(Waker::question)));
    row.waker = static_cast<Waker>(waker);
    AQD_TRY(case_id, reader.read_fixed<abi::CaseId>());
    row.case_id = case_id;
    AQD_TRY(number, read_u32(reader));
    row.number = number;
    AQD_TRY(is_instant, reader.read_bool());
    row.due.is_instant = is_instant;
    if (is_instant) {
        AQD_TRY(instant, reader.read_int());
        row.due.instant = instant;
    } else {
        AQD_TRY(day, read_day(reader));
        row.due.day = day;
    }
    AQD_TRY(fixed, reader.take_null());
    if (!fixed) {
        AQD_TRY(term, read_term(reader));
        row.term = term;
    }
    AQD_CHECK(reader.finish());
    return row;
}

Bytes timer_key(const Due& due, const ArmingOrder& order) {
    Bytes key = due_prefix(due);
    append_big_endian(key, order.height, 8);
    append_big_endian(key, order.position, 4);
    append_big_endian(key, order.ordinal, 4);
    return key;
}

Bytes moved_timer_key(BytesView key, const Due& due) {
    AQD_ASSERT(key.size() == key_size);
    Bytes moved = due_prefix(due);
    append(moved, key.subspan(order_at));
    return moved;
}

Result<std::optional<RipeTimer>> next_ripe(const state::StateView& view, const CivilClock& clock,
                                           std::int64_t now) {
    AQD_TRY(by_day, head_of(view, ClockOfKey::civil_day, clock));
    AQD_TRY(by_second, head_of(view, ClockOfKey::utc_second, clock));
    std::optional<RipeTimer>* first = by_day ? &by_day : &by_second;
    if (by_day && by_second) {
        const bool second_wins = by_second->first_second < by_day->first_second ||
                                 (by_second->first_second == by_day->first_second &&
                                  compare(order_of(*by_second), order_of(*by_day)) < 0);
        first = second_wins ? &by_second : &by_day;
    }
    if (!*first || (*first)->first_second > now) {
        return std::optional<RipeTimer>();
    }
    return std::move(*first);
}

}  // namespace aqd::system
