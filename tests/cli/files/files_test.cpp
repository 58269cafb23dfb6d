#include "cli/files/files.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace aqd::files {
namespace {

namespace fs = std::filesystem;

/// A folder of this test program, empty at the start of each test.
fs::path fresh_folder() {
    const fs::path folder =
        fs::temp_directory_path() / ("aqd_files_test_" + std::to_string(::getpid()));
    fs::remove_all(folder);
    fs::create_directories(folder);
    return folder;
}

TEST_CASE("a missing file, a folder and a file over the limit are refused by name") {
    const fs::path folder = fresh_folder();
    CHECK((read(folder / "none").error().code == ErrorCode::not_found));
    CHECK((read(folder).error().code == ErrorCode::io));
    REQUIRE(write(folder / "ten", as_bytes("0123456789")));
    CHECK((read(folder / "ten", 9).error().code == ErrorCode::too_large));
    CHECK(read(folder / "ten", 10));
    fs::remove_all(folder);
}

TEST_CASE("a private file that others may read is refused") {
    const fs::path folder = fresh_folder();
    REQUIRE(create_private(folder / "key", as_bytes("secret")));
    struct stat about{};
    REQUIRE(::stat((folder / "key").c_str(), &about) == 0);
    CHECK((about.st_mode & 0777) == 0600);
    CHECK(read_private(folder / "key", 100));
    for (const mode_t mode : {0640U, 0604U, 0620U, 0601U}) {
        REQUIRE(::chmod((folder / "key").c_str(), mode) == 0);
        CHECK((read_private(folder / "key", 100).error().code == ErrorCode::denied));
    }
    fs::remove_all(folder);
}

TEST_CASE("a private file is not read through a symbolic link, and never overwritten") {
    const fs::path folder = fresh_folder();
    REQUIRE(create_private(folder / "key", as_bytes("secret")));
    fs::create_symlink(folder / "key", folder / "link");
    CHECK_FALSE(read_private(folder / "link", 100));
    CHECK((create_private(folder / "key", as_bytes("x")).error().code == ErrorCode::conflict));
    CHECK((create_private(folder / "link", as_bytes("x")).error().code == ErrorCode::conflict));
    fs::remove_all(folder);
}

}  // namespace
}  // namespace aqd::files
