#include "compiler/lower/effects.h"
#include "compiler/lower/function.h"

// Assignment. Keys and indices come first, then the new value; then the root is read, changed and,
// if it is a row of a register, written back.

namespace aqd::lower {

using program::Kind;
using program::Place;
using program::TypeId;

FunctionLowering::Keys FunctionLowering::place_keys(const Place& place, bool value_assigns) {
    Keys keys;
    if (const auto* const root = std::get_if<Place::Element>(&place.root)) {
        keys.key = evaluate_before(*root->key, value_assigns || !place.steps.empty());
    }
    for (const auto& step : place.steps) {
        if (const auto* const at_index = std::get_if<Place::At>(&step)) {
            keys.indices.push_back(index_of(*at_index->index));
        }
    }
    return keys;
}

llvm::Value* FunctionLowering::resolve(const Place& place, llvm::Value* root, const Keys& keys) {
    at(place.span);
    llvm::Value* address = root;
    TypeId type = place.root_type;
    std::size_t next_index = 0;
    for (const auto& step : place.steps) {
        if (const auto* const member = std::get_if<Place::Member>(&step)) {
            address = field(type, address, member->index);
            type = part_types(unit.program, type)[member->index];
        } else {
            llvm::Value* const index = keys.indices[next_index++];
            check_index(index, element_count(type, address));
            address = element(type, address, b.CreateTrunc(index, b.getInt32Ty()));
            type = unit.program.types.item(type);
        }
    }
    return address;
}

llvm::Value* FunctionLowering::place_root(const Place& place) {
    if (const auto* const local = std::get_if<Place::Local>(&place.root)) {
        return slots_[static_cast<std::size_t>(local->slot)];
    }
    return case_field(std::get<Place::CaseField>(place.root).field);
}

void FunctionLowering::change(const Place& place, const Keys& keys,
                              llvm::function_ref<void(llvm::Value*)> change) {
    const auto* const row = std::get_if<Place::Element>(&place.root);
    if (row == nullptr) {
        change(resolve(place, place_root(place), keys));
        return;
    }
    const program::Register& reg = unit.program.registers[row->reg];
    llvm::Value* const mark = support("aqd_heap_mark");
    const Region key = encode_key(reg, keys.key);
    llvm::Value* const value = temporary(reg.value, "row");
    load_row(reg, key, value);
    change(resolve(place, value, keys));
    at(place.span);
    put_row(reg, key, value_at(reg.value, value), program::PutMode::set);
    support("aqd_heap_release", {mark});
}

void FunctionLowering::assign(const program::Assign& node) {
    const Place& place = node.place;
    const TypeId type = place.type;
    const Keys keys = place_keys(place, assigns(*node.value));
    llvm::Value* const value = own(*node.value);
    const auto* const row = std::get_if<Place::Element>(&place.root);
    if (node.op == program::AssignOp::set && row != nullptr && place.steps.empty()) {
        const program::Register& reg = unit.program.registers[row->reg];
        at(place.span);
        llvm::Value* const mark = support("aqd_heap_mark");
        put_row(reg, encode_key(reg, keys.key), value, program::PutMode::set);
        support("aqd_heap_release", {mark});
        return;
    }
    change(place, keys, [&](llvm::Value* address) {
        if (node.op == program::AssignOp::set) {
            store(type, value, address);
            return;
        }
        const auto op = node.op == program::AssignOp::add ? program::BinaryOp::add
                                                          : program::BinaryOp::subtract;
        b.CreateStore(arithmetic(op, type, value_at(type, address), value), address);
    });
}

void FunctionLowering::push(const program::Push& node) {
    const Place& place = node.place;
    const TypeId list = place.type;
    const Keys keys = place_keys(place, assigns(*node.value));
    llvm::Value* const value = own(*node.value);
    change(place, keys, [&](llvm::Value* address) {
        llvm::Value* const count = list_length(list, address);
        refuse_if(b.CreateICmpUGE(count, i32(shape(list).size)), abi::Refusal::TooLong);
        store(unit.program.types.item(list), value, element(list, address, count));
        b.CreateStore(b.CreateAdd(count, i32(1)), field(list, address, 0));
    });
}

}  // namespace aqd::lower
