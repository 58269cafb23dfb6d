#include "tests/compiler/check/support.h"

#include "compiler/diagnostics/render.h"
#include "compiler/parse/parse.h"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string_view>
#include <utility>

namespace aqd::check_test {

std::string read_file(const std::string& path) {
    std::ifstream in(std::string(AQD_SOURCE_DIR) + "/" + path, std::ios::binary);
    REQUIRE(in.good());
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

const syntax::File& Sample::parse(std::string path, std::string text) {
    const source::FileId id = sources_.add(std::move(path), std::move(text));
    parse::ParseResult result = parse::parse(sources_.file(id), sink_);
    INFO(report());
    REQUIRE(result.complete);
    files_.push_back(std::make_unique<syntax::File>(std::move(result.file)));
    return *files_.back();
}

Sample& Sample::with(const std::string& text) {
    const syntax::File& file = parse("used" + std::to_string(files_.size()) + ".aqd", text);
    imports_.modules[file.module.text()] = {&file, {}};
    return *this;
}

Sample& Sample::with_file(const std::string& path) {
    return with(read_file(path));
}

const std::optional<program::Program>& Sample::check(const std::string& text) {
    program_ = check::check(parse("t.aqd", text), imports_, sink_);
    return program_;
}

const std::optional<program::Program>& Sample::check_file(const std::string& path) {
    return check(read_file(path));
}

std::string Sample::report() const {
    return diagnostics::render_text(sink_, sources_);
}

void check_golden(const std::string& path, const std::string& text) {
    const std::string whole = std::string(AQD_SOURCE_DIR) + "/" + path;
    const char* update = std::getenv("AQD_UPDATE_GOLDEN");
    if (update != nullptr && std::string_view(update) == "1") {
        std::ofstream(whole, std::ios::binary) << text;
        return;
    }
    CHECK(read_file(path) == text);
}

}  // namespace aqd::check_test
