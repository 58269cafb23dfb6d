#include "tests/vm/store/scratch.h"

#include <aqd/state/overlay.h>

#include <algorithm>

using namespace aqd;
using namespace aqd::store;
using namespace aqd::store::testing;

namespace {

void check_order(const state::StateView& view, const state::MemoryState& expected,
                 std::mt19937& random) {
    for (int i = 0; i < 40; ++i) {
        const Bytes prefix = random() % 3 == 0 ? Bytes{} : [&] {
            Bytes key = key_of(below(3000, random));
            key.resize(1 + random() % 5);
            return key;
        }();
        const Bytes after = random() % 3 == 0 ? Bytes{} : key_of(below(3000, random));
        REQUIRE((view.next(prefix, after).value() == expected.next(prefix, after).value()));
    }
}

}  // namespace

TEST_CASE("the root depends on the rows alone, whatever was written and removed before") {
    std::mt19937 random(11);
    for (int round = 0; round < 6; ++round) {
        const Scratch scratch;
        auto store = open_store(scratch.path());
        state::MemoryState expected;
        const std::uint32_t keys = round % 2 == 0 ? 60 : 3000;
        for (int batch = 0; batch < 25; ++batch) {
            state::Overlay overlay(expected);
            const std::uint32_t size = 1 + below(keys / 4, random);
            for (std::uint32_t i = 0; i < size; ++i) {
                const Bytes key = key_of(below(keys, random));
                // Batches that mostly add, then ones that mostly remove.
                if (random() % 10 < (batch % 10 < 6 ? 2U : 8U)) {
                    REQUIRE(overlay.remove(key));
                } else {
                    REQUIRE(overlay.put(key, value_of(static_cast<std::uint32_t>(random()))));
                }
            }
            // With no-ops left in: the store must see through them.
            const state::WriteSet set = overlay.pending();
            expected.apply(set);
            auto staged = store->stage(set, {});
            REQUIRE(staged);
            REQUIRE((staged->state_root() == root_of(expected)));
            commit(*store, set);
            REQUIRE((store->root(Trie::state) == root_of(expected)));
            REQUIRE(store->key_count(Trie::state) == expected.size());
            check_order(store->view(), expected, random);
            if (batch % 8 == 7) {
                store.reset();
                store = open_store(scratch.path());
                REQUIRE((store->root(Trie::state) == root_of(expected)));
                check_order(store->view(), expected, random);
            }
        }
        REQUIRE(store->verify_all());
        // Everything out again.
        std::vector<state::Write> all;
        for (const auto& [key, value] : expected.rows()) {
            all.push_back({key, {}});
        }
        commit(*store, writes(all));
        REQUIRE((store->root(Trie::state) == Hash256{}));
        REQUIRE((!store->view().next({}, {}).value()));
    }
}

TEST_CASE("one large batch and many small ones in any order give the same root") {
    std::vector<state::Write> all;
    for (std::uint32_t i = 0; i < 5000; ++i) {
        all.push_back({key_of(i), value_of(i)});
    }
    const Scratch one;
    const auto at_once = open_store(one.path());
    commit(*at_once, writes(all));

    std::mt19937 random(5);
    std::ranges::shuffle(all, random);
    const Scratch two;
    const auto piecemeal = open_store(two.path());
    for (std::size_t begin = 0; begin < all.size(); begin += 500) {
        commit(*piecemeal, writes({all.begin() + static_cast<std::ptrdiff_t>(begin),
                                   all.begin() + static_cast<std::ptrdiff_t>(begin + 500)}));
    }
    CHECK((at_once->root(Trie::state) == piecemeal->root(Trie::state)));
    CHECK(at_once->verify_all());
    CHECK(piecemeal->verify_all());
}

TEST_CASE("the two tries do not touch each other") {
    const Scratch scratch;
    const auto store = open_store(scratch.path());
    commit(*store, writes({{key_of(1), Bytes{1}}}));
    const Hash256 before = store->root(Trie::state);
    commit(*store, {}, writes({{key_of(1), Bytes{2}}, {key_of(2), Bytes{3}}}));
    CHECK((store->root(Trie::state) == before));
    CHECK((store->view().get(key_of(1)).value() == Bytes{1}));
    CHECK((store->view(Trie::replay).get(key_of(1)).value() == Bytes{2}));
}
