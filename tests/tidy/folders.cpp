#include "tests/tidy/folders.h"

#include "tests/tidy/code_text.h"
#include "tests/tidy/source_file.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace aqd::tidy {

namespace {

/// A folder and those that it may include from; what they may use, it may too.
struct Floor {
    std::string_view folder;
    std::vector<std::string_view> below;
};

/// The floor plan, lowest first: a row names only rows above it, so that it can hold no circle.
const std::vector<Floor>& floor_plan() {
    static const std::vector<Floor> plan{
        {"vm/base", {}},
        {"vm/calendar", {"vm/base"}},
        {"vm/crypto", {"vm/base"}},
        {"vm/abi", {"vm/crypto"}},
        {"vm/wasm", {"vm/base"}},
        {"vm/gas", {"vm/wasm", "vm/abi"}},
        {"vm/proof", {"vm/abi"}},
        {"vm/state", {"vm/abi"}},
        {"vm/system", {"vm/state", "vm/calendar"}},
        {"vm/prepare", {"vm/gas"}},
        {"vm/exec", {"vm/prepare", "vm/state"}},
        {"vm/host", {"vm/exec", "vm/system"}},
        {"vm/native", {"vm/exec"}},
        {"vm/engine", {"vm/host"}},
        {"vm/embed", {"vm/engine"}},
        {"vm/c_api", {"vm/embed"}},
        {"vm/store", {"vm/state", "vm/proof", "vm/calendar"}},
        {"vm/ledger", {"vm/engine", "vm/proof"}},
        {"vm/chain", {"vm/ledger", "vm/store"}},
        {"stdlib/runtime", {"vm/abi", "vm/calendar"}},
        {"compiler/source", {"vm/abi", "vm/calendar"}},
        {"compiler/diagnostics", {"compiler/source"}},
        {"compiler/lex", {"compiler/diagnostics"}},
        {"compiler/syntax", {"compiler/lex"}},
        {"compiler/parse", {"compiler/syntax"}},
        {"compiler/program", {"compiler/syntax"}},
        {"compiler/check", {"compiler/parse", "compiler/program"}},
        {"compiler/analyse", {"compiler/check"}},
        {"compiler/lower", {"compiler/analyse", "stdlib/runtime"}},
        {"compiler/codegen", {"compiler/lower"}},
        {"compiler/driver", {"compiler/codegen"}},
        {"compiler/format", {"compiler/parse"}},
        {"compiler/language_server", {"compiler/driver", "compiler/format"}},
        {"node/rpc", {"vm/chain"}},
        {"node/abci", {"vm/chain"}},
        {"node/explorer", {"node/rpc"}},
        {"cli",
         {"vm/chain", "vm/c_api", "vm/native", "node/explorer", "node/abci",
          "compiler/language_server"}},
    };
    return plan;
}

/// An outside library, by the beginning of its headers, and the folders that may know it.
struct Outsider {
    std::string_view headers;
    std::vector<std::string_view> homes;
};

const std::vector<Outsider>& outsiders() {
    static const std::vector<Outsider> list{
        {"llvm/", {"compiler/lower", "compiler/codegen", "vm/native"}},
        {"lld/", {"compiler/codegen"}},
        {"lmdb.h", {"vm/store"}},
        {"secp256k1", {"vm/crypto"}},
        {"openssl/", {"vm/crypto"}},
        {"nlohmann/", {"compiler/diagnostics", "compiler/language_server", "node", "cli"}},
        {"CLI/", {"cli"}},
    };
    return list;
}

struct Include {
    std::string target;  ///< as written
    bool angled = false;
    std::size_t line = 0;
};

std::vector<Include> includes_of(const SourceFile& file) {
    constexpr std::string_view directive = "#include ";
    std::vector<Include> found;
    std::size_t number = 0;
    for (const std::string_view line : lines_of(file.text)) {
        ++number;
        if (!line.starts_with(directive) || line.size() < directive.size() + 2) {
            continue;
        }
        const char open = line[directive.size()];
        const std::string_view rest = line.substr(directive.size() + 1);
        const std::size_t end = rest.find(open == '<' ? '>' : '"');
        if ((open == '<' || open == '"') && end != std::string_view::npos) {
            found.push_back({std::string(rest.substr(0, end)), open == '<', number});
        }
    }
    return found;
}

bool is_within(std::string_view folder, std::string_view ancestor) {
    return folder == ancestor ||
           (folder.starts_with(ancestor) && folder.substr(ancestor.size()).starts_with("/"));
}

/// The row of the plan that a folder stands on: its own or that of the folder around it.
std::string_view row_of(std::string_view folder) {
    for (const Floor& floor : floor_plan()) {
        if (is_within(folder, floor.folder)) {
            return floor.folder;
        }
    }
    return {};
}

const std::set<std::string_view>& reachable_from(std::string_view row) {
    static const std::map<std::string_view, std::set<std::string_view>> reachable = [] {
        std::map<std::string_view, std::set<std::string_view>> all;
        for (const Floor& floor : floor_plan()) {
            std::set<std::string_view>& mine = all[floor.folder];
            mine.insert(floor.folder);
            for (const std::string_view below : floor.below) {
                mine.insert(below);
                mine.insert(all.at(below).begin(), all.at(below).end());
            }
        }
        return all;
    }();
    return reachable.at(row);
}

bool is_in_the_house(std::string_view path) {
    for (const std::string_view top : {"vm/", "compiler/", "stdlib/", "node/", "cli/"}) {
        if (path.starts_with(top)) {
            return true;
        }
    }
    return false;
}

/// Folders by the name under which their public headers are included: `aqd/wasm/` is `vm/wasm`.
std::map<std::string, std::string> public_names(const std::vector<SourceFile>& files) {
    constexpr std::string_view mark = "/include/";
    std::map<std::string, std::string> names;
    for (const SourceFile& file : files) {
        const std::size_t at = file.path.find(mark);
        if (is_in_the_house(file.path) && at != std::string::npos) {
            names[file.path.substr(at + mark.size())] = file.path.substr(0, at);
        }
    }
    return names;
}

void check_outsider(const SourceFile& file, const Include& include, Findings& findings) {
    const std::string folder = folder_of(file.path);
    for (const Outsider& outsider : outsiders()) {
        const bool at_home = std::ranges::any_of(
            outsider.homes, [&](std::string_view home) { return is_within(folder, home); });
        if (include.target.starts_with(outsider.headers) && !at_home) {
            findings.push_back({file.path, include.line,
                                folder + " has no business with <" + include.target + ">"});
        }
    }
}

using Edges = std::map<std::string, std::set<std::string>>;

/// Follows the edges from `at`; the path so far is `trail`.
void find_circle(const Edges& edges, const std::string& at, std::vector<std::string>& trail,
                 std::set<std::string>& finished, Findings& findings) {
    const auto before = std::ranges::find(trail, at);
    if (before != trail.end()) {
        std::string words = "folders in a circle: ";
        for (auto step = before; step != trail.end(); ++step) {
            words += *step;
            words += " → ";
        }
        findings.push_back({at, 1, words + at});
        return;
    }
    const auto out = edges.find(at);
    if (finished.contains(at) || out == edges.end()) {
        return;
    }
    trail.push_back(at);
    for (const std::string& next : out->second) {
        find_circle(edges, next, trail, finished, findings);
    }
    trail.pop_back();
    finished.insert(at);
}

}  // namespace

std::string folder_of(std::string_view path) {
    const std::size_t include = path.find("/include/");
    const std::size_t end = include != std::string_view::npos ? include : path.rfind('/');
    return std::string(path.substr(0, end == std::string_view::npos ? 0 : end));
}

Findings check_folders(const std::vector<SourceFile>& files) {
    Findings findings;
    Edges edges;
    const std::map<std::string, std::string> names = public_names(files);
    for (const SourceFile& file : files) {
        if (!is_code(file.path) || !is_in_the_house(file.path)) {
            continue;
        }
        const std::string folder = folder_of(file.path);
        const std::string_view row = row_of(folder);
        if (row.empty()) {
            findings.push_back({file.path, 1, folder + " stands on no floor of the plan"});
            continue;
        }
        for (const Include& include : includes_of(file)) {
            check_outsider(file, include, findings);
            const auto name = names.find(include.target);
            std::string target;
            if (name != names.end()) {
                target = name->second;
            } else if (!include.angled && is_in_the_house(include.target)) {
                target = folder_of(include.target);
            }
            if (target.empty() || target == folder) {
                continue;
            }
            edges[folder].insert(target);
            if (!reachable_from(row).contains(row_of(target))) {
                findings.push_back(
                    {file.path, include.line,
                     folder + " may not include from " + target + ", which is no floor below it"});
            }
        }
    }
    std::set<std::string> finished;
    for (const auto& [folder, targets] : edges) {
        std::vector<std::string> trail;
        find_circle(edges, folder, trail, finished, findings);
    }
    return findings;
}

}  // namespace aqd::tidy
