#pragma once

#include <aqd/wasm/module.h>

#include <cstdint>
#include <vector>

namespace aqd::wasm {

/// Any type: what the stack yields below an unconditional transfer of control.
inline constexpr auto unknown_type = static_cast<ValueType>(0);
/// Any reference that is not null: the same, where it is known to be a reference.
inline constexpr auto unknown_reference = non_null(unknown_type);

/// What a type stands for and which values may take its place (core specification, section 3.3).
class TypeRules {
  public:
    explicit TypeRules(const Module& module);

    /// By type index: the first type of the same structure.
    [[nodiscard]] const std::vector<std::uint32_t>& canonical() const { return canonical_; }
    /// Whether a type refers to one that does not exist before it.
    [[nodiscard]] bool broken() const { return broken_; }
    [[nodiscard]] bool is_known(ValueType type) const {
        return !is_indexed(type) || type_index_of(type) < canonical_.size();
    }
    /// A value of the type `actual` may stand where `expected` is asked for.
    [[nodiscard]] bool matches(ValueType actual, ValueType expected) const;

  private:
    std::vector<std::uint32_t> canonical_;
    bool broken_ = false;
};

}  // namespace aqd::wasm
