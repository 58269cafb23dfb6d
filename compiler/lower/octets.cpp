#include "compiler/lower/function.h"

// Byte strings.

namespace aqd::lower {

using program::Kind;

llvm::Value* FunctionLowering::read_big_endian(const program::ReadBigEndian& node) {
    const llvm::DebugLoc here = b.getCurrentDebugLocation();
    const Region bytes = evaluate_slice(*node.bytes);
    llvm::Value* const offset = evaluate(*node.offset);
    b.SetCurrentDebugLocation(here);
    llvm::Value* const end = b.CreateAdd(b.CreateZExt(offset, b.getInt64Ty()), i64(node.width));
    refuse_if(b.CreateICmpUGT(end, b.CreateZExt(bytes.size, b.getInt64Ty())),
              abi::Refusal::IndexOutOfBounds);
    llvm::Value* const start = b.CreateInBoundsGEP(b.getInt8Ty(), bytes.data, offset);
    switch (node.width) {
        case 4:
            return support("aqd_load32_big_endian", {start});
        case 8:
            return support("aqd_load64_big_endian", {start});
        default:
            return b.CreateTrunc(support("aqd_load_big_endian", {start, i32(node.width)}),
                                 b.getIntNTy(8U * node.width));
    }
}

void FunctionLowering::bytes_of(const program::BytesOf& node, llvm::Value* out) {
    const program::TypeId type = node.operand->type;
    llvm::Value* const sequence = borrow(*node.operand);
    support("aqd_bytes_copy",
            {element(type, sequence, i32(0)), element_count(type, sequence), out});
}

void FunctionLowering::slice(const program::Slice& node, llvm::Value* out) {
    const llvm::DebugLoc here = b.getCurrentDebugLocation();
    const Region bytes = evaluate_slice(*node.bytes);
    llvm::Value* const offset = evaluate(*node.offset);
    llvm::Value* const count = evaluate(*node.count);
    b.SetCurrentDebugLocation(here);
    llvm::Type* const wide = b.getInt64Ty();
    refuse_if(b.CreateICmpUGT(b.CreateAdd(b.CreateZExt(offset, wide), b.CreateZExt(count, wide)),
                              b.CreateZExt(bytes.size, wide)),
              abi::Refusal::IndexOutOfBounds);
    store_slice(out, {b.CreateInBoundsGEP(b.getInt8Ty(), bytes.data, offset), count});
}

llvm::Value* FunctionLowering::sha256(const program::Sha256& node) {
    const Region bytes = evaluate_slice(*node.operand);
    llvm::Value* const digest = support("aqd_allocate", {i32(32)});
    host("sha256", {bytes.data, bytes.size, digest});
    return digest;
}

}  // namespace aqd::lower
