#include "tests/vm/wasm/module_bytes.h"

#include <aqd/wasm/decode.h>
#include <aqd/wasm/validate.h>

#include <catch2/catch.hpp>

#include <functional>
#include <string>

using namespace aqd;
using test::join;
using test::ModuleBytes;
using test::number;
using test::repeat;

namespace {

Result<wasm::ValidatedModule> check(const Bytes& bytes) {
    AQD_TRY(module, wasm::decode(bytes));
    return wasm::validate(std::move(module));
}

/// Accepted just below and at the limit, refused with these words just above.
void at_the_limit(std::uint32_t limit, const std::function<Bytes(std::uint32_t)>& make,
                  const std::string& words) {
    for (const std::uint32_t size : {limit - 1, limit}) {
        const auto result = check(make(size));
        INFO(words << ", size " << size << ": " << (result ? "" : result.error().message));
        CHECK(result.has_value());
    }
    const auto result = check(make(limit + 1));
    INFO(words);
    REQUIRE(!result.has_value());
    CHECK((result.error().code == ErrorCode::too_large));
    // The message names the limit, the value and where.
    CHECK_THAT(result.error().message,
               Catch::Contains(words + ": " + std::to_string(limit + 1)) &&
                   Catch::EndsWith(", the limit is " + std::to_string(limit)));
    CHECK((result.error().offset.has_value() || words == "the module is too large"));
}

const wasm::Limits limits;

}  // namespace

TEST_CASE("a module of exactly the greatest size is accepted, one octet more is not") {
    at_the_limit(
        limits.module_bytes,
        [](std::uint32_t size) {
            // Preamble, section head with a length of three octets, the empty name, zeros.
            return ModuleBytes().section(0, Bytes(size - 8 - 4)).bytes();
        },
        "the module is too large");
}

TEST_CASE("the bodies of functions are bounded in size") {
    at_the_limit(
        limits.function_body_bytes,
        [](std::uint32_t size) {
            return ModuleBytes().one_function().body({0}, Bytes(size - 2, 0x01)).bytes();
        },
        "a function body is too large, in octets");
}

TEST_CASE("locals are bounded, over all groups together") {
    at_the_limit(
        limits.locals,
        [](std::uint32_t count) {
            return ModuleBytes()
                .one_function()
                .body(join({{2, 10, 0x7f}, number(count - 10), {0x7e}}), {})
                .bytes();
        },
        "too many locals");
}

TEST_CASE("locals of all functions together are bounded") {
    at_the_limit(
        limits.all_locals,
        [](std::uint32_t count) {
            const std::uint32_t whole = count / limits.locals;
            const Bytes full = join({{1}, number(limits.locals), {0x7f, 0x0b}});
            const Bytes rest = join({{1}, number(count % limits.locals), {0x7f, 0x0b}});
            return ModuleBytes()
                .section(1, {1, 0x60, 0, 0})
                .repeated(3, whole + 1, {0})
                .section(10,
                         join({number(whole + 1), repeat(whole, join({number(full.size()), full})),
                               number(rest.size()), rest}))
                .bytes();
        },
        "too many locals of all functions together");
}

TEST_CASE("what several tables or memories ask for is summed up") {
    wasm::Limits several;
    several.tables = 3;
    several.features.references = true;
    several.features.multi_memory = true;
    several.features.memory64 = true;
    const auto accepted = [&](const Bytes& bytes) {
        const auto module = wasm::decode(bytes, several);
        return module ? std::string() : module.error().message;
    };
    const auto tables = [](std::uint64_t last) {
        return ModuleBytes()
            .section(4, join({{3, 0x70, 0},
                              number(4'000),
                              {0x70, 0},
                              number(5'000),
                              {0x70, 4},
                              number(last)}))
            .bytes();
    };
    CHECK(accepted(tables(1'000)).empty());
    CHECK(accepted(tables(1'001)) ==
          "tables are too large together, in elements: 10001, the limit is 10000");
    CHECK(accepted(tables(0xffff'ffff'ffff'ffff)) ==
          "tables are too large together, in elements: 18446744073709551615, the limit is 10000");
    const auto memories = [](std::uint64_t last) {
        return ModuleBytes().section(5, join({{3, 0, 8, 0, 7, 4}, number(last)})).bytes();
    };
    CHECK(accepted(memories(1)).empty());
    CHECK(accepted(memories(2)) ==
          "memories are too large together, in pages: 17, the limit is 16");
    CHECK(accepted(memories(0xffff'ffff'ffff'ffff)) ==
          "memories are too large together, in pages: 18446744073709551615, the limit is 16");
}

TEST_CASE("a problem in a body names its function where the module gives it a name") {
    const Bytes large = join({number(limits.function_body_bytes + 1),
                              {0},
                              Bytes(limits.function_body_bytes - 1, 0x01),
                              {0x0b}});
    const auto module = [&](const Bytes& exports, const Bytes& body, const Bytes& names) {
        ModuleBytes bytes;
        bytes.section(1, {1, 0x60, 0, 0}).section(2, {1, 1, 'm', 1, 'n', 0, 0}).section(3, {1, 0});
        if (!exports.empty()) {
            bytes.section(7, exports);
        }
        bytes.section(10, join({{1}, body}));
        if (!names.empty()) {
            bytes.section(0, names);
        }
        return bytes.bytes();
    };
    const auto message = [&](const Bytes& bytes) {
        const auto result = check(bytes);
        REQUIRE(!result.has_value());
        CHECK(result.error().offset.has_value());
        return result.error().message;
    };
    const std::string words =
        ": a function body is too large, in octets: 131073, the limit is 131072";
    const Bytes names = {4, 'n', 'a', 'm', 'e', 1, 6, 1, 1, 3, 's', 'u', 'm'};
    const Bytes exported = {1, 3, 'p', 'a', 'y', 0, 1};
    CHECK(message(module({}, large, {})) == "function 1" + words);
    CHECK(message(module({}, large, names)) == "function 1 (sum)" + words);
    CHECK(message(module(exported, large, names)) == "function 1 (pay)" + words);
    // Names for other functions, names of other things, names that cannot be shown, broken names.
    CHECK(message(module({}, large, {4, 'n', 'a', 'm', 'e', 1, 6, 1, 0, 3, 's', 'u', 'm'})) ==
          "function 1" + words);
    CHECK(message(module({}, large, {4, 'n', 'a', 'm', 'e', 2, 6, 1, 1, 3, 's', 'u', 'm'})) ==
          "function 1" + words);
    CHECK(message(module({}, large, {4, 'n', 'a', 'm', 'e', 1, 6, 1, 1, 3, 's', 27, 'm'})) ==
          "function 1" + words);
    CHECK(message(module({}, large, {4, 'n', 'a', 'm', 'e', 1, 6, 0x7f, 1, 3, 's', 'u'})) ==
          "function 1" + words);
    CHECK(message(module({}, large, {4, 'n', 'a', 'm', 'e', 1, 0x7f})) == "function 1" + words);
    // Locals, and what validation finds.
    CHECK(message(module(exported, {5, 1, 0x81, 0x08, 0x7f, 0x0b}, {})) ==
          "function 1 (pay): too many locals: 1025, the limit is 1024");
    CHECK(message(module({}, {3, 0, 0x1a, 0x0b}, names)) ==
          "function 1 (sum): type mismatch: an operand is missing");
}

TEST_CASE("parameters and results are bounded") {
    const auto type = [](std::uint32_t parameters, std::uint32_t results) {
        return ModuleBytes()
            .section(1, join({{1, 0x60},
                              number(parameters),
                              Bytes(parameters, 0x7f),
                              number(results),
                              Bytes(results, 0x7f)}))
            .bytes();
    };
    at_the_limit(
        limits.parameters, [&](std::uint32_t count) { return type(count, 0); },
        "too many parameters");
    at_the_limit(
        limits.results, [&](std::uint32_t count) { return type(0, count); }, "too many results");
}

TEST_CASE("functions, types, imports, exports and globals are bounded in number") {
    at_the_limit(
        limits.functions,
        [](std::uint32_t count) {
            return ModuleBytes()
                .section(1, {1, 0x60, 0, 0})
                .repeated(3, count, {0})
                .repeated(10, count, {2, 0, 0x0b})
                .bytes();
        },
        "too many functions");
    at_the_limit(
        limits.types,
        [](std::uint32_t count) { return ModuleBytes().repeated(1, count, {0x60, 0, 0}).bytes(); },
        "too many types");
    at_the_limit(
        limits.imports,
        [](std::uint32_t count) {
            return ModuleBytes()
                .section(1, {1, 0x60, 0, 0})
                .repeated(2, count, {1, 'm', 1, 'n', 0, 0})
                .bytes();
        },
        "too many imports");
    at_the_limit(
        limits.globals,
        [](std::uint32_t count) {
            return ModuleBytes().repeated(6, count, {0x7f, 0, 0x41, 0, 0x0b}).bytes();
        },
        "too many globals");
    at_the_limit(
        limits.exports,
        [](std::uint32_t count) {
            Bytes content = number(count);
            for (std::uint32_t i = 0; i < count; ++i) {
                append(content, Bytes{2, static_cast<std::uint8_t>('a' + i / 64),
                                      static_cast<std::uint8_t>('0' + i % 64), 0, 0});
            }
            return ModuleBytes().one_function().section(7, content).body({0}, {}).bytes();
        },
        "too many exports");
}

TEST_CASE("segments and the elements of a table are bounded") {
    const auto with_table = [] { return ModuleBytes().section(4, {1, 0x70, 0, 0}); };
    at_the_limit(
        limits.element_segments,
        [&](std::uint32_t count) {
            return with_table().repeated(9, count, {0, 0x41, 0, 0x0b, 0}).bytes();
        },
        "too many element segments");
    at_the_limit(
        limits.data_segments,
        [](std::uint32_t count) {
            return ModuleBytes()
                .section(5, {1, 0, 1})
                .repeated(11, count, {0, 0x41, 0, 0x0b, 0})
                .bytes();
        },
        "too many data segments");
    at_the_limit(
        limits.table_elements,
        [](std::uint32_t count) {
            return ModuleBytes().section(4, join({{1, 0x70, 0}, number(count)})).bytes();
        },
        "tables are too large together, in elements");
    at_the_limit(
        limits.tables,
        [](std::uint32_t count) { return ModuleBytes().repeated(4, count, {0x70, 0, 0}).bytes(); },
        "too many tables");
}

TEST_CASE("the least size of a memory is bounded; a declared maximum is not") {
    at_the_limit(
        limits.memory_pages,
        [](std::uint32_t pages) {
            return ModuleBytes().section(5, join({{1, 0}, number(pages)})).bytes();
        },
        "memories are too large together, in pages");
    CHECK(check(ModuleBytes().section(5, join({{1, 1, 1}, number(65'536)})).bytes()).has_value());
}

TEST_CASE("blocks may be nested so deep and no deeper") {
    at_the_limit(
        limits.nesting,
        [](std::uint32_t depth) {
            return ModuleBytes()
                .one_function()
                .body({0}, join({repeat(depth, {0x02, 0x40}), Bytes(depth, 0x0b)}))
                .bytes();
        },
        "blocks are nested too deeply");
}

TEST_CASE("a branch table may have so many labels and no more") {
    at_the_limit(
        limits.branch_table_labels,
        [](std::uint32_t labels) {
            return ModuleBytes()
                .one_function()
                .body({0}, join({{0x41, 0, 0x0e}, number(labels), Bytes(labels + 1, 0)}))
                .bytes();
        },
        "a branch table is too long");
}

TEST_CASE("a vector that claims more items than octets follow is refused without reserving them") {
    const auto result = wasm::decode(
        ModuleBytes().section(3, {0xff, 0xff, 0xff, 0xff, 0x0f}).bytes(), wasm::Limits::widest());
    REQUIRE(!result.has_value());
    const auto types = wasm::decode(
        ModuleBytes().section(1, join({{1, 0x60}, number(900)})).bytes(), wasm::Limits::widest());
    REQUIRE(!types.has_value());
    CHECK((types.error().code == ErrorCode::malformed));
}
