#include "tests/vm/wasm/module_bytes.h"
#include "tests/vm/wasm/wat.h"

#include <aqd/wasm/decode.h>
#include <aqd/wasm/disassemble.h>

#include <catch2/catch.hpp>

using namespace aqd;
using test::ModuleBytes;

namespace {

Error refusal(const Bytes& bytes) {
    auto result = wasm::decode(bytes);
    REQUIRE(!result.has_value());
    return result.error();
}

}  // namespace

TEST_CASE("what is not a module is refused at its first wrong octet") {
    CHECK(refusal({}).message == "unexpected end");
    CHECK(refusal({0, 'a', 's', 'x', 1, 0, 0, 0}).offset.value() == 3);
    CHECK(refusal({0, 'a', 's', 'm', 2, 0, 0, 0}).message == "unknown binary version");
}

TEST_CASE("sections out of order, repeated, unknown or with a wrong length are malformed") {
    CHECK((refusal(ModuleBytes().section(3, {0}).section(1, {0}).bytes()).code ==
           ErrorCode::malformed));
    CHECK((refusal(ModuleBytes().section(1, {0}).section(1, {0}).bytes()).code ==
           ErrorCode::malformed));
    CHECK(refusal(ModuleBytes().section(14, {}).bytes()).message == "unknown section");
    CHECK(refusal(ModuleBytes().section(1, {0, 0}).bytes()).message ==
          "a section is longer than its content");
    Bytes cut = ModuleBytes().section(1, {0}).bytes();
    cut.pop_back();
    CHECK(refusal(cut).message == "unexpected end");
}

TEST_CASE("functions without bodies and data without their count are malformed") {
    CHECK(refusal(ModuleBytes().one_function().bytes()).message ==
          "function and code section differ in length");
    CHECK(refusal(ModuleBytes().section(12, {1}).bytes()).message ==
          "data count and data section differ");
}

TEST_CASE("floats and other later parts of the standard are named as unsupported") {
    const Error floats = refusal(test::wat("(module (func (param f32)))"));
    CHECK((floats.code == ErrorCode::unsupported));
    CHECK(floats.message == "floating point");
    CHECK((refusal(ModuleBytes().section(5, {2, 0, 1, 0, 1}).bytes()).code ==
           ErrorCode::unsupported));
    CHECK((refusal(ModuleBytes().section(5, {1, 4, 1}).bytes()).code == ErrorCode::unsupported));
}

TEST_CASE("names must be UTF-8") {
    CHECK(refusal(ModuleBytes().section(0, {2, 0xc0, 0x80}).bytes()).message ==
          "a name is not UTF-8");
    CHECK(wasm::decode(ModuleBytes().section(0, {2, 0xc3, 0xa4}).bytes()).has_value());
}

TEST_CASE("everything in a module is kept with its place in the file") {
    const Bytes bytes = test::wat(R"((module
        (import "env" "log" (func $log (param i32)))
        (table 3 5 funcref)
        (memory 1 4)
        (global (mut i64) (i64.const -7))
        (func $f (export "f") (param i32) (result i32) (local i64 i64 i32) local.get 0)
        (start $s) (func $s)
        (elem (i32.const 1) $log $f)
        (data (i32.const 8) "abc")
        (data "passive"))
    )");
    const auto module = wasm::decode(bytes);
    REQUIRE(module.has_value());
    CHECK(module->imported_functions == 1);
    CHECK(module->functions.size() == 3);
    CHECK(module->tables[0].size.maximum.value() == 5);
    CHECK(module->memories[0].pages.minimum == 1);
    CHECK(module->globals[0].initial.value == static_cast<std::uint64_t>(-7));
    CHECK(module->find_export("f")->index == 1);
    CHECK(module->find_export("g") == nullptr);
    CHECK(module->start.value() == 2);
    CHECK(module->elements[0].functions == std::vector<std::uint32_t>{0, 1});
    CHECK(as_text(module->view(module->data[0].bytes)) == "abc");
    CHECK((module->data[1].mode == wasm::SegmentMode::passive));
    CHECK(module->bodies[0].local_count == 3);
    const auto& code = module->bodies[0].code;
    CHECK(bytes[code.offset] == 0x20);
    CHECK(bytes[code.offset + code.size - 1] == 0x0b);
}

TEST_CASE("custom sections are found by name, the first of two") {
    const auto module = wasm::decode(ModuleBytes()
                                         .section(0, {1, 'x', 1, 2})
                                         .section(0, {1, 'x', 3})
                                         .section(0, {1, 'y'})
                                         .bytes());
    REQUIRE(module.has_value());
    CHECK(to_bytes(module->custom_section("x").value()) == Bytes{1, 2});
    CHECK(module->custom_section("y").value().empty());
    CHECK(!module->custom_section("z").has_value());
}

TEST_CASE("a listing shows each instruction with its offset, indented") {
    const auto module = test::valid_module(test::wat(R"((module (memory 1)
        (func (export "go\01") (param i32) (result i32)
            (if (result i32) (local.get 0)
                (then (i32.load offset=4 (i32.const -3)))
                (else (i32.const 5))))))"));
    const std::string text = wasm::disassemble_function(module, 0);
    CHECK_THAT(text, Catch::StartsWith("function 0 \"go\\01\" (i32) -> (i32)\n"));
    CHECK_THAT(text, Catch::Contains("if i32\n"));
    CHECK_THAT(text, Catch::Contains("      i32.const -3\n"));
    CHECK_THAT(text, Catch::Contains("      i32.load offset=4\n"));
    CHECK_THAT(wasm::disassemble(module), Catch::Contains("memory of 1 or more pages"));
}

TEST_CASE("a heap type has one octet unless it is an index") {
    const auto decoded = [](const Bytes& heap_type) {
        return wasm::decode(
            ModuleBytes().section(6, test::join({{1, 0x70, 0, 0xd0}, heap_type, {0x0b}})).bytes(),
            wasm::Limits::widest());
    };
    CHECK(decoded({0xf0, 0x7e}).error().message == "unknown heap type");
    CHECK(decoded({0xf0, 0x7f}).error().message == "unknown heap type");
    CHECK(decoded({0x70}).has_value());
}
