#include "compiler/syntax/dump.h"
#include "tests/compiler/parse/support.h"

#include <catch2/catch.hpp>

using namespace aqd;
using namespace aqd::parse_test;

namespace {

std::string fixture(const std::string& name) {
    return read_file(std::string(AQD_SOURCE_DIR) + "/tests/compiler/parse/fixtures/" + name);
}

const syntax::Expr& value_of(const Parsed& parsed) {
    const auto* constant = parsed.result.file.items.at(0).as<syntax::ConstItem>();
    REQUIRE(constant != nullptr);
    return *constant->value;
}

std::string dumped(const std::string& expr) {
    const Parsed parsed("module t version 1\nconst C: T = " + expr + "\n");
    CAPTURE(parsed.report());
    CHECK(parsed.result.complete);
    return syntax::dump(value_of(parsed));
}

}  // namespace

TEST_CASE("the examples parse without a word, into the trees that are kept") {
    for (const std::string name :
         {"birth", "bodies", "notices", "civil_death", "cnss_attestation", "token", "everything"}) {
        const Parsed parsed(fixture(name + ".aqd"), name + ".aqd");
        CAPTURE(name);
        CHECK(parsed.report().empty());
        CHECK(parsed.result.complete);
        check_golden(name + ".txt", syntax::dump(parsed.result.file));
    }
}

TEST_CASE("operators bind as the grammar says") {
    CHECK(dumped("a implies b implies c") == "(implies a (implies b c))");
    CHECK(dumped("a or b and not c == d") == "(or a (and b (not (== c d))))");
    CHECK(dumped("a + b * -c - d") == "(- (+ a (* b (- c))) d)");
    CHECK(dumped("a | b & c << 1 ^ d") == "(^ (| a (<< (& b c) 1)) d)");
    CHECK(dumped("~a.b(c)[d]") == "(~ (index (call (. a b) c) d))");
    CHECK(dumped("if a then b else if c then d else e") == "(if a b (if c d e))");
    CHECK(dumped("(a)") == "(group a)");
    CHECK(dumped("(a, b)") == "(tuple a b)");
    CHECK(dumped("[0; 4]") == "(repeat 0 4)");
    CHECK(dumped("f(x: 1, y)") == "(call f x: 1 y)");
    CHECK(dumped("3 months round down") == "(month 3 down)");
}

TEST_CASE("a line inside brackets may begin with anything") {
    CHECK(dumped("(a\n    - b\n    (c))") == "(group (- a (call b c)))");
}

TEST_CASE("a binary operator at the end of a line goes on") {
    CHECK(dumped("a -\n    b and\n    c") == "(and (- a b) c)");
    CHECK(dumped("a\n    and b\n    or c") == "(or (and a b) c)");
}

TEST_CASE("ids are dense and every node has its place") {
    const std::string source = "module t version 1\nconst C: T = f(a + 12, [b])\n";
    const Parsed parsed(source);
    CHECK(parsed.result.file.expr_count == 7);
    CHECK(parsed.result.file.type_count == 1);
    const syntax::Expr& value = value_of(parsed);
    CHECK(parsed.sources.file(source::FileId{0}).text(value.span) == "f(a + 12, [b])");
    const auto* call = value.as<syntax::CallExpr>();
    REQUIRE(call != nullptr);
    CHECK(parsed.sources.file(source::FileId{0}).text(call->arguments[0].value->span) == "a + 12");
    CHECK(static_cast<std::uint32_t>(value.id) == 6);
}

TEST_CASE("comments of documentation stay with what they stand above") {
    const Parsed parsed(
        "/// File.\nmodule t version 1\n/// One.\n/// Two.\nrecord R { a: u8 }\n// no\nrecord S "
        "{}\n"
        "procedure P() {\n    /// Member.\n    states a\n}\n");
    const auto& items = parsed.result.file.items;
    CHECK(parsed.result.file.doc == "File.");
    CHECK(items.at(0).doc == "One.\nTwo.");
    CHECK(items.at(1).doc.empty());
    CHECK(items.at(2).as<syntax::ProcedureItem>()->members.at(0).doc == "Member.");
}

TEST_CASE("what could be read of a broken file is in the tree") {
    const Parsed parsed(
        "module t version 1\nrecord A { a: u8, b }\nfn f( -> u8 { 1 }\nrecord B {}\n");
    const auto& items = parsed.result.file.items;
    CHECK_FALSE(parsed.result.complete);
    REQUIRE(items.size() == 3);
    CHECK(items[0].as<syntax::RecordItem>()->fields.size() == 2);
    CHECK(items[2].as<syntax::RecordItem>()->name.text == "B");
}

TEST_CASE("a mebibyte of statements is read") {
    std::string source = "module t version 1\nfn f() -> u8 {\n";
    while (source.size() + 100 < source::max_source_bytes) {
        source += "    let x = (a + b.c[1]) * f(2, y: none)\n";
    }
    const Parsed parsed(source + "    1\n}\n");
    CHECK(parsed.result.complete);
}
