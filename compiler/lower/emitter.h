#pragma once

#include "compiler/lower/unit.h"

#include <aqd/abi/refusal.h>

#include <llvm/IR/IRBuilder.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aqd::lower {

/// A region of the contract's memory.
struct Region {
    llvm::Value* data = nullptr;
    llvm::Value* size = nullptr;
};

/// Writes the code of one function, with the operations that every value has. A value is what
/// `Layout` says: an LLVM value for scalars, else the address of its memory.
class Emitter {
  public:
    /// With a span the function gets line tables; helpers made by the compiler have none.
    Emitter(Unit& unit, llvm::Function* function, std::optional<source::Span> span);

    Unit& unit;
    llvm::Function* const function;
    llvm::IRBuilder<> b;

    /// What is emitted from here on belongs to this place of the source.
    void at(source::Span span);

    // Blocks

    llvm::BasicBlock* block(const std::string& name);
    void go_to(llvm::BasicBlock* target);
    void continue_in(llvm::BasicBlock* target) { b.SetInsertPoint(target); }
    void if_then(llvm::Value* condition, llvm::function_ref<void()> then);
    void if_else(llvm::Value* condition, llvm::function_ref<void()> then,
                 llvm::function_ref<void()> otherwise);
    /// i32 from 0 to `count` - 1.
    void repeat(llvm::Value* count, llvm::function_ref<void(llvm::Value*)> body);

    // Refusals

    void refuse(std::uint32_t code);
    void refuse(abi::Refusal code) { refuse(static_cast<std::uint32_t>(code)); }
    void refuse_if(llvm::Value* condition, std::uint32_t code);
    void refuse_if(llvm::Value* condition, abi::Refusal code) {
        refuse_if(condition, static_cast<std::uint32_t>(code));
    }
    void refuse_unless(llvm::Value* condition, abi::Refusal code) {
        refuse_if(b.CreateNot(condition), code);
    }

    // Calls

    llvm::Value* support(std::string_view name, llvm::ArrayRef<llvm::Value*> arguments = {});
    llvm::Value* host(std::string_view name, llvm::ArrayRef<llvm::Value*> arguments = {});
    llvm::CallInst* call(llvm::Function* callee, llvm::ArrayRef<llvm::Value*> arguments);

    // Values

    [[nodiscard]] const Layout& layout(program::TypeId type) const { return unit.layouts[type]; }
    [[nodiscard]] const program::Type& shape(program::TypeId type) const {
        return unit.program.types[type];
    }
    [[nodiscard]] program::Kind kind(program::TypeId type) const {
        return unit.program.types.kind(type);
    }
    /// Memory for one value until the function returns; large ones are static.
    llvm::Value* temporary(llvm::Type* type, const llvm::Twine& name = "");
    llvm::Value* temporary(program::TypeId type, const llvm::Twine& name = "") {
        return temporary(layout(type).type, name);
    }
    /// The value in memory: loaded if it is a scalar, else the address itself.
    llvm::Value* value_at(program::TypeId type, llvm::Value* address);
    /// Puts a value into memory that nothing else refers to.
    void store(program::TypeId type, llvm::Value* value, llvm::Value* address);
    void copy(program::TypeId type, llvm::Value* to, llvm::Value* from);
    /// i1
    llvm::Value* equal(program::TypeId type, llvm::Value* left, llvm::Value* right);

    llvm::Value* field(llvm::Type* aggregate, llvm::Value* address, std::uint32_t index);
    llvm::Value* field(program::TypeId aggregate, llvm::Value* address, std::uint32_t index) {
        return field(layout(aggregate).type, address, index);
    }
    /// Fields of the variant of an enumeration that lies at `address`.
    llvm::Value* variant_field(program::TypeId enumeration, llvm::Value* address,
                               std::uint32_t variant, std::uint32_t index);
    llvm::Value* ordinal(program::TypeId enumeration, llvm::Value* value);
    llvm::Value* is_present(program::TypeId option, llvm::Value* address);
    llvm::Value* list_length(program::TypeId list, llvm::Value* address);
    /// Of a list or an array.
    llvm::Value* element(program::TypeId sequence, llvm::Value* address, llvm::Value* index);
    /// i32: elements of a list or an array.
    llvm::Value* element_count(program::TypeId sequence, llvm::Value* address);

    Region load_slice(llvm::Value* slice);
    void store_slice(llvm::Value* slice, Region region);
    llvm::Value* make_slice(Region region);

    llvm::Value* i1(bool value) { return b.getInt1(value); }
    llvm::Value* i32(std::uint64_t value) { return b.getInt32(static_cast<std::uint32_t>(value)); }
    llvm::Value* i64(std::uint64_t value) { return b.getInt64(value); }
    llvm::Value* null_pointer();

    // CBOR (codec.cpp)

    /// Appends to the heap.
    void write(program::TypeId type, llvm::Value* value);
    void write_array(std::uint64_t count) { support("aqd_write_array", {i32(count)}); }
    /// Runs `body`, which writes, and yields what was written.
    Region written(llvm::function_ref<void()> body);
    Region encode(program::TypeId type, llvm::Value* value);
    /// The next item of the reader into memory; refuses Decode.
    void read(program::TypeId type, llvm::Value* address);

    // Bodies (bodies.cpp)

    /// An authority value as a `Body`, into the slice at `address`.
    void to_body(program::TypeId authority, llvm::Value* value, llvm::Value* address);
    void write_body(program::TypeId authority, llvm::Value* value);
    /// Refuses UnknownBody if one of the bodies in the value is not registered.
    void check_bodies(program::TypeId type, llvm::Value* value);

  private:
    llvm::Value* support_equal_octets(llvm::Value* left, llvm::Value* right, std::uint32_t size);

    llvm::DISubprogram* scope_ = nullptr;
    llvm::Instruction* allocas_end_ = nullptr;
};

}  // namespace aqd::lower
