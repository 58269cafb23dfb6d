#include "vm/chain/block_log.h"

#include "tests/vm/chain/scratch_chain.h"

#include <fstream>
#include <iterator>

using namespace aqd;
using namespace aqd::chain;
using namespace aqd::chain::testing;

namespace {

const Hash256 chain_name = Hash256::from(Bytes(32, 1));
const std::vector<Bytes> records{Bytes(10, 1), Bytes(40, 2), Bytes(5, 3)};

Bytes read_all(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void write_all(const std::filesystem::path& path, BytesView bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << as_text(bytes);
}

/// A log of three records; where each ends.
std::vector<std::size_t> make_log(const std::filesystem::path& path) {
    REQUIRE(BlockLog::create(path, chain_name).has_value());
    BlockLog log = value_of(BlockLog::open(path, chain_name, false));
    std::vector<std::size_t> ends{read_all(path).size()};
    for (const Bytes& record : records) {
        REQUIRE(log.append(record).has_value());
        ends.push_back(read_all(path).size());
    }
    return ends;
}

}  // namespace

TEST_CASE("a log cut at any octet keeps the records before the cut and goes on") {
    const Scratch scratch;
    const std::filesystem::path path = scratch.chain();
    const std::vector<std::size_t> ends = make_log(path);
    const Bytes whole = read_all(path);
    for (std::size_t size = ends[0]; size < whole.size(); ++size) {
        write_all(path, BytesView(whole).first(size));
        std::size_t expected = 0;
        while (ends[expected + 1] <= size) {
            ++expected;
        }
        BlockLog log = value_of(BlockLog::open(path, chain_name, false));
        REQUIRE(log.count() == expected);
        REQUIRE(log.append(Bytes(7, 9)).has_value());
        REQUIRE((value_of(log.read(expected)) == Bytes(7, 9)));
    }
}

TEST_CASE("a log with octets that never reached the disk behind it is cut to its records") {
    const Scratch scratch;
    const std::filesystem::path path = scratch.chain();
    make_log(path);
    Bytes padded = read_all(path);
    padded.resize(padded.size() + 5000);
    write_all(path, padded);
    CHECK(value_of(BlockLog::open(path, chain_name, false)).count() == 3);
    CHECK(read_all(path).size() == padded.size() - 5000);
}

TEST_CASE("a changed octet is never read as it is") {
    const Scratch scratch;
    const std::filesystem::path path = scratch.chain();
    const std::vector<std::size_t> ends = make_log(path);
    const Bytes whole = read_all(path);
    for (std::size_t i = 0; i < ends[2]; ++i) {
        Bytes bad = whole;
        bad[i] = static_cast<std::uint8_t>(bad[i] ^ 0x40);
        write_all(path, bad);
        const auto log = BlockLog::open(path, chain_name, true);
        bool noticed = !log.has_value() || log->count() < 3;
        for (std::uint64_t index = 0; !noticed && index < 3; ++index) {
            noticed = !log->read(index).has_value();
        }
        INFO("octet " << i);
        CHECK(noticed);
    }
}

TEST_CASE("a reader leaves the tail alone, another chain's log is refused") {
    const Scratch scratch;
    const std::filesystem::path path = scratch.chain();
    make_log(path);
    Bytes torn = read_all(path);
    torn.pop_back();
    write_all(path, torn);
    CHECK(value_of(BlockLog::open(path, chain_name, true)).count() == 2);
    CHECK(read_all(path).size() == torn.size());
    const auto other = BlockLog::open(path, Hash256(), false);
    REQUIRE_FALSE(other.has_value());
    CHECK(other.error().code == ErrorCode::denied);
}
