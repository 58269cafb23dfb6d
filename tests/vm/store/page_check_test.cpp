#include "vm/store/page_check.h"

#include "tests/vm/store/scratch.h"

#include <cstring>
#include <fstream>

using namespace aqd;
using namespace aqd::store;
using namespace aqd::store::testing;

namespace {

struct File {
    Bytes octets;
    std::uint64_t transaction = 0;
};

/// The file of a store that has seen removals, large values and several commits.
File sample() {
    const Scratch scratch;
    {
        const auto store = open_store(scratch.path(), {.tables = {"due"}});
        for (std::uint32_t round = 0; round < 6; ++round) {
            std::vector<state::Write> list;
            for (std::uint32_t i = round; i < 400; i += 2) {
                list.push_back({key_of(i), i % 7 == round ? std::nullopt
                                                          : std::optional(value_of(i * round))});
            }
            list.push_back({key_of(1000 + round), Bytes(9000 * (round % 2), 1)});
            commit(*store, writes(list), {}, {.tables = {{"due", key_of(round), Bytes{2}}}});
        }
    }
    std::ifstream in(scratch.path() / "data.mdb", std::ios::binary);
    File file{{std::istreambuf_iterator<char>(in), {}}, 0};
    for (const std::size_t meta : {std::size_t{0}, std::size_t{4096}}) {
        std::uint64_t transaction = 0;
        std::memcpy(&transaction, file.octets.data() + meta + 144, sizeof transaction);
        file.transaction = std::max(file.transaction, transaction);
    }
    return file;
}

}  // namespace

TEST_CASE("octets that are no LMDB file are refused, of whatever size") {
    CHECK(check_pages({}, 1).error().code == ErrorCode::corrupt);
    for (const std::size_t size : {1U, 100U, 1023U, 1024U, 8191U, 8192U, 50000U}) {
        CHECK_FALSE(check_pages(Bytes(size, 0), 1));
        CHECK_FALSE(check_pages(Bytes(size, 0xff), 1));
    }
}

TEST_CASE("a store's file passes as it is, and at no other transaction or length") {
    const File file = sample();
    REQUIRE(check_pages(file.octets, file.transaction));
    CHECK_FALSE(check_pages(file.octets, file.transaction + 1));
    for (std::size_t size = 0; size < file.octets.size(); size += 4096) {
        // Free pages at the end need not be there; everything else must.
        const auto shorter = check_pages(BytesView(file.octets).first(size), file.transaction);
        CHECK((!shorter || size * 2 > file.octets.size()));
    }
}

TEST_CASE(
    "a page's own number, kind or bounds changed are found, and nothing changed makes the check "
    "stumble") {
    const File file = sample();
    std::mt19937 random(5);
    int found = 0;
    int tried = 0;
    for (std::size_t at = 0; at < file.octets.size(); at += 1 + random() % 23) {
        Bytes bad = file.octets;
        bad[at] = static_cast<std::uint8_t>(bad[at] ^ (1U << random() % 8));
        found += check_pages(bad, file.transaction) ? 0 : 1;
        ++tried;
    }
    CHECK(found > 100);
    CHECK(found < tried);
}
