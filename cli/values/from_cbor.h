#pragma once

#include "cli/files/json.h"
#include "cli/values/type_table.h"

#include <aqd/abi/manifest.h>
#include <aqd/base/bytes.h>
#include <aqd/base/result.h>

namespace aqd::values {

using files::Json;

/// The JSON of a value, spelt so that `to_cbor` takes it back: dates as ISO text, octets as
/// hexadecimal digits, integers of more than 64 bits as text, authorities as "Commune:01.051". A
/// record of another version may have more or fewer fields than the type: what is there is shown.
Result<Json> from_cbor(BytesView value, const abi::Type& type, const TypeTable& types);

/// An array of `fields` as an object by names.
Result<Json> fields_from_cbor(BytesView array, const std::vector<abi::Field>& fields,
                              const TypeTable& types);

/// A `Body` of any kind as "Commune:01.051"; the octets of an authority that no module declares as
/// hexadecimal digits.
Result<std::string> body_from_cbor(BytesView body, const TypeTable& types);

/// Any CBOR without a type, for rows that no manifest describes.
Json untyped_from_cbor(BytesView value);

}  // namespace aqd::values
