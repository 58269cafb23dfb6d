#include "compiler/codegen/codegen.h"

#include "compiler/codegen/sections.h"

#include <aqd/wasm/decode.h>
#include <aqd/wasm/validate.h>

#include <catch2/catch.hpp>
#include <llvm/AsmParser/Parser.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>
#include <llvm/Support/SourceMgr.h>

#include <string>
#include <string_view>

using namespace aqd;

namespace {

// A checked addition that refuses at line 7, and an export that nobody keeps.
constexpr const char* adder = R"(
declare void @aqd_host_refuse(i32) #1
declare i32 @aqd_host_today() #2
declare {i32, i1} @llvm.uadd.with.overflow.i32(i32, i32)
define void @unused() { ret void }
define i32 @add(i32 %a, i32 %b) #0 !dbg !4 {
  %today = call i32 @aqd_host_today(), !dbg !6
  %r = call {i32, i1} @llvm.uadd.with.overflow.i32(i32 %a, i32 %b), !dbg !6
  %bad = extractvalue {i32, i1} %r, 1
  br i1 %bad, label %refuse, label %good, !dbg !6
refuse:
  call void @aqd_host_refuse(i32 16), !dbg !7
  unreachable, !dbg !7
good:
  %sum = extractvalue {i32, i1} %r, 0
  ret i32 %sum, !dbg !8
}
attributes #0 = { "wasm-export-name"="add" }
attributes #1 = { "wasm-import-module"="aqd" "wasm-import-name"="refuse" }
attributes #2 = { "wasm-import-module"="aqd" "wasm-import-name"="today" }
!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!2, !3}
!0 = distinct !DICompileUnit(language: DW_LANG_C99, file: !1, producer: "aqd", isOptimized: true, emissionKind: LineTablesOnly)
!1 = !DIFile(filename: "t/adder.aqd", directory: "")
!2 = !{i32 2, !"Debug Info Version", i32 3}
!3 = !{i32 7, !"Dwarf Version", i32 4}
!4 = distinct !DISubprogram(name: "add", file: !1, line: 5, type: !5, unit: !0, spFlags: DISPFlagDefinition)
!5 = !DISubroutineType(types: !{})
!6 = !DILocation(line: 6, column: 3, scope: !4)
!7 = !DILocation(line: 7, column: 9, scope: !4)
!8 = !DILocation(line: 8, column: 1, scope: !4)
)";

Result<Bytes> link(const std::string& text, codegen::LinkOptions options = {}) {
    llvm::LLVMContext context;
    llvm::SMDiagnostic problem;
    const std::unique_ptr<llvm::Module> module = llvm::parseAssemblyString(text, problem, context);
    INFO(problem.getMessage().str());
    REQUIRE(module != nullptr);
    abi::Manifest manifest;
    manifest.path = "t.adder";
    manifest.version = 1;
    manifest.modules = {{"t.adder", {}}};
    return codegen::link_module(*module, manifest, options);
}

Bytes linked(const std::string& text, codegen::LinkOptions options = {}) {
    Result<Bytes> wasm = link(text, options);
    INFO((wasm ? "" : wasm.error().message));
    REQUIRE(wasm.has_value());
    return *std::move(wasm);
}

std::string custom_section(const Bytes& wasm, std::string_view name) {
    const auto sections = codegen::split_sections(wasm);
    REQUIRE(sections.has_value());
    for (const codegen::Section& section : *sections) {
        const BytesView content(wasm.data() + section.content, section.end - section.content);
        if (section.id == 0 && as_text(content.subspan(1, content[0])) == name) {
            return std::string(as_text(content.subspan(1U + content[0])));
        }
    }
    return {};
}

}  // namespace

TEST_CASE("a call of something that nobody defines is an error, not an exit") {
    const auto wasm = link(R"(
declare i32 @missing()
define i32 @f() "wasm-export-name"="f" { %a = call i32 @missing() ret i32 %a }
)");
    REQUIRE_FALSE(wasm.has_value());
    CHECK(wasm.error().code == ErrorCode::invalid);
    CHECK(wasm.error().message.find("missing") != std::string::npos);
    CHECK(linked(adder).size() > 8);
}

TEST_CASE("data past the memory limit is too large") {
    const auto wasm = link(R"(
@big = global [70000 x i8] zeroinitializer
define ptr @f() "wasm-export-name"="f" { store volatile i8 1, ptr @big ret ptr @big }
)",
                           {.most_pages = 1});
    REQUIRE_FALSE(wasm.has_value());
    CHECK(wasm.error().code == ErrorCode::too_large);
}

TEST_CASE("a module over the size that a chain takes is too large") {
    const auto wasm = link(adder, {.most_octets = 100});
    REQUIRE_FALSE(wasm.has_value());
    CHECK(wasm.error().code == ErrorCode::too_large);
}

TEST_CASE("the same module gives the same octets, and they decode and validate") {
    const Bytes first = linked(adder);
    CHECK(first == linked(adder));
    auto module = wasm::decode(first);
    REQUIRE(module.has_value());
    const auto valid = wasm::validate(*std::move(module));
    CHECK(valid.has_value());
    CHECK(linked(adder, {.optimisation = codegen::Optimisation::none}).size() > 8);
}

TEST_CASE("only the memory and the marked functions are exported, and unused reads go") {
    auto module = wasm::decode(linked(adder));
    REQUIRE(module.has_value());
    std::string names;
    for (const wasm::Export& item : module->exports) {
        names += item.name + " ";
    }
    CHECK(names == "memory add ");
    REQUIRE(module->imports.size() == 1);
    CHECK(module->imports[0].name == "refuse");
}

TEST_CASE("no section tells where or with what the module was made") {
    const Bytes wasm = linked(adder);
    const std::string text(as_text(wasm));
    for (const char* const trace : {"producers", "target_features", ".debug", "/tmp", "clang"}) {
        CHECK(text.find(trace) == std::string::npos);
    }
    const std::string manifest = custom_section(wasm, abi::manifest_section);
    const auto decoded = abi::decode_manifest(as_bytes(manifest));
    REQUIRE(decoded.has_value());
    CHECK(decoded->path == "t.adder");
}

TEST_CASE("the line table leads from the refusal to its line") {
    const Bytes wasm = linked(adder);
    const auto lines = abi::decode_lines(as_bytes(custom_section(wasm, abi::lines_section)));
    REQUIRE(lines.has_value());
    REQUIRE(lines->files == std::vector<std::string>{"t/adder.aqd"});
    // i32.const 16, call.
    const std::string call("\x41\x10\x10");
    const std::size_t at = as_text(wasm).find(call);
    REQUIRE(at != std::string::npos);
    const abi::LineTable::Row* const row = lines->find(static_cast<std::uint32_t>(at + 2));
    REQUIRE(row != nullptr);
    CHECK(row->line == 7);
    CHECK(row->column == 9);
}

TEST_CASE("wide arithmetic finds its functions in the runtime") {
    const Bytes wasm = linked(R"(
define i128 @f(i128 %a, i128 %b) "wasm-export-name"="f" {
  %m = mul i128 %a, %b
  %d = udiv i128 %m, 1000000000
  %s = shl i128 %d, %b
  ret i128 %s
}
)");
    auto module = wasm::decode(wasm);
    REQUIRE(module.has_value());
    CHECK(module->imports.empty());
    const auto valid = wasm::validate(*std::move(module));
    CHECK(valid.has_value());
}

TEST_CASE("the stack has room for all frames at once") {
    const Bytes wasm = linked(R"(
define i32 @f(i32 %n) noinline {
  %a = alloca [9000 x i32]
  %p = getelementptr [9000 x i32], ptr %a, i32 0, i32 %n
  store volatile i32 7, ptr %p
  %v = load volatile i32, ptr %p
  ret i32 %v
}
define i32 @g(i32 %n) "wasm-export-name"="g" {
  %a = alloca [9000 x i32]
  %p = getelementptr [9000 x i32], ptr %a, i32 0, i32 %n
  store volatile i32 7, ptr %p
  %v = call i32 @f(i32 %n)
  ret i32 %v
}
)");
    auto module = wasm::decode(wasm);
    REQUIRE(module.has_value());
    // The stack pointer begins at the size of the stack.
    REQUIRE(module->globals.size() == 1);
    CHECK(module->globals[0].initial.value >= 2U * 36000);
    CHECK(module->globals[0].initial.value < 2U * 36000 + 4096);
}
