#pragma once

#include "vm/exec/context.h"

#include <aqd/exec/instance.h>

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace aqd::exec {

/// Everything that instances share. It stays where it was made: entries, code and segments point at
/// one another.
struct LinkedModule::Parts {
    explicit Parts(prepare::PreparedCode prepared) : code(std::move(prepared)) {}

    prepare::PreparedCode code;  ///< its words hold the addresses of handlers and callees
    std::vector<HostFunction> host_functions;
    std::vector<FunctionEntry> functions;  ///< by function index
    std::vector<std::uint16_t> exit;       ///< an `exit` instruction
    std::vector<BytesView> data;
    std::vector<std::vector<const FunctionEntry*>> element_lists;
    std::vector<std::span<const FunctionEntry* const>> elements;
    std::vector<std::uint64_t> globals;                                          ///< initial values
    std::vector<std::pair<std::string_view, std::uint32_t>> exported_functions;  ///< by name
    std::uint64_t memory_bytes = 0;                                              ///< at first
    std::uint64_t most_memory_bytes = 0;
};

}  // namespace aqd::exec
