#include "vm/host/call.h"

// Registers: keyed tables that one module owns and any module may read (semantics 14).

namespace aqd::host {
namespace {

enum class PutMode : std::uint32_t { set = 0, insert = 1, update = 2 };

/// The store key of a row of one of the module's own registers.
Or<Bytes> own_key(const Call& call, std::size_t name_index, BytesView key) {
    const Declarations& declarations = *call.context().declarations;
    const std::uint64_t name = call.u64(name_index);
    if (declarations.register_of(name) == nullptr) {
        return std::unexpected(call.refuse(abi::Refusal::Trap));
    }
    Bytes stored = abi::store_key(abi::KeyKind::register_row, declarations.lineage(), name, key);
    if (stored.size() > abi::largest_store_key) {
        return std::unexpected(call.refuse(abi::Refusal::TooLong));
    }
    return stored;
}

Or<std::optional<Bytes>> read(const Call& call) {
    AQD_OR_TRY(lineage, call.lineage(0));
    AQD_OR_TRY(key, call.region(2));
    const Bytes stored = abi::store_key(abi::KeyKind::register_row, lineage, call.u64(1), key);
    return or_fault(call, call.context().overlay->get(stored));
}

}  // namespace

Trap host_register_get(const Call& call) {
    AQD_HOST_TRY(value, read(call));
    return value ? call.write_out(4, *value) : call.give_absent();
}

Trap host_register_has(const Call& call) {
    AQD_HOST_TRY(value, read(call));
    if (!value) {
        return call.give(0);
    }
    AQD_HOST_CHECK(call.charge(value->size() * call.gas_per_byte()));
    return call.give(1);
}

Trap host_register_put(const Call& call) {
    AQD_HOST_CHECK(call.check_writable());
    state::Overlay& overlay = *call.context().overlay;
    AQD_HOST_TRY(key, call.item(1));
    AQD_HOST_TRY(value, call.item(3));
    AQD_HOST_TRY(stored, own_key(call, 0, key));
    const std::uint32_t mode = call.u32(5);
    if (mode > static_cast<std::uint32_t>(PutMode::update)) {
        return call.refuse(abi::Refusal::Trap);
    }
    if (mode != static_cast<std::uint32_t>(PutMode::set)) {
        AQD_HOST_TRY(old, or_fault(call, overlay.get(stored)));
        const bool insert = mode == static_cast<std::uint32_t>(PutMode::insert);
        if (insert == old.has_value()) {
            return call.refuse(insert ? abi::Refusal::KeyExists : abi::Refusal::MissingKey);
        }
    }
    return trap_of(call, overlay.put(stored, value));
}

Trap host_register_remove(const Call& call) {
    AQD_HOST_CHECK(call.check_writable());
    state::Overlay& overlay = *call.context().overlay;
    AQD_HOST_TRY(key, call.item(1));
    AQD_HOST_TRY(stored, own_key(call, 0, key));
    AQD_HOST_TRY(old, or_fault(call, overlay.get(stored)));
    if (!old) {
        return call.refuse(abi::Refusal::MissingKey);
    }
    return trap_of(call, overlay.remove(stored));
}

}  // namespace aqd::host
