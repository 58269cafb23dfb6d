#include "cli/genesis/module_file.h"
#include "cli/sources/sources.h"

namespace aqd::sources {

bool has_compiler() {
    return false;
}

Result<Compiled> compile(const std::filesystem::path& path, const CompileOptions&) {
    return fail(ErrorCode::unsupported, path.string() + ": this build of aqd has no compiler");
}

Result<Bytes> read_module(const std::filesystem::path& path) {
    return genesis::read_wasm(path);
}

std::optional<std::string> explain(std::string_view) {
    return std::nullopt;
}

}  // namespace aqd::sources
