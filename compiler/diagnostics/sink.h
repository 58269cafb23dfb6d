#pragma once

#include "compiler/diagnostics/diagnostic.h"

#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <vector>

namespace aqd::diagnostics {

/// Collects what the stages report. Not thread-safe: one sink a compilation.
class Sink {
  public:
    static constexpr std::size_t default_limit = 200;

    explicit Sink(std::size_t limit = default_limit) : limit_(limit) {}

    /// Keeps the diagnostic unless it repeats one (same code and place) or the limit is reached;
    /// past the limit it is only counted.
    void report(Diagnostic diagnostic);

    [[nodiscard]] bool has_errors() const { return error_count_ != 0; }
    [[nodiscard]] std::size_t error_count() const { return error_count_; }

    /// Whether the limit is reached, so that what is reported now is only counted.
    [[nodiscard]] bool is_full() const { return kept_.size() >= limit_; }

    /// How many were reported past the limit.
    [[nodiscard]] std::size_t omitted() const { return omitted_; }

    /// What was kept, in the order of the reports.
    [[nodiscard]] std::span<const Diagnostic> kept() const { return kept_; }

    /// What was kept, by file and place; equal places in the order of their codes.
    [[nodiscard]] std::vector<Diagnostic> sorted() const;

  private:
    std::size_t limit_;
    std::size_t error_count_ = 0;
    std::size_t omitted_ = 0;
    std::vector<Diagnostic> kept_;
    std::set<std::tuple<source::Span, Code>> seen_;
};

}  // namespace aqd::diagnostics
