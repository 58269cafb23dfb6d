#pragma once

#include <aqd/abi/manifest.h>
#include <aqd/embed/engine.h>
#include <aqd/exec/instance.h>

#include <memory>

namespace aqd::embed {

struct Module::Parts {
    HostFunctions functions;  ///< kept alive for the linked module
    abi::LineTable lines;
    std::shared_ptr<const exec::LinkedModule> linked;

    [[nodiscard]] const wasm::Module& wasm() const { return linked->code().module.module(); }
};

}  // namespace aqd::embed
