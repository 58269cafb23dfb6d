#include "tests/vm/wasm/module_bytes.h"
#include "tests/vm/wasm/wat.h"

#include <aqd/engine/engine.h>

#include <catch2/catch.hpp>

#include <string>

using namespace aqd;

TEST_CASE("a contract may not use the parts of WebAssembly that are not for contracts") {
    const auto engine = engine::Engine::create({});
    REQUIRE(engine.has_value());
    const std::pair<const char*, const char*> cases[] = {
        {"(func (param f32))", "floating point"},
        {"(func (result f64) unreachable)", "floating point"},
        {"(func (local f64))", "floating point"},
        {"(global f32 (f32.const 0))", "floating point"},
        {"(func (drop (f32.const 1)))", "floating point"},
        {"(func (drop (block (result f64) (unreachable))))", "floating point"},
        {"(func (drop (i32.trunc_sat_f64_s (f64.convert_i32_s (i32.const 1)))))", "floating point"},
    };
    for (const auto& [text, words] : cases) {
        INFO(text);
        const Bytes module = test::wat("(module " + std::string(text) + ")");
        // It is a valid module; only a deployment refuses it.
        CHECK(test::wabt_accepts(module));
        test::valid_module(module);
        const auto code = (*engine)->compile(module);
        REQUIRE(!code.has_value());
        CHECK((code.error().code == ErrorCode::unsupported));
        CHECK_THAT(code.error().message, Catch::Contains(words));
    }
}

TEST_CASE("nor the later parts, down to memories of 64 bits") {
    const auto engine = engine::Engine::create({});
    REQUIRE(engine.has_value());
    using test::ModuleBytes;
    const auto code = [](const Bytes& instructions) {
        return ModuleBytes().one_function().body({0}, instructions).bytes();
    };
    constexpr const char* later = "tail calls, typed references";
    const std::pair<Bytes, const char*> cases[] = {
        {test::wat("(module (func (param externref)))"), "reference types other than funcref"},
        {test::wat("(module (table 1 externref))"), "reference types other than funcref"},
        {test::wat("(module (func (param funcref)))"), "references outside of tables"},
        {test::wat("(module (func (drop (ref.null func))))"), "reference instructions"},
        {test::wat("(module (table 1 funcref) (func (drop (table.size 0))))"),
         "reference instructions"},
        {code({0x12, 0}), later},
        {code({0xd0, 0x70, 0x14, 0}), "reference instructions"},
        {code({0x00, 0x14, 0}), later},
        {code({0x00, 0xd4, 0x1a}), later},
        {ModuleBytes().section(5, {2, 0, 1, 0, 1}).bytes(), "more than one memory"},
        {ModuleBytes().section(5, {1, 4, 1}).bytes(), "64-bit memories"},
        {ModuleBytes().section(4, {1, 0x70, 4, 1}).bytes(), "64-bit memories and tables"},
        {ModuleBytes().section(6, {1, 0x7f, 0, 0x41, 1, 0x41, 1, 0x6a, 0x0b}).bytes(),
         "constant expressions of more than one instruction"},
    };
    for (const auto& [module, words] : cases) {
        INFO(words);
        const auto refused = (*engine)->compile(module);
        REQUIRE(!refused.has_value());
        CHECK((refused.error().code == ErrorCode::unsupported));
        CHECK_THAT(refused.error().message, Catch::Contains(words));
        // Wide limits know it.
        const auto known = wasm::decode(module, wasm::Limits::widest());
        CHECK((known.has_value() || known.error().code != ErrorCode::unsupported));
    }
}
