#include "tests/tidy/folders.h"
#include "tests/tidy/functions.h"
#include "tests/tidy/source_file.h"
#include "tests/tidy/words.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace aqd::tidy {
namespace {

namespace fs = std::filesystem;
using Catch::Equals;

/// Written by people, as against fixtures and generated files.
bool is_source(const fs::path& path) {
    static const std::vector<std::string> endings{".cpp", ".h",     ".c",   ".def", ".aqd",
                                                  ".md",  ".cmake", ".txt", ".sh",  ".json"};
    const std::string name = path.filename().string();
    return name == "dev" || name == "run" ||
           std::ranges::find(endings, path.extension().string()) != endings.end();
}

/// Build trees and what version control and editors keep.
bool is_skipped(const fs::path& directory) {
    const std::string name = directory.filename().string();
    return (name.starts_with('.') && name != ".ci") || name.starts_with("build") ||
           name == "corpus";
}

const std::vector<SourceFile>& tree() {
    static const std::vector<SourceFile> files = [] {
        std::vector<SourceFile> found;
        const fs::path root = AQD_SOURCE_DIR;
        for (auto entry = fs::recursive_directory_iterator(root);
             entry != fs::recursive_directory_iterator(); ++entry) {
            if (entry->is_directory() && is_skipped(entry->path())) {
                entry.disable_recursion_pending();
            } else if (entry->is_regular_file() && is_source(entry->path())) {
                std::ifstream in(entry->path(), std::ios::binary);
                found.push_back({fs::relative(entry->path(), root).generic_string(),
                                 {std::istreambuf_iterator<char>(in), {}}});
            }
        }
        std::ranges::sort(found, {}, &SourceFile::path);
        return found;
    }();
    return files;
}

std::string report(const Findings& findings) {
    std::string out;
    for (const Finding& finding : findings) {
        out += finding.path + ":" + std::to_string(finding.line) + ": " + finding.words + "\n";
    }
    return out;
}

template <class Check>
std::string over_the_tree(Check check) {
    Findings all;
    for (const SourceFile& file : tree()) {
        const Findings found = check(file);
        all.insert(all.end(), found.begin(), found.end());
    }
    return report(all);
}

TEST_CASE("the checks see the tree") {
    CHECK(std::ranges::any_of(
        tree(), [](const SourceFile& file) { return file.path == "vm/base/hex.cpp"; }));
}

TEST_CASE("every include goes down, in no circle") {
    CHECK_THAT(report(check_folders(tree())), Equals(""));
}

TEST_CASE("functions have at most seventy lines or a reason, files at most seven hundred") {
    CHECK_THAT(over_the_tree(check_lengths), Equals(""));
}

TEST_CASE("files and folders are named after ideas") {
    CHECK_THAT(over_the_tree([](const SourceFile& file) { return check_name(file.path); }),
               Equals(""));
}

TEST_CASE("nothing is marked unfinished, and nothing names a machine") {
    CHECK_THAT(
        over_the_tree([](const SourceFile& file) { return check_words(file, AQD_SOURCE_DIR); }),
        Equals(""));
}

}  // namespace
}  // namespace aqd::tidy
