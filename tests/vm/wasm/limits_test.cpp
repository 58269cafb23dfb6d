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
    CHECK_THAT(result.error().message, Catch::Contains(words));
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
        "larger than 524288 octets");
}

TEST_CASE("the bodies of functions are bounded in size") {
    at_the_limit(
        limits.function_body_bytes,
        [](std::uint32_t size) {
            return ModuleBytes().one_function().body({0}, Bytes(size - 2, 0x01)).bytes();
        },
        "a function body is too large");
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
        "a table is too large");
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
        "a memory has too many pages");
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
