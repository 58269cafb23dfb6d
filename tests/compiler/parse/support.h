#pragma once

#include "compiler/diagnostics/render.h"
#include "compiler/parse/parse.h"

#include <string>

/// What the tests of the parser share.
namespace aqd::parse_test {

struct Parsed {
    source::SourceSet sources;
    diagnostics::Sink sink;
    parse::ParseResult result;

    explicit Parsed(std::string text, std::string path = "t.aqd");

    /// All diagnostics as people see them, for the message of a failed test.
    [[nodiscard]] std::string report() const;
};

/// Parses a source whose one mistake stands between ⟦ and ⟧, and checks code and place.
void refused(const std::string& marked, const std::string& code);

/// The same inside a module, a function body, a procedure, the body of a step.
void refused_item(const std::string& marked, const std::string& code);
void refused_statement(const std::string& marked, const std::string& code);
void refused_member(const std::string& marked, const std::string& code);

/// Compares with a file of `tests/compiler/parse/golden`, or writes it if AQD_UPDATE_GOLDEN is 1.
void check_golden(const std::string& name, const std::string& text);

std::string read_file(const std::string& path);

}  // namespace aqd::parse_test
