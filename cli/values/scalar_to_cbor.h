#pragma once

#include "cli/files/json.h"

#include <aqd/abi/cbor.h>
#include <aqd/abi/manifest.h>
#include <aqd/base/result.h>

#include <string_view>

// Numbers, dates, periods and texts: what can be read without looking anything up.

namespace aqd::values {

using files::Json;
using files::JsonPath;

/// The text that `json` is; an error that names what is `wanted` if it is none. Borrowed.
Result<std::string_view> text_of(const Json& json, std::string_view wanted, const JsonPath& path);

/// Writes `json` as a value of `type`: a unit, a truth value, a number, a date, a time, a period or
/// a text.
Result<void> write_scalar(abi::Writer& writer, const Json& json, const abi::Type& type,
                          const JsonPath& path);

}  // namespace aqd::values
