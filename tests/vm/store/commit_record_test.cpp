#include "vm/store/commit_record.h"

#include <catch2/catch.hpp>

using namespace aqd;
using namespace aqd::store;

TEST_CASE("a commit record with any octet changed or missing is refused") {
    CommitRecord record;
    record.tip = Tip{70000, {}, {}};
    record.tip->state_root.octets.fill(3);
    const Bytes good = encode_record(record);
    REQUIRE((decode_record(good).value() == record));
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (unsigned flip = 1; flip < 256; ++flip) {
            Bytes bad = good;
            bad[at] = static_cast<std::uint8_t>(bad[at] ^ flip);
            REQUIRE_FALSE(decode_record(bad));
        }
        REQUIRE_FALSE(decode_record(BytesView(good).first(at)));
    }
}

TEST_CASE("a record of a store without commits has no tip") {
    const CommitRecord record;
    CHECK((decode_record(encode_record(record)).value() == record));
}

TEST_CASE("the meta digest tells names from values and rows from each other") {
    CHECK((meta_digest({{"a", Bytes{'b'}}}) != meta_digest({{"ab", Bytes{}}})));
    CHECK((meta_digest({{"a", Bytes{}}}) != meta_digest({})));
    CHECK((meta_digest({{"a", Bytes{1}}, {"b", Bytes{}}}) != meta_digest({{"a", Bytes{1}}})));
}

TEST_CASE("a table row is good only under its own table and key") {
    const Bytes stored = seal_row("due", Bytes{1}, Bytes{2});
    CHECK((open_row("due", Bytes{1}, stored).value() == Bytes{2}));
    CHECK(open_row("due", Bytes{2}, stored).error().code == ErrorCode::corrupt);
    CHECK(open_row("dues", Bytes{1}, stored).error().code == ErrorCode::corrupt);
    CHECK_FALSE(open_row("due", Bytes{1}, Bytes{1, 2}));
    Bytes bad = stored;
    bad.back() ^= 1;
    CHECK_FALSE(open_row("due", Bytes{1}, bad));
}
