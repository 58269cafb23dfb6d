#include "tests/differential/peers.h"

#include <aqd/base/hex.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string_view>
#include <zlib.h>

namespace aqd::differential {
namespace {

using exec::Trap;
using wasm::ValueType;

char letter_of(ValueType type) {
    switch (type) {
        case ValueType::i32:
            return 'i';
        case ValueType::i64:
            return 'I';
        case ValueType::f32:
            return 'f';
        case ValueType::f64:
            return 'F';
        case ValueType::externref:
            return 'e';
        default:
            return 'r';
    }
}

std::string letters_of(const std::vector<ValueType>& types) {
    std::string letters;
    for (const ValueType type : types) {
        letters += letter_of(type);
    }
    return letters;
}

std::string digits(std::uint64_t value) {
    std::ostringstream out;
    out << std::hex << value;
    return out.str();
}

std::string shown(ValueType type, std::uint64_t bits) {
    if (type == ValueType::f32 && (bits & 0x7fff'ffffU) > 0x7f80'0000U) {
        return "nan";
    }
    if (type == ValueType::f64 && bits << 1U > 0xffe0'0000'0000'0000U) {
        return "nan";
    }
    return digits(letter_of(type) == 'r' ? static_cast<std::uint64_t>(bits != 0) : bits);
}

std::string state_of(const oracle::Observation& seen) {
    const auto exports = [&](wasm::ExternalKind kind) {
        return [kind](const wasm::Export& entry) { return entry.kind == kind; };
    };
    const bool has_memory =
        std::ranges::any_of(seen.module.exports, exports(wasm::ExternalKind::memory));
    std::string text = digits(
        has_memory ? crc32(0, seen.memory.data(), static_cast<uInt>(seen.memory.size())) : 0);
    for (const wasm::Export& entry : seen.module.exports) {
        if (entry.kind == wasm::ExternalKind::global) {
            text +=
                " " + shown(seen.module.global_types[entry.index].type, seen.globals[entry.index]);
        }
    }
    return text;
}

std::string quoted(std::string_view text) {
    return '"' + std::string(text) + '"';
}

/// The words by which peers may call a trap: some do not tell all of them apart.
std::vector<std::string_view> words_for(Trap trap) {
    switch (trap) {
        case Trap::unreachable:
            return {"unreachable"};
        case Trap::memory_out_of_bounds:
            return {"memory"};
        case Trap::integer_divide_by_zero:
            return {"divide"};
        case Trap::integer_overflow:
            return {"overflow", "float"};
        case Trap::invalid_conversion:
            return {"float"};
        case Trap::indirect_call_type:
        case Trap::uninitialized_element:
            return {"indirect"};
        case Trap::undefined_element:
        case Trap::table_out_of_bounds:
            return {"table"};
        case Trap::null_reference:
            return {"null"};
        case Trap::host_refusal:
            return {"host"};
        default:
            return {};
    }
}

/// The texts of a JSON list of texts, in which nothing is escaped that matters here.
std::vector<std::string> texts_of(const std::string& line) {
    std::vector<std::string> texts;
    bool inside = false;
    for (const char c : line) {
        if (c == '"') {
            inside = !inside;
            if (inside) {
                texts.emplace_back();
            }
        } else if (inside) {
            texts.back() += c;
        }
    }
    return texts;
}

bool succeeds(const std::string& command) {
    return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
}

}  // namespace

void Job::observe(const oracle::Observation& seen) {
    Expected expected;
    expected.initial = seen.name.empty();
    expected.trap = seen.outcome.trap;
    expected.state = state_of(seen);
    const wasm::FunctionType& type = seen.module.type_of_function(seen.function);
    if (expected.initial) {
        for (const wasm::Export& entry : seen.module.exports) {
            if (entry.kind == wasm::ExternalKind::global) {
                const char letter = letter_of(seen.module.global_types[entry.index].type);
                globals_ += (globals_.empty() ? "[" : ", [") + quoted(entry.name) + ", " +
                            quoted({&letter, 1}) + "]";
            }
        }
    } else {
        std::string arguments;
        for (std::size_t i = 0; i < seen.arguments.size(); ++i) {
            const std::uint64_t bits = is_narrow(type.parameters[i])
                                           ? seen.arguments[i] & 0xffff'ffffU
                                           : seen.arguments[i];
            arguments +=
                (i == 0 ? "" : ", ") + quoted(letter_of(type.parameters[i]) + digits(bits));
        }
        calls_ += (calls_.empty() ? "[" : ", [") + quoted(seen.name) + ", [" + arguments + "], " +
                  quoted(letters_of(type.results)) + "]";
        for (std::size_t i = 0; i < seen.outcome.results.size(); ++i) {
            expected.results += " " + shown(type.results[i], seen.outcome.results[i]);
        }
    }
    expected_.push_back(std::move(expected));
}

std::string Job::line(BytesView module) const {
    return R"({"wasm": ")" + to_hex(module) + R"(", "globals": [)" + globals_ + R"(], "calls": [)" +
           calls_ + "]}\n";
}

std::string Job::difference(const std::string& answer, std::string& refusal) const {
    const std::vector<std::string> texts = texts_of(answer);
    if (texts.size() == 1 && texts[0].starts_with("refused")) {
        refusal = texts[0];
        return {};
    }
    for (std::size_t i = 0; i < expected_.size(); ++i) {
        const Expected& expected = expected_[i];
        const std::string theirs = i < texts.size() ? texts[i] : "nothing";
        if (expected.trap == Trap::none) {
            const std::string ours = "ok" + expected.results + " ; " + expected.state;
            if (theirs != ours && theirs != ours + " ") {
                return "call " + std::to_string(i) + ": ours: " + ours + ", theirs: " + theirs;
            }
            continue;
        }
        const auto words = words_for(expected.trap);
        const bool same =
            theirs.starts_with("trap:") &&
            (expected.initial || std::ranges::any_of(words, [&](std::string_view word) {
                 const std::string ours = "trap:" + std::string(word) + " ; " + expected.state;
                 return theirs == ours || theirs == ours + " ";
             }));
        if (!same) {
            return "call " + std::to_string(i) + ": ours: " + std::string(name_of(expected.trap)) +
                   " ; " + expected.state + ", theirs: " + theirs;
        }
    }
    return {};
}

std::vector<Peer> peers_on_path(const std::string& scripts) {
    std::vector<Peer> peers;
    if (succeeds("node -e 'require(\"node:zlib\").crc32(\"\")'")) {
        peers.push_back({"node", "node --stack-size=4000 " + scripts + "/node_peer.mjs", false});
    }
    if (succeeds("python3 -c 'import wasmtime'")) {
        peers.push_back({"wasmtime", "python3 " + scripts + "/wasmtime_peer.py", true});
    }
    return peers;
}

std::vector<std::string> ask(const Peer& peer, const std::string& batch_file) {
    std::vector<std::string> lines;
    std::FILE* pipe = popen((peer.command + " " + batch_file).c_str(), "r");
    if (pipe == nullptr) {
        return lines;
    }
    std::string all;
    std::array<char, 65'536> buffer{};
    for (std::size_t n = 0; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) != 0;) {
        all.append(buffer.data(), n);
    }
    pclose(pipe);
    std::istringstream in(all);
    for (std::string line; std::getline(in, line);) {
        lines.push_back(line);
    }
    return lines;
}

}  // namespace aqd::differential
