#include <aqd/wasm/module.h>

namespace aqd::wasm {

std::string_view name_of(ValueType type) {
    switch (type) {
        case ValueType::i32:
            return "i32";
        case ValueType::i64:
            return "i64";
        case ValueType::f32:
            return "f32";
        case ValueType::f64:
            return "f64";
        case ValueType::funcref:
            return "funcref";
        case ValueType::externref:
            return "externref";
        default:
            return "reference";
    }
}

const Export* Module::find_export(std::string_view name) const {
    for (const Export& candidate : exports) {
        if (candidate.name == name) {
            return &candidate;
        }
    }
    return nullptr;
}

std::optional<BytesView> Module::custom_section(std::string_view name) const {
    for (const CustomSection& section : custom_sections) {
        if (section.name == name) {
            return view(section.content);
        }
    }
    return std::nullopt;
}

}  // namespace aqd::wasm
