#include "cli/files/files.h"
#include "cli/genesis/module_file.h"
#include "cli/screen/table.h"
#include "cli/sources/sources.h"
#include "cli/values/describe.h"
#include "cli/verbs/verbs.h"

#include <aqd/base/hex.h>
#include <aqd/crypto/sha256.h>

#include <chrono>
#include <memory>

namespace aqd::verbs {
namespace {

using screen::Exit;
using screen::Json;
using screen::Style;

struct Options {
    std::vector<std::string> files;
    std::string out = ".";
};

std::string kilobytes(std::size_t bytes) {
    const std::size_t tenths = (bytes * 10 + 500) / 1000;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " kB";
}

std::size_t count_states(const abi::Manifest& manifest) {
    std::size_t count = 0;
    for (const abi::Procedure& procedure : manifest.procedures) {
        count += procedure.states.size();
    }
    return count;
}

screen::Outcome run(screen::Screen& screen, const Options& options) {
    std::size_t errors = 0;
    Json modules = Json::array();
    screen::Table table(0);
    for (std::size_t column = 3; column < 7; ++column) {
        table.align_right(column);
    }
    AQD_CHECK(files::make_folder(options.out));
    for (const std::string& file : options.files) {
        const auto begin = std::chrono::steady_clock::now();
        AQD_TRY(compiled, sources::compile(file, {screen.has_colour(), false}));
        const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now() - begin);
        screen.text(compiled.diagnostics);
        if (compiled.errors != 0) {
            errors += compiled.errors;
            modules.push_back({{"file", file}, {"diagnostics", compiled.json}});
            continue;
        }
        AQD_TRY(manifest, genesis::manifest_of(compiled.wasm, file));
        const std::filesystem::path path =
            std::filesystem::path(options.out) / (manifest.path + ".wasm");
        AQD_CHECK(files::write(path, compiled.wasm));
        const Hash256 hash = crypto::sha256(compiled.wasm);
        modules.push_back({{"file", file},
                           {"module", manifest.path},
                           {"version", manifest.version},
                           {"out", path.string()},
                           {"states", count_states(manifest)},
                           {"entries", manifest.entries.size()},
                           {"bytes", compiled.wasm.size()},
                           {"hash", to_hex(hash.view())},
                           {"milliseconds", took.count()},
                           {"diagnostics", compiled.json}});
        table.row({"compile ", screen.paint(Style::bold, manifest.path),
                   "version " + std::to_string(manifest.version),
                   std::to_string(count_states(manifest)) + " states",
                   std::to_string(manifest.entries.size()) + " entries",
                   kilobytes(compiled.wasm.size()), std::to_string(took.count()) + " ms",
                   values::short_hash(hash.view())});
    }
    screen.document({{"errors", errors}, {"modules", modules}});
    screen.text(table.text());
    return errors == 0 ? Exit::done : Exit::bad_input;
}

}  // namespace

Run build(Arguments& arguments) {
    const auto options = std::make_shared<Options>();
    arguments.positionals("FILE", options->files, "Sources to compile");
    arguments.option("-o,--out", options->out, "Folder for MODULE.PATH.wasm");
    return [options](screen::Screen& screen) { return run(screen, *options); };
}

}  // namespace aqd::verbs
