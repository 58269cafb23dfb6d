#pragma once

#include "compiler/check/check.h"
#include "compiler/source/source_set.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// What the tests of checking and of later stages share.
namespace aqd::check_test {

/// A module and those it uses, read from text or from the contracts of the repository.
class Sample {
  public:
    /// Adds a module that others use.
    Sample& with(const std::string& text);
    Sample& with_file(const std::string& path);

    /// Parses and checks the module; everything stays alive with the sample.
    const std::optional<program::Program>& check(const std::string& text);
    const std::optional<program::Program>& check_file(const std::string& path);

    [[nodiscard]] const diagnostics::Sink& sink() const { return sink_; }
    diagnostics::Sink& sink() { return sink_; }
    [[nodiscard]] const source::SourceSet& sources() const { return sources_; }
    [[nodiscard]] std::string report() const;

  private:
    const syntax::File& parse(std::string path, std::string text);

    source::SourceSet sources_;
    diagnostics::Sink sink_;
    std::vector<std::unique_ptr<syntax::File>> files_;
    check::Imports imports_;
    std::optional<program::Program> program_;
};

/// Checks and analyses a source whose one mistake stands between ⟦ and ⟧, and compares code and
/// place.
void refused(const std::string& marked, const std::string& code,
             const std::vector<std::string>& used = {});

/// The same with some declarations before it: a record `Point`, an enumeration `Color`,
/// authorities, roles and registers.
void refused_item(const std::string& marked, const std::string& code);

/// The same inside a function of `n: u32, o: date?, b: bytes[64], l: list[u32, 4], c: Color` that
/// gives a u32.
void refused_statement(const std::string& marked, const std::string& code);

/// The same as members of a procedure that has a parameter `office`, a variable `subject`, a party
/// `declarant`, a secret `file`, the states `open` and `done` (settled), a start `begin` and a
/// deadline `late`.
void refused_member(const std::string& marked, const std::string& code);

/// The same inside a step of that procedure, from `open` to `done` or `stay`.
void refused_step(const std::string& marked, const std::string& code);

/// The source is fine, and so are its analyses.
void accepted(const std::string& text, const std::vector<std::string>& used = {});
void accepted_item(const std::string& text);
void accepted_statement(const std::string& text);
void accepted_member(const std::string& text);
void accepted_step(const std::string& text);

std::string read_file(const std::string& path);

/// Compares with a file of the test's `golden` folder, or writes it if AQD_UPDATE_GOLDEN is 1.
void check_golden(const std::string& path, const std::string& text);

}  // namespace aqd::check_test
