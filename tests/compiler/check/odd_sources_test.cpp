#include "compiler/analyse/analyse.h"
#include "compiler/check/check.h"
#include "compiler/parse/parse.h"

#include <catch2/catch.hpp>

#include <functional>
#include <string>
#include <string_view>

// What a careless or hostile author may hand over: each is answered with places and words, in time
// that grows with its length only.

namespace aqd::check_test {

namespace {

const std::string header = "module odd version 1\n";

std::string repeated(std::string_view text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) {
        out += text;
    }
    return out;
}

std::string numbered(std::size_t count, const std::function<std::string(std::string)>& line) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) {
        out += line(std::to_string(i));
    }
    return out;
}

/// Refused, and every report says where and why.
void answered(const std::string& text) {
    source::SourceSet sources;
    diagnostics::Sink sink;
    const parse::ParseResult tree = parse::parse(sources.file(sources.add("odd.aqd", text)), sink);
    analyse::analyse(check::check(tree.file, {}, sink), sink);
    INFO(text.substr(0, 80));
    REQUIRE(sink.has_errors());
    bool good = true;
    for (const diagnostics::Diagnostic& report : sink.kept()) {
        const source::Span span = report.primary.span;
        good = good && !report.message.empty() && span.begin <= span.end && span.end <= text.size();
        good = good && !diagnostics::title(report.code).empty();
    }
    CHECK(good);
}

}  // namespace

TEST_CASE("sources that nobody would write are answered") {
    answered("");
    answered("module");
    answered(std::string("\0\xff\xfe", 3));
    answered(header + "error E fr \"abc\nfn f(x: u32) -> u32 { \"a }\n");
    answered(header + "fn größe(х: u32) -> u32 { х }\nerror É fr \"e\u0301\u202e\"\n");
    answered(header + "record module { if: u32 }\nfn match(else: u32) -> u32 { return }\n");
    answered(header + "procedure P(office: Office) {\n    states open, closed\n    start ask(\n");
    answered(header +
             "record A { b: B }\nrecord B { c: list[C, 3] }\nenum C { X(a: A) }\n"
             "const K: u32 = L\nconst L: u32 = K + 1\n");
    answered(header + repeated("@ fn ( } { ] [ step goto let = = ;\n", 1000));
    answered("contract Token {\n    mapping(address => uint256) public balances;\n}\n");
    answered("def f(x):\n    if x == 1:\n        return x\n");
}

TEST_CASE("deep, long and wide sources are answered in time") {
    answered(header + "const A: u32 = " + repeated("1 + ", 60'000) + "1\n");
    answered(header + "fn f(x: u32) -> u32 { " + repeated("(", 20'000) + "x" +
             repeated(")", 20'000) + " }\n");
    answered(header + "record R { x: " + repeated("list[", 2000) + "u8" + repeated(", 2]", 2000) +
             " }\n");
    answered(header + "fn " + repeated("x", 200'000) + "(a: u32) -> u32 { " +
             repeated("y", 100'000) + " }\n");
    answered(header + numbered(2000, [](const std::string& i) {
                 return "fn f" + i + "(x: u32) -> u32 { y" + i + " }\n";
             }));
    answered(header + numbered(1000, [](const std::string& i) {
                 return "record R { a: u32 }\nfn f" + i + "(x: u32) -> u32 { f" + i + "(x) }\n";
             }));
}

}  // namespace aqd::check_test
