#include "benchmarks/engine/contract_kernel.h"

#include "benchmarks/engine/process.h"
#include "benchmarks/load/module_writer.h"

#include <aqd/wasm/decode.h>
#include <aqd/wasm/module.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace aqd::benchmarks {
namespace {

constexpr std::uint32_t page_octets = 65'536;
constexpr std::size_t account_octets = 20;
/// A million as CBOR: what every register holds.
constexpr std::uint8_t million[] = {0x1a, 0x00, 0x0f, 0x42, 0x40};

enum Code : std::uint8_t {
    code_unreachable = 0x00,
    code_block = 0x02,
    code_loop = 0x03,
    code_end = 0x0b,
    code_br = 0x0c,
    code_br_if = 0x0d,
    code_call = 0x10,
    code_get = 0x20,
    code_set = 0x21,
    code_global_get = 0x23,
    code_global_set = 0x24,
    code_load32_u = 0x35,
    code_store8 = 0x3a,
    code_const = 0x41,
    code_const64 = 0x42,
    code_eqz = 0x45,
    code_sub = 0x6b,
    code_add64 = 0x7c,
    code_mul64 = 0x7e,
    code_bulk = 0xfc,
    type_i32 = 0x7f,
    type_i64 = 0x7e,
    type_none = 0x40,
    type_function = 0x60,
};

struct Section {
    std::uint8_t id = 0;
    BytesView contents;
};

std::uint32_t read_number(BytesView octets, std::size_t& at) {
    std::uint32_t value = 0;
    for (unsigned shift = 0; at < octets.size(); shift += 7) {
        const std::uint8_t octet = octets[at++];
        value |= std::uint32_t{octet & 0x7fU} << shift;
        if (octet < 0x80) {
            break;
        }
    }
    return value;
}

/// Of a file that has been decoded, so that it is known to be well formed.
std::vector<Section> sections_of(BytesView file) {
    std::vector<Section> sections;
    std::size_t at = 8;
    while (at < file.size()) {
        const std::uint8_t id = file[at++];
        const std::uint32_t size = read_number(file, at);
        sections.push_back({id, file.subspan(at, size)});
        at += size;
    }
    return sections;
}

void constant(ModuleWriter& out, std::int64_t value) {
    out.put(code_const);
    out.signed_number(value);
}

/// Writes octets where the parameter says.
void write_at(ModuleWriter& out, std::uint32_t parameter, BytesView octets) {
    for (std::size_t i = 0; i < octets.size(); ++i) {
        out.put(code_get);
        out.number(parameter);
        constant(out, octets[i]);
        out.append({code_store8, 0});
        out.number(i);
    }
}

/// sum = sum * 31 + the first four octets at the parameter
void add_to_sum(ModuleWriter& out, std::uint32_t sum, std::uint32_t parameter) {
    out.put(code_global_get);
    out.number(sum);
    out.append({code_const64, 31, code_mul64, code_get});
    out.number(parameter);
    out.append({code_load32_u, 0, 0, code_add64, code_global_set});
    out.number(sum);
}

class Rewriter {
  public:
    Rewriter(BytesView file, const wasm::Module& module, const ContractCall& call,
             std::uint32_t entry)
        : file_(file), module_(module), call_(call), entry_(entry) {
        sum_ = static_cast<std::uint32_t>(module.global_types.size());
        for (const wasm::DataSegment& segment : module.data) {
            const auto end = static_cast<std::uint32_t>(segment.offset.value) + segment.bytes.size;
            data_end_ = std::max(data_end_, end);
        }
        copy_ = static_cast<std::uint32_t>(module.memories.at(0).pages.minimum) * page_octets;
    }

    Bytes write() {
        out_.append({0, 'a', 's', 'm', 1, 0, 0, 0});
        for (const Section& section : sections_of(file_)) {
            ModuleWriter contents;
            switch (section.id) {
                case 0:
                case 2:
                    continue;
                case 1:
                    extend(contents, section.contents, {},
                           Bytes{type_function, 1, type_i32, 1, type_i64, type_function, 0, 0}, 2);
                    break;
                case 3:
                    functions(contents, section.contents);
                    break;
                case 5:
                    contents.append({1, 0});
                    contents.number(module_.memories[0].pages.minimum + 1);
                    break;
                case 6:
                    extend(contents, section.contents, {},
                           Bytes{type_i64, 1, code_const64, 0, code_end}, 1);
                    break;
                case 7:
                    exports(contents);
                    break;
                case 10:
                    code(contents, section.contents);
                    break;
                default:
                    contents.octets.assign(section.contents.begin(), section.contents.end());
                    break;
            }
            out_.put(section.id);
            out_.sized(contents.octets);
        }
        return std::move(out_.octets);
    }

  private:
    /// A section with more items at its beginning and its end.
    static void extend(ModuleWriter& out, BytesView section, const Bytes& before,
                       const Bytes& after, std::uint32_t more) {
        std::size_t at = 0;
        out.number(read_number(section, at) + more);
        out.append(before);
        out.octets.insert(out.octets.end(), section.begin() + static_cast<std::ptrdiff_t>(at),
                          section.end());
        out.append(after);
    }
    [[nodiscard]] std::uint32_t imports() const { return module_.imported_functions; }
    /// What was imported keeps its numbers, so nothing else in the code changes.
    void functions(ModuleWriter& out, BytesView section) const {
        ModuleWriter before;
        for (std::uint32_t i = 0; i < imports(); ++i) {
            before.number(module_.functions[i]);
        }
        ModuleWriter after;
        after.number(module_.types.size());
        after.number(module_.types.size() + 1);
        extend(out, section, before.octets, after.octets, imports() + 2);
    }
    void exports(ModuleWriter& out) const {
        out.number(2);
        out.text("run");
        out.put(0);
        out.number(module_.functions.size());
        out.text("empty");
        out.put(0);
        out.number(module_.functions.size() + 1);
    }
    void code(ModuleWriter& out, BytesView section) const {
        ModuleWriter before;
        for (const wasm::Import& import : module_.imports) {
            before.sized(stand_in(import.name));
        }
        ModuleWriter after;
        after.sized(run());
        after.sized({0, code_end});
        extend(out, section, before.octets, after.octets, imports() + 2);
    }
    /// The parameters are those of `host_functions.def`.
    [[nodiscard]] Bytes stand_in(const std::string& name) const {
        ModuleWriter out;
        out.put(0);
        if (name == "args_read") {
            write_at(out, 0, call_.arguments);
        } else if (name == "caller_account") {
            write_at(out, 0, Bytes(account_octets, 0xca));
        } else if (name == "return_value") {
            add_to_sum(out, sum_, 0);
        } else if (name == "register_put") {
            add_to_sum(out, sum_, 3);
        } else if (name == "register_get") {
            write_at(out, 4, million);
            constant(out, sizeof million);
        } else {
            out.put(code_unreachable);
        }
        out.put(code_end);
        return std::move(out.octets);
    }
    static void memory_copy(ModuleWriter& out, std::uint32_t to, std::uint32_t from,
                            std::uint32_t size) {
        constant(out, to);
        constant(out, from);
        constant(out, size);
        out.append({code_bulk, 10, 0, 0});
    }
    [[nodiscard]] Bytes run() const {
        ModuleWriter out;
        out.put(0);
        memory_copy(out, copy_, 0, data_end_);
        out.append({code_block, type_none, code_loop, type_none});
        out.append({code_get, 0, code_eqz, code_br_if, 1});
        memory_copy(out, 0, copy_, data_end_);
        constant(out, static_cast<std::int64_t>(call_.arguments.size()));
        out.put(code_call);
        out.number(entry_);
        out.append({code_get, 0, code_const, 1, code_sub, code_set, 0, code_br, 0});
        out.append({code_end, code_end});
        memory_copy(out, 0, copy_, data_end_);
        out.put(code_global_get);
        out.number(sum_);
        out.put(code_end);
        return std::move(out.octets);
    }

    BytesView file_;
    const wasm::Module& module_;
    const ContractCall& call_;
    std::uint32_t entry_;
    std::uint32_t sum_ = 0;       ///< the global that holds the checksum
    std::uint32_t data_end_ = 0;  ///< what lies below is as in a fresh instance for every call
    std::uint32_t copy_ = 0;      ///< where its copy lies, in a page of its own
    ModuleWriter out_;
};

Bytes head_of(std::initializer_list<std::uint8_t> octets, std::size_t more, std::uint8_t filling) {
    Bytes all(octets);
    all.resize(all.size() + more, filling);
    return all;
}

std::vector<ContractCall> calls_of_the_token() {
    // CBOR: an array of accounts of 20 octets and the amount 1000; of one text of 4096 octets.
    Bytes transfer = head_of({0x82, 0x54}, account_octets, 0xbb);
    const Bytes amount{0x19, 0x03, 0xe8};
    transfer.insert(transfer.end(), amount.begin(), amount.end());
    Bytes transfer_from = head_of({0x83, 0x54}, account_octets, 0xaa);
    transfer_from.insert(transfer_from.end(), transfer.begin() + 1, transfer.end());
    return {{"transfer", transfer},
            {"transfer_from", transfer_from},
            {"sha256", head_of({0x81, 0x59, 0x10, 0x00}, 4096, 0x61)}};
}

Result<> run_well(const std::vector<std::string>& words) {
    AQD_TRY(finished, run_program(words));
    if (finished.status != 0) {
        return fail(ErrorCode::io, words[0] + ": " + finished.output + finished.errors);
    }
    return {};
}

/// A shared library with `run`, by way of C.
Result<> build_library(const Kernel& kernel, const std::filesystem::path& source_folder) {
    std::filesystem::path c = kernel.library;
    c.replace_extension(".c");
    AQD_CHECK(run_well({"wasm2c", "-n", "contract", kernel.wasm.string(), "-o", c.string()}));
    const std::string runtime = "/usr/share/wabt/wasm2c";
    return run_well({"clang-19", "-O2", "-shared", "-fPIC", "-w", "-I" + runtime,
                     "-DAQD_CONTRACT=\"" + c.filename().replace_extension(".h").string() + "\"",
                     "-I" + c.parent_path().string(), c.string(),
                     (source_folder / "benchmarks/engine/contract_library.c").string(),
                     runtime + "/wasm-rt-impl.c", "-lm", "-o", kernel.library.string()});
}

}  // namespace

Result<Bytes> without_host(BytesView contract, const ContractCall& call) {
    AQD_TRY(module, wasm::decode(contract, wasm::Limits::contracts()));
    const wasm::Export* const entry = module.find_export(call.entry);
    if (entry == nullptr || entry->kind != wasm::ExternalKind::function) {
        return fail(ErrorCode::not_found, "the contract exports no " + call.entry);
    }
    return Rewriter(contract, module, call, entry->index).write();
}

Result<> build_contract_kernels(const std::filesystem::path& compiler,
                                const std::filesystem::path& source_folder,
                                const std::filesystem::path& to, std::vector<Kernel>& kernels) {
    const std::filesystem::path folder = to / "contracts";
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    AQD_CHECK(
        run_well({compiler.string(), "build",
                  (source_folder / "contracts/token/token.aqd").string(), "-o", folder.string()}));
    std::ifstream stream(folder / "token.wasm", std::ios::binary);
    const Bytes contract{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    for (const ContractCall& call : calls_of_the_token()) {
        AQD_TRY(octets, without_host(contract, call));
        Kernel kernel;
        kernel.name = "token." + call.entry;
        kernel.seen = true;
        kernel.has_empty = true;
        kernel.wasm = folder / ("token_" + call.entry + ".wasm");
        kernel.library = folder / ("token_" + call.entry + ".so");
        std::ofstream(kernel.wasm, std::ios::binary)
            .write(reinterpret_cast<const char*>(octets.data()),
                   static_cast<std::streamsize>(octets.size()));
        AQD_CHECK(build_library(kernel, source_folder));
        kernels.push_back(std::move(kernel));
    }
    return {};
}

}  // namespace aqd::benchmarks
