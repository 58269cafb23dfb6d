#pragma once

#include <aqd/abi/manifest.h>
#include <aqd/base/result.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace aqd::diagnostics {
class Sink;
}
namespace aqd::program {
struct Program;
}
namespace aqd::source {
class SourceSet;
}

namespace aqd::driver {

/// What to compile: a source file, or a module by its path ("civil.death") as the roots find it.
struct Request {
    std::filesystem::path file{};
    std::string module{};
    /// Folders in which `use a.b` is looked for as `a/b.aqd`, the first that has it. Empty: those
    /// of the nearest `aqd.toml`, from the folder of the file (or the working directory) upwards.
    std::vector<std::filesystem::path> roots{};
};

/// Most modules that one compilation reads.
inline constexpr std::size_t max_modules = 256;

/// The stages that need no LLVM: reading, parsing, checking and analysing one module and all that
/// it uses. Owns its sources and what was reported about them. One thread at a time.
class Frontend {
  public:
    /// Errors are those of the request: a file or module that is not there, an `aqd.toml` that
    /// cannot be read.
    static Result<Frontend> open(const Request& request);
    Frontend(Frontend&&) noexcept;
    Frontend& operator=(Frontend&&) noexcept;
    ~Frontend();

    /// Runs the stages. False if something was reported as an error. To be called once.
    bool run();

    /// The checked program, its parts freely to be read; nullptr unless `run` succeeded.
    [[nodiscard]] const program::Program* program() const;
    [[nodiscard]] const source::SourceSet& sources() const;
    [[nodiscard]] const diagnostics::Sink& diagnostics() const;

    /// What was reported, for people and for tools (`compiler/diagnostics/render.h`).
    [[nodiscard]] std::string report(bool colour = false) const;
    [[nodiscard]] std::string report_json() const;

    /// The manifest of the checked program; `run` must have succeeded.
    [[nodiscard]] abi::Manifest manifest() const;

  private:
    struct State;
    explicit Frontend(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace aqd::driver
