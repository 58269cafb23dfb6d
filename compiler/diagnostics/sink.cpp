#include "compiler/diagnostics/sink.h"

#include <algorithm>
#include <utility>

namespace aqd::diagnostics {

void Sink::report(Diagnostic diagnostic) {
    const auto key = std::make_tuple(diagnostic.primary.span, diagnostic.code);
    if (kept_.size() < limit_ ? !seen_.insert(key).second : seen_.contains(key)) {
        return;
    }
    error_count_ += diagnostic.severity == Severity::error ? 1U : 0U;
    if (kept_.size() < limit_) {
        kept_.push_back(std::move(diagnostic));
    } else {
        ++omitted_;
    }
}

std::vector<Diagnostic> Sink::sorted() const {
    std::vector<Diagnostic> result = kept_;
    std::ranges::sort(result, [](const Diagnostic& a, const Diagnostic& b) {
        return std::tie(a.primary.span, a.code) < std::tie(b.primary.span, b.code);
    });
    return result;
}

}  // namespace aqd::diagnostics
