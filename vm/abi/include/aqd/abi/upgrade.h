#pragma once

#include <aqd/abi/manifest.h>
#include <aqd/base/result.h>

namespace aqd::abi {

/// Whether a version of a module may follow another: what is stored under the earlier one keeps its
/// meaning (semantics 33). `conflict` with the reason if not.
///
/// Registers stay, with the types of their keys and values down to the last field; enumerations
/// only grow variants at their end, procedures states at theirs; the keys of authorities stay. Of
/// rule 33 two things do not follow from manifests and are not looked at: whether a field that was
/// appended has a default (so fields of what is stored may not be appended at all), and whether
/// the module still sends a notice.
Result<> check_upgrade(const Manifest& before, const Manifest& after);

}  // namespace aqd::abi
