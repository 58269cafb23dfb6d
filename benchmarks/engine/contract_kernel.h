#pragma once

#include "benchmarks/engine/kernel.h"

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>

#include <filesystem>
#include <string>
#include <vector>

namespace aqd::benchmarks {

/// A call of a contract.
struct ContractCall {
    std::string entry;
    Bytes arguments;  ///< as `args_read` gives them
};

/// Makes a module that every engine can run of a contract's: its imports become functions of its
/// own that answer always alike (every register holds a million, whatever the key), and `run(n)`
/// calls the entry n times, each time with the memory as it is in a fresh instance. The checksum is
/// over what the contract writes and returns. A contract that grows its memory is not for this.
/// Errors: those of decoding; `not_found` for an entry that it does not export.
Result<Bytes> without_host(BytesView contract, const ContractCall& call);

/// Compiles the token of the repository with the program `compiler` and makes kernels of its
/// entries, "seen" ones. Their native form is what wasm2c makes of the same module, compiled by
/// clang 19 with -O2: it checks addresses by guard pages and knows nothing of the source.
Result<> build_contract_kernels(const std::filesystem::path& compiler,
                                const std::filesystem::path& source_folder,
                                const std::filesystem::path& to, std::vector<Kernel>& kernels);

}  // namespace aqd::benchmarks
