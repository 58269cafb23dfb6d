#pragma once

#include <aqd/abi/keys.h>
#include <aqd/abi/manifest.h>

#include <cstdint>
#include <vector>

namespace aqd::host {

/// What one deployed module declares, with the numbers by which its code speaks of it on one chain.
/// Immutable.
class Declarations {
  public:
    Declarations(const Hash256& chain, abi::Manifest manifest);

    [[nodiscard]] const abi::Manifest& manifest() const { return manifest_; }
    [[nodiscard]] const abi::Lineage& lineage() const { return lineages_.front(); }
    /// Of an index into the manifest's `modules`; nullptr past the end.
    [[nodiscard]] const abi::Lineage* lineage_of(std::uint32_t module) const;

    /// By id8 of the name; nullptr if the module declares none.
    [[nodiscard]] const abi::Role* role(std::uint64_t name) const;
    [[nodiscard]] const abi::Procedure* procedure(std::uint64_t name) const;
    [[nodiscard]] const abi::Register* register_of(std::uint64_t name) const;
    [[nodiscard]] const abi::Notice* notice(std::uint64_t name) const;
    [[nodiscard]] const abi::Exchange* exchange(std::uint64_t name) const;

    /// The entry of this kind with this subject ("module.path.Name"), of one procedure or, if
    /// `procedure` is empty, of any; nullptr if there is none.
    [[nodiscard]] const abi::Entry* entry_for(abi::EntryKind kind, std::string_view subject,
                                              std::string_view procedure) const;

  private:
    /// id8 and index into the manifest's list, rising.
    using Index = std::vector<std::pair<std::uint64_t, std::uint32_t>>;

    abi::Manifest manifest_;
    std::vector<abi::Lineage> lineages_;
    Index roles_;
    Index procedures_;
    Index registers_;
    Index notices_;
    Index exchanges_;
};

}  // namespace aqd::host
