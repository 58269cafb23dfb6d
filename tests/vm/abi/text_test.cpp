#include <aqd/abi/text.h>

#include <catch2/catch.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace aqd::abi {

namespace {

TextFault fault_of(std::string_view text, std::uint64_t most = UINT64_MAX) {
    return check_text(text, most).fault;
}

void append_code_point(std::string& out, std::uint32_t code_point) {
    const auto tail = [&](unsigned shift) {
        out += static_cast<char>(0x80U | ((code_point >> shift) & 0x3FU));
    };
    if (code_point < 0x80) {
        out += static_cast<char>(code_point);
    } else if (code_point < 0x800) {
        out += static_cast<char>(0xC0U | (code_point >> 6));
        tail(0);
    } else if (code_point < 0x10000) {
        out += static_cast<char>(0xE0U | (code_point >> 12));
        tail(6);
        tail(0);
    } else {
        out += static_cast<char>(0xF0U | (code_point >> 18));
        tail(12);
        tail(6);
        tail(0);
    }
}

/// "1E0A 0307" as UTF-8.
std::string text_of(const std::string& numbers) {
    std::istringstream words(numbers);
    std::string out;
    for (std::string word; words >> word;) {
        append_code_point(out, static_cast<std::uint32_t>(std::stoul(word, nullptr, 16)));
    }
    return out;
}

}  // namespace

TEST_CASE("what is not in form C is refused, not repaired") {
    CHECK(fault_of("e\u0301tat") == TextFault::not_composed);     // é in two
    CHECK(fault_of("\u0627\u0653") == TextFault::not_composed);   // alef with madda
    CHECK(fault_of("\u064A\u0654") == TextFault::not_composed);   // yeh with hamza
    CHECK(fault_of("\u212B") == TextFault::not_composed);         // Ångström sign
    CHECK(fault_of("\uFB2C") == TextFault::not_composed);         // excluded from composition
    CHECK(fault_of("\u1100\u1161") == TextFault::not_composed);   // a Hangul syllable in two
    CHECK(fault_of("\uAC00\u11A8") == TextFault::not_composed);   // and with its tail apart
    CHECK(fault_of("\u0651\u064E") == TextFault::not_composed);   // shadda before fatha
    CHECK(fault_of("a\u0315\u0300") == TextFault::not_composed);  // marks out of order
    CHECK(fault_of("a\u031B\u0300") == TextFault::not_composed);  // past a mark in between
    CHECK(fault_of("\u00E9\u0323") == TextFault::not_composed);   // the dot below comes first
    CHECK(fault_of("\u1EA5\u0323") == TextFault::not_composed);   // through two compositions
    CHECK(fault_of("\U0001D15E") == TextFault::not_composed);
    CHECK(check_text("abc e\u0301").offset == 4);
}

TEST_CASE("what no text may hold is refused at its place") {
    CHECK(fault_of("\xC3") == TextFault::not_utf8);
    CHECK(fault_of("\xED\xA0\x80") == TextFault::not_utf8);
    CHECK(fault_of("a\tb") == TextFault::control);
    CHECK(fault_of("a\x7F") == TextFault::control);
    CHECK(fault_of("\u0085") == TextFault::control);
    CHECK(fault_of(std::string_view("\0", 1)) == TextFault::control);
    CHECK(fault_of("\u202E") == TextFault::reorders);
    CHECK(fault_of("\u2066") == TextFault::reorders);
    CHECK(fault_of("abc", 2) == TextFault::too_long);
    CHECK(fault_of("\u0645\u0646", 1) == TextFault::too_long);
    CHECK(check_text("ab\u202E").offset == 2);
}

TEST_CASE("Arabic, French, Tifinagh and Hangul as people write them are texts") {
    CHECK(fault_of("") == TextFault::none);
    CHECK(fault_of("two\nlines") == TextFault::none);
    CHECK(fault_of("D\u00E9c\u00E8s, na\u00EFf, \u0153uvre, \u00C7a", 40) == TextFault::none);
    CHECK(fault_of("\u0625\u0639\u0644\u0627\u0646 \u0648\u0641\u0627\u0629") == TextFault::none);
    CHECK(fault_of("\u0645\u064F\u062D\u064E\u0645\u064E\u0651\u062F") == TextFault::none);
    CHECK(fault_of("\u2D30\u2D63\u2D53\u2D4D") == TextFault::none);
    CHECK(fault_of("\uAC00\uAC01") == TextFault::none);
    CHECK(fault_of("\u200F(\u0645)") == TextFault::none);
    CHECK(fault_of("\U0001F54C", 1) == TextFault::none);
}

TEST_CASE("marks that have no composed form stay where they are") {
    CHECK(fault_of("\u1EB9\u0301") == TextFault::none);  // Yoruba
    CHECK(fault_of("x\u0301") == TextFault::none);
    CHECK(fault_of("e\u0323x\u0301") == TextFault::not_composed);
    CHECK(fault_of("\u0301") == TextFault::none);
    CHECK(fault_of("\u1161\u11A8") == TextFault::none);  // a Hangul vowel without its lead
    CHECK(fault_of("\u0635\u0654") == TextFault::none);  // sad with hamza
    CHECK(fault_of("\u0628\u0653") == TextFault::none);
}

TEST_CASE("a long run of marks is checked in linear time") {
    std::string marks = "x";
    for (int i = 0; i < 200'000; ++i) {
        marks += "\u0301";
    }
    CHECK(fault_of(marks) == TextFault::none);
    marks[0] = 'e';
    CHECK(fault_of(marks) == TextFault::not_composed);
    // Each dot below must pass the acute of the decomposed letter.
    std::string dots = "\u00E9";
    for (int i = 0; i < 200'000; ++i) {
        dots += "\u0323";
    }
    CHECK(fault_of(dots) == TextFault::not_composed);
}

// Columns: source; NFC; NFD. A text is in form C exactly if it equals its second column.
TEST_CASE("Unicode's own tests of normalization are met") {
    std::ifstream file(AQD_SOURCE_DIR "/tests/vm/abi/normalization_sample.txt");
    REQUIRE(file);
    std::size_t count = 0;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with('#')) {
            continue;
        }
        std::istringstream fields(line);
        std::array<std::string, 3> columns;
        for (std::string& column : columns) {
            std::getline(fields, column, ';');
            column = text_of(column);
        }
        INFO(line);
        for (const std::string& column : columns) {
            const bool is_composed = fault_of(column) == TextFault::none;
            REQUIRE(is_composed == (column == columns[1]));
            const std::string embedded = "a " + column + " b";
            REQUIRE((fault_of(embedded) == TextFault::none) == is_composed);
        }
        ++count;
    }
    CHECK(count > 1000);
}

}  // namespace aqd::abi
