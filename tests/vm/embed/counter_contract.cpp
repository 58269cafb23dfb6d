#include "tests/vm/embed/counter_contract.h"

#include "tests/vm/wasm/wat.h"

#include <aqd/abi/keys.h>
#include <aqd/abi/manifest.h>
#include <aqd/base/leb128.h>

#include <string>

namespace aqd::test {
namespace {

/// The row is one octet of CBOR: a number from 0 to 23. Octet 0 of the memory is the key, octet 16
/// the value.
std::string text() {
    const std::string name =
        "(i64.const " + std::to_string(static_cast<std::int64_t>(abi::id8("counts"))) + ")";
    const std::string key = " (i32.const 0) (i32.const 1)";
    const std::string value = " (i32.const 16) (i32.const 1)";
    const std::string read = "(drop (call $get (i32.const 0) " + name + key + value + "))";
    const std::string write =
        "(i32.store8 (i32.const 16) (i32.add (i32.load8_u (i32.const 16)) "
        "(i32.const 1))) (call $put " +
        name + key + value + " (i32.const 0))";
    return "(module"
           "(import \"aqd\" \"register_get\""
           " (func $get (param i32 i64 i32 i32 i32 i32) (result i32)))"
           "(import \"aqd\" \"register_put\" (func $put (param i64 i32 i32 i32 i32 i32)))"
           "(import \"aqd\" \"return_value\" (func $return (param i32 i32)))"
           "(import \"aqd\" \"refuse\" (func $refuse (param i32)))"
           "(memory (export \"memory\") 1) (data (i32.const 0) \"\\01\")"
           "(func (export \"e_count\") (param i32) " +
           read + write + "(call $return" + value + "))" +
           "(func (export \"e_look\") (param i32) " + read + "(call $return" + value + "))" +
           "(func (export \"e_fail\") (param i32) " + write + "(call $refuse (i32.const 256)))" +
           "(func (export \"e_crash\") (param i32) " + write + "unreachable))";
}

abi::Manifest manifest() {
    abi::Manifest manifest;
    manifest.path = "test.counter";
    manifest.version = 1;
    abi::Dependency& self = manifest.modules.emplace_back();
    self.path = manifest.path;
    abi::Register& counts = manifest.registers.emplace_back();
    counts.name = "counts";
    manifest.errors.emplace_back().name = "NotToday";
    for (const auto& [kind, name] :
         {std::pair(abi::EntryKind::action, "count"), std::pair(abi::EntryKind::view, "look"),
          std::pair(abi::EntryKind::action, "fail"), std::pair(abi::EntryKind::action, "crash")}) {
        abi::Entry& entry = manifest.entries.emplace_back();
        entry.kind = kind;
        entry.name = name;
        entry.exported = std::string("e_") + name;
    }
    return manifest;
}

}  // namespace

Bytes counter_contract() {
    Bytes module = wat(text());
    Bytes section;
    append_unsigned_leb128(section, abi::manifest_section.size());
    append(section, as_bytes(abi::manifest_section));
    append(section, abi::encode_manifest(manifest()));
    module.push_back(0);
    append_unsigned_leb128(module, section.size());
    append(module, section);
    return module;
}

Bytes counter_key() {
    const Bytes row{1};
    return abi::store_key(abi::KeyKind::register_row, abi::lineage_of({}, "test.counter"),
                          abi::id8("counts"), row);
}

}  // namespace aqd::test
