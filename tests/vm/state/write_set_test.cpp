#include <aqd/state/memory_state.h>
#include <aqd/state/write_set.h>

#include <catch2/catch.hpp>

using namespace aqd;
using namespace aqd::state;

TEST_CASE("a write set refuses a key twice, an empty key and one over 480 octets") {
    const auto twice = WriteSet::from({{Bytes{1}, Bytes{1}}, {Bytes{2}, {}}, {Bytes{1}, {}}});
    REQUIRE_FALSE(twice);
    CHECK(twice.error().code == ErrorCode::conflict);

    const auto empty = WriteSet::from({{Bytes{}, Bytes{1}}});
    REQUIRE_FALSE(empty);
    CHECK(empty.error().code == ErrorCode::invalid);

    const auto longer = WriteSet::from({{Bytes(key_limit_bytes + 1, 7), Bytes{1}}});
    REQUIRE_FALSE(longer);
    CHECK(longer.error().code == ErrorCode::too_large);
    CHECK(WriteSet::from({{Bytes(key_limit_bytes, 7), Bytes{1}}}));
}

TEST_CASE("a write set refuses a value over the limit") {
    const auto large = WriteSet::from({{Bytes{1}, Bytes(value_limit_bytes + 1, 0)}});
    REQUIRE_FALSE(large);
    CHECK(large.error().code == ErrorCode::too_large);
}

TEST_CASE("a write set comes out sorted, whatever order it was made in") {
    const auto set = WriteSet::from({{Bytes{2}, Bytes{9}}, {Bytes{1, 0}, {}}, {Bytes{1}, Bytes{}}});
    REQUIRE(set);
    REQUIRE(set->size() == 3);
    CHECK((set->writes()[0] == Write{Bytes{1}, Bytes{}}));
    CHECK((set->writes()[1] == Write{Bytes{1, 0}, {}}));
    CHECK((set->writes()[2] == Write{Bytes{2}, Bytes{9}}));
}

TEST_CASE("a state in memory lists the rows of a prefix and no others") {
    MemoryState state;
    state.apply(WriteSet::from({{Bytes{1}, Bytes{1}},
                                {Bytes{1, 5}, Bytes{2}},
                                {Bytes{1, 5, 0}, Bytes{3}},
                                {Bytes{1, 6}, Bytes{4}}})
                    .value());
    const Bytes prefix = {1, 5};
    auto row = state.next(prefix, {}).value();
    REQUIRE((row && row->key == Bytes{1, 5}));
    row = state.next(prefix, row->key).value();
    REQUIRE((row && row->key == Bytes{1, 5, 0}));
    CHECK((!state.next(prefix, row->key).value()));
    CHECK((state.next({}, {}).value()->key == Bytes{1}));
    CHECK((state.next(prefix, Bytes{0}).value()->key == Bytes{1, 5}));
    CHECK((!state.next(prefix, Bytes{9}).value()));
}
