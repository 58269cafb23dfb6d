#pragma once

#include "vm/wasm/reader.h"

#include <aqd/wasm/module.h>

#include <cstdint>
#include <string_view>

namespace aqd::wasm {

/// Fills a module section by section. The first problem sticks in the reader of its section.
class Decoder {
  public:
    Decoder(BytesView file, const Limits& limits) : limits_(limits), reader_({}, {}) {
        module_.bytes = to_bytes(file);
        module_.limits = limits;
        reader_ = Reader(module_.bytes, {0, static_cast<std::uint32_t>(module_.bytes.size())},
                         limits_.features);
    }

    Result<Module> run();

  private:
    bool section(std::uint8_t id, Reader& in);
    void types(Reader& in);
    void imports(Reader& in);
    void functions(Reader& in);
    void globals(Reader& in);
    void exports(Reader& in);
    void elements(Reader& in);
    void element(Reader& in);
    void element_expressions(Reader& in, ElementSegment& segment, std::uint32_t length);
    void bodies(Reader& in);
    void body(Reader& in);
    void locals(Reader& in, FunctionBody& body);
    std::unexpected<Error> failure_in(const Reader& in);
    void data(Reader& in);

    TableType table_type(Reader& in);
    MemoryType memory_type(Reader& in);
    static GlobalType global_type(Reader& in);
    SizeRange size_range(Reader& in, bool& wide);
    void defined_table(Reader& in);
    ConstantExpression constant(Reader& in);
    ConstantExpression constant_instruction(Reader& in);

    /// The length of a vector: bounded by the octets left (an element takes at least one) and by a
    /// limit.
    static std::uint32_t count(Reader& in, std::uint32_t limit, std::string_view too_many) {
        const std::uint32_t at = in.offset();
        const std::uint32_t number = in.u32();
        if (number > limit) {
            in.refuse_over(too_many, number, limit, at);
            return 0;
        }
        if (number > in.remaining()) {
            in.refuse(ErrorCode::malformed, "unexpected end", at);
            return 0;
        }
        return number;
    }
    Module module_;
    const Limits& limits_;
    Reader reader_;
    std::uint32_t declared_functions_ = 0;
    std::uint64_t table_elements_ = 0;  ///< least sizes of all tables
    std::uint64_t memory_pages_ = 0;    ///< and of all memories
    std::uint64_t all_locals_ = 0;
    bool in_body_ = false;  ///< of the function that comes next
};

}  // namespace aqd::wasm
