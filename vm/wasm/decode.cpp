#include "vm/wasm/decoder.h"
#include "vm/wasm/function_name.h"

#include <aqd/wasm/decode.h>

#include <array>
#include <string>

namespace aqd::wasm {
namespace {

/// Sections in the order that the format prescribes; custom sections may stand anywhere.
constexpr std::array<std::uint8_t, 13> section_order = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 10};
// section_order[id] is the rank of section `id`: data count (12) comes between elements and code.

}  // namespace

Result<Module> Decoder::run() {
    constexpr std::array<std::uint8_t, 8> preamble = {0, 'a', 's', 'm', 1, 0, 0, 0};
    for (std::size_t i = 0; i < preamble.size(); ++i) {
        if (reader_.octet() != preamble[i] && reader_.ok()) {
            reader_.refuse(ErrorCode::malformed,
                           i < 4 ? "not a WebAssembly module" : "unknown binary version",
                           static_cast<std::uint32_t>(i));
        }
    }
    std::uint8_t last_rank = 0;
    while (reader_.ok() && !reader_.at_end()) {
        const std::uint32_t at = reader_.offset();
        const std::uint8_t id = reader_.octet();
        if (id >= section_order.size()) {
            reader_.refuse(id == 13 ? ErrorCode::unsupported : ErrorCode::malformed,
                           id == 13 ? "exceptions" : "unknown section", at);
            break;
        }
        const ByteRange range = reader_.take(reader_.u32());
        if (!reader_.ok()) {
            break;
        }
        if (id != 0) {
            if (section_order[id] <= last_rank) {
                reader_.refuse(ErrorCode::malformed, "a section is repeated or out of order", at);
                break;
            }
            last_rank = section_order[id];
        }
        Reader in(module_.bytes, range, limits_.features);
        if (!section(id, in)) {
            return failure_in(in);
        }
    }
    if (!reader_.ok()) {
        return reader_.failure();
    }
    if (declared_functions_ != module_.bodies.size()) {
        return fail(ErrorCode::malformed, "function and code section differ in length");
    }
    if (module_.data_count && *module_.data_count != module_.data.size()) {
        return fail(ErrorCode::malformed, "data count and data section differ");
    }
    return std::move(module_);
}

/// A problem in a body says in which function, by its name if something gives it one.
std::unexpected<Error> Decoder::failure_in(const Reader& in) {
    std::unexpected<Error> failure = in.failure();
    if (!in_body_) {
        return failure;
    }
    // The section with the names comes last.
    while (reader_.ok() && !reader_.at_end()) {
        const std::uint8_t id = reader_.octet();
        Reader rest(module_.bytes, reader_.take(reader_.u32()), limits_.features);
        if (id == 0 && reader_.ok()) {
            section(id, rest);
        }
    }
    const auto index =
        module_.imported_functions + static_cast<std::uint32_t>(module_.bodies.size());
    failure.error().message = describe_function(module_, index) + ": " + failure.error().message;
    return failure;
}

bool Decoder::section(std::uint8_t id, Reader& in) {
    switch (id) {
        case 0: {
            std::string name(in.name());
            const ByteRange rest = in.take(in.remaining());
            if (in.ok()) {
                module_.custom_sections.push_back({std::move(name), rest});
            }
            break;
        }
        case 1:
            types(in);
            break;
        case 2:
            imports(in);
            break;
        case 3:
            functions(in);
            break;
        case 4:
            for (std::uint32_t n = count(in, limits_.tables, "too many tables"); n != 0; --n) {
                defined_table(in);
            }
            break;
        case 5:
            for (std::uint32_t n = count(in, 1'000, "too many memories"); n != 0; --n) {
                module_.memories.push_back(memory_type(in));
            }
            break;
        case 6:
            globals(in);
            break;
        case 7:
            exports(in);
            break;
        case 8:
            module_.start = in.u32();
            break;
        case 9:
            elements(in);
            break;
        case 10:
            bodies(in);
            break;
        case 11:
            data(in);
            break;
        default:
            module_.data_count = in.u32();
    }
    if (in.ok() && !in.at_end()) {
        in.refuse(ErrorCode::malformed, "a section is longer than its content");
    }
    return in.ok();
}

Result<Module> decode(BytesView file, const Limits& limits) {
    if (file.size() > limits.module_bytes) {
        return fail(ErrorCode::too_large,
                    "the module is too large: " + std::to_string(file.size()) +
                        " octets, the limit is " + std::to_string(limits.module_bytes));
    }
    return Decoder(file, limits).run();
}

}  // namespace aqd::wasm
