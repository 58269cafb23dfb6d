#include "compiler/diagnostics/diagnostic.h"

#include <catch2/catch.hpp>

using namespace aqd::diagnostics;

TEST_CASE("a word that is no code is not found") {
    for (const char* word :
         {"", "AQD", "AQD0000", "AQD01", "AQD01011", "aqd0x01", "101", "AQD-101"}) {
        CHECK_FALSE(find_code(word).has_value());
    }
}

TEST_CASE("a code is found however it is written") {
    for (const char* word : {"AQD0101", "aqd0101", "0101"}) {
        CHECK((find_code(word).value() == Code::file_too_large));
    }
}

TEST_CASE("every code explains itself in a title and whole sentences") {
    for (const Code code : all_codes()) {
        const std::string text = explain(code);
        CAPTURE(text);
        CHECK(text.starts_with(code_text(code) + ": "));
        CHECK(title(code).size() > 8);
        CHECK_FALSE(title(code).ends_with('.'));
        CHECK(text.size() > title(code).size() + 25);
        const char last = text[text.size() - 2];
        CHECK((last == '.' || last == '`'));
        CHECK((find_code(code_text(code)).value() == code));
    }
}
