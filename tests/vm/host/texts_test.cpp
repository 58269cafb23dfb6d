#include "tests/vm/ledger/kit/ledger.h"

#include <catch2/catch.hpp>

using namespace aqd;
using namespace aqd::ledger;
using namespace aqd::ledger::testing;

namespace {

/// What `text_check` says, by the refusal of a script that expects 1.
Receipt checked(Ledger& ledger, std::string_view text, std::int64_t most) {
    Script script;
    const auto octets = script.data(as_bytes(text));
    script.call("text_check", octets.address, octets.size, most).expect(1);
    return ledger.run(stranger(), script);
}

}  // namespace

TEST_CASE("a contract learns whether octets are a text of the language") {
    Ledger ledger;
    const auto is_text = [&](std::string_view text, std::int64_t most) {
        return checked(ledger, text, most).refusal == 0;
    };
    CHECK_FALSE(is_text("\xC3", 9));
    CHECK_FALSE(is_text("a\tb", 9));
    CHECK_FALSE(is_text("e\u0301", 9));
    CHECK_FALSE(is_text("\u202E", 9));
    CHECK_FALSE(is_text("\u0645\u0646\u0648", 2));
    CHECK(is_text("\u0645\u0646\u0648", 3));
    CHECK(is_text("\u1EB9\u0301", 2));
    CHECK(is_text("", 0));
}

TEST_CASE("marks that may compose cost more for every octet") {
    Ledger ledger;
    std::string settled;
    std::string open;
    for (int i = 0; i < 100; ++i) {
        settled += "\u1EB9\u0651";
        open += "\u1EB9\u0301";
    }
    const Receipt less = checked(ledger, settled, 1000);
    const Receipt more = checked(ledger, open, 1000);
    CHECK(less.refusal == 0);
    CHECK(more.refusal == 0);
    CHECK(more.gas - less.gas == 500 * 40);
}
