#pragma once

#include "compiler/program/program.h"

#include <llvm/IR/DataLayout.h>
#include <llvm/IR/DerivedTypes.h>

#include <cstdint>
#include <deque>
#include <map>
#include <vector>

namespace aqd::lower {

/// How values of a type are held.
///
/// *Scalars* are LLVM values: integers, dates, durations, plain enumerations, and the pointer to
/// the octets of a hash, case, account, person or commitment. Everything else lies in *memory* and
/// is handled by its address: texts, bytes and bodies as `{data, size}`, months as `{count,
/// rounding}`, options as `{present, value}`, lists as `{length, elements}` with room for the
/// bound, arrays, tuples, records and authorities as they are, enumerations with fields as
/// `{ordinal, payload}`. Octets behind a pointer never change, so copies may share them.
struct Layout {
    bool scalar = false;
    llvm::Type* type = nullptr;
    std::uint64_t size = 0;  ///< octets in memory
    bool refers = false;     ///< holds pointers to octets
    bool has_body = false;   ///< holds authority values or bodies, which have to be registered
};

class Layouts {
  public:
    Layouts(const program::Program& program, llvm::LLVMContext& context,
            const llvm::DataLayout& data);

    const Layout& operator[](program::TypeId type);

    /// Of a variant's fields, as they lie at the payload of an enumeration.
    llvm::StructType* variant(program::TypeId enumeration, std::uint32_t variant);

    /// No variant has fields: the value is the ordinal.
    [[nodiscard]] bool is_plain(program::TypeId enumeration) const;

    [[nodiscard]] llvm::StructType* slice() const { return slice_; }

    /// Octets of a hash, person, commitment, case or account; 0 for other kinds.
    static std::uint32_t fixed_size(program::Kind kind);

    /// Bits of an integer, a date or another number held as an LLVM integer.
    static std::uint32_t bits(const program::Type& type);

    /// The largest memory layout made so far is over what a contract's memory could hold.
    [[nodiscard]] bool too_large() const { return too_large_; }

  private:
    Layout make(const program::Type& type, program::TypeId id);
    Layout make_struct(const std::vector<program::TypeId>& parts, bool has_body);
    Layout make_option(const program::Type& type);
    Layout make_list(const program::Type& type);
    Layout make_enumeration(program::TypeId id);
    Layout scalar(llvm::Type* type, bool refers = false);
    Layout memory(llvm::Type* type, bool refers, bool has_body);
    llvm::StructType* make_fields(const std::vector<program::TypeId>& parts);

    const program::Program& program_;
    llvm::LLVMContext& context_;
    const llvm::DataLayout& data_;
    llvm::StructType* slice_;
    std::map<program::TypeId, Layout> layouts_;
    bool too_large_ = false;
};

/// The types of the parts of a tuple, record or authority, in order.
std::vector<program::TypeId> part_types(const program::Program& program, program::TypeId type);

}  // namespace aqd::lower
