#include "vm/prepare/stored_code_layout.h"

#include <aqd/base/assert.h>
#include <aqd/prepare/instruction.h>
#include <aqd/prepare/sequences.h>
#include <aqd/prepare/stored_code.h>
#include <aqd/wasm/decode.h>

#include <algorithm>
#include <cstring>
#include <string>

namespace aqd::prepare {
namespace {

using Numbers = std::array<std::uint32_t, 11>;

/// Every member in its place: a member more does not compile here.
Numbers numbers_of(const PreparedFunction& function) {
    const auto& [code, code_words, parameters, locals, results, first_zeroed, zeroed_end,
                 frame_slots, frame_cost_bytes, entry_gas, type_id] = function;
    return {code,       code_words,  parameters,       locals,    results, first_zeroed,
            zeroed_end, frame_slots, frame_cost_bytes, entry_gas, type_id};
}

PreparedFunction function_of(const Numbers& n) {
    return {n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10]};
}

std::array<std::uint32_t, 19> numbers_of(const wasm::Limits& limits) {
    const auto& [module_bytes, function_body_bytes, functions, types, imports, exports, globals,
                 tables, table_elements, element_segments, data_segments, parameters, results,
                 locals, all_locals, branch_table_labels, nesting, memory_pages, features] = limits;
    const auto& [floats, references, tail_calls, typed_references, extended_constants, multi_memory,
                 memory64] = features;
    std::uint32_t bits = 0;
    for (const bool feature : {floats, references, tail_calls, typed_references, extended_constants,
                               multi_memory, memory64}) {
        bits = bits << 1U | (feature ? 1U : 0U);
    }
    return {module_bytes,
            function_body_bytes,
            functions,
            types,
            imports,
            exports,
            globals,
            tables,
            table_elements,
            element_segments,
            data_segments,
            parameters,
            results,
            locals,
            all_locals,
            branch_table_labels,
            nesting,
            memory_pages,
            bits};
}

std::array<std::uint32_t, 24> numbers_of(const gas::Schedule& schedule) {
    const auto& [version, class_price, bulk_bytes, bulk_elements, page_price, locals] = schedule;
    std::array<std::uint32_t, 24> numbers{version, bulk_bytes, bulk_elements, page_price, locals};
    static_assert(wasm::gas_class_count <= 19);
    std::ranges::copy(class_price, numbers.begin() + 5);
    return numbers;
}

StoredHeader header_for(const StoredFor& purpose) {
    StoredHeader header;
    header.magic = stored_magic;
    header.format = stored_format ^ (instruction_set_digest() << 8U);
    AQD_ASSERT(machine_digest().size() == header.machine.size());
    std::ranges::copy(machine_digest(), header.machine.begin());
    header.module_hash = purpose.module_hash;
    header.limits = numbers_of(purpose.limits);
    header.schedule = numbers_of(purpose.schedule);
    return header;
}

template <class Item>
void append_items(Bytes& out, const Item* items, std::size_t count) {
    const auto* first = reinterpret_cast<const std::uint8_t*>(items);
    out.insert(out.end(), first, first + count * sizeof(Item));
}

void append_number(Bytes& out, std::uint32_t number) {
    append_items(out, &number, 1);
}

constexpr std::uint8_t far_length = 255;
constexpr std::int32_t far_place = -128;

Bytes pack_origins(const PreparedCode& code) {
    Bytes out;
    out.reserve(2 * code.origins.size());
    std::uint32_t before = 0;
    for (std::size_t i = 0; i < code.origins.size(); ++i) {
        const Origin& origin = code.origins[i];
        const std::uint32_t end = i + 1 < code.origins.size()
                                      ? code.origins[i + 1].word
                                      : static_cast<std::uint32_t>(code.words.size());
        const std::uint32_t length = end - origin.word;
        const auto step = static_cast<std::int32_t>(origin.code_offset - before);
        const bool near_length = length < far_length;
        const bool near_place = step > far_place && step < 128;
        out.push_back(near_length ? static_cast<std::uint8_t>(length) : far_length);
        out.push_back(static_cast<std::uint8_t>(near_place ? step : far_place));
        if (!near_length) {
            append_number(out, length);
        }
        if (!near_place) {
            append_number(out, static_cast<std::uint32_t>(step));
        }
        before = origin.code_offset;
    }
    return out;
}

std::unexpected<Error> corrupt(const char* what) {
    return fail(ErrorCode::corrupt, std::string("stored code: ") + what);
}

}  // namespace

/// Reads an entry whose sum is right. The one way besides `wasm::validate` to a `ValidatedModule`:
/// whoever made the entry had validated that module under those limits.
class StoredCodeReader {
  public:
    StoredCodeReader(BytesView stored, const StoredHeader& header)
        : header_(header), rest_(stored.subspan(sizeof header)) {}

    Result<PreparedCode> read(BytesView wasm, const StoredFor& purpose) {
        AQD_CHECK(check_size());
        AQD_TRY(module, wasm::decode(wasm, purpose.limits));
        if (module.bodies.size() != header_.functions || module.types.size() != header_.types) {
            return corrupt("another module");
        }
        file_size_ = static_cast<std::uint32_t>(module.bytes.size());
        auto contents = std::make_shared<wasm::ValidatedModule::Contents>();
        contents->module = std::move(module);
        contents->facts.resize(header_.functions);
        PreparedCode code{wasm::ValidatedModule(contents), purpose.schedule, {}, {}, {}, {},
                          header_.uses_floats != 0};
        AQD_CHECK(functions(code.functions, contents->facts));
        AQD_CHECK(types(contents->canonical_types));
        code.type_ids = contents->canonical_types;
        words(code.words);
        AQD_CHECK(origins(code.origins));
        return code;
    }

  private:
    Result<> check_size() {
        const std::uint64_t size = std::uint64_t{header_.functions} * sizeof(StoredFunction) +
                                   std::uint64_t{header_.types} * 4 +
                                   std::uint64_t{header_.words} * 2 + header_.origin_octets;
        // An origin takes two octets at least, and what is allocated for it is bounded so.
        if (size != rest_.size() || header_.origins > header_.origin_octets / 2) {
            return corrupt("its parts have not the size that its header says");
        }
        return {};
    }
    BytesView take(std::size_t size) {
        const BytesView part = rest_.first(size);
        rest_ = rest_.subspan(size);
        return part;
    }
    Result<> functions(std::vector<PreparedFunction>& out,
                       std::vector<wasm::FunctionFacts>& facts) {
        out.resize(header_.functions);
        const BytesView part = take(out.size() * sizeof(StoredFunction));
        std::uint32_t end = 0;
        for (std::size_t i = 0; i < out.size(); ++i) {
            StoredFunction stored;
            std::memcpy(&stored, part.data() + i * sizeof stored, sizeof stored);
            const PreparedFunction function = function_of(stored.prepared);
            const bool in_code = function.code >= end && function.code <= header_.words &&
                                 function.code_words <= header_.words - function.code;
            const bool in_frame = function.parameters <= function.locals &&
                                  function.locals <= function.frame_slots &&
                                  function.first_zeroed <= function.zeroed_end &&
                                  function.zeroed_end <= function.locals;
            if (!in_code || !in_frame || function.type_id >= header_.types) {
                return corrupt("a function beyond its code or its frame");
            }
            end = function.code + function.code_words;
            out[i] = function;
            facts[i] = {stored.max_height, stored.uses_floats != 0};
        }
        return {};
    }
    Result<> types(std::vector<std::uint32_t>& out) {
        out.resize(header_.types);
        const BytesView part = take(out.size() * 4);
        for (std::size_t i = 0; i < out.size(); ++i) {
            std::memcpy(&out[i], part.data() + 4 * i, 4);
            if (out[i] > i) {
                return corrupt("a type equal to a later one");
            }
        }
        return {};
    }
    void words(std::vector<std::uint16_t>& out) {
        const BytesView part = take(std::size_t{header_.words} * 2);
        // What comes before has an even size, so this is aligned if the entry is; copying once,
        // without zeroing first, is a tenth of the time that loading takes.
        if (reinterpret_cast<std::uintptr_t>(part.data()) % alignof(std::uint16_t) == 0) {
            const auto* first = reinterpret_cast<const std::uint16_t*>(part.data());
            out.assign(first, first + header_.words);
        } else {
            out.resize(header_.words);
            std::memcpy(out.data(), part.data(), part.size());
        }
    }
    Result<> origins(std::vector<Origin>& out) {
        out.resize(header_.origins);
        const std::uint8_t* at = rest_.data();
        const std::uint8_t* const end = at + rest_.size();
        const auto number = [&](std::uint32_t& to) {
            if (end - at < 4) {
                return false;
            }
            std::memcpy(&to, at, 4);
            at += 4;
            return true;
        };
        std::uint32_t word = 0;
        std::uint32_t place = 0;
        for (Origin& origin : out) {
            if (end - at < 2) {
                return corrupt("fewer origins than its header says");
            }
            std::uint32_t length = *at++;
            // Signed, in one octet.
            std::uint32_t step = (*at++ ^ 0x80U) - 0x80U;
            if (length == far_length && !number(length)) {
                return corrupt("its origins end too early");
            }
            if (step == static_cast<std::uint32_t>(far_place) && !number(step)) {
                return corrupt("its origins end too early");
            }
            place += step;
            if (header_.words - word < std::max(length, handler_words) || place >= file_size_) {
                return corrupt("an instruction beyond its code");
            }
            origin = {word, place};
            word += length;
        }
        if (at != end || word != header_.words) {
            return corrupt("code behind its origins");
        }
        return {};
    }

    const StoredHeader& header_;
    BytesView rest_;
    std::uint32_t file_size_ = 0;
};

Bytes store(const PreparedCode& code, const Hash256& module_hash, const StorageKey& key) {
    AQD_ASSERT(code.type_ids == code.module.canonical_types());
    AQD_ASSERT(code.origins.empty() || code.origins.front().word == 0);
    const Bytes origins = pack_origins(code);
    StoredHeader header = header_for({module_hash, code.module->limits, code.schedule});
    header.uses_floats = code.uses_floats ? 1 : 0;
    header.functions = static_cast<std::uint32_t>(code.functions.size());
    header.types = static_cast<std::uint32_t>(code.type_ids.size());
    header.words = static_cast<std::uint32_t>(code.words.size());
    header.origins = static_cast<std::uint32_t>(code.origins.size());
    header.origin_octets = static_cast<std::uint32_t>(origins.size());
    Bytes out;
    out.reserve(sizeof header + code.functions.size() * sizeof(StoredFunction) +
                4 * code.type_ids.size() + 2 * code.words.size() + origins.size());
    append_items(out, &header, 1);
    for (std::uint32_t i = 0; i < code.functions.size(); ++i) {
        const wasm::FunctionFacts& facts = code.module.facts(i);
        const StoredFunction function{numbers_of(code.functions[i]), facts.max_height,
                                      facts.uses_floats ? 1U : 0U};
        append_items(out, &function, 1);
    }
    append_items(out, code.type_ids.data(), code.type_ids.size());
    append_items(out, code.words.data(), code.words.size());
    append(out, origins);
    header.sum = key.sum(BytesView(out).subspan(stored_sum_end));
    std::memcpy(out.data(), &header, sizeof header);
    return out;
}

Result<PreparedCode> load_stored(BytesView stored, BytesView wasm, const StoredFor& purpose,
                                 const StorageKey& key) {
    StoredHeader header;
    if (stored.size() < sizeof header) {
        return corrupt("no header");
    }
    std::memcpy(&header, stored.data(), sizeof header);
    const StoredHeader wanted = header_for(purpose);
    if (header.magic != wanted.magic || header.format != wanted.format ||
        header.machine != wanted.machine) {
        return fail(ErrorCode::unsupported, "stored code of another build");
    }
    if (header.module_hash != wanted.module_hash || header.limits != wanted.limits ||
        header.schedule != wanted.schedule) {
        return fail(ErrorCode::invalid, "stored code for another module, limits or prices");
    }
    if (header.sum != key.sum(stored.subspan(stored_sum_end)) || header.reserved != 0) {
        return corrupt("its sum is wrong");
    }
    return StoredCodeReader(stored, header).read(wasm, purpose);
}

}  // namespace aqd::prepare
