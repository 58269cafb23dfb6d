#include "compiler/lower/entry.h"

// What a call hands over (docs/abi.md, A call).

namespace aqd::lower {

using abi::EntryKind;
using program::Kind;

void EntryLowering::read_argument(std::size_t index) {
    read(entry_.arguments[index].type, places_[index]);
}

void EntryLowering::read_fields(std::size_t count) {
    support("aqd_read_array", {i32(count)});
    for (std::size_t i = 0; i < count; ++i) {
        read_argument(i);
    }
}

void EntryLowering::read_arguments() {
    const std::size_t count = entry_.arguments.size();
    std::vector<llvm::Value*> slots;
    for (const program::Argument& argument : entry_.arguments) {
        places_.push_back(temporary(argument.type, argument.name));
        if (argument.passed) {
            slots.push_back(places_.back());
        }
    }
    set_slots(std::move(slots));
    llvm::Value* const given = temporary(unit.layouts.slice(), "arguments");
    support("aqd_arguments", {function->getArg(0), given});
    const Region region = load_slice(given);
    support("aqd_read_begin", {region.data, region.size});
    switch (entry_.kind) {
        case EntryKind::listener:
        case EntryKind::start_on_ask:
            support("aqd_read_array", {i32(3)});
            read_fields(count - 2);
            read_argument(count - 2);
            read_argument(count - 1);
            break;
        case EntryKind::case_notice:
            support("aqd_read_array", {i32(3)});
            read_fields(count - 1);
            read_argument(count - 1);
            refuse_unless(support("aqd_read_null"), abi::Refusal::Decode);
            break;
        default:
            read_fields(count);
    }
    support("aqd_read_end");
}

void EntryLowering::check_argument_bodies() {
    for (std::size_t i = 0; i < places_.size(); ++i) {
        const program::TypeId type = entry_.arguments[i].type;
        check_bodies(type, value_at(type, places_[i]));
    }
}

std::optional<std::uint32_t> EntryLowering::parameter_filled_by(std::size_t index) const {
    const std::optional<std::uint32_t>& target = entry_.arguments[index].fills;
    return target && *target < procedure_->parameter_count ? target : std::nullopt;
}

void EntryLowering::fill(std::size_t index) {
    const program::Argument& argument = entry_.arguments[index];
    if (!argument.fills) {
        return;
    }
    const program::TypeId target = procedure_->data[*argument.fills].type;
    llvm::Value* address = case_field(*argument.fills);
    if (target != argument.type && kind(target) == Kind::option) {
        b.CreateStore(i1(true), field(target, address, 0));
        address = field(target, address, 1);
    }
    copy(argument.type, address, places_[index]);
}

}  // namespace aqd::lower
