#include "compiler/source/source_set.h"

#include <catch2/catch.hpp>

using namespace aqd::source;

TEST_CASE("octets that are not UTF-8 decode to nothing") {
    const std::string_view bad[] = {
        "\x80",         "\xC0\x80",         "\xC1\xBF",     "\xE0\x80\x80",
        "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF0\x80\x80", "\xFF",
        "\xE2\x82",     "\xF8\x88\x80\x80"};
    for (const std::string_view text : bad) {
        CHECK(decode_utf8(text, 0).size_bytes == 0);
    }
}

TEST_CASE("a code point survives writing and reading") {
    for (const char32_t value :
         {U'a', U'\u00E9', U'\u0627', U'\uFFFD', U'\U0001F600', U'\U0010FFFF'}) {
        std::string text;
        append_utf8(text, value);
        CHECK(decode_utf8(text, 0).value == value);
        CHECK(decode_utf8(text, 0).size_bytes == text.size());
        CHECK(count_code_points(text) == 1);
    }
}

TEST_CASE("positions count lines from one and columns in code points") {
    SourceSet set;
    const SourceFile& file = set.file(set.add("a.aqd", "ab\n\u00E9t\u00E9 x\r\n\nend"));
    CHECK(file.line_count() == 4);
    CHECK(file.line(2) == "\u00E9t\u00E9 x");
    CHECK(file.line(3).empty());
    CHECK(file.line(4) == "end");
    CHECK((file.position(0) == Position{1, 1}));
    CHECK((file.position(2) == Position{1, 3}));
    CHECK((file.position(9) == Position{2, 5}));
    CHECK((file.position(1000) == Position{4, 4}));
}

TEST_CASE("a span outside the text is cut to what exists") {
    const SourceFile file(FileId{0}, "a.aqd", "abc");
    CHECK(file.text({FileId{0}, 1, 99}) == "bc");
    CHECK(file.text({FileId{0}, 50, 99}).empty());
}

TEST_CASE("a file over the limit keeps just enough to be refused") {
    const SourceFile file(FileId{0}, "a.aqd", std::string(max_source_bytes + 100, 'x'));
    CHECK(file.text().size() == max_source_bytes + 1);
}

TEST_CASE("files keep their address and are found by path") {
    SourceSet set;
    const FileId first = set.add("a.aqd", "a");
    const SourceFile* address = &set.file(first);
    for (int i = 0; i < 100; ++i) {
        set.add("b" + std::to_string(i) + ".aqd", "");
    }
    CHECK(&set.file(first) == address);
    CHECK(set.find("a.aqd") == address);
    CHECK(set.find("c.aqd") == nullptr);
}

TEST_CASE("a joined span covers both") {
    const Span a{FileId{0}, 4, 6};
    const Span b{FileId{0}, 1, 5};
    CHECK((join(a, b) == Span{FileId{0}, 1, 6}));
}
