#pragma once

#include <aqd/wasm/types.h>

#include <cstddef>
#include <vector>

namespace aqd::wasm {

/// The types on the stack of operands. A vector whose end is at hand as a pointer, for the loop
/// that keeps it in a register.
class OperandStack {
  public:
    OperandStack() : storage_(1'024), top_(storage_.data()) {}
    OperandStack(const OperandStack&) = delete;
    OperandStack& operator=(const OperandStack&) = delete;

    [[nodiscard]] std::size_t size() const {
        return static_cast<std::size_t>(top_ - storage_.data());
    }
    [[nodiscard]] ValueType operator[](std::size_t place) const { return storage_[place]; }
    [[nodiscard]] ValueType back() const { return top_[-1]; }
    void pop_back() { --top_; }
    void push_back(ValueType type) {
        if (top_ == end()) [[unlikely]] {
            const std::size_t height = size();
            storage_.resize(2 * height);
            top_ = storage_.data() + height;
        }
        *top_++ = type;
    }
    /// To no more than there are.
    void shrink(std::size_t size) { top_ = storage_.data() + size; }

    [[nodiscard]] ValueType* begin() { return storage_.data(); }
    [[nodiscard]] ValueType* top() { return top_; }
    void set_top(ValueType* top) { top_ = top; }
    [[nodiscard]] const ValueType* end() const { return storage_.data() + storage_.size(); }

  private:
    std::vector<ValueType> storage_;
    ValueType* top_;
};

}  // namespace aqd::wasm
