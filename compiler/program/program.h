#pragma once

#include "compiler/program/procedure.h"

#include <cstdint>
#include <string>
#include <vector>

namespace aqd::program {

/// A module that was checked: all that later stages see of it. Tables also hold what it uses of
/// other modules, marked by their module index; index order is order of first use, so that equal
/// sources give equal programs.
struct Program {
    std::string path;
    std::uint32_t version = 0;
    std::int32_t from = 0;  ///< days since 1970-01-01
    std::string doc;
    std::optional<NamedId> serves;

    /// [0] is this module (its `source_hash` is that of its own source), then all modules it uses,
    /// directly or not.
    std::vector<Module> modules;
    TypeTable types;
    std::vector<NamedType> named;
    std::vector<Role> roles;
    std::vector<Register> registers;
    std::vector<Parameter> parameters;
    std::vector<Constant> constants;
    std::vector<ErrorText> errors;
    std::vector<Notice> notices;
    std::vector<Exchange> exchanges;
    std::vector<Document> documents;
    std::vector<Function> functions;
    std::vector<Procedure> procedures;  ///< of this module
    std::vector<Entry> entries;         ///< of this module
    std::vector<std::string>
        public_texts;  ///< "entry.parameter": free text that everybody can read

    [[nodiscard]] const NamedType& named_type(TypeId type) const {
        return named[static_cast<std::size_t>(types[type].named)];
    }
};

/// First number of the refusals that a module declares.
inline constexpr std::uint32_t first_own_refusal = 256;

/// The type as written in a source: "list[Commune, 4]".
std::string type_text(const Program& program, TypeId type);

}  // namespace aqd::program
