#include "tests/vm/store/scratch.h"

#include <aqd/store/private_store.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <sys/stat.h>

namespace aqd::store {
namespace {

namespace fs = std::filesystem;
using testing::Scratch;

crypto::SealingKey key_of(std::uint8_t octet) {
    return crypto::SealingKey::from_bytes(Bytes(32, octet)).value();
}

crypto::SecretKey signer() {
    return crypto::SecretKey::from_seed(as_bytes("holder"));
}

PrivateRecord record_of(std::uint8_t number) {
    PrivateRecord record;
    record.commitment.octets.fill(number);
    record.value = to_bytes(as_bytes("cause of death: natural"));
    record.salt.octets.fill(0xA5);
    record.module = "civil.death";
    record.slot = "Declaration.cause";
    record.holder = "Commune:01.051";
    return record;
}

std::string content_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

struct Opened {
    std::unique_ptr<crypto::SeededRandom> random;
    std::unique_ptr<PrivateStore> store;
};

Opened open_store(const fs::path& folder, std::uint8_t key = 1, const std::string& seed = "s") {
    Opened opened;
    opened.random = std::make_unique<crypto::SeededRandom>(as_bytes(seed));
    auto store = PrivateStore::open(folder, key_of(key), *opened.random);
    REQUIRE(store);
    opened.store = std::move(*store);
    return opened;
}

TEST_CASE("a private store does not open with another key, nor twice") {
    const Scratch scratch;
    Opened first = open_store(scratch.path());
    crypto::SeededRandom random(as_bytes("x"));
    CHECK((PrivateStore::open(scratch.path(), key_of(1), random).error().code ==
           ErrorCode::conflict));
    first.store.reset();
    CHECK(
        (PrivateStore::open(scratch.path(), key_of(2), random).error().code == ErrorCode::denied));
}

TEST_CASE("what was never put is not found, and cannot be erased") {
    const Scratch scratch;
    const Opened opened = open_store(scratch.path());
    CHECK((opened.store->get(Hash256{}).error().code == ErrorCode::not_found));
    CHECK((opened.store->erase(Hash256{}, 0, "", signer()).error().code == ErrorCode::not_found));
    CHECK(opened.store->list().value().empty());
}

TEST_CASE("an erased record is gone for good: key, salt, content, and it cannot come back") {
    const Scratch scratch;
    const PrivateRecord record = record_of(7);
    const fs::path folder = scratch.path() / "store";
    const fs::path copy = scratch.path() / "copy";
    {
        const Opened opened = open_store(folder);
        REQUIRE(opened.store->put(record));
        CHECK((opened.store->get(record.commitment).value() == record));
    }
    // A backup of the database, made while the record was there, without the file of keys.
    fs::create_directories(copy);
    fs::copy_file(folder / "data.mdb", copy / "data.mdb");
    {
        const Opened opened = open_store(folder, 1, "t");
        const auto left = opened.store->erase(record.commitment, 1'772'704'800, "purge", signer());
        REQUIRE(left);
        CHECK(verify_erasure(*left));
        CHECK((opened.store->get(record.commitment).error().code == ErrorCode::denied));
        CHECK((opened.store->put(record).error().code == ErrorCode::denied));
        CHECK((opened.store->erase(record.commitment, 0, "", signer()).error().code ==
               ErrorCode::conflict));
        CHECK(opened.store->list().value().empty());
        REQUIRE(opened.store->erasures().value().size() == 1);
        CHECK((opened.store->erasure(record.commitment).value().value() == *left));
    }
    fs::copy_file(folder / "keys", copy / "keys");
    const Opened restored = open_store(copy, 1, "u");
    CHECK((restored.store->get(record.commitment).error().code == ErrorCode::denied));
}

TEST_CASE("an erasure bears no change") {
    const Scratch scratch;
    const Opened opened = open_store(scratch.path());
    REQUIRE(opened.store->put(record_of(7)));
    const Erasure left = opened.store->erase(record_of(7).commitment, 5, "purge", signer()).value();
    Erasure changed = left;
    changed.time = 6;
    CHECK_FALSE(verify_erasure(changed));
    changed = left;
    changed.reason = "purgE";
    CHECK_FALSE(verify_erasure(changed));
    changed = left;
    changed.commitment.octets[0] ^= 1;
    CHECK_FALSE(verify_erasure(changed));
}

TEST_CASE(
    "neither plaintext nor salt stands in any file, and the files are for their owner alone") {
    const Scratch scratch;
    const fs::path folder = scratch.path() / "store";
    {
        const Opened opened = open_store(folder);
        REQUIRE(opened.store->put(record_of(7)));
    }
    for (const char* name : {"data.mdb", "keys"}) {
        const std::string content = content_of(folder / name);
        CHECK(content.find("natural") == std::string::npos);
        CHECK(content.find("Declaration") == std::string::npos);
        CHECK(content.find(std::string(16, '\xA5')) == std::string::npos);
    }
    struct stat about{};
    REQUIRE(::stat(folder.c_str(), &about) == 0);
    CHECK((about.st_mode & 0777) == 0700);
    REQUIRE(::stat((folder / "keys").c_str(), &about) == 0);
    CHECK((about.st_mode & 0777) == 0600);
}

TEST_CASE("a damaged file of keys is refused, or a record in it does not open") {
    const Scratch scratch;
    const fs::path folder = scratch.path() / "store";
    {
        const Opened opened = open_store(folder);
        REQUIRE(opened.store->put(record_of(7)));
    }
    const fs::path keys = folder / "keys";
    crypto::SeededRandom random(as_bytes("x"));
    SECTION("another heading") {
        std::fstream(keys, std::ios::in | std::ios::out | std::ios::binary).write("x", 1);
        CHECK((PrivateStore::open(folder, key_of(1), random).error().code == ErrorCode::corrupt));
    }
    SECTION("cut off") {
        const auto size = GENERATE(std::uintmax_t{10}, std::uintmax_t{64}, std::uintmax_t{100});
        fs::resize_file(keys, size);
        CHECK((PrivateStore::open(folder, key_of(1), random).error().code == ErrorCode::corrupt));
    }
    SECTION("gone") {
        fs::rename(keys, folder / "aside");
        CHECK((PrivateStore::open(folder, key_of(1), random).error().code == ErrorCode::corrupt));
        fs::rename(folder / "aside", keys);
        const Opened opened = open_store(folder, 1, "t");
        CHECK((opened.store->get(record_of(7).commitment).value() == record_of(7)));
    }
    SECTION("a key that was wiped: its place is not another record's") {
        std::fstream file(keys, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(64);
        file.write(std::string(64, '\0').data(), 64);
        file.close();
        const Opened opened = open_store(folder, 1, "t");
        REQUIRE(opened.store->put(record_of(8)));
        REQUIRE(opened.store->erase(record_of(7).commitment, 0, "purge", signer()));
        CHECK((opened.store->get(record_of(8).commitment).value() == record_of(8)));
    }
    SECTION("a changed key") {
        std::fstream file(keys, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(64 + 20);
        file.write("x", 1);
        file.close();
        auto opened = PrivateStore::open(folder, key_of(1), random);
        REQUIRE(opened);
        CHECK(((*opened)->get(record_of(7).commitment).error().code == ErrorCode::corrupt));
    }
}

TEST_CASE("a piece of a key at the end of the file, left by a full disk, does no harm") {
    const Scratch scratch;
    {
        const Opened opened = open_store(scratch.path());
        REQUIRE(opened.store->put(record_of(7)));
    }
    fs::resize_file(scratch.path() / "keys", 64 * 2 + 20);
    {
        const Opened opened = open_store(scratch.path(), 1, "t");
        REQUIRE(opened.store->put(record_of(8)));
    }
    const Opened opened = open_store(scratch.path(), 1, "u");
    CHECK((opened.store->get(record_of(7).commitment).value() == record_of(7)));
    CHECK((opened.store->get(record_of(8).commitment).value() == record_of(8)));
}

TEST_CASE("keys whose database is gone are kept until it is back") {
    const Scratch scratch;
    const fs::path folder = scratch.path() / "store";
    {
        const Opened opened = open_store(folder);
        REQUIRE(opened.store->put(record_of(7)));
    }
    fs::rename(folder / "data.mdb", scratch.path() / "aside");
    crypto::SeededRandom random(as_bytes("x"));
    CHECK((PrivateStore::open(folder, key_of(1), random).error().code == ErrorCode::corrupt));
    fs::rename(scratch.path() / "aside", folder / "data.mdb");
    const Opened opened = open_store(folder, 1, "t");
    CHECK((opened.store->get(record_of(7).commitment).value() == record_of(7)));
}

TEST_CASE("a damaged database is refused, and does not stop the process") {
    const Scratch scratch;
    {
        const Opened opened = open_store(scratch.path());
        REQUIRE(opened.store->put(record_of(7)));
    }
    {
        std::fstream file(scratch.path() / "data.mdb",
                          std::ios::in | std::ios::out | std::ios::binary);
        for (std::streamoff page = 2; page < 6; ++page) {
            file.seekp(page * 4096 + 10);
            file.write("\xFF\xFF\xFF\xFF\xFF\xFF", 6);
        }
    }
    crypto::SeededRandom random(as_bytes("x"));
    CHECK(
        (PrivateStore::open(scratch.path(), key_of(1), random).error().code == ErrorCode::corrupt));
}

TEST_CASE("many records are put at once, survive reopening, and free places are used again") {
    const Scratch scratch;
    std::vector<PrivateRecord> many;
    for (std::uint8_t i = 1; i <= 50; ++i) {
        many.push_back(record_of(i));
    }
    {
        const Opened opened = open_store(scratch.path());
        REQUIRE(opened.store->put(many));
        REQUIRE(opened.store->put(many));  // the same again changes nothing
        for (std::uint8_t i = 1; i <= 10; ++i) {
            REQUIRE(opened.store->erase(record_of(i).commitment, 0, "purge", signer()));
        }
        REQUIRE(opened.store->put(record_of(60)));
    }
    CHECK(fs::file_size(scratch.path() / "keys") == 64 * 51);
    const Opened opened = open_store(scratch.path(), 1, "t");
    CHECK(opened.store->list().value().size() == 41);
    CHECK((opened.store->get(record_of(60).commitment).value() == record_of(60)));
    CHECK((opened.store->get(record_of(50).commitment).value() == record_of(50)));
}

}  // namespace
}  // namespace aqd::store
