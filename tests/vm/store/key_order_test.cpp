#include "tests/vm/store/scratch.h"
#include "vm/store/keyed_hash.h"

using namespace aqd;
using namespace aqd::store;
using namespace aqd::store::testing;

TEST_CASE("the keyed hash is SipHash-2-4") {
    // The vector of the paper's appendix A: key 00 … 0f, input 00 … 0e.
    std::array<std::uint8_t, 16> key{};
    for (std::uint8_t i = 0; i < key.size(); ++i) {
        key[i] = i;
    }
    const Bytes input(key.begin(), key.end() - 1);
    CHECK(KeyedHash(key)(input) == 0xa129ca6149be45e5);
}

TEST_CASE(
    "a long walk meets every row once, in order, over commits that lengthen and empty stretches") {
    const Scratch scratch;
    const auto store = open_store(scratch.path());
    const auto walk = [&] {
        std::vector<Bytes> keys;
        Bytes after;
        while (const auto row = store->view().next({}, after).value()) {
            keys.push_back(row->key);
            after = row->key;
        }
        return keys;
    };
    std::vector<state::Write> in;
    std::vector<Bytes> expected;
    for (std::uint32_t i = 0; i < 4000; ++i) {
        in.push_back({key_of(i), Bytes{1}});
        expected.push_back(key_of(i));
    }
    commit(*store, writes(in));
    CHECK((walk() == expected));

    // A run in the middle goes, longer than any stretch, then half of it comes back.
    std::vector<state::Write> out;
    for (std::uint32_t i = 1000; i < 2000; ++i) {
        out.push_back({key_of(i), {}});
    }
    commit(*store, writes(out));
    expected.erase(expected.begin() + 1000, expected.begin() + 2000);
    CHECK((walk() == expected));
    std::vector<state::Write> back;
    for (std::uint32_t i = 1200; i < 1700; ++i) {
        back.push_back({key_of(i), Bytes{2}});
    }
    commit(*store, writes(back));
    for (std::uint32_t i = 0; i < 500; ++i) {
        expected.insert(expected.begin() + 1000 + i, key_of(1200 + i));
    }
    CHECK((walk() == expected));
}
