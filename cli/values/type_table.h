#pragma once

#include <aqd/abi/keys.h>
#include <aqd/abi/manifest.h>

#include <map>
#include <string>
#include <string_view>

namespace aqd::values {

/// The named types of some modules, and the authorities that values of a chain may name.
class TypeTable {
  public:
    explicit TypeTable(const Hash256& chain) : chain_(chain) {}

    /// A type that is there already stays.
    void add(const abi::Manifest& manifest);

    /// By full name, "gov.bodies.Commune"; nullptr if unknown.
    [[nodiscard]] const abi::NamedType* find(std::string_view full_name) const;

    /// An authority by full name, or by its last part if only one authority has it. `not_found`, or
    /// `invalid` naming the ones that fit.
    [[nodiscard]] Result<const abi::NamedType*> authority(std::string_view name) const;

    /// The authority of a `Body` tag (`abi::authority_tag`); nullptr if unknown.
    [[nodiscard]] const abi::NamedType* authority_of_tag(BytesView tag) const;

    /// The tag of an authority by its full name.
    [[nodiscard]] Bytes tag_of(std::string_view full_name) const;

  private:
    Hash256 chain_;
    std::map<std::string, abi::NamedType, std::less<>> types_;
    std::map<Bytes, std::string> tags_;
};

/// "gov.bodies.Commune" → "Commune".
std::string_view last_part(std::string_view full_name);

/// "gov.bodies.Commune" → "gov.bodies".
std::string_view module_part(std::string_view full_name);

/// A type as the language writes it: "text[40]", "list[Body, 6]", "PersonKey?".
std::string type_text(const abi::Type& type);

}  // namespace aqd::values
