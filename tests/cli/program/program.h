#pragma once

#include "cli/files/files.h"
#include "cli/files/json.h"

#include <catch2/catch.hpp>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <sys/wait.h>

namespace aqd::program {

namespace fs = std::filesystem;
using files::Json;

/// What one run of the program said.
struct Ran {
    int exit = -1;
    std::string out;
    std::string err;

    [[nodiscard]] Json json() const {
        auto parsed = files::parse_json(out, "stdout");
        INFO(out);
        INFO(err);
        REQUIRE(parsed);
        return *parsed;
    }
};

/// A folder of its own, gone at the end, with the program at hand.
class Workplace {
  public:
    Workplace() {
        // In memory where there is such a folder: what is tested here is not the disk.
        const fs::path memory = "/dev/shm";
        std::error_code ignored;
        const fs::path parent =
            fs::is_directory(memory, ignored) ? memory : fs::temp_directory_path();
        std::string name = (parent / "aqd-program-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        folder_ = name;
    }
    Workplace(const Workplace&) = delete;
    Workplace& operator=(const Workplace&) = delete;
    ~Workplace() {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }

    [[nodiscard]] const fs::path& folder() const { return folder_; }

    /// Runs `aqd WORDS` in the folder, through the shell.
    [[nodiscard]] Ran run(const std::string& words, const std::string& environment = {}) const {
        const fs::path out = folder_ / "stdout.txt";
        const fs::path err = folder_ / "stderr.txt";
        const std::string command = "cd '" + folder_.string() + "' && " + environment + " '" +
                                    AQD_PROGRAM + "' " + words + " >'" + out.string() + "' 2>'" +
                                    err.string() + "' </dev/null";
        const int status = std::system(command.c_str());
        REQUIRE(WIFEXITED(status));
        return {WEXITSTATUS(status), read(out), read(err)};
    }

    void write(const std::string& name, const std::string& content) const {
        fs::create_directories((folder_ / name).parent_path());
        REQUIRE(files::write(folder_ / name, as_bytes(content)));
    }

    [[nodiscard]] static std::string read(const fs::path& path) {
        const auto content = files::read(path);
        REQUIRE(content);
        return std::string(as_text(*content));
    }

  private:
    fs::path folder_;
};

/// False in a build without the compiler: then there is no contract to call.
inline bool has_compiler() {
    static const bool found = [] {
        const Workplace place;
        place.write("empty.aqd", "module empty version 1\n");
        return place.run("check empty.aqd").exit == 0;
    }();
    return found;
}

/// The text of a file in the folder of these tests.
inline std::string shipped(const std::string& name) {
    return Workplace::read(fs::path(AQD_SOURCE_DIR) / "tests/cli/program" / name);
}

/// The contract, compiled once for all tests.
inline const std::string& compiled_permit() {
    static const std::string wasm = [] {
        const Workplace place;
        place.write("demo/permit.aqd", shipped("demo/permit.aqd"));
        const Ran built = place.run("build demo/permit.aqd");
        INFO(built.err + built.out);
        REQUIRE(built.exit == 0);
        return Workplace::read(place.folder() / "demo.permit.wasm");
    }();
    return wasm;
}

/// A ledger with the permit procedure in the folder "ledger".
inline void begin_ledger(const Workplace& place) {
    place.write("genesis.json", shipped("genesis.json"));
    place.write("permit.wasm", compiled_permit());
    const Ran begun = place.run("init genesis.json");
    INFO(begun.err);
    REQUIRE(begun.exit == 0);
}

inline constexpr std::string_view file_a_permit =
    "call --as citizen demo.permit Permit.file -a office=A -a number=7 -a plan=secret-plan "
    "--assert-by registry --subject jane --level 2 --save permit";

}  // namespace aqd::program
