#pragma once

#include <aqd/abi/keys.h>
#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/state/overlay.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace aqd::system {

struct ModuleVersion {
    std::uint32_t version = 0;
    std::int32_t from = 0;  ///< day
    Hash256 code;

    bool operator==(const ModuleVersion&) const = default;
};

/// A lineage: every version ever deployed, rising by version and by day.
struct ModuleRow {
    std::string path;
    abi::Account owner;
    std::vector<ModuleVersion> versions;

    /// The highest version in force on a day; nullptr before the first.
    [[nodiscard]] const ModuleVersion* in_force(std::int32_t day) const;
    /// By number; nullptr if there is none.
    [[nodiscard]] const ModuleVersion* find(std::uint32_t version) const;

    bool operator==(const ModuleRow&) const = default;
};

Bytes encode_module(const ModuleRow& row);
Result<ModuleRow> decode_module(BytesView bytes);
Result<std::optional<ModuleRow>> read_module(const state::StateView& view,
                                             const abi::Lineage& lineage);

/// Lineages of the modules that serve an authority, in the order of their deployment.
Result<std::vector<abi::Lineage>> read_serving(const state::StateView& view,
                                               BytesView authority_tag);
/// No effect if it serves already.
Result<> add_serving(state::Overlay& overlay, BytesView authority_tag, const abi::Lineage& lineage);

/// Splits "module.path.Name" at its last dot; nothing if there is none.
struct QualifiedName {
    std::string_view module;
    std::string_view name;
};
std::optional<QualifiedName> split_name(std::string_view qualified);

/// Tag of a role or an authority called "module.path.Name" on a chain; nothing if there is no dot.
std::optional<Bytes> tag_of(const Hash256& chain, std::string_view qualified);

}  // namespace aqd::system
