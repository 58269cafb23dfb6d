#include "tests/compiler/parse/support.h"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string_view>
#include <utility>

namespace aqd::parse_test {

Parsed::Parsed(std::string text, std::string path) {
    result = parse::parse(sources.file(sources.add(std::move(path), std::move(text))), sink);
}

std::string Parsed::report() const {
    return diagnostics::render_text(sink, sources);
}

void refused(const std::string& marked, const std::string& code) {
    constexpr std::string_view open = "⟦";
    constexpr std::string_view close = "⟧";
    const std::size_t begin = marked.find(open);
    const std::size_t end = marked.find(close);
    REQUIRE(begin != std::string::npos);
    REQUIRE(end != std::string::npos);
    const std::string inside = marked.substr(begin + open.size(), end - begin - open.size());
    const std::string source = marked.substr(0, begin) + inside + marked.substr(end + close.size());

    const Parsed parsed(source);
    CAPTURE(marked, parsed.report());
    const auto found = parsed.sink.sorted();
    CHECK_FALSE(parsed.result.complete);
    REQUIRE(found.size() == 1);
    CHECK(diagnostics::code_text(found[0].code) == "AQD" + code);
    CHECK_FALSE(found[0].message.empty());
    CHECK(found[0].primary.span.begin == begin);
    CHECK(found[0].primary.span.size() == inside.size());
}

void refused_item(const std::string& marked, const std::string& code) {
    refused("module t version 1\n" + marked + "\nrecord After { a: u8 }\n", code);
}

void refused_statement(const std::string& marked, const std::string& code) {
    refused_item("fn f(x: u8) -> u8 {\n    " + marked + "\n    x\n}", code);
}

void refused_member(const std::string& marked, const std::string& code) {
    refused_item("procedure P(x: u8) {\n    " + marked + "\n    prove settles\n}", code);
}

void check_golden(const std::string& name, const std::string& text) {
    const std::string path = std::string(AQD_SOURCE_DIR) + "/tests/compiler/parse/golden/" + name;
    const char* update = std::getenv("AQD_UPDATE_GOLDEN");
    if (update != nullptr && std::string_view(update) == "1") {
        std::ofstream(path, std::ios::binary) << text;
        return;
    }
    CHECK(read_file(path) == text);
}

std::string read_file(const std::string& path) {
    const std::ifstream file(path, std::ios::binary);
    INFO(path);
    REQUIRE(file.good());
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace aqd::parse_test
