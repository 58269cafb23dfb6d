#include "vm/wasm/reader.h"

#include <aqd/wasm/disassemble.h>

#include <algorithm>
#include <cstdio>

namespace aqd::wasm {
namespace {

std::string text_of(const FunctionType& type) {
    std::string text = "(";
    for (std::size_t i = 0; i < type.parameters.size(); ++i) {
        text += i == 0 ? "" : " ";
        text += name_of(type.parameters[i]);
    }
    text += ") -> (";
    for (std::size_t i = 0; i < type.results.size(); ++i) {
        text += i == 0 ? "" : " ";
        text += name_of(type.results[i]);
    }
    return text + ")";
}

std::string offset_text(std::uint32_t offset) {
    char digits[16];
    std::snprintf(digits, sizeof digits, "%06x", offset);
    return digits;
}

/// Names and other texts of the file, with everything unprintable escaped.
std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
            char digits[8];
            std::snprintf(digits, sizeof digits, "\\%02x", static_cast<unsigned char>(c));
            out += digits;
        } else {
            out += c;
        }
    }
    return out + "\"";
}

std::string function_name(const Module& module, std::uint32_t index) {
    std::string text = std::to_string(index);
    if (index < module.imported_functions) {
        std::uint32_t seen = 0;
        for (const Import& import : module.imports) {
            if (import.kind == ExternalKind::function && seen++ == index) {
                return text + " " + quoted(import.module + "." + import.name);
            }
        }
    }
    for (const Export& entry : module.exports) {
        if (entry.kind == ExternalKind::function && entry.index == index) {
            return text + " " + quoted(entry.name);
        }
    }
    return text;
}

std::string block_type_text(const Module& module, Reader& in) {
    const std::int64_t code = in.s33();
    if (code >= 0) {
        return " " + text_of(module.types[static_cast<std::size_t>(code)]);
    }
    if ((code & 0x7f) == 0x40) {
        return "";
    }
    if ((code & 0x7f) == 0x63 || (code & 0x7f) == 0x64) {
        in.s33();
        return " reference";
    }
    return " " + std::string(name_of(static_cast<ValueType>(code & 0x7f)));
}

std::string immediate_text(const Module& module, Immediate immediate, Reader& in) {
    const auto index = [&in] { return " " + std::to_string(in.u32()); };
    switch (immediate) {
        case Immediate::block_type:
            return block_type_text(module, in);
        case Immediate::label:
        case Immediate::local:
        case Immediate::global:
        case Immediate::table:
        case Immediate::memory:
        case Immediate::data:
        case Immediate::element:
        case Immediate::type:
            return index();
        case Immediate::function:
            return " " + function_name(module, in.u32());
        case Immediate::label_table: {
            std::string text;
            const std::uint32_t labels = in.u32();
            for (std::uint64_t i = 0; i <= labels; ++i) {
                text += index();
            }
            return text;
        }
        case Immediate::type_table: {
            const std::uint32_t type = in.u32();
            return " " + text_of(module.types[type]) + " table" + index();
        }
        case Immediate::table_table:
        case Immediate::element_table:
        case Immediate::memory_memory:
        case Immediate::data_memory: {
            const std::string first = index();
            return first + index();
        }
        case Immediate::access1:
        case Immediate::access2:
        case Immediate::access4:
        case Immediate::access8: {
            const std::uint32_t flags = in.u32();
            const std::uint32_t alignment = flags & 0x3fU;
            std::string text = (flags & 0x40U) != 0 ? " memory" + index() : "";
            const std::uint64_t offset = in.u64();
            text += offset == 0 ? "" : " offset=" + std::to_string(offset);
            if (alignment != access_log2(immediate)) {
                text += " align=" + std::to_string(1U << alignment);
            }
            return text;
        }
        case Immediate::types: {
            for (std::uint32_t types = in.u32(); types != 0; --types) {
                in.value_type();
            }
            return "";
        }
        case Immediate::reference_type:
            in.s33();
            return "";
        case Immediate::i32:
            return " " + std::to_string(in.s32());
        case Immediate::i64:
            return " " + std::to_string(in.s64());
        case Immediate::f32:
            return " bits " + std::to_string(in.f32());
        case Immediate::f64:
            return " bits " + std::to_string(in.f64());
        default:
            return "";
    }
}

void list_body(const Module& module, const FunctionBody& body, std::string& out) {
    Reader in(module.bytes, body.code, module.limits.features);
    std::size_t depth = 1;
    while (!in.at_end()) {
        const std::uint32_t at = in.offset();
        const Opcode opcode = in.opcode();
        const std::string immediates = immediate_text(module, facts_of(opcode).immediate, in);
        const bool closes = opcode == Opcode::end || opcode == Opcode::else_;
        depth -= closes ? 1 : 0;
        out += "  " + offset_text(at) + "  ";
        out.append(2 * std::min<std::size_t>(depth, 40), ' ');
        out += facts_of(opcode).mnemonic;
        out += immediates + "\n";
        depth += opcode == Opcode::block || opcode == Opcode::loop || opcode == Opcode::if_ ||
                 opcode == Opcode::else_;
    }
}

std::string size_text(const SizeRange& size) {
    return std::to_string(size.minimum) +
           (size.maximum ? ".." + std::to_string(*size.maximum) : " or more");
}

std::string constant_text(const ConstantExpression& constant) {
    switch (constant.kind) {
        case ConstantExpression::Kind::value:
            return constant.type == ValueType::i32
                       ? std::to_string(static_cast<std::int32_t>(constant.value))
                       : std::to_string(static_cast<std::int64_t>(constant.value));
        case ConstantExpression::Kind::program:
            return "expression";
        case ConstantExpression::Kind::global:
            return "global " + std::to_string(constant.value);
        case ConstantExpression::Kind::function:
            return "function " + std::to_string(constant.value);
        case ConstantExpression::Kind::null_reference:
            break;
    }
    return "null";
}

constexpr std::string_view kind_names[] = {"function", "table", "memory", "global"};

void list_head(const Module& module, std::string& out) {
    for (std::size_t i = 0; i < module.types.size(); ++i) {
        out += "type " + std::to_string(i) + " " + text_of(module.types[i]) + "\n";
    }
    for (const Import& import : module.imports) {
        out += "import " + quoted(import.module) + " " + quoted(import.name) + " ";
        out += kind_names[static_cast<std::size_t>(import.kind)];
        if (import.kind == ExternalKind::function) {
            out += import.type_index < module.types.size()
                       ? " " + text_of(module.types[import.type_index])
                       : "";
        }
        out += "\n";
    }
    for (const TableType& table : module.tables) {
        out += "table of " + size_text(table.size) + " functions\n";
    }
    for (const MemoryType& memory : module.memories) {
        out += "memory of " + size_text(memory.pages) + " pages\n";
    }
    for (std::size_t i = 0; i < module.globals.size(); ++i) {
        const Global& global = module.globals[i];
        out += "global " + std::to_string(module.imported_globals + i) + " " +
               std::string(name_of(global.type.type)) + (global.type.is_mutable ? " mutable" : "") +
               " = " + constant_text(global.initial) + "\n";
    }
    for (const Export& entry : module.exports) {
        out += "export " + quoted(entry.name) + " ";
        out += kind_names[static_cast<std::size_t>(entry.kind)];
        out += " " + std::to_string(entry.index) + "\n";
    }
    if (module.start) {
        out += "start " + std::to_string(*module.start) + "\n";
    }
    for (const ElementSegment& segment : module.elements) {
        out += "elements of " + std::to_string(segment.functions.size());
        out += segment.mode == SegmentMode::active ? " at " + constant_text(segment.offset) : "";
        out += "\n";
    }
    for (const DataSegment& segment : module.data) {
        out += "data of " + std::to_string(segment.bytes.size) + " octets";
        out += segment.mode == SegmentMode::active ? " at " + constant_text(segment.offset) : "";
        out += "\n";
    }
    for (const CustomSection& section : module.custom_sections) {
        out += "custom " + quoted(section.name) + " of " + std::to_string(section.content.size) +
               " octets\n";
    }
}

}  // namespace

std::string disassemble_function(const ValidatedModule& validated, std::uint32_t function_index) {
    const Module& module = validated.module();
    std::string out = "function " + function_name(module, function_index) + " " +
                      text_of(module.type_of_function(function_index)) + "\n";
    if (function_index < module.imported_functions) {
        return out;
    }
    const FunctionBody& body = module.bodies[function_index - module.imported_functions];
    for (const LocalGroup& group : body.locals) {
        out += "  local " + std::to_string(group.count) + " x " + std::string(name_of(group.type)) +
               "\n";
    }
    list_body(module, body, out);
    return out;
}

std::string disassemble(const ValidatedModule& validated) {
    const Module& module = validated.module();
    std::string out;
    list_head(module, out);
    for (std::uint32_t i = module.imported_functions; i < module.functions.size(); ++i) {
        out += "\n" + disassemble_function(validated, i);
    }
    return out;
}

}  // namespace aqd::wasm
