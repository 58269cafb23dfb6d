#pragma once

#include "vm/exec/context.h"

#include <aqd/exec/instance.h>

#include <cstdint>
#include <span>
#include <string>
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
    std::vector<FunctionEntry> functions;                   ///< by function index
    std::vector<const wasm::FunctionType*> function_types;  ///< the same; those of the module
    std::vector<std::uint16_t> exit;                        ///< an `exit` instruction
    std::vector<BytesView> data;
    std::vector<std::vector<Reference>> element_lists;
    std::vector<std::span<const Reference>> elements;
    std::vector<Reference> table_initials;  ///< of the tables defined in the module
    std::vector<std::uint64_t> globals;     ///< initial values; those of imported ones are unused
    std::vector<std::pair<std::string_view, std::uint32_t>> exported_functions;  ///< by name
    std::vector<std::uint32_t> type_numbers;  ///< by type index, in a store: those of the store

    // What an instance in a store imports.
    std::vector<const FunctionEntry*> foreign_functions;  ///< null for one of the host
    std::vector<std::uint64_t*> imported_globals;
    std::vector<Table*> imported_tables;
    std::vector<Memory*> imported_memories;

    [[nodiscard]] const wasm::Module& module() const { return code.module.module(); }
    /// The type with the numbers of the store.
    [[nodiscard]] wasm::ValueType named(wasm::ValueType type) const {
        if (!is_indexed(type)) {
            return type;
        }
        const wasm::ValueType same = wasm::reference_to(type_numbers[type_index_of(type)]);
        return is_non_null(type) ? non_null(same) : same;
    }
    [[nodiscard]] std::uint64_t value_of(const wasm::ConstantExpression& expression) const;
};

/// A page short of 4 GiB, so that the end of an access never wraps: `prepare` relies on it.
inline constexpr std::uint64_t most_memory_pages = 65'535;

/// Makes the entries of all functions; imported ones get what stands for them later.
void name_functions(LinkedModule::Parts& parts);
/// Binds code, segments and initial values, once imports are resolved and `type_numbers` is set.
Result<> bind(LinkedModule::Parts& parts);
/// A host function for an import; null if the host does not offer it, an error if its type differs.
Result<const HostFunction*> find_host_function(const wasm::Module& module,
                                               const wasm::Import& import,
                                               std::span<const HostFunction> offered);
/// For messages: `module.name`.
std::string name_of(const wasm::Import& import);

}  // namespace aqd::exec
