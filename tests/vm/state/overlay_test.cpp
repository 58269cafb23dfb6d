#include <aqd/state/memory_state.h>
#include <aqd/state/overlay.h>

#include <catch2/catch.hpp>

#include <random>

using namespace aqd;
using namespace aqd::state;

namespace {

/// A base that cannot be read: every error must reach the caller as it is.
class BrokenState final : public StateView {
  public:
    [[nodiscard]] Result<std::optional<Bytes>> get(BytesView) const override {
        return fail(ErrorCode::corrupt, "broken");
    }
    [[nodiscard]] Result<std::optional<Row>> next(BytesView, BytesView) const override {
        return fail(ErrorCode::corrupt, "broken");
    }
};

MemoryState state_of(std::vector<Write> writes) {
    MemoryState state;
    state.apply(WriteSet::from(std::move(writes)).value());
    return state;
}

std::vector<Row> rows_of(const StateView& view, BytesView prefix) {
    std::vector<Row> rows;
    Bytes after;
    for (;;) {
        const auto row = view.next(prefix, after).value();
        if (!row) {
            return rows;
        }
        rows.push_back(*row);
        after = row->key;
    }
}

}  // namespace

TEST_CASE("a damaged base is an error in an overlay, never an absent key") {
    const BrokenState broken;
    Overlay overlay(broken);
    CHECK(overlay.get(Bytes{1}).error().code == ErrorCode::corrupt);
    CHECK(overlay.next({}, {}).error().code == ErrorCode::corrupt);
    REQUIRE(overlay.put(Bytes{1}, Bytes{2}));
    CHECK(overlay.write_set().error().code == ErrorCode::corrupt);
    CHECK((overlay.get(Bytes{1}).value() == Bytes{2}));
    CHECK(overlay.next({}, {}).error().code == ErrorCode::corrupt);
}

TEST_CASE("an overlay refuses a bad key and stays as it was") {
    const MemoryState base;
    Overlay overlay(base);
    CHECK_FALSE(overlay.put({}, Bytes{1}));
    CHECK_FALSE(overlay.put(Bytes(key_limit_bytes + 1), Bytes{1}));
    CHECK_FALSE(overlay.put(Bytes{1}, Bytes(value_limit_bytes + 1)));
    CHECK_FALSE(overlay.remove({}));
    CHECK(overlay.pending().empty());
}

TEST_CASE("rolling back restores what every nested checkpoint saw") {
    const MemoryState base = state_of({{Bytes{1}, Bytes{10}}, {Bytes{2}, Bytes{20}}});
    Overlay overlay(base);
    REQUIRE(overlay.put(Bytes{1}, Bytes{11}));
    const auto outer = overlay.checkpoint();
    REQUIRE(overlay.remove(Bytes{1}));
    REQUIRE(overlay.put(Bytes{3}, Bytes{30}));
    const auto inner = overlay.checkpoint();
    REQUIRE(overlay.put(Bytes{1}, Bytes{12}));
    REQUIRE(overlay.put(Bytes{1}, Bytes{13}));
    REQUIRE(overlay.remove(Bytes{3}));
    overlay.rollback(inner);
    CHECK((!overlay.get(Bytes{1}).value()));
    CHECK((overlay.get(Bytes{3}).value() == Bytes{30}));
    overlay.rollback(outer);
    CHECK((overlay.get(Bytes{1}).value() == Bytes{11}));
    CHECK((!overlay.get(Bytes{3}).value()));
    CHECK(overlay.pending().size() == 1);
}

TEST_CASE("writes that change nothing are dropped from the write set") {
    const MemoryState base = state_of({{Bytes{1}, Bytes{10}}, {Bytes{2}, Bytes{20}}});
    Overlay overlay(base);
    REQUIRE(overlay.put(Bytes{1}, Bytes{11}));
    REQUIRE(overlay.put(Bytes{1}, Bytes{10}));
    REQUIRE(overlay.remove(Bytes{2}));
    REQUIRE(overlay.put(Bytes{2}, Bytes{20}));
    REQUIRE(overlay.remove(Bytes{3}));
    CHECK(overlay.write_set().value().empty());
    CHECK(overlay.pending().size() == 3);

    // An empty value is a value.
    REQUIRE(overlay.put(Bytes{3}, {}));
    REQUIRE(overlay.write_set().value().size() == 1);
    CHECK((overlay.write_set().value().writes()[0] == Write{Bytes{3}, Bytes{}}));
}

TEST_CASE("an overlay lists pending and base rows as one order") {
    const MemoryState base = state_of({{Bytes{5}, Bytes{0}},
                                       {Bytes{5, 1}, Bytes{1}},
                                       {Bytes{5, 2}, Bytes{2}},
                                       {Bytes{5, 3}, Bytes{3}},
                                       {Bytes{6}, Bytes{9}}});
    Overlay overlay(base);
    REQUIRE(overlay.remove(Bytes{5}));
    REQUIRE(overlay.remove(Bytes{5, 2}));
    REQUIRE(overlay.put(Bytes{5, 1}, Bytes{11}));
    REQUIRE(overlay.put(Bytes{5, 1, 7}, Bytes{17}));
    REQUIRE(overlay.remove(Bytes{5, 3, 0}));
    REQUIRE(overlay.put(Bytes{7}, Bytes{7}));
    const std::vector<Row> expected = {
        {Bytes{5, 1}, Bytes{11}}, {Bytes{5, 1, 7}, Bytes{17}}, {Bytes{5, 3}, Bytes{3}}};
    CHECK((rows_of(overlay, Bytes{5}) == expected));
    CHECK(rows_of(overlay, {}).size() == 5);
    CHECK((!overlay.next(Bytes{5}, Bytes{5, 3}).value()));
}

TEST_CASE("an overlay over an overlay hands its writes down") {
    const MemoryState base = state_of({{Bytes{1}, Bytes{10}}});
    Overlay block(base);
    Overlay call(static_cast<const StateView&>(block));
    REQUIRE(call.put(Bytes{2}, Bytes{20}));
    REQUIRE(call.remove(Bytes{1}));
    CHECK((block.get(Bytes{1}).value() == Bytes{10}));
    const auto before = block.checkpoint();
    REQUIRE(block.apply(call.pending()));
    CHECK((!block.get(Bytes{1}).value()));
    CHECK((block.get(Bytes{2}).value() == Bytes{20}));
    block.rollback(before);
    CHECK((block.get(Bytes{1}).value() == Bytes{10}));
}

TEST_CASE("an overlay behaves as a plain map under any sequence of writes and rollbacks") {
    std::mt19937 random(7);
    for (int round = 0; round < 200; ++round) {
        MemoryState base;
        const auto any_key = [&] {
            Bytes key(1 + random() % 3);
            for (auto& octet : key) {
                octet = static_cast<std::uint8_t>(random() % 3);
            }
            return key;
        };
        for (int i = 0; i < 12; ++i) {
            const Bytes key = any_key();
            base.apply(WriteSet::from({{key, Bytes{static_cast<std::uint8_t>(i)}}}).value());
        }
        Overlay overlay(base);
        MemoryState expected = base;
        std::vector<std::pair<Overlay::Checkpoint, MemoryState>> marks;
        for (int i = 0; i < 60; ++i) {
            const auto choice = random() % 8;
            if (choice == 0) {
                marks.emplace_back(overlay.checkpoint(), expected);
            } else if (choice == 1 && !marks.empty()) {
                overlay.rollback(marks.back().first);
                expected = marks.back().second;
                marks.pop_back();
            } else {
                Write write{any_key(), std::nullopt};
                if (choice > 3) {
                    write.value = Bytes{static_cast<std::uint8_t>(random())};
                }
                REQUIRE((write.value ? overlay.put(write.key, *write.value)
                                     : overlay.remove(write.key)));
                expected.apply(WriteSet::from({write}).value());
            }
            const Bytes prefix = random() % 2 == 0 ? Bytes{} : any_key();
            REQUIRE((rows_of(overlay, prefix) == rows_of(expected, prefix)));
        }
        MemoryState committed = base;
        committed.apply(overlay.write_set().value());
        REQUIRE((committed.rows() == expected.rows()));
    }
}
