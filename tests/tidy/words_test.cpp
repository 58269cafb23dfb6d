#include "tests/tidy/words.h"

#include <catch2/catch.hpp>

#include <string>

namespace aqd::tidy {
namespace {

constexpr const char* checkout = "/srv/builds/aqd";

Findings check(const std::string& text) {
    return check_words({"vm/base/sample.cpp", text}, checkout);
}

TEST_CASE("names that say nothing are refused as files, folders and parts of either") {
    for (const char* path : {"vm/util/hex.cpp", "vm/base/string_utils.h", "compiler/common/x.cpp",
                             "cli/KeyManager.cpp", "cli/key_manager.cpp", "tests/test_helpers.h",
                             "a/misc.md", "vm/helper.cpp"}) {
        INFO(path);
        const bool camel = std::string(path).find("KeyManager") != std::string::npos;
        CHECK(check_name(path).size() == (camel ? 0 : 1));
    }
    CHECK(check_name("vm/base/hex.cpp").empty());
    CHECK(check_name("vm/utility_maximum/uncommon.cpp").empty());
}

TEST_CASE("words that mark unfinished work are found as words, not as letters") {
    CHECK(check("a\n// TO"
                "DO: later\n")
              .size() == 1);
    CHECK(check("a\n// TO"
                "DO: later\n")[0]
              .line == 2);
    CHECK(check("FIX"
                "ME")
              .size() == 1);
    CHECK(check("x(); // XX"
                "X")
              .size() == 1);
    CHECK(check("XX"
                "XY mas"
                "TO"
                "DON to"
                "do")
              .empty());
}

TEST_CASE("paths of a machine are found, those of every machine are not") {
    CHECK(check("\"/ho"
                "me/fatima/aqd\"")
              .size() == 1);
    CHECK(check("cd /ro"
                "ot/x")
              .size() == 1);
    CHECK(check("see /srv/builds/aqd/vm").size() == 1);
    CHECK(check("include/ho"
                "me/x, ~/ho"
                "me/y, /usr/lib, /tmp, /etc/aqd.toml")
              .empty());
    CHECK(check_words({"a.md", "/src/vm"}, "/src").empty());
}

}  // namespace
}  // namespace aqd::tidy
