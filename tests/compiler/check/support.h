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

std::string read_file(const std::string& path);

/// Compares with a file of the test's `golden` folder, or writes it if AQD_UPDATE_GOLDEN is 1.
void check_golden(const std::string& path, const std::string& text);

}  // namespace aqd::check_test
