#pragma once

#include "cli/files/json.h"
#include "cli/values/type_table.h"

#include <aqd/abi/manifest.h>
#include <aqd/base/bytes.h>
#include <aqd/base/result.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

// What people write becomes what contracts read. The spellings are in docs/cli.md, "Values".

namespace aqd::values {

using files::Json;
using files::JsonPath;

/// What a word such as "$case" or "#fatima" stands for; nothing if nothing is called so.
using Names = std::function<std::optional<Json>(std::string_view word)>;

/// What a conversion needs to know besides the type. Borrowed.
struct Surroundings {
    const TypeTable* types = nullptr;
    Names names;                      ///< empty: no word stands for anything
    std::filesystem::path directory;  ///< where "@file" is looked for
    /// Called for each secret with its slot and the CBOR of its value: keeps the value and returns
    /// its commitment. Empty: secrets are refused unless given as {"commitment": "…"}.
    std::function<Result<Hash256>(std::string_view slot, BytesView value)> commit;
    std::string slot_prefix;  ///< "Procedure.": goes in front of a parameter's name
    /// False in a genesis: a `Body` of any kind names the chain, which does not exist yet.
    bool bodies_of_any_kind = true;
};

/// CBOR of `json` as a value of `type`. Errors begin with the place, "died: …".
Result<Bytes> to_cbor(const Json& json, const abi::Type& type, const Surroundings& surroundings,
                      const JsonPath& path);

/// The array of the arguments of an entry from an object by names (or, for entries without secrets,
/// an array in order). A parameter that is not given is null if its type allows that, and an error
/// if not; a name that is no parameter is an error that lists the parameters.
Result<Bytes> arguments_to_cbor(const Json& json, const std::vector<abi::Field>& parameters,
                                const Surroundings& surroundings, const JsonPath& path);

/// What `--arg name=TEXT` means: JSON where the type wants a structure and the text begins like
/// one, the text itself otherwise.
Result<Json> argument_from_text(std::string_view text, const abi::Type& type);

}  // namespace aqd::values
