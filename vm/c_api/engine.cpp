#include "vm/c_api/border.h"
#include "vm/c_api/handles.h"

#include <aqd/exec/trap.h>

#include <algorithm>
#include <array>

using namespace aqd;
using namespace aqd::c_api;

namespace {

void write_limits(const wasm::Limits& limits, aqd_options& options) {
    options.gas_schedule = gas::newest_schedule;
    const wasm::Features& features = limits.features;
    options.features = 0;
    options.features |= features.floats ? AQD_FEATURE_FLOATS : 0U;
    options.features |= features.references ? AQD_FEATURE_REFERENCES : 0U;
    options.features |= features.tail_calls ? AQD_FEATURE_TAIL_CALLS : 0U;
    options.features |= features.typed_references ? AQD_FEATURE_TYPED_REFERENCES : 0U;
    options.features |= features.extended_constants ? AQD_FEATURE_EXTENDED_CONSTANTS : 0U;
    options.features |= features.multi_memory ? AQD_FEATURE_MULTI_MEMORY : 0U;
    options.features |= features.memory64 ? AQD_FEATURE_MEMORY64 : 0U;
    options.module_bytes = limits.module_bytes;
    options.function_body_bytes = limits.function_body_bytes;
    options.functions = limits.functions;
    options.types = limits.types;
    options.imports = limits.imports;
    options.exports = limits.exports;
    options.globals = limits.globals;
    options.tables = limits.tables;
    options.table_elements = limits.table_elements;
    options.element_segments = limits.element_segments;
    options.data_segments = limits.data_segments;
    options.parameters = limits.parameters;
    options.results = limits.results;
    options.locals = limits.locals;
    options.all_locals = limits.all_locals;
    options.branch_table_labels = limits.branch_table_labels;
    options.nesting = limits.nesting;
    options.memory_pages = limits.memory_pages;
}

/// Bounds wider than the widest are cut to those: the machine has to be able to keep them.
embed::Options read_limits(const aqd_options& options) {
    constexpr wasm::Limits widest = wasm::Limits::widest();
    embed::Options read;
    read.gas_schedule = options.gas_schedule;
    wasm::Limits& limits = read.limits;
    limits.module_bytes = std::min(options.module_bytes, widest.module_bytes);
    limits.function_body_bytes = std::min(options.function_body_bytes, widest.function_body_bytes);
    limits.functions = std::min(options.functions, widest.functions);
    limits.types = std::min(options.types, widest.types);
    limits.imports = std::min(options.imports, widest.imports);
    limits.exports = std::min(options.exports, widest.exports);
    limits.globals = std::min(options.globals, widest.globals);
    limits.tables = std::min(options.tables, widest.tables);
    limits.table_elements = std::min(options.table_elements, widest.table_elements);
    limits.element_segments = std::min(options.element_segments, widest.element_segments);
    limits.data_segments = std::min(options.data_segments, widest.data_segments);
    limits.parameters = std::min(options.parameters, widest.parameters);
    limits.results = std::min(options.results, widest.results);
    limits.locals = std::min(options.locals, widest.locals);
    limits.all_locals = std::min(options.all_locals, widest.all_locals);
    limits.branch_table_labels = std::min(options.branch_table_labels, widest.branch_table_labels);
    limits.nesting = std::min(options.nesting, widest.nesting);
    limits.memory_pages = std::min(options.memory_pages, widest.memory_pages);
    const auto has = [&](unsigned feature) { return (options.features & feature) != 0; };
    limits.features = {.floats = has(AQD_FEATURE_FLOATS),
                       .references = has(AQD_FEATURE_REFERENCES),
                       .tail_calls = has(AQD_FEATURE_TAIL_CALLS),
                       .typed_references = has(AQD_FEATURE_TYPED_REFERENCES),
                       .extended_constants = has(AQD_FEATURE_EXTENDED_CONSTANTS),
                       .multi_memory = has(AQD_FEATURE_MULTI_MEMORY),
                       .memory64 = has(AQD_FEATURE_MEMORY64)};
    return read;
}

aqd_status init(const wasm::Limits& limits, aqd_options* options) {
    if (!is_whole(options)) {
        return AQD_BAD_ARGUMENT;
    }
    write_limits(limits, *options);
    return AQD_OK;
}

}  // namespace

extern "C" {

const char* aqd_version() {
    return AQD_VERSION;
}

std::uint32_t aqd_abi_version() {
    return AQD_ABI_VERSION;
}

const char* aqd_trap_name(aqd_trap trap) {
    constexpr aqd_trap last = AQD_TRAP_NULL_REFERENCE;
    // The names are literals, so a zero stands behind each.
    return trap < 0 || trap > last ? "?" : exec::name_of(static_cast<exec::Trap>(trap)).data();
}

const char* aqd_status_name(aqd_status status) {
    constexpr std::array names{
        "ok",       "malformed", "non_canonical", "invalid", "too_large", "not_found",
        "conflict", "denied",    "unsupported",   "corrupt", "io"};
    constexpr std::array border_names{"bad_argument", "buffer_too_small", "no_memory", "internal"};
    if (status >= 0 && status <= AQD_IO) {
        return names[static_cast<std::size_t>(status)];
    }
    if (status >= AQD_BAD_ARGUMENT && status <= AQD_INTERNAL) {
        return border_names[static_cast<std::size_t>(status - AQD_BAD_ARGUMENT)];
    }
    return "?";
}

aqd_status aqd_options_init(aqd_options* options) {
    return init(embed::generous_limits(), options);
}

aqd_status aqd_options_init_contracts(aqd_options* options) {
    return init(wasm::Limits::contracts(), options);
}

aqd_status aqd_engine_create(const aqd_options* options, aqd_engine** engine,
                             aqd_message* message) {
    return guarded(message, [&] {
        if (engine == nullptr) {
            return bad_argument(message, "no place for the engine");
        }
        *engine = nullptr;
        if (options != nullptr && !is_whole(options)) {
            return bad_argument(message, "struct_size of aqd_options is too small");
        }
        auto made =
            embed::Engine::create(options == nullptr ? embed::Options() : read_limits(*options));
        if (!made) {
            return refuse(message, made.error());
        }
        *engine = new aqd_engine{*made};
        return aqd_status{AQD_OK};
    });
}

void aqd_engine_destroy(aqd_engine* engine) {
    delete engine;
}

aqd_status aqd_module_compile(const aqd_engine* engine, const std::uint8_t* wasm,
                              std::size_t wasm_size, const aqd_host_functions* functions,
                              aqd_module** module, aqd_message* message) {
    return guarded(message, [&] {
        if (module != nullptr) {
            *module = nullptr;
        }
        if (engine == nullptr || module == nullptr || !is_region(wasm, wasm_size)) {
            return bad_argument(message, "engine, wasm and module must be there");
        }
        auto made = engine->engine.compile(view_of(wasm, wasm_size), functions == nullptr
                                                                         ? embed::HostFunctions()
                                                                         : functions->functions);
        if (!made) {
            return refuse(message, made.error());
        }
        *module = new aqd_module{std::move(*made)};
        return aqd_status{AQD_OK};
    });
}

void aqd_module_destroy(aqd_module* module) {
    delete module;
}

aqd_status aqd_module_function_count(const aqd_module* module, std::size_t* count,
                                     aqd_message* message) {
    return guarded(message, [&] {
        if (module == nullptr || count == nullptr) {
            return bad_argument(message, "module and count must be there");
        }
        *count = module->module.functions().size();
        return aqd_status{AQD_OK};
    });
}

aqd_status aqd_module_function_name(const aqd_module* module, std::size_t index, char* name,
                                    std::size_t capacity, std::size_t* length,
                                    aqd_message* message) {
    return guarded(message, [&] {
        if (module == nullptr || length == nullptr || !is_region(name, capacity)) {
            return bad_argument(message, "module, name and length must be there");
        }
        const auto functions = module->module.functions();
        if (index >= functions.size()) {
            tell(message, "it exports fewer functions");
            return aqd_status{AQD_NOT_FOUND};
        }
        *length = functions[index].name.size();
        if (*length >= capacity) {
            tell(message, "the name is longer");
            return aqd_status{AQD_BUFFER_TOO_SMALL};
        }
        copy_text(functions[index].name, name, capacity);
        return aqd_status{AQD_OK};
    });
}

aqd_status aqd_module_function_type(const aqd_module* module, const char* function,
                                    aqd_type* parameters, std::size_t parameter_capacity,
                                    std::size_t* parameter_count, aqd_type* results,
                                    std::size_t result_capacity, std::size_t* result_count,
                                    aqd_message* message) {
    return guarded(message, [&] {
        if (module == nullptr || function == nullptr || parameter_count == nullptr ||
            result_count == nullptr || !is_region(parameters, parameter_capacity) ||
            !is_region(results, result_capacity)) {
            return bad_argument(message, "module, function, counts and buffers must be there");
        }
        const auto type = module->module.type_of(function);
        if (!type) {
            return refuse(message, type.error());
        }
        *parameter_count = type->parameters.size();
        *result_count = type->results.size();
        if (*parameter_count > parameter_capacity || *result_count > result_capacity) {
            tell(message, "it has more parameters or results");
            return aqd_status{AQD_BUFFER_TOO_SMALL};
        }
        std::ranges::transform(type->parameters, parameters, type_of);
        std::ranges::transform(type->results, results, type_of);
        return aqd_status{AQD_OK};
    });
}

}  // extern "C"
