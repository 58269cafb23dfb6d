#include "cli/screen/screen.h"

#include "cli/screen/failure.h"
#include "cli/screen/table.h"

#include <catch2/catch.hpp>

namespace aqd::screen {
namespace {

TEST_CASE("damage and locks end with another exit code than bad input") {
    CHECK((Failure(Error{ErrorCode::corrupt, "x", {}}).exit == Exit::store));
    CHECK((Failure(Error{ErrorCode::conflict, "x", {}}).exit == Exit::store));
    CHECK((Failure(Error{ErrorCode::invalid, "x", {}}).exit == Exit::bad_input));
    CHECK(Failure(Error{ErrorCode::malformed, "x", 7}).message == "x (at octet 7)");
}

TEST_CASE("nothing is painted without colour") {
    CHECK(Screen({}).paint(Style::bad, "✗") == "✗");
    CHECK(Screen({.colour = true}).paint(Style::bad, "✗") == "\033[31m✗\033[0m");
}

TEST_CASE("the width of a text counts letters, not octets, escapes or vowel marks") {
    CHECK(display_width("abc") == 3);
    CHECK(display_width("Établi") == 6);
    CHECK(display_width("\033[31mab\033[0m") == 2);
    CHECK(display_width("عَقد") == 3);
}

TEST_CASE("cells of a table are aligned, without blanks behind the last") {
    Table table(1, 2);
    table.row({"é", "1", "x"});
    table.row({"abc", "22", ""});
    table.align_right(1);
    CHECK(table.text() == " é     1  x\n abc  22\n");
}

TEST_CASE("a bar is full only at the end") {
    CHECK(bar(0, 10) == "░░░░░░░░░░░░░░░░░░░░");
    CHECK(bar(999, 1000).ends_with("░"));
    CHECK(bar(10, 10) == "████████████████████");
}

}  // namespace
}  // namespace aqd::screen
