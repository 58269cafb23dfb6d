#include "cli/keys/key_file.h"

#include "cli/files/files.h"
#include "cli/files/json.h"
#include "cli/keys/passphrase.h"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace aqd::keys {
namespace {

namespace fs = std::filesystem;

class Folder {
  public:
    Folder() : path_(fs::temp_directory_path() / ("aqd_keys_test_" + std::to_string(::getpid()))) {
        fs::remove_all(path_);
        fs::create_directories(path_);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { fs::remove_all(path_); }

    [[nodiscard]] fs::path file(const std::string& name) const { return path_ / name; }

  private:
    fs::path path_;
};

fs::path written_key(const Folder& folder, const Key& key) {
    crypto::SeededRandom random(as_bytes("key file test"));
    const fs::path path = folder.file("key.json");
    REQUIRE(write_key_file(path, key, "correct horse", random));
    return path;
}

/// Replaces one member of a key file, keeping its mode.
void change(const fs::path& path, const std::string& member, const std::string& value) {
    auto json = files::read_json(path);
    REQUIRE(json);
    (*json)[member] = value;
    REQUIRE(fs::remove(path));
    REQUIRE(files::create_private(path, as_bytes(json->dump())));
}

TEST_CASE("a key file is refused with a wrong passphrase, and opens with the right one") {
    const Folder folder;
    const Key key = scenario_key("seed", "oujda");
    const fs::path path = written_key(folder, key);
    CHECK((read_key_file(path, "wrong horse").error().code == ErrorCode::denied));
    const auto opened = read_key_file(path, "correct horse");
    REQUIRE(opened);
    CHECK(equal(opened->secret.view(), key.secret.view()));
    CHECK((opened->shown.account == key.shown.account));
}

TEST_CASE("a key file that others may read is refused, even for its public part") {
    const Folder folder;
    const fs::path path = written_key(folder, scenario_key("seed", "oujda"));
    REQUIRE(::chmod(path.c_str(), 0644) == 0);
    CHECK((read_key_file(path, "correct horse").error().code == ErrorCode::denied));
    CHECK((read_public_part(path).error().code == ErrorCode::denied));
}

TEST_CASE("a key file whose parts do not belong together is refused") {
    const Folder folder;
    const fs::path path = written_key(folder, scenario_key("seed", "oujda"));
    const Key other = scenario_key("seed", "taza");
    SECTION("another account") {
        change(path, "account", std::string(40, '0'));
        CHECK((read_public_part(path).error().code == ErrorCode::corrupt));
    }
    SECTION("another key and its account") {
        change(path, "public", "02" + std::string(64, '1'));
        CHECK_FALSE(read_public_part(path));
    }
    SECTION("another format") {
        change(path, "format", "aqd key 2");
        CHECK((read_public_part(path).error().code == ErrorCode::unsupported));
    }
    SECTION("no hexadecimal digits") {
        change(path, "sealed", "zz");
        CHECK_FALSE(read_key_file(path, "correct horse"));
    }
}

TEST_CASE("an existing key file is never overwritten") {
    const Folder folder;
    crypto::SeededRandom random(as_bytes("again"));
    const Key key = scenario_key("seed", "oujda");
    const fs::path path = written_key(folder, key);
    CHECK((write_key_file(path, key, "other", random).error().code == ErrorCode::conflict));
}

TEST_CASE("keys and identities of scenarios depend on seed and name, and on nothing else") {
    CHECK((scenario_key("a", "b").shown.key == scenario_key("a", "b").shown.key));
    CHECK_FALSE((scenario_key("a", "bc").shown.key == scenario_key("ab", "c").shown.key));
    CHECK_FALSE((scenario_identity("a", "bc") == scenario_identity("ab", "c")));
}

TEST_CASE("an empty passphrase is refused") {
    ::setenv("AQD_PASSPHRASE", "", 1);
    CHECK_FALSE(read_passphrase({}, "passphrase: "));
    ::setenv("AQD_PASSPHRASE", "correct horse", 1);
    CHECK(read_passphrase({}, "passphrase: ").value() == "correct horse");
    ::unsetenv("AQD_PASSPHRASE");
}

TEST_CASE("a passphrase file that others may read is refused") {
    const Folder folder;
    REQUIRE(files::create_private(folder.file("pass"), as_bytes("correct horse\n")));
    CHECK(read_passphrase({folder.file("pass")}, "").value() == "correct horse");
    REQUIRE(::chmod(folder.file("pass").c_str(), 0644) == 0);
    CHECK_FALSE(read_passphrase({folder.file("pass")}, ""));
}

}  // namespace
}  // namespace aqd::keys
