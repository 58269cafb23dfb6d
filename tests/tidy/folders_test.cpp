#include "tests/tidy/folders.h"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace aqd::tidy {
namespace {

SourceFile file(const std::string& path, const std::string& text = "") {
    return {path, text};
}

TEST_CASE("an include of an upper floor is found, through public and private headers") {
    const SourceFile engine = file("vm/engine/include/aqd/engine/engine.h");
    const Findings upward =
        check_folders({engine, file("vm/wasm/decode.cpp",
                                    "#include <string>\n#include <aqd/engine/engine.h>\n")});
    REQUIRE(upward.size() == 1);
    CHECK(upward[0].path == "vm/wasm/decode.cpp");
    CHECK(upward[0].line == 2);
    CHECK(check_folders({file("vm/wasm/decode.h", "#include \"vm/gas/meter.h\"\n")}).size() == 1);
    CHECK(check_folders({engine, file("node/rpc/a.cpp", "#include <aqd/engine/engine.h>\n")})
              .empty());
}

TEST_CASE("the compiler and the machine meet in the agreement only") {
    CHECK(check_folders({file("compiler/lower/a.cpp", "#include \"vm/exec/x.h\"\n")}).size() == 1);
    CHECK(check_folders({file("vm/abi/a.cpp", "#include \"compiler/lex/token.h\"\n")}).size() == 1);
    CHECK(check_folders({file("compiler/lower/a.cpp", "#include \"vm/abi/x.h\"\n")}).empty());
}

TEST_CASE("the ledger does not know the store") {
    CHECK(check_folders({file("vm/ledger/a.cpp", "#include \"vm/store/x.h\"\n")}).size() == 1);
    CHECK(check_folders({file("vm/chain/a.cpp", "#include \"vm/store/x.h\"\n")}).empty());
}

TEST_CASE("a folder that the plan does not know is found") {
    CHECK(check_folders({file("vm/cellar/a.cpp")}).size() == 1);
    CHECK(check_folders({file("cli/testing/a.cpp")}).empty());
}

TEST_CASE("circles are found, between sub-folders of one floor too") {
    const Findings findings = check_folders({file("cli/a/x.h", "#include \"cli/b/y.h\"\n"),
                                             file("cli/b/y.h", "#include \"cli/c/z.h\"\n"),
                                             file("cli/c/z.h", "#include \"cli/a/x.h\"\n")});
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].words == "folders in a circle: cli/a → cli/b → cli/c → cli/a");
    CHECK(check_folders({file("cli/a/x.h", "#include \"cli/b/y.h\"\n#include \"cli/a/z.h\"\n"),
                         file("cli/b/y.h", "#include \"cli/c/z.h\"\n")})
              .empty());
}

TEST_CASE("the libraries of others stay where they are at home") {
    CHECK(check_folders({file("vm/engine/a.cpp", "#include <lmdb.h>\n")}).size() == 1);
    CHECK(check_folders({file("vm/exec/a.cpp", "#include <llvm/IR/Module.h>\n")}).size() == 1);
    CHECK(check_folders({file("vm/abi/a.cpp", "#include <nlohmann/json.hpp>\n")}).size() == 1);
    CHECK(check_folders({file("vm/crypto/a.cpp", "#include <secp256k1.h>\n")}).empty());
    CHECK(check_folders({file("cli/files/a.cpp", "#include <nlohmann/json.hpp>\n")}).empty());
}

TEST_CASE("tests may include everything") {
    CHECK(check_folders({file("tests/vm/base/a.cpp", "#include \"cli/x.h\"\n#include <lmdb.h>\n")})
              .empty());
}

}  // namespace
}  // namespace aqd::tidy
