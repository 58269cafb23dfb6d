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
