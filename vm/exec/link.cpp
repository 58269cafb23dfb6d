#include "vm/exec/linked_module.h"

#include <aqd/base/assert.h>
#include <aqd/prepare/instruction.h>

#include <algorithm>
#include <cstring>
#include <string>

namespace aqd::exec {
namespace {

using prepare::Operation;
using wasm::Module;

/// A page short of 4 GiB, so that the end of an access never wraps: `prepare` relies on it.
constexpr std::uint64_t most_pages = 65'535;

std::string text_of(const wasm::FunctionType& type) {
    std::string text = "(";
    for (const wasm::ValueType value : type.parameters) {
        text += std::string(text.size() > 1 ? " " : "") + std::string(name_of(value));
    }
    text += ") -> (";
    for (const wasm::ValueType value : type.results) {
        text += std::string(text.back() != '(' ? " " : "") + std::string(name_of(value));
    }
    return text + ")";
}

Result<const HostFunction*> resolve(const Module& module, const wasm::Import& import,
                                    std::span<const HostFunction> host_functions) {
    const std::string name = import.module + "." + import.name;
    if (import.kind != wasm::ExternalKind::function) {
        return fail(ErrorCode::unsupported, "import " + name + " is not a function");
    }
    for (const HostFunction& candidate : host_functions) {
        if (candidate.module != import.module || candidate.name != import.name) {
            continue;
        }
        const wasm::FunctionType& type = module.types[import.type_index];
        if (candidate.type != type) {
            return fail(ErrorCode::invalid, "import " + name + " has type " + text_of(type) +
                                                ", the host offers " + text_of(candidate.type));
        }
        if (type.results.size() > 1) {
            return fail(ErrorCode::unsupported, "import " + name + " has more than one result");
        }
        return &candidate;
    }
    return fail(ErrorCode::not_found, "import " + name + " is not offered by the host");
}

Result<> resolve_imports(LinkedModule::Parts& parts, std::span<const HostFunction> offered) {
    const Module& module = parts.code.module.module();
    for (const wasm::Import& import : module.imports) {
        AQD_TRY(host, resolve(module, import, offered));
        parts.host_functions.push_back(*host);
    }
    parts.functions.resize(module.functions.size());
    for (std::uint32_t i = 0; i < module.functions.size(); ++i) {
        FunctionEntry& entry = parts.functions[i];
        entry.index = i;
        entry.type_id = parts.code.type_ids[module.functions[i]];
        if (i < module.imported_functions) {
            entry.host = &parts.host_functions[i];
        }
    }
    return {};
}

void bind_code(LinkedModule::Parts& parts) {
    std::uint16_t* const words = parts.code.words.data();
    const std::uint32_t imported = parts.code.module->imported_functions;
    for (const prepare::Origin& origin : parts.code.origins) {
        std::uint16_t* const at = words + origin.word;
        std::uint32_t code = 0;
        std::memcpy(&code, at, sizeof code);
        const std::uint64_t handler = handler_of(code);
        AQD_ASSERT(handler != 0);
        std::memcpy(at, &handler, sizeof handler);
        const Operation operation = prepare::form_of(code).operation;
        if (operation == Operation::op_call || operation == Operation::op_call_host) {
            std::uint16_t* const callee = at + prepare::handler_words;
            std::uint64_t index = 0;
            std::memcpy(&index, callee, sizeof index);
            const FunctionEntry* const entry =
                &parts.functions[index + (operation == Operation::op_call ? imported : 0)];
            std::memcpy(callee, &entry, sizeof entry);
        }
    }
    for (std::size_t i = 0; i < parts.code.functions.size(); ++i) {
        const prepare::PreparedFunction& function = parts.code.functions[i];
        FunctionEntry& entry = parts.functions[imported + i];
        entry.code = words + function.code;
        entry.zero_from = function.first_zeroed;
        entry.zero_count = function.zeroed_end - function.first_zeroed;
        entry.saved_slot = function.locals;
        entry.entry_gas = function.entry_gas;
        entry.stack_cost = std::uint64_t{1} << 32U | function.frame_cost_bytes;
    }
    parts.exit.resize(prepare::handler_words);
    const std::uint64_t handler = handler_of(code_of(prepare::Form{Operation::op_exit}));
    std::memcpy(parts.exit.data(), &handler, sizeof handler);
}

Result<> bind_memory(LinkedModule::Parts& parts) {
    const Module& module = parts.code.module.module();
    if (module.memories.empty()) {
        return {};
    }
    const wasm::SizeRange& pages = module.memories[0].pages;
    if (pages.minimum > most_pages) {
        return fail(ErrorCode::unsupported, "a memory of 4 GiB");
    }
    const std::uint64_t most = std::min<std::uint64_t>(
        {pages.maximum.value_or(65'536), module.limits.memory_pages, most_pages});
    parts.memory_bytes = pages.minimum * wasm::page_size_bytes;
    parts.most_memory_bytes = std::max<std::uint64_t>(most, pages.minimum) * wasm::page_size_bytes;
    return {};
}

void bind_segments(LinkedModule::Parts& parts) {
    const Module& module = parts.code.module.module();
    for (const wasm::DataSegment& segment : module.data) {
        parts.data.push_back(module.view(segment.bytes));
    }
    for (const wasm::ElementSegment& segment : module.elements) {
        auto& list = parts.element_lists.emplace_back();
        for (const std::uint32_t function : segment.functions) {
            list.push_back(function == wasm::null_function ? nullptr : &parts.functions[function]);
        }
    }
    for (const auto& list : parts.element_lists) {
        parts.elements.emplace_back(list);
    }
    for (const wasm::Global& global : module.globals) {
        parts.globals.push_back(global.initial.kind == wasm::ConstantExpression::Kind::global
                                    ? parts.globals[global.initial.value]
                                    : global.initial.value);
    }
    for (const wasm::Export& entry : module.exports) {
        if (entry.kind == wasm::ExternalKind::function) {
            parts.exported_functions.emplace_back(entry.name, entry.index);
        }
    }
    std::ranges::sort(parts.exported_functions);
}

}  // namespace

LinkedModule::LinkedModule(std::unique_ptr<const Parts> parts) : parts_(std::move(parts)) {}
LinkedModule::~LinkedModule() = default;

const prepare::PreparedCode& LinkedModule::code() const {
    return parts_->code;
}

Result<std::shared_ptr<const LinkedModule>> link(prepare::PreparedCode code,
                                                 std::span<const HostFunction> host_functions) {
    auto parts = std::make_unique<LinkedModule::Parts>(std::move(code));
    AQD_CHECK(resolve_imports(*parts, host_functions));
    AQD_CHECK(bind_memory(*parts));
    bind_code(*parts);
    bind_segments(*parts);
    return std::make_shared<const LinkedModule>(std::move(parts));
}

}  // namespace aqd::exec
