#include "compiler/analyse/analyse.h"
#include "compiler/check/check.h"
#include "compiler/diagnostics/render.h"
#include "compiler/diagnostics/sink.h"
#include "compiler/driver/project.h"
#include "compiler/parse/parse.h"
#include "compiler/program/manifest.h"

#include <aqd/base/assert.h>
#include <aqd/crypto/sha256.h>
#include <aqd/driver/frontend.h>

#include <fstream>
#include <map>
#include <optional>
#include <system_error>
#include <utility>

namespace aqd::driver {

namespace fs = std::filesystem;

namespace {

// One octet more than a source may have, so that the lexer sees that it is too long.
Result<std::string> read_source(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        return fail(ErrorCode::not_found, "cannot read " + file.string());
    }
    std::string text(source::max_source_bytes + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad()) {
        return fail(ErrorCode::io, "cannot read " + file.string());
    }
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text;
}

}  // namespace

struct Frontend::State {
    Project project;
    fs::path root_file;
    std::string root_text;
    source::SourceSet sources;
    diagnostics::Sink sink;
    /// By module path; the trees keep their address.
    std::map<std::string, std::unique_ptr<parse::ParseResult>> trees;
    std::map<std::string, Hash256> hashes;
    std::unique_ptr<parse::ParseResult> root;
    Hash256 root_hash;
    std::optional<program::Program> program;

    parse::ParseResult parse(std::string name, std::string text) {
        const source::FileId id = sources.add(std::move(name), std::move(text));
        return parse::parse(sources.file(id), sink);
    }

    void read_root() {
        const auto below = name_below_roots(project, root_file);
        root_hash = crypto::sha256(as_bytes(root_text));
        root = std::make_unique<parse::ParseResult>(
            parse(below ? *below : root_file.filename().string(), std::move(root_text)));
        if (below) {
            check_place(root->file, *below);
        }
    }

    /// A module is found by its path, so it must bear the one that its place gives.
    void check_place(const syntax::File& file, const std::string& name) {
        std::string expected = file.module.text();
        for (char& c : expected) {
            c = c == '.' ? '/' : c;
        }
        if (file.damage.touches(file.header) || file.module.segments.empty() ||
            name == expected + ".aqd") {
            return;
        }
        sink.report(
            diagnostics::error(diagnostics::Code::unknown_module, file.module.span,
                               "the file `" + name + "` calls itself `" + file.module.text() + "`",
                               "would be looked for as `" + expected + ".aqd`")
                .with_help("move the file, or name the module after its place"));
    }

    void read_used(const syntax::File& file, std::vector<const syntax::File*>& next) {
        for (const syntax::Item& item : file.items) {
            const auto* const document = item.as<syntax::DocumentItem>();
            if (const auto* const use = item.as<syntax::UseItem>()) {
                read_module(use->path.text(), next);
            } else if (document != nullptr && document->held_in) {
                // The module of the register where it is held; a register of this one is bare.
                const std::string where = document->held_in->text();
                const std::size_t point = where.rfind('.');
                read_module(point == std::string::npos ? "" : where.substr(0, point), next);
            }
        }
    }

    void read_module(const std::string& path, std::vector<const syntax::File*>& next) {
        if (path.empty() || trees.contains(path) || path == root->file.module.text() ||
            trees.size() + 1 >= max_modules) {
            return;
        }
        // What is not found is reported by the checker, where it is used.
        const auto found = find_module(project, path);
        if (!found) {
            return;
        }
        auto text = read_source(*found);
        if (!text) {
            return;
        }
        const std::string name = name_below_roots(project, *found).value_or(path);
        hashes[path] = crypto::sha256(as_bytes(*text));
        auto& tree = trees[path];
        tree = std::make_unique<parse::ParseResult>(parse(name, *std::move(text)));
        check_place(tree->file, name);
        next.push_back(&tree->file);
    }

    void read_all_used() {
        std::vector<const syntax::File*> files{&root->file};
        while (!files.empty()) {
            std::vector<const syntax::File*> next;
            for (const syntax::File* const file : files) {
                read_used(*file, next);
            }
            files = std::move(next);
        }
    }

    void check() {
        check::Imports imports;
        imports.source_hash = root_hash;
        for (const auto& [path, tree] : trees) {
            imports.modules[path] = {&tree->file, hashes[path]};
        }
        program = check::check(root->file, imports, sink);
        analyse::analyse(*program, sink);
    }
};

Frontend::Frontend(std::unique_ptr<State> state) : state_(std::move(state)) {}
Frontend::Frontend(Frontend&&) noexcept = default;
Frontend& Frontend::operator=(Frontend&&) noexcept = default;
Frontend::~Frontend() = default;

Result<Frontend> Frontend::open(const Request& request) {
    auto state = std::make_unique<State>();
    if (request.roots.empty()) {
        const fs::path start =
            request.file.has_parent_path() ? request.file.parent_path() : fs::path(".");
        AQD_TRY(project, find_project(start));
        state->project = std::move(project);
    } else {
        state->project.roots = request.roots;
    }
    if (!request.file.empty()) {
        state->root_file = request.file;
    } else {
        const auto found = find_module(state->project, request.module);
        if (!found) {
            return fail(ErrorCode::not_found, "no root has a module `" + request.module + "`");
        }
        state->root_file = *found;
    }
    AQD_TRY(text, read_source(state->root_file));
    state->root_text = std::move(text);
    return Frontend(std::move(state));
}

bool Frontend::run() {
    State& state = *state_;
    state.read_root();
    state.read_all_used();
    state.check();
    if (state.sink.has_errors()) {
        state.program.reset();
    }
    return state.program.has_value();
}

const program::Program* Frontend::program() const {
    const std::optional<program::Program>& program = state_->program;
    return program ? &*program : nullptr;
}

const source::SourceSet& Frontend::sources() const {
    return state_->sources;
}

const diagnostics::Sink& Frontend::diagnostics() const {
    return state_->sink;
}

std::string Frontend::report(bool colour) const {
    return diagnostics::render_text(state_->sink, state_->sources, {.colour = colour});
}

std::string Frontend::report_json() const {
    return diagnostics::render_json(state_->sink, state_->sources);
}

abi::Manifest Frontend::manifest() const {
    const program::Program* const checked = program();
    AQD_ASSERT(checked != nullptr);
    return program::manifest_of(*checked);
}

}  // namespace aqd::driver
