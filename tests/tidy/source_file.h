#pragma once

#include <string>
#include <vector>

/// A check of the tree itself: what a reviewer would otherwise have to look for in every change.
namespace aqd::tidy {

struct SourceFile {
    std::string path;  ///< from the repository root, with slashes
    std::string text;
};

/// One broken rule, as `path:line: words`.
struct Finding {
    std::string path;
    std::size_t line = 1;
    std::string words;

    bool operator==(const Finding&) const = default;
};

using Findings = std::vector<Finding>;

}  // namespace aqd::tidy
