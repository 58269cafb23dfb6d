#include "cli/genesis/module_file.h"

#include "cli/files/files.h"

#include <aqd/wasm/decode.h>

namespace aqd::genesis {

Result<Bytes> read_wasm(const std::filesystem::path& path) {
    if (path.extension() != ".wasm") {
        return fail(ErrorCode::unsupported,
                    path.string() + ": this build has no compiler; give the compiled .wasm");
    }
    return files::read(path);
}

Result<abi::Manifest> manifest_of(BytesView wasm, const std::filesystem::path& path) {
    const auto module = wasm::decode(wasm);
    if (!module) {
        return fail(module.error().code, path.string() + ": " + module.error().message,
                    module.error().offset);
    }
    const auto section = module->custom_section(abi::manifest_section);
    if (!section) {
        return fail(ErrorCode::invalid, path.string() + ": has no section \"" +
                                            std::string(abi::manifest_section) +
                                            "\"; it was not made by the Aqd compiler");
    }
    auto manifest = abi::decode_manifest(*section);
    if (!manifest) {
        return fail(manifest.error().code, path.string() + ": " + manifest.error().message);
    }
    return manifest;
}

}  // namespace aqd::genesis
