#include "tests/vm/wasm/wat.h"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <unistd.h>

namespace aqd::test {
namespace {

std::filesystem::path scratch(const char* name) {
    return std::filesystem::temp_directory_path() /
           ("aqd_wat_" + std::to_string(getpid()) + "_" + name);
}

void write(const std::filesystem::path& path, std::string_view content) {
    std::ofstream(path, std::ios::binary) << content;
}

}  // namespace

Bytes wat(std::string_view text) {
    const auto source = scratch("in.wat");
    const auto binary = scratch("out.wasm");
    write(source, text);
    const std::string command =
        std::string(AQD_WAT2WASM) + " " + source.string() + " -o " + binary.string();
    INFO(text);
    REQUIRE(std::system(command.c_str()) == 0);
    std::ifstream file(binary, std::ios::binary);
    Bytes bytes{std::istreambuf_iterator<char>(file), {}};
    std::filesystem::remove(source);
    std::filesystem::remove(binary);
    return bytes;
}

bool wabt_accepts(BytesView module) {
    const auto binary = scratch("check.wasm");
    write(binary, as_text(module));
    const std::string command = std::string(AQD_WASM_VALIDATE) +
                                " --disable-simd --disable-reference-types " + binary.string() +
                                " > /dev/null 2>&1";
    const bool accepted = std::system(command.c_str()) == 0;
    std::filesystem::remove(binary);
    return accepted;
}

wasm::ValidatedModule valid_module(BytesView module) {
    auto decoded = wasm::decode(module, wasm::Limits::widest());
    INFO((decoded ? "" : decoded.error().message));
    REQUIRE(decoded.has_value());
    auto validated = wasm::validate(*std::move(decoded));
    INFO((validated ? "" : validated.error().message));
    REQUIRE(validated.has_value());
    return *std::move(validated);
}

}  // namespace aqd::test
