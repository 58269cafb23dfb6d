#pragma once

#include <aqd/base/bytes.h>
#include <aqd/base/leb128.h>

#include <string_view>

namespace aqd::testing {

/// Appends a custom section to a WebAssembly module.
inline void append_custom_section(Bytes& module, std::string_view name, BytesView content) {
    Bytes section;
    append_unsigned_leb128(section, name.size());
    append(section, as_bytes(name));
    append(section, content);
    module.push_back(0);
    append_unsigned_leb128(module, section.size());
    append(module, section);
}

}  // namespace aqd::testing
