#include "tests/compiler/check/support.h"

#include "compiler/analyse/analyse.h"
#include "compiler/diagnostics/render.h"
#include "compiler/parse/parse.h"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string_view>
#include <utility>

namespace aqd::check_test {

namespace {

constexpr std::string_view declarations = R"(module t version 1 from 2026-01-01 serves Commune
record Point { x: u32, y: u32, note: text[10] = "" }
enum Color { Red, Green, Blue(depth: u8, bright: bool) }
authority Court(code: text[8])
authority Commune(code: text[8]) has { court: Court }
authority Dgsn
role Officer of Commune
role Clerk of Court
role Citizen by assertion of Dgsn level 2
legal LAW = law "1-23"
document Extract held in extracts
register extracts: u32 -> bool proves Extract
document Letter
register counts: u32 -> u32 default 0
register points: u32 -> Point
register guarded: u32 -> u32 default 0 owned by Commune changed by Clerk of any Court
parameter term: days = 30 days from 2020-01-01 basis LAW
parameter rate: u32 = 5 from 2020-01-01
notice Told { who: u32 } max 2
exchange Asked { number: u32 } -> { secret opinion: u8, until: date } purpose "a question" basis LAW within 10 days
error Bad en "bad"
const LIMIT: u32 = 12
fn helper(x: u32, y: u32) -> u32 { x + y }
)";

std::string in_function(const std::string& text) {
    return std::string(declarations) +
           "fn f(n: u32, o: date?, b: bytes[64], l: list[u32, 4], c: Color) -> u32 {\n    " + text +
           "\n    0\n}\n";
}

std::string in_procedure(const std::string& text) {
    return std::string(declarations) + R"(procedure P(office: Commune) unique subject {
    var subject: u32
    var count: u32 = 0
    party declarant: Citizen
    secret file: bytes[100] kind Letter held by office purge 2 years after settled
    states open
    settled done
    start begin(subject) by Citizen as declarant -> open { goto open }
    deadline late: term in open expires -> done { goto done }
    )" + text +
           "\n}\n";
}

std::string in_step(const std::string& text) {
    return in_procedure(
        "step act(o: date?, file) by Officer of office in open -> done | stay {\n        " + text +
        "\n        if count == 0 { goto stay }\n        goto done\n    }");
}

}  // namespace

std::string read_file(const std::string& path) {
    const std::ifstream in(std::string(AQD_SOURCE_DIR) + "/" + path, std::ios::binary);
    REQUIRE(in.good());
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

const syntax::File& Sample::parse(std::string path, std::string text) {
    const source::FileId id = sources_.add(std::move(path), std::move(text));
    parse::ParseResult result = parse::parse(sources_.file(id), sink_);
    INFO(report());
    REQUIRE(result.complete);
    files_.push_back(std::make_unique<syntax::File>(std::move(result.file)));
    return *files_.back();
}

Sample& Sample::with(const std::string& text) {
    const syntax::File& file = parse("used" + std::to_string(files_.size()) + ".aqd", text);
    imports_.modules[file.module.text()] = {&file, {}};
    return *this;
}

Sample& Sample::with_file(const std::string& path) {
    return with(read_file(path));
}

const std::optional<program::Program>& Sample::check(const std::string& text) {
    program_ = check::check(parse("t.aqd", text), imports_, sink_);
    const bool sound = !sink_.has_errors();
    analyse::analyse(*program_, sink_);
    if (!sound) {
        program_.reset();
    }
    return program_;
}

const std::optional<program::Program>& Sample::check_file(const std::string& path) {
    return check(read_file(path));
}

std::string Sample::report() const {
    return diagnostics::render_text(sink_, sources_);
}

void refused(const std::string& marked, const std::string& code,
             const std::vector<std::string>& used) {
    constexpr std::string_view open = "⟦";
    constexpr std::string_view close = "⟧";
    const std::size_t begin = marked.find(open);
    const std::size_t end = marked.find(close);
    REQUIRE(begin != std::string::npos);
    REQUIRE(end != std::string::npos);
    const std::string inside = marked.substr(begin + open.size(), end - begin - open.size());

    Sample sample;
    for (const std::string& one : used) {
        sample.with(one);
    }
    const auto& program =
        sample.check(marked.substr(0, begin) + inside + marked.substr(end + close.size()));
    if (program) {
        analyse::analyse(*program, sample.sink());
    }
    const std::string expected = inside + " -> AQD" + code;
    CAPTURE(expected, sample.report());
    const auto found = sample.sink().sorted();
    REQUIRE(found.size() == 1);
    CHECK(diagnostics::code_text(found[0].code) == "AQD" + code);
    CHECK_FALSE(found[0].message.empty());
    CHECK(found[0].primary.span.begin == begin);
    CHECK(found[0].primary.span.size() == inside.size());
}

void refused_item(const std::string& marked, const std::string& code) {
    refused(std::string(declarations) + marked + "\n", code);
}

void refused_statement(const std::string& marked, const std::string& code) {
    refused(in_function(marked), code);
}

void refused_member(const std::string& marked, const std::string& code) {
    refused(in_procedure(marked), code);
}

void refused_step(const std::string& marked, const std::string& code) {
    refused(in_step(marked), code);
}

void accepted(const std::string& text, const std::vector<std::string>& used) {
    Sample sample;
    for (const std::string& one : used) {
        sample.with(one);
    }
    const auto& program = sample.check(text);
    INFO(sample.report());
    REQUIRE(program.has_value());
    CHECK(analyse::analyse(*program, sample.sink()));
    CHECK(sample.sink().sorted().empty());
}

void accepted_item(const std::string& text) {
    accepted(std::string(declarations) + text + "\n");
}

void accepted_statement(const std::string& text) {
    accepted(in_function(text));
}

void accepted_member(const std::string& text) {
    accepted(in_procedure(text));
}

void accepted_step(const std::string& text) {
    accepted(in_step(text));
}

void check_golden(const std::string& path, const std::string& text) {
    const std::string whole = std::string(AQD_SOURCE_DIR) + "/" + path;
    const char* update = std::getenv("AQD_UPDATE_GOLDEN");
    if (update != nullptr && std::string_view(update) == "1") {
        std::ofstream(whole, std::ios::binary) << text;
        return;
    }
    CHECK(read_file(path) == text);
}

}  // namespace aqd::check_test
