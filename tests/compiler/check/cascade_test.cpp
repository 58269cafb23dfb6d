#include "compiler/analyse/analyse.h"
#include "compiler/check/check.h"
#include "compiler/diagnostics/render.h"
#include "compiler/lex/lexer.h"
#include "compiler/parse/parse.h"
#include "tests/compiler/check/support.h"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <iostream>

// Sources that are right but for one slip of the pen: all that is reported is the slip itself, and
// nothing that only follows from it.

namespace aqd::check_test {

namespace {

const std::vector<std::string> fixtures{"bodies", "notices", "birth", "morocco", "tender"};

/// What of the source is reported by the parser, and what by the stages after it.
struct Reports {
    std::size_t parser = 0;
    std::vector<diagnostics::Diagnostic> later;
    std::string text;
};

class Used {
  public:
    Used() {
        for (const std::string& name : fixtures) {
            const source::FileId id = sources_.add(
                name + ".aqd", read_file("tests/compiler/check/fixtures/" + name + ".aqd"));
            diagnostics::Sink sink;
            trees_.push_back(parse::parse(sources_.file(id), sink));
        }
        for (const parse::ParseResult& tree : trees_) {
            imports_.modules[tree.file.module.text()] = {&tree.file, {}};
        }
    }

    Reports look(const std::string& text) {
        diagnostics::Sink sink;
        const parse::ParseResult tree =
            parse::parse(sources_.file(sources_.add("t.aqd", text)), sink);
        Reports out;
        out.parser = sink.kept().size();
        if (tree.complete) {
            return out;
        }
        check::Imports imports = imports_;
        imports.modules.erase(tree.file.module.text());
        analyse::analyse(check::check(tree.file, imports, sink), sink);
        out.later.assign(sink.kept().begin() + static_cast<std::ptrdiff_t>(out.parser),
                         sink.kept().end());
        out.text = diagnostics::render_text(sink, sources_);
        return out;
    }

  private:
    source::SourceSet sources_;
    std::vector<parse::ParseResult> trees_;
    check::Imports imports_;
};

}  // namespace

TEST_CASE(
    "one run reports mistakes of spelling, grammar, names, types, flow and the whole program") {
    source::SourceSet sources;
    diagnostics::Sink sink;
    const std::string text = read_file("tests/compiler/check/fixtures/all_kinds.aqd");
    const parse::ParseResult tree =
        parse::parse(sources.file(sources.add("town/mistakes.aqd", text)), sink);
    CHECK_FALSE(tree.complete);
    analyse::analyse(check::check(tree.file, {}, sink), sink);
    check_golden("tests/compiler/check/golden/all_kinds.txt",
                 diagnostics::render_text(sink, sources));
}

TEST_CASE("a slip of the pen is reported once, and nothing that follows from it") {
    Used used;
    const bool all = std::getenv("AQD_ALL_SLIPS") != nullptr;
    std::size_t slips = 0;
    std::size_t cascades = 0;
    for (const std::string name : {"death", "attestation", "tender", "birth"}) {
        const std::string text = read_file("tests/compiler/check/fixtures/" + name + ".aqd");
        source::SourceSet sources;
        diagnostics::Sink sink;
        const auto tokens = lex::lex(sources.file(sources.add("t.aqd", text)), sink).tokens;
        for (std::size_t i = 0; i < tokens.size(); i += all ? 1 : 7) {
            const source::Span span = tokens[i].span;
            const std::string word = text.substr(span.begin, span.size());
            for (const std::string& put : {std::string(), word + " " + word, std::string("@"),
                                           std::string("}"), std::string("(")}) {
                const Reports found =
                    used.look(text.substr(0, span.begin) + put + text.substr(span.end));
                slips += found.parser != 0 ? 1 : 0;
                cascades += found.later.empty() ? 0 : 1;
                if (all && !found.later.empty()) {
                    std::cout << "=== " << name << ": `" << word << "` -> `" << put << "`\n"
                              << found.text;
                }
            }
        }
    }
    CAPTURE(slips, cascades);
    CHECK(slips > 1000);
    // A brace in the middle of a line may still be taken for the end of something else.
    CHECK(cascades * 20 < slips);
}

}  // namespace aqd::check_test
