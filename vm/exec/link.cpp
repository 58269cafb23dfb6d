#include "vm/exec/linked_module.h"

#include <aqd/base/assert.h>
#include <aqd/prepare/instruction.h>
#include <aqd/prepare/sequences.h>
#include <aqd/wasm/constant_reader.h>

#include <algorithm>
#include <cstring>
#include <string>

namespace aqd::exec {
namespace {

using prepare::Operation;
using wasm::Module;

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

Result<> resolve_imports(LinkedModule::Parts& parts, std::span<const HostFunction> offered) {
    const Module& module = parts.module();
    parts.host_functions.reserve(module.imports.size());
    for (const wasm::Import& import : module.imports) {
        if (import.kind != wasm::ExternalKind::function) {
            return fail(ErrorCode::unsupported, "import " + name_of(import) + " is not a function");
        }
        AQD_TRY(host, find_host_function(module, import, offered));
        if (host == nullptr) {
            return fail(ErrorCode::not_found,
                        "import " + name_of(import) + " is not offered by the host");
        }
        parts.host_functions.push_back(*host);
    }
    for (std::uint32_t i = 0; i < module.imported_functions; ++i) {
        parts.functions[i].host = &parts.host_functions[i];
        parts.functions[i].special = true;
    }
    return {};
}

/// Replaces the number of a callee or of a type by what the handler needs. `at` is the first
/// operand.
void bind_operands(LinkedModule::Parts& parts, prepare::Form form, std::uint16_t* at) {
    using enum Operation;
    const Operation operation = form.operation;
    if (operation == op_call || operation == op_call_host || operation == op_tail_call) {
        std::uint64_t index = 0;
        std::memcpy(&index, at, sizeof index);
        index += operation == op_call ? parts.module().imported_functions : 0;
        const FunctionEntry* const entry = &parts.functions[index];
        std::memcpy(at, &entry, sizeof entry);
    } else if (operation == op_call_indirect || operation == op_tail_call_indirect) {
        std::uint16_t* const type = at + (form.x == prepare::Kind::slot ? 1 : 0);
        std::uint32_t number = 0;
        std::memcpy(&number, type, sizeof number);
        number = parts.type_numbers[number];
        std::memcpy(type, &number, sizeof number);
    }
}

void bind_code(LinkedModule::Parts& parts) {
    std::uint16_t* const words = parts.code.words.data();
    const std::uint32_t imported = parts.code.module->imported_functions;
    const auto& origins = parts.code.origins;
    for (std::size_t i = 0; i < origins.size();) {
        std::uint16_t* const at = words + origins[i].word;
        std::uint32_t code = 0;
        std::memcpy(&code, at, sizeof code);
        const std::uint64_t handler = handler_of(code);
        AQD_ASSERT(handler != 0);
        std::memcpy(at, &handler, sizeof handler);
        // Only the last form of a sequence can be a call.
        const auto forms = prepare::forms_of(code);
        const prepare::Form last = prepare::form_of(forms.back());
        if (prepare::is_transfer(last.operation)) {
            std::uint32_t before = 0;
            for (const std::uint16_t form : forms.first(forms.size() - 1)) {
                before += prepare::operand_words(prepare::form_of(form));
            }
            bind_operands(parts, last, at + prepare::handler_words + before);
        }
        i += forms.size();
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

/// Memories and tables of the module must be ones that this machine can have.
Result<> check_memories(const Module& module) {
    for (std::size_t i = module.imported_memories; i < module.memories.size(); ++i) {
        if (module.memories[i].pages.minimum > most_memory_pages) {
            return fail(ErrorCode::unsupported, "a memory of 4 GiB");
        }
    }
    return {};
}

void bind_segments(LinkedModule::Parts& parts) {
    const Module& module = parts.module();
    parts.globals.resize(module.imported_globals);
    for (const wasm::Global& global : module.globals) {
        parts.globals.push_back(parts.value_of(global.initial));
    }
    for (const auto& initial : module.table_initials) {
        parts.table_initials.push_back(initial ? parts.value_of(*initial) : 0);
    }
    for (const wasm::DataSegment& segment : module.data) {
        parts.data.push_back(module.view(segment.bytes));
    }
    for (const wasm::ElementSegment& segment : module.elements) {
        auto& list = parts.element_lists.emplace_back();
        list.reserve(segment.size());
        for (const std::uint32_t function : segment.functions) {
            list.push_back(
                function == wasm::null_function ? 0 : reference_of(&parts.functions[function]));
        }
        for (const wasm::ConstantExpression& item : segment.items) {
            list.push_back(parts.value_of(item));
        }
    }
    for (const auto& list : parts.element_lists) {
        parts.elements.emplace_back(list);
    }
    for (const wasm::Export& entry : module.exports) {
        if (entry.kind == wasm::ExternalKind::function) {
            parts.exported_functions.emplace_back(entry.name, entry.index);
        }
    }
    std::ranges::sort(parts.exported_functions);
}

}  // namespace

std::string name_of(const wasm::Import& import) {
    return import.module + "." + import.name;
}

Result<const HostFunction*> find_host_function(const Module& module, const wasm::Import& import,
                                               std::span<const HostFunction> offered) {
    for (const HostFunction& candidate : offered) {
        if (candidate.module != import.module || candidate.name != import.name) {
            continue;
        }
        const wasm::FunctionType& type = module.types[import.type_index];
        if (candidate.type != type) {
            return fail(ErrorCode::invalid, "import " + name_of(import) + " has type " +
                                                text_of(type) + ", the host offers " +
                                                text_of(candidate.type));
        }
        if (type.results.size() > 1) {
            return fail(ErrorCode::unsupported,
                        "import " + name_of(import) + " has more than one result");
        }
        return &candidate;
    }
    return nullptr;
}

std::uint64_t LinkedModule::Parts::value_of(const wasm::ConstantExpression& expression) const {
    return wasm::evaluate(module(), expression, [this](const wasm::ConstantExpression& one) {
        switch (one.kind) {
            case wasm::ConstantExpression::Kind::global:
                return one.value < imported_globals.size() ? *imported_globals[one.value]
                                                           : globals[one.value];
            case wasm::ConstantExpression::Kind::function:
                return reference_of(&functions[one.value]);
            case wasm::ConstantExpression::Kind::null_reference:
                return std::uint64_t{0};
            default:
                return one.value;
        }
    });
}

void name_functions(LinkedModule::Parts& parts) {
    const Module& module = parts.module();
    parts.functions.resize(module.functions.size());
    parts.function_types.resize(module.functions.size());
    for (std::uint32_t i = 0; i < module.functions.size(); ++i) {
        FunctionEntry& entry = parts.functions[i];
        entry.index = i;
        entry.type_id = parts.type_numbers[module.functions[i]];
        parts.function_types[i] = &module.type_of_function(i);
    }
}

Result<> bind(LinkedModule::Parts& parts) {
    AQD_CHECK(check_memories(parts.module()));
    bind_code(parts);
    bind_segments(parts);
    return {};
}

LinkedModule::LinkedModule(std::unique_ptr<const Parts> parts) : parts_(std::move(parts)) {}
LinkedModule::~LinkedModule() = default;

const prepare::PreparedCode& LinkedModule::code() const {
    return parts_->code;
}

Result<std::shared_ptr<const LinkedModule>> link(prepare::PreparedCode code,
                                                 std::span<const HostFunction> host_functions) {
    auto parts = std::make_unique<LinkedModule::Parts>(std::move(code));
    parts->type_numbers = parts->code.type_ids;
    name_functions(*parts);
    AQD_CHECK(resolve_imports(*parts, host_functions));
    AQD_CHECK(bind(*parts));
    return std::make_shared<const LinkedModule>(std::move(parts));
}

}  // namespace aqd::exec
