#include "vm/exec/instance_state.h"

#include <aqd/exec/store.h>

#include <algorithm>

namespace aqd::exec {
namespace {

using wasm::ExternalKind;

/// Stands for a type itself where it refers to itself.
constexpr std::uint32_t itself = 0x3f'ffff;

/// A table or memory of `size` that may grow to `maximum` where `wanted` is imported.
bool fits(const wasm::SizeRange& wanted, std::uint64_t size, std::optional<std::uint64_t> maximum) {
    return size >= wanted.minimum && (!wanted.maximum || (maximum && *maximum <= *wanted.maximum));
}

std::unexpected<Error> incompatible(const wasm::Import& import) {
    return fail(ErrorCode::invalid, "import " + name_of(import) + " is of an incompatible type");
}

}  // namespace

Store::Store() = default;
Store::~Store() = default;

bool Store::Less::operator()(const wasm::FunctionType& a, const wasm::FunctionType& b) const {
    return a.parameters != b.parameters ? a.parameters < b.parameters : a.results < b.results;
}

/// Gives types of the same structure the same number, whichever module they are from.
void Store::number_types(LinkedModule::Parts& parts) {
    const auto& types = parts.module().types;
    for (std::uint32_t i = 0; i < types.size(); ++i) {
        wasm::FunctionType type = types[i];
        parts.type_numbers.push_back(itself);
        for (std::vector<wasm::ValueType>* values : {&type.parameters, &type.results}) {
            for (wasm::ValueType& value : *values) {
                value = parts.named(value);
            }
        }
        const auto next = static_cast<std::uint32_t>(types_.size());
        parts.type_numbers[i] = types_.try_emplace(std::move(type), next).first->second;
    }
}

Result<> Store::resolve_one(LinkedModule::Parts& parts, const wasm::Import& import) {
    const auto named = names_.find(import.module);
    const wasm::Export* const exported =
        named == names_.end() ? nullptr
                              : named->second->state_->wasm_module().find_export(import.name);
    if (exported == nullptr) {
        return fail(ErrorCode::not_found, "import " + name_of(import) + " is not offered");
    }
    if (exported->kind != import.kind) {
        return incompatible(import);
    }
    Instance::State& source = *named->second->state_;
    const std::uint32_t index = exported->index;
    switch (import.kind) {
        case ExternalKind::function:
            break;
        case ExternalKind::table: {
            Table* const table = source.tables[index];
            if (table->type.element != parts.named(import.table.element) ||
                table->type.wide != import.table.wide ||
                !fits(import.table.size, table->elements.size(), table->type.size.maximum)) {
                return incompatible(import);
            }
            parts.imported_tables.push_back(table);
            break;
        }
        case ExternalKind::memory: {
            Memory* const memory = source.memories[index];
            if (memory->type.wide != import.memory.wide ||
                !fits(import.memory.pages, memory->bytes / wasm::page_size_bytes,
                      memory->type.pages.maximum)) {
                return incompatible(import);
            }
            parts.imported_memories.push_back(memory);
            break;
        }
        case ExternalKind::global: {
            const wasm::GlobalType& type = source.wasm_module().global_types[index];
            const wasm::ValueType offered = source.parts().named(type.type);
            const wasm::ValueType wanted = parts.named(import.global.type);
            if (type.is_mutable != import.global.is_mutable ||
                (type.is_mutable ? offered != wanted : !is_subtype(offered, wanted))) {
                return incompatible(import);
            }
            const auto& imported = source.parts().imported_globals;
            parts.imported_globals.push_back(index < imported.size() ? imported[index]
                                                                     : &source.globals[index]);
        }
    }
    if (import.kind == ExternalKind::function) {
        const FunctionEntry& entry = source.parts().functions[index];
        if (entry.type_id != parts.type_numbers[import.type_index]) {
            return incompatible(import);
        }
        parts.foreign_functions.push_back(&entry);
    }
    return {};
}

Result<> Store::resolve(LinkedModule::Parts& parts, std::span<const HostFunction> host_functions) {
    const wasm::Module& module = parts.module();
    // Entries point at host functions: these must not move.
    parts.host_functions.reserve(module.imports.size());
    for (const wasm::Import& import : module.imports) {
        if (import.kind != ExternalKind::function) {
            AQD_CHECK(resolve_one(parts, import));
            continue;
        }
        AQD_TRY(host, find_host_function(module, import, host_functions));
        if (host == nullptr) {
            AQD_CHECK(resolve_one(parts, import));
        } else {
            parts.host_functions.push_back(*host);
            parts.foreign_functions.push_back(nullptr);
        }
    }
    std::size_t next_host = 0;
    for (std::uint32_t i = 0; i < module.imported_functions; ++i) {
        FunctionEntry& entry = parts.functions[i];
        if (parts.foreign_functions[i] != nullptr) {
            entry = *parts.foreign_functions[i];
            entry.index = i;
        } else {
            entry.host = &parts.host_functions[next_host++];
            entry.special = true;
        }
    }
    return {};
}

Result<Instance*> Store::create(prepare::PreparedCode code,
                                std::span<const HostFunction> host_functions) {
    auto parts = std::make_unique<LinkedModule::Parts>(std::move(code));
    number_types(*parts);
    name_functions(*parts);
    AQD_CHECK(resolve(*parts, host_functions));
    AQD_CHECK(bind(*parts));
    auto state = std::make_unique<Instance::State>();
    for (std::size_t i = parts->module().imported_functions; i < parts->functions.size(); ++i) {
        parts->functions[i].special = true;
        parts->functions[i].home = &state->context;
    }
    state->in_store = true;
    // A host function must see its own floating-point state whichever instance it was reached from.
    state->context.uses_floats = true;
    state->linked = std::make_shared<const LinkedModule>(
        std::unique_ptr<const LinkedModule::Parts>(std::move(parts)));
    AQD_CHECK(state->prepare());
    instances_.push_back(std::unique_ptr<Instance>(new Instance(std::move(state))));
    return instances_.back().get();
}

}  // namespace aqd::exec
