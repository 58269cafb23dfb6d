#include "vm/host/call.h"

#include "vm/host/prices.h"

#include <aqd/system/bodies.h>
#include <aqd/system/store_keys.h>

namespace aqd::host {

Or<BytesView> Call::region(std::size_t index) const {
    // A row of several of them is still a value that a state can hold.
    constexpr std::size_t most = state::value_limit_bytes / 4;
    const std::uint32_t size = u32(index + 1);
    const auto memory = raw_->memory(u32(index), size);
    if (!memory) {
        return std::unexpected(Trap::memory_out_of_bounds);
    }
    if (size > most) {
        return std::unexpected(refuse(abi::Refusal::TooLong));
    }
    if (!raw_->charge(std::uint64_t{size} * gas_per_byte_)) {
        return std::unexpected(Trap::out_of_gas);
    }
    return BytesView(*memory);
}

Or<BytesView> Call::item(std::size_t index) const {
    AQD_OR_TRY(bytes, region(index));
    if (!raw_->charge(bytes.size() * prices::item_octet)) {
        return std::unexpected(Trap::out_of_gas);
    }
    if (!system::is_item(bytes)) {
        return std::unexpected(refuse(abi::Refusal::Trap));
    }
    return bytes;
}

Trap Call::write_fixed(std::size_t index, BytesView value) const {
    const auto memory = raw_->memory(u32(index), value.size());
    if (!memory) {
        return Trap::memory_out_of_bounds;
    }
    std::ranges::copy(value, memory->begin());
    return Trap::none;
}

Trap Call::write_out(std::size_t index, BytesView value) const {
    const std::size_t written = std::min<std::size_t>(value.size(), u32(index + 1));
    const auto memory = raw_->memory(u32(index), written);
    if (!memory) {
        return Trap::memory_out_of_bounds;
    }
    if (!raw_->charge(value.size() * gas_per_byte_)) {
        return Trap::out_of_gas;
    }
    std::copy_n(value.begin(), written, memory->begin());
    return give(value.size());
}

Trap Call::charge_term(const system::Term& term) const {
    // Longer terms saturate without counting.
    constexpr std::int64_t most = std::int64_t{calendar::max_day} - calendar::min_day;
    if (term.unit != system::Unit::workdays || term.amount <= 0 || term.amount > most) {
        return Trap::none;
    }
    return charge(static_cast<std::uint64_t>(term.amount) * prices::workday);
}

Trap Call::charge_row(const system::CaseRow& row) const {
    constexpr std::uint64_t part = 32;  // octets of a timer or a question
    const std::uint64_t octets =
        (row.data ? row.data->size() : 0) + (row.timers.size() + row.open_questions.size()) * part;
    return charge(octets * prices::read_octet);
}

Trap Call::refuse(std::uint16_t code) const {
    context_->refusal = code;
    return Trap::host_refusal;
}

Trap Call::fault(Error error) const {
    context_->fault = std::move(error);
    return Trap::host_fault;
}

Trap Call::check_writable() const {
    return context_->read_only ? refuse(abi::Refusal::Trap) : Trap::none;
}

Or<CallContext::CurrentCase*> Call::current() const {
    if (!context_->current) {
        return std::unexpected(refuse(abi::Refusal::NoCase));
    }
    return &*context_->current;
}

void Call::queue(system::DeliveryRow row) const {
    context_->outgoing.emplace_back(
        system::delivery_key(context_->block->height, context_->position, context_->next_ordinal++),
        std::move(row));
}

Or<abi::Lineage> Call::lineage(std::size_t index) const {
    const abi::Lineage* found = context_->declarations->lineage_of(u32(index));
    if (found == nullptr) {
        return std::unexpected(refuse(abi::Refusal::Trap));
    }
    return *found;
}

Or<const Declarations*> Call::declarations(const abi::Lineage& lineage) const {
    if (lineage == context_->declarations->lineage()) {
        return context_->declarations;
    }
    return or_fault(*this, context_->modules->declarations(lineage));
}

Or<std::optional<abi::Lineage>> Call::calendar(std::size_t index) const {
    if (i32(index) == -1) {
        return std::optional<abi::Lineage>();
    }
    AQD_OR_TRY(found, lineage(index));
    return std::optional<abi::Lineage>(found);
}

}  // namespace aqd::host
