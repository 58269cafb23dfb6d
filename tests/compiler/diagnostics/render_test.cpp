#include "compiler/diagnostics/render.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace aqd;
using namespace aqd::diagnostics;

namespace {

source::Span find(const source::SourceFile& file, std::string_view words) {
    const std::size_t begin = file.text().find(words);
    REQUIRE(begin != std::string_view::npos);
    return file.span(begin, begin + words.size());
}

}  // namespace

TEST_CASE("a diagnostic shows its lines, the primary place heavy and the others light") {
    source::SourceSet set;
    const auto& file = set.file(set.add("death.aqd",
                                        "register acts: A -> B\n    changed by Officer\n\n\n"
                                        "step a()\n    acts.put(p, case)\n"));
    Sink sink;
    sink.report(error(Code::unexpected_token, find(file, "acts.put(p, case)"),
                      "a hospital may not change `acts`", "changes it")
                    .with(find(file, "Officer"), "only these may")
                    .with_help("do this\nor that"));
    CHECK(render_text(sink, set) ==
          "error[AQD0201]: a hospital may not change `acts`\n"
          "   ┌─ death.aqd:6:5\n"
          " 2 │     changed by Officer\n"
          "   │                ─────── only these may\n"
          "   ·\n"
          " 6 │     acts.put(p, case)\n"
          "   │     ━━━━━━━━━━━━━━━━━ changes it\n"
          "   = help: do this\n"
          "           or that\n"
          "   = more: aqd explain AQD0201\n");
}

TEST_CASE("places of other files follow under their own path") {
    source::SourceSet set;
    const auto& other = set.file(set.add("b.aqd", "record R {}\n"));
    const auto& file = set.file(set.add("a.aqd", "use b { R }\n"));
    const Diagnostic diagnostic =
        error(Code::unexpected_token, find(file, "R"), "m").with(find(other, "R"), "here");
    CHECK(render_text(diagnostic, set) ==
          "error[AQD0201]: m\n"
          "   ┌─ a.aqd:1:9\n"
          " 1 │ use b { R }\n"
          "   │         ━\n"
          "   ├─ b.aqd:1:8\n"
          " 1 │ record R {}\n"
          "   │        ─ here\n"
          "   = more: aqd explain AQD0201\n");
}

TEST_CASE("underlines follow the columns of a terminal") {
    source::SourceSet set;
    const auto& file = set.file(set.add("a.aqd", "\t\"a\u064E\u4E2D\" x\n"));
    CHECK(render_text(error(Code::unexpected_token, find(file, "x"), "m"), set)
              .find("\n   │           ━\n") != std::string::npos);
}

TEST_CASE("what would reorder or move the line is not written through") {
    source::SourceSet set;
    const auto& file = set.file(set.add("a.aqd", "a\u202E\x1B[2Jb\xFF c\n"));
    const std::string text = render_text(error(Code::bidi_control, find(file, "c"), "m"), set);
    CHECK(text.find("a\uFFFD\uFFFD[2Jb\uFFFD c") != std::string::npos);
}

TEST_CASE("a very long line is cut around its mark") {
    source::SourceSet set;
    const auto& file =
        set.file(set.add("a.aqd", std::string(5000, 'a') + " here " + std::string(5000, 'b')));
    const std::string text =
        render_text(error(Code::unexpected_token, find(file, "here"), "m"), set);
    CHECK(text.size() < 1500);
    CHECK(text.find("… aaa") != std::string::npos);
    CHECK(text.find("━━━━\n") != std::string::npos);
}

TEST_CASE("colour is written only if asked") {
    source::SourceSet set;
    const auto& file = set.file(set.add("a.aqd", "x\n"));
    const Diagnostic diagnostic = warning(Code::unexpected_token, find(file, "x"), "m");
    CHECK(render_text(diagnostic, set).find('\x1b') == std::string::npos);
    CHECK(render_text(diagnostic, set, {.colour = true}).find("\x1b[1;33mwarning") == 0);
}

TEST_CASE("an empty file and a place at its end render") {
    source::SourceSet set;
    const auto& file = set.file(set.add("a.aqd", ""));
    CHECK(render_text(error(Code::missing_header, file.span(0, 0), "m"), set) ==
          "error[AQD0223]: m\n   ┌─ a.aqd:1:1\n 1 │\n   │ ━\n   = more: aqd explain AQD0223\n");
}

TEST_CASE("JSON names every place by offset, line and column") {
    source::SourceSet set;
    const auto& file = set.file(set.add("a.aqd", "ab\n\"\u00E9\" x = 1\n"));
    Sink sink;
    sink.report(error(Code::assignment_in_condition, find(file, "="), "message", "label")
                    .with(find(file, "x"), "other")
                    .with_help("way out")
                    .with_edit(find(file, "="), "=="));
    const auto json = nlohmann::json::parse(render_json(sink, set));
    REQUIRE(json.size() == 1);
    CHECK(json[0]["code"] == "AQD0214");
    CHECK(json[0]["severity"] == "error");
    CHECK(json[0]["message"] == "message");
    CHECK(json[0]["primary"]["path"] == "a.aqd");
    CHECK(json[0]["primary"]["label"] == "label");
    CHECK(json[0]["primary"]["begin"] ==
          nlohmann::json({{"offset", 10}, {"line", 2}, {"column", 7}}));
    CHECK(json[0]["secondary"][0]["label"] == "other");
    CHECK(json[0]["help"][0] == "way out");
    CHECK(json[0]["edit"]["replacement"] == "==");
    CHECK(json[0]["edit"]["end"]["offset"] == 11);
}

TEST_CASE("JSON of nothing is an empty array") {
    CHECK(nlohmann::json::parse(render_json(Sink(), source::SourceSet())) ==
          nlohmann::json::array());
}
