#include "tests/vm/wasm/wat.h"
#include "vm/prepare/stored_code_layout.h"

#include <aqd/crypto/sha256.h>
#include <aqd/prepare/stored_code.h>
#include <aqd/wasm/decode.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstring>
#include <thread>
#include <vector>

using namespace aqd;
using prepare::StorageKey;
using prepare::StoredFor;
using prepare::StoredHeader;

namespace {

const StorageKey key(crypto::sha256(as_bytes("a node's own secret")));

/// Loops, a table of branches, calls of all kinds, a constant far away, and dead code.
const Bytes& wasm_file() {
    static const Bytes file = test::wat(R"((module
        (type $unary (func (param i32) (result i32)))
        (import "host" "f" (func $host (param i32)))
        (memory 1) (table 2 funcref) (elem (i32.const 0) $double $sum)
        (global $g (mut i64) (i64.const 7))
        (data (i32.const 8) "abc")
        (func $double (type $unary) (i32.add (local.get 0) (local.get 0)))
        (func $sum (export "sum") (type $unary) (local $s i32)
            (block $out
                (loop $again
                    (br_if $out (i32.eqz (local.get 0)))
                    (local.set $s (i32.add (local.get $s) (i32.load (local.get 0))))
                    (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
                    (br $again)))
            (call $host (local.get $s))
            (local.get $s))
        (func (export "choose") (type $unary)
            (block (block (block (br_table 0 1 2 (local.get 0))) (return (i32.const 1)))
                (return (call_indirect (type $unary) (i32.const 3) (local.get 0))))
            (global.set $g (i64.mul (global.get $g) (i64.const 0x123456789abcdef)))
            (i32.wrap_i64 (global.get $g)))))");
    return file;
}

StoredFor purpose() {
    return {crypto::sha256(wasm_file()), {}, *gas::schedule(1)};
}

const prepare::PreparedCode& prepared() {
    static const prepare::PreparedCode code = [] {
        auto module = wasm::decode(wasm_file());
        REQUIRE(module.has_value());
        const auto valid = wasm::validate(std::move(*module));
        REQUIRE(valid.has_value());
        return prepare::prepare(*valid, *gas::schedule(1));
    }();
    return code;
}

const Bytes& entry() {
    static const Bytes stored = prepare::store(prepared(), purpose().module_hash, key);
    return stored;
}

Result<prepare::PreparedCode> load(BytesView stored) {
    return prepare::load_stored(stored, wasm_file(), purpose(), key);
}

/// An entry in which something was changed by one who has the key.
Bytes resummed(Bytes stored) {
    const Hash256 sum = key.sum(BytesView(stored).subspan(prepare::stored_sum_end));
    std::ranges::copy(sum.octets, stored.begin() + offsetof(StoredHeader, sum));
    return stored;
}

template <class Change>
Bytes with_header(Change change) {
    Bytes stored = entry();
    StoredHeader header;
    std::memcpy(&header, stored.data(), sizeof header);
    change(header);
    std::memcpy(stored.data(), &header, sizeof header);
    return resummed(std::move(stored));
}

void check_refused(BytesView stored, ErrorCode code) {
    const auto loaded = load(stored);
    REQUIRE(!loaded.has_value());
    CHECK((loaded.error().code == code));
}

void check_same(const prepare::PreparedCode& loaded) {
    const prepare::PreparedCode& made = prepared();
    CHECK((loaded.words == made.words));
    CHECK((loaded.type_ids == made.type_ids));
    CHECK((loaded.module.canonical_types() == made.module.canonical_types()));
    CHECK((loaded.module->bytes == made.module->bytes));
    CHECK((loaded.schedule.version == made.schedule.version));
    CHECK(loaded.uses_floats == made.uses_floats);
    CHECK((std::ranges::equal(loaded.origins, made.origins, [](const auto& a, const auto& b) {
        return a.word == b.word && a.code_offset == b.code_offset;
    })));
    REQUIRE(loaded.functions.size() == made.functions.size());
    for (std::uint32_t i = 0; i < made.functions.size(); ++i) {
        CHECK(loaded.functions[i].code == made.functions[i].code);
        CHECK(loaded.functions[i].code_words == made.functions[i].code_words);
        CHECK(loaded.functions[i].frame_slots == made.functions[i].frame_slots);
        CHECK(loaded.functions[i].frame_cost_bytes == made.functions[i].frame_cost_bytes);
        CHECK(loaded.functions[i].entry_gas == made.functions[i].entry_gas);
        CHECK(loaded.functions[i].type_id == made.functions[i].type_id);
        CHECK(loaded.module.facts(i).max_height == made.module.facts(i).max_height);
    }
    // Nothing else is in it than what goes into an entry.
    CHECK((prepare::store(loaded, purpose().module_hash, key) == entry()));
}

}  // namespace

TEST_CASE("an entry with any octet changed is refused") {
    for (std::size_t i = 0; i < entry().size(); ++i) {
        for (const std::uint8_t change : std::initializer_list<std::uint8_t>{0x01, 0x80, 0xff}) {
            Bytes changed = entry();
            changed[i] ^= change;
            const auto loaded = load(changed);
            INFO("octet " << i);
            REQUIRE(!loaded.has_value());
        }
    }
}

TEST_CASE("an entry that was cut short or has something behind its end is refused") {
    for (std::size_t size = 0; size < entry().size(); ++size) {
        const auto loaded = load(BytesView(entry()).first(size));
        INFO("size " << size);
        REQUIRE(!loaded.has_value());
        if (size >= sizeof(StoredHeader)) {
            const auto summed = load(resummed(to_bytes(BytesView(entry()).first(size))));
            REQUIRE(!summed.has_value());
            REQUIRE((summed.error().code == ErrorCode::corrupt));
        }
    }
    Bytes longer = entry();
    longer.push_back(0);
    check_refused(longer, ErrorCode::corrupt);
    check_refused(resummed(longer), ErrorCode::corrupt);
}

TEST_CASE("an entry that another node made is refused") {
    const StorageKey other(crypto::sha256(as_bytes("another secret")));
    check_refused(prepare::store(prepared(), purpose().module_hash, other), ErrorCode::corrupt);
}

TEST_CASE("an entry of another build is refused, whoever summed it") {
    check_refused(with_header([](StoredHeader& header) { header.machine[63] ^= 1; }),
                  ErrorCode::unsupported);
    check_refused(with_header([](StoredHeader& header) { ++header.format; }),
                  ErrorCode::unsupported);
    check_refused(with_header([](StoredHeader& header) { header.magic[0] = 'A'; }),
                  ErrorCode::unsupported);
}

TEST_CASE("an entry is for one module, one set of limits and one schedule") {
    check_refused(with_header([](StoredHeader& header) { header.module_hash.octets[0] ^= 1; }),
                  ErrorCode::invalid);
    const auto refused = [](const StoredFor& other) {
        const auto loaded = prepare::load_stored(entry(), wasm_file(), other, key);
        REQUIRE(!loaded.has_value());
        CHECK((loaded.error().code == ErrorCode::invalid));
    };
    StoredFor other = purpose();
    other.limits.locals -= 1;
    refused(other);
    other = purpose();
    other.limits.features.memory64 = true;
    refused(other);
    other = purpose();
    other.schedule.class_price[3] += 1;
    refused(other);
    other = purpose();
    other.schedule.page_price += 1;
    refused(other);
}

TEST_CASE("numbers that lead out of an entry are refused even if its sum is right") {
    for (std::uint32_t StoredHeader::* const count :
         {&StoredHeader::functions, &StoredHeader::types, &StoredHeader::words,
          &StoredHeader::origins, &StoredHeader::origin_octets, &StoredHeader::reserved}) {
        for (const std::uint32_t step : {1U, 0xffff'ffffU, 0x8000'0000U}) {
            check_refused(with_header([&](StoredHeader& header) { header.*count += step; }),
                          ErrorCode::corrupt);
        }
    }
    const auto with_number = [](std::size_t at, std::uint32_t number) {
        Bytes stored = entry();
        std::memcpy(stored.data() + at, &number, sizeof number);
        return resummed(std::move(stored));
    };
    // Where the code of a function begins, how long it is, and how it uses its frame.
    constexpr std::size_t functions = sizeof(StoredHeader);
    for (const std::size_t member : {0U, 1U, 2U, 3U, 5U, 6U, 10U}) {
        check_refused(with_number(functions + 4 * member, 0x7fff'ffff), ErrorCode::corrupt);
    }
    check_refused(with_number(functions + std::size_t{4} * 7, 0), ErrorCode::corrupt);
    const std::size_t types =
        functions + prepared().functions.size() * sizeof(prepare::StoredFunction);
    check_refused(with_number(types, 1), ErrorCode::corrupt);
    const std::size_t origins =
        types + 4 * prepared().type_ids.size() + 2 * prepared().words.size();
    Bytes far = entry();
    far[origins] = 254;
    check_refused(resummed(far), ErrorCode::corrupt);
    far = entry();
    far[origins + 1] = 0xff;
    check_refused(resummed(far), ErrorCode::corrupt);
}

TEST_CASE("what is loaded is what was stored") {
    const auto loaded = load(entry());
    REQUIRE(loaded.has_value());
    check_same(*loaded);
    // At an odd address, too.
    Bytes moved(entry().size() + 1);
    std::ranges::copy(entry(), moved.begin() + 1);
    const auto odd = load(BytesView(moved).subspan(1));
    REQUIRE(odd.has_value());
    check_same(*odd);
}

TEST_CASE("the sum depends on every octet, on the length and on the key") {
    Bytes text(3000, 0);
    const Hash256 sum = key.sum(text);
    for (std::size_t i = 0; i < text.size(); ++i) {
        text[i] = 1;
        REQUIRE((key.sum(text) != sum));
        text[i] = 0;
    }
    CHECK((key.sum(text) == sum));
    for (const std::size_t size : {0U, 1U, 1023U, 1024U, 1025U, 2999U}) {
        CHECK((key.sum(BytesView(text).first(size)) != sum));
        CHECK((key.sum(BytesView(text).first(size)) != key.sum(BytesView(text).first(size + 1))));
    }
    CHECK((StorageKey(crypto::sha256(text)).sum(text) != sum));
}

TEST_CASE("many threads load one entry at a time") {
    std::vector<std::size_t> words(8);
    std::vector<std::thread> threads;
    threads.reserve(words.size());
    entry();
    for (std::size_t& count : words) {
        threads.emplace_back([&count] {
            for (int i = 0; i < 50; ++i) {
                const auto loaded = load(entry());
                count += loaded ? loaded->words.size() : 0;
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    for (const std::size_t count : words) {
        CHECK(count == 50 * prepared().words.size());
    }
}
