#pragma once

#include "cli/files/json.h"

#include <aqd/abi/manifest.h>
#include <aqd/base/bytes.h>
#include <aqd/calendar/civil_date.h>

#include <cstdint>
#include <string>
#include <string_view>

// Values as people read them in a line of text.

namespace aqd::values {

using files::Json;

/// What `from_cbor` gave, in words: "5 Mar 2026", "Commune 01.051", "71aa 90c2 …", "2,400".
std::string describe(const Json& value, const abi::Type& type);

/// "5 Mar 2026".
std::string date_text(calendar::Day day);

/// "5 Mar 2026 10:00"; the caller has added the offset of the civil clock.
std::string moment_text(calendar::Seconds civil_seconds);

/// The first octets of an identifier: "7f3a 91c2 …".
std::string short_hash(BytesView octets);

/// "Commune:01.051" → "Commune 01.051".
std::string body_text(std::string_view body);

}  // namespace aqd::values
