#include "compiler/diagnostics/sink.h"

#include <catch2/catch.hpp>

using namespace aqd;
using namespace aqd::diagnostics;

namespace {

source::Span at(std::uint32_t begin, std::uint32_t file = 0) {
    return {source::FileId{file}, begin, begin + 1};
}

}  // namespace

TEST_CASE("the same code at the same place is kept once") {
    Sink sink;
    sink.report(error(Code::wrong_case, at(3), "first"));
    sink.report(error(Code::wrong_case, at(3), "again"));
    sink.report(error(Code::expected_name, at(3), "another code"));
    CHECK(sink.error_count() == 2);
    CHECK(sink.sorted().size() == 2);
    CHECK(sink.sorted()[1].message == "first");
}

TEST_CASE("diagnostics come out by file and place") {
    Sink sink;
    sink.report(error(Code::wrong_case, at(9, 1), "d"));
    sink.report(error(Code::wrong_case, at(7), "b"));
    sink.report(error(Code::wrong_case, at(2), "a"));
    sink.report(error(Code::wrong_case, at(1, 1), "c"));
    std::string order;
    for (const Diagnostic& diagnostic : sink.sorted()) {
        order += diagnostic.message;
    }
    CHECK(order == "abcd");
}

TEST_CASE("past the limit diagnostics are only counted") {
    Sink sink(3);
    for (std::uint32_t i = 0; i < 10; ++i) {
        sink.report(error(Code::wrong_case, at(i), "m"));
    }
    sink.report(error(Code::wrong_case, at(1), "a repetition does not count"));
    CHECK(sink.sorted().size() == 3);
    CHECK(sink.omitted() == 7);
    CHECK(sink.error_count() == 10);
}

TEST_CASE("a warning is no error") {
    Sink sink;
    sink.report(warning(Code::wrong_case, at(1), "m"));
    CHECK_FALSE(sink.has_errors());
    CHECK(sink.sorted().size() == 1);
}
