#include "vm/embed/module_parts.h"

#include <aqd/embed/engine.h>
#include <aqd/prepare/prepare.h>
#include <aqd/wasm/decode.h>
#include <aqd/wasm/validate.h>

#include <algorithm>

namespace aqd::embed {

Result<Engine> Engine::create(const Options& options) {
    AQD_TRY(schedule, gas::schedule(options.gas_schedule));
    return Engine(options, schedule);
}

Result<Module> Engine::compile(BytesView wasm, HostFunctions functions) const {
    AQD_TRY(decoded, wasm::decode(wasm, options_.limits));
    AQD_TRY(validated, wasm::validate(std::move(decoded)));
    auto parts = std::make_shared<Module::Parts>();
    if (const auto section = validated->custom_section(abi::lines_section)) {
        // It is for people only: one that cannot be read costs the names of lines and no more.
        if (auto lines = abi::decode_lines(*section)) {
            parts->lines = std::move(*lines);
        }
    }
    AQD_TRY(linked, exec::link(prepare::prepare(validated, schedule_), functions.functions()));
    parts->functions = std::move(functions);
    parts->linked = std::move(linked);
    return Module(std::move(parts));
}

std::vector<Module::Function> Module::functions() const {
    std::vector<Function> found;
    const wasm::Module& wasm = parts_->wasm();
    for (const wasm::Export& entry : wasm.exports) {
        if (entry.kind == wasm::ExternalKind::function) {
            found.push_back({entry.name, wasm.type_of_function(entry.index)});
        }
    }
    std::ranges::sort(found, {}, &Function::name);
    return found;
}

Result<wasm::FunctionType> Module::type_of(std::string_view function) const {
    const wasm::Export* found = parts_->wasm().find_export(function);
    if (found == nullptr || found->kind != wasm::ExternalKind::function) {
        return fail(ErrorCode::not_found, "no exported function " + std::string(function));
    }
    return parts_->wasm().type_of_function(found->index);
}

}  // namespace aqd::embed
