#include "vm/wasm/function_name.h"

#include "vm/wasm/reader.h"

#include <algorithm>
#include <string_view>

namespace aqd::wasm {
namespace {

constexpr std::size_t longest_name = 64;
constexpr std::uint8_t names_of_functions = 1;

/// Of the custom section `name` (core specification, appendix 7.4); empty if it does not tell.
std::string_view name_in_section(const Module& module, std::uint32_t wanted) {
    for (const CustomSection& section : module.custom_sections) {
        if (section.name != "name") {
            continue;
        }
        Reader in(module.bytes, section.content);
        while (in.ok() && !in.at_end()) {
            const std::uint8_t kind = in.octet();
            Reader names(module.bytes, in.take(in.u32()));
            for (std::uint32_t n = names.u32(); kind == names_of_functions && n != 0; --n) {
                const std::uint32_t index = names.u32();
                const std::string_view name = names.name();
                if (!names.ok()) {
                    break;
                }
                if (index == wanted) {
                    return name;
                }
            }
        }
    }
    return {};
}

std::string_view name_of_function(const Module& module, std::uint32_t index) {
    for (const Export& entry : module.exports) {
        if (entry.kind == ExternalKind::function && entry.index == index) {
            return entry.name;
        }
    }
    return name_in_section(module, index);
}

}  // namespace

std::string describe_function(const Module& module, std::uint32_t index) {
    const std::string text = "function " + std::to_string(index);
    const std::string_view name = name_of_function(module, index);
    // Names come from whoever made the module.
    const bool shown =
        !name.empty() && name.size() <= longest_name && std::ranges::none_of(name, [](char letter) {
            return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f;
        });
    return shown ? text + " (" + std::string(name) + ")" : text;
}

}  // namespace aqd::wasm
