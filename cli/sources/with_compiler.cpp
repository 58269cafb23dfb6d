#include "cli/files/files.h"
#include "cli/sources/sources.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/diagnostics/sink.h"

#include <aqd/driver/compile.h>
#include <aqd/driver/frontend.h>

namespace aqd::sources {
namespace {

driver::Request request_of(const std::filesystem::path& path) {
    driver::Request request;
    request.file = path;
    return request;
}

}  // namespace

bool has_compiler() {
    return true;
}

Result<Compiled> compile(const std::filesystem::path& path, const CompileOptions& options) {
    AQD_TRY(frontend, driver::Frontend::open(request_of(path)));
    Compiled out;
    if (options.check_only) {
        frontend.run();
    } else {
        auto module = driver::compile(frontend);
        if (!module && !frontend.diagnostics().has_errors()) {
            return fail(module.error().code, path.string() + ": " + module.error().message);
        }
        if (module) {
            out.wasm = std::move(module->wasm);
        }
    }
    out.errors = frontend.diagnostics().error_count();
    out.diagnostics = frontend.report(options.colour);
    AQD_TRY(json, files::parse_json(frontend.report_json(), "diagnostics"));
    out.json = std::move(json);
    return out;
}

Result<Bytes> read_module(const std::filesystem::path& path) {
    if (path.extension() == ".wasm") {
        return files::read(path);
    }
    AQD_TRY(compiled, compile(path, {}));
    if (compiled.errors != 0) {
        return fail(ErrorCode::invalid,
                    path.string() + ": does not compile\n" + compiled.diagnostics);
    }
    return std::move(compiled.wasm);
}

std::optional<std::string> explain(std::string_view code) {
    const auto found = diagnostics::find_code(code);
    return found ? std::optional<std::string>(diagnostics::explain(*found)) : std::nullopt;
}

}  // namespace aqd::sources
