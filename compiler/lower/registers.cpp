#include "compiler/lower/function.h"

// Rows of registers. Keys and rows lie on the heap only as long as they are needed.

namespace aqd::lower {

using program::Kind;
using program::Register;

Region FunctionLowering::encode_key(const Register& reg, llvm::Value* key) {
    return encode(reg.key, key);
}

llvm::Value* FunctionLowering::find_row(const Register& reg, Region key, llvm::Value* row) {
    return support("aqd_register_get", {i32(reg.module), i64(reg.id), key.data, key.size, row});
}

void FunctionLowering::read_row(const Register& reg, llvm::Value* row, llvm::Value* out) {
    const Region region = load_slice(row);
    support("aqd_read_begin", {region.data, region.size});
    read(reg.value, out);
    support("aqd_read_end");
}

void FunctionLowering::load_row(const Register& reg, Region key, llvm::Value* out) {
    llvm::Value* const row = temporary(unit.layouts.slice(), "row");
    llvm::Value* const found = find_row(reg, key, row);
    if (reg.initial == nullptr) {
        refuse_unless(found, abi::Refusal::MissingKey);
        read_row(reg, row, out);
        return;
    }
    if_else(found, [&] { read_row(reg, row, out); }, [&] { evaluate_to(*reg.initial, out); });
}

void FunctionLowering::put_row(const Register& reg, Region key, llvm::Value* value,
                               program::PutMode mode) {
    const Region encoded = encode(reg.value, value);
    host("register_put", {i64(reg.id), key.data, key.size, encoded.data, encoded.size,
                          i32(static_cast<std::uint64_t>(mode))});
}

// What was read stays if the value points into it.
void FunctionLowering::release(const Register& reg, llvm::Value* mark) {
    if (!layout(reg.value).refers) {
        support("aqd_heap_release", {mark});
    }
}

void FunctionLowering::register_get(const program::RegisterGet& node, llvm::Value* out) {
    const Register& reg = unit.program.registers[node.reg];
    const llvm::DebugLoc here = b.getCurrentDebugLocation();
    llvm::Value* const key_value = register_key(*node.key);
    b.SetCurrentDebugLocation(here);
    llvm::Value* const mark = support("aqd_heap_mark");
    const Region key = encode_key(reg, key_value);
    if (!node.option) {
        load_row(reg, key, out);
    } else {
        llvm::Type* const option =
            llvm::StructType::get(unit.context, {b.getInt1Ty(), layout(reg.value).type});
        llvm::Value* const row = temporary(unit.layouts.slice(), "row");
        llvm::Value* const found = find_row(reg, key, row);
        b.CreateStore(found, field(option, out, 0));
        if_then(found, [&] { read_row(reg, row, field(option, out, 1)); });
    }
    release(reg, mark);
}

llvm::Value* FunctionLowering::register_has(const program::RegisterHas& node) {
    const Register& reg = unit.program.registers[node.reg];
    llvm::Value* const key_value = register_key(*node.key);
    llvm::Value* const mark = support("aqd_heap_mark");
    const Region key = encode_key(reg, key_value);
    llvm::Value* const found =
        host("register_has", {i32(reg.module), i64(reg.id), key.data, key.size});
    support("aqd_heap_release", {mark});
    return b.CreateICmpNE(found, i32(0));
}

llvm::Value* FunctionLowering::register_next(const program::RegisterNext& node) {
    const Register& reg = unit.program.registers[node.reg];
    const llvm::DebugLoc here = b.getCurrentDebugLocation();
    llvm::Value* const key_value = register_key(*node.key);
    b.SetCurrentDebugLocation(here);
    llvm::Value* const mark = support("aqd_heap_mark");
    const Region key = encode_key(reg, key_value);
    llvm::Value* const place = temporary(reg.value, "counter");
    load_row(reg, key, place);
    llvm::Value* const last = value_at(reg.value, place);
    llvm::Value* const next = arithmetic(program::BinaryOp::add, reg.value, last,
                                         llvm::ConstantInt::get(last->getType(), 1));
    put_row(reg, key, next, program::PutMode::set);
    support("aqd_heap_release", {mark});
    return next;
}

void FunctionLowering::register_put(const program::RegisterPut& node) {
    const Register& reg = unit.program.registers[node.reg];
    const llvm::DebugLoc here = b.getCurrentDebugLocation();
    llvm::Value* const key_value = own(*node.key);
    llvm::Value* const value = evaluate(*node.value);
    b.SetCurrentDebugLocation(here);
    llvm::Value* const mark = support("aqd_heap_mark");
    put_row(reg, encode_key(reg, key_value), value, node.mode);
    support("aqd_heap_release", {mark});
}

void FunctionLowering::register_remove(const program::RegisterRemove& node) {
    const Register& reg = unit.program.registers[node.reg];
    llvm::Value* const key_value = register_key(*node.key);
    llvm::Value* const mark = support("aqd_heap_mark");
    const Region key = encode_key(reg, key_value);
    host("register_remove", {i64(reg.id), key.data, key.size});
    support("aqd_heap_release", {mark});
}

}  // namespace aqd::lower
