#include "vm/system/row_codec.h"

#include <aqd/abi/cbor.h>
#include <aqd/system/civil_clock.h>
#include <aqd/system/store_keys.h>

#include <algorithm>

namespace aqd::system {

Result<CivilClock> CivilClock::from(std::vector<Offset> offsets) {
    constexpr std::int64_t most = calendar::seconds_per_day - 1;
    // Far from overflow: the years of the language span less.
    constexpr std::int64_t latest = std::int64_t{1} << 40;
    for (std::size_t i = 0; i < offsets.size(); ++i) {
        const Offset& offset = offsets[i];
        if (offset.seconds > most || offset.seconds < -most || offset.from > latest ||
            offset.from < -latest) {
            return fail(ErrorCode::invalid, "a civil offset out of range");
        }
        if (i == 0) {
            continue;
        }
        if (offsets[i - 1].from >= offset.from) {
            return fail(ErrorCode::invalid, "civil offsets do not rise");
        }
        const std::int64_t before = calendar::day_of(offset.from - 1 + offsets[i - 1].seconds);
        const std::int64_t after = calendar::day_of(offset.from + offset.seconds);
        if (after < before || after > before + 1) {
            return fail(ErrorCode::invalid,
                        "a civil offset makes the date go back or leaves one out");
        }
    }
    CivilClock clock;
    clock.offsets_ = std::move(offsets);
    return clock;
}

std::int64_t CivilClock::civil_seconds(std::int64_t utc) const {
    std::int64_t seconds = offsets_.empty() ? 0 : offsets_.front().seconds;
    for (const Offset& offset : offsets_) {
        if (offset.from > utc) {
            break;
        }
        seconds = offset.seconds;
    }
    return utc + seconds;
}

calendar::Day CivilClock::day(std::int64_t utc) const {
    const std::int64_t day = calendar::day_of(civil_seconds(utc));
    return static_cast<calendar::Day>(
        std::clamp<std::int64_t>(day, calendar::min_day, calendar::max_day));
}

std::int64_t CivilClock::start_of(calendar::Day day) const {
    const std::int64_t midnight = static_cast<std::int64_t>(day) * calendar::seconds_per_day;
    if (offsets_.empty()) {
        return midnight;
    }
    for (std::size_t i = 0; i < offsets_.size(); ++i) {
        std::int64_t utc = midnight - offsets_[i].seconds;
        if (i > 0) {
            // The day may begin with the change itself.
            utc = std::max(utc, offsets_[i].from);
        }
        if (i + 1 == offsets_.size() || utc < offsets_[i + 1].from) {
            return utc;
        }
    }
    return midnight;
}

Bytes encode_clock(const CivilClock& clock) {
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(clock.offsets().size());
    for (const CivilClock::Offset& offset : clock.offsets()) {
        writer.write_array_header(2);
        writer.write_int(offset.from);
        writer.write_int(offset.seconds);
    }
    return out;
}

Result<CivilClock> decode_clock(BytesView bytes) {
    std::vector<CivilClock::Offset> offsets;
    abi::Reader reader(bytes);
    AQD_TRY(count, reader.read_array_header());
    for (std::uint64_t i = 0; i < count; ++i) {
        AQD_CHECK(reader.expect_array(2));
        CivilClock::Offset offset;
        AQD_TRY(from, reader.read_int());
        offset.from = from;
        AQD_TRY(seconds, read_day(reader));
        offset.seconds = seconds;
        offsets.push_back(offset);
    }
    AQD_CHECK(reader.finish());
    return CivilClock::from(std::move(offsets));
}

Result<CivilClock> read_clock(const state::StateView& view) {
    AQD_TRY(row, load_row(view, offsets_key(), decode_clock));
    return row.value_or(CivilClock());
}

}  // namespace aqd::system
