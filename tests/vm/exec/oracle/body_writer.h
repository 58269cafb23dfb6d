#pragma once

#include "tests/vm/exec/oracle/module_plan.h"

#include <aqd/base/leb128.h>

#include <cstdint>
#include <vector>

namespace aqd::oracle {

/// Writes the body of one function. Whatever is written leaves the stack as it found it, but for
/// the values that it says it pushes, so that the parts can be put together at will, also where
/// they can never be reached.
class BodyWriter {
  public:
    BodyWriter(Random& random, ModulePlan& plan, std::uint32_t function);

    Bytes write();

  private:
    void op(Opcode opcode) { append_opcode(code_, opcode); }
    void op(Opcode opcode, std::uint32_t index) {
        op(opcode);
        append_unsigned_leb128(code_, index);
    }
    void op(Opcode opcode, std::uint32_t index, std::uint32_t second) {
        op(opcode, index);
        append_unsigned_leb128(code_, second);
    }
    void constant(ValueType type, std::uint64_t bits) { append_constant(code_, type, bits); }
    void interesting(ValueType type);
    std::uint32_t below(std::uint32_t bound) { return random_.below(bound); }
    std::uint32_t one_of(std::size_t size) { return below(static_cast<std::uint32_t>(size)); }
    /// A local of the type, or `none`.
    std::uint32_t local_of(ValueType type);
    ValueType any_type() { return plan_.any_type(random_); }
    Types any_types(std::uint32_t most);
    [[nodiscard]] bool is_long() const { return code_.size() > 3'000; }

    // Values.
    void values(const Types& types, int depth);
    void value(ValueType type, int depth);
    void number(ValueType type, int depth);
    void compute(ValueType type, int depth);
    void keep_one_nan(ValueType type);
    void size_or_growth(ValueType type, int depth);
    void selected(ValueType type, int depth);
    void load(ValueType type, int depth);
    bool call_for(ValueType type, int depth);

    // References.
    void reference(ValueType type, int depth);
    void simple_reference(ValueType type);
    void about_reference(int depth);
    void table_statement(int depth);
    void branch_on_null(int depth);

    // Statements.
    void statements(int depth, std::uint32_t count);
    void statement(int depth);
    void consume(ValueType type);
    void consume(const Types& types);
    void block_type(const Types& parameters, const Types& results);
    void block(const Types& parameters, const Types& results, int depth);
    void counted_loop(int depth);
    void branch(int depth);
    void leave(int depth);
    void call(std::uint32_t function, int depth, bool tail);
    void tail_call(int depth);
    void store(int depth);
    void bulk(int depth);
    void burn_fuel();

    // Addresses and indices.
    std::uint32_t any_memory() { return one_of(plan_.memories.size()); }
    static ValueType index_type(bool wide) { return wide ? ValueType::i64 : ValueType::i32; }
    void place(bool wide, int depth);
    void small(ValueType type, std::uint32_t bound, int depth);
    void table_place(std::uint32_t table, int depth);
    void access(Opcode opcode, std::uint32_t memory);

    Random& random_;
    ModulePlan& plan_;
    Types results_;
    Types locals_;
    std::size_t parameters_ = 0;
    std::uint32_t nan_locals_ = none;  ///< an f32 and an f64 of our own
    std::vector<Types> labels_;
    Bytes code_;
};

}  // namespace aqd::oracle
