#pragma once

#include "compiler/lower/emitter.h"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace aqd::lower {

/// Bodies: expressions and statements of one program function, or the expressions that a wrapper of
/// an entry evaluates.
///
/// A function takes the address of the case data if it belongs to a procedure, then the address for
/// a result in memory, then its parameters. One that `goes` yields the ordinal of the state to go
/// to, or `stay`.
class FunctionLowering : public Emitter {
  public:
    static constexpr std::uint32_t stay = UINT32_MAX;

    /// `calendar` is the one of the procedure, an index into the program's modules.
    FunctionLowering(Unit& unit, llvm::Function* function, source::Span span,
                     std::optional<std::uint32_t> procedure);

    /// The whole body of a program function.
    void lower_body(const program::Function& source);

    // What wrappers set.

    void set_slots(std::vector<llvm::Value*> slots) { slots_ = std::move(slots); }
    void set_case_data(llvm::Value* address) { case_data_ = address; }
    llvm::Value* case_data() { return case_data_; }
    llvm::Value* case_field(std::uint32_t index);

    // Expressions

    /// The value; that of memory types stays as it is until the end of the expression around it.
    llvm::Value* evaluate(const program::Expr& expr);
    /// Writes the value to memory that `expr` does not read.
    void evaluate_to(const program::Expr& expr, llvm::Value* address);
    /// A `Body` or the octets `{data, size}` of a text or bytes.
    Region evaluate_slice(const program::Expr& expr) { return load_slice(evaluate(expr)); }

    /// `{start, amount, unit, flags, calendar}` for timers and due days.
    struct Term {
        llvm::Value* amount = nullptr;
        llvm::Value* unit = nullptr;
        llvm::Value* flags = nullptr;
    };
    Term term(const program::Expr& expr, bool clear = false, bool exact = false);
    llvm::Value* calendar_index(std::optional<std::uint32_t> module);

    void lower_block(const program::Block& block);

    // CBOR of several expressions as one array.
    Region encode_fields(const std::vector<program::ExprPtr>& fields);

  private:
    // One overload for each node; those of memory types write to `out`, the others yield the value.
    // expressions.cpp
    void evaluate_memory(const program::Expr& expr, llvm::Value* out);
    llvm::Value* evaluate_scalar(const program::Expr& expr);
    llvm::Value* borrow(const program::Expr& expr);
    llvm::Value* own(const program::Expr& expr);
    llvm::Value* evaluate_before(const program::Expr& expr, bool others_assign);
    llvm::Value* choose(const program::Choose& node, program::TypeId type, llvm::Value* out);
    llvm::Value* call_function(const program::Call& node, llvm::Value* out);
    llvm::Value* fact(const program::FactRead& node);
    llvm::Value* parameter(const program::ParameterRead& node);
    llvm::Value* state_is(const program::CaseStateIs& node);

    // arithmetic.cpp
    llvm::Value* unary(const program::Unary& node);
    llvm::Value* binary(const program::Binary& node);
    llvm::Value* arithmetic(program::BinaryOp op, program::TypeId type, llvm::Value* left,
                            llvm::Value* right);
    llvm::Value* overflowing(unsigned intrinsic, llvm::Value* left, llvm::Value* right);
    llvm::Value* multiply(llvm::Value* left, llvm::Value* right, bool is_signed);
    llvm::Value* divide(program::BinaryOp op, llvm::Value* left, llvm::Value* right,
                        bool is_signed);
    llvm::Value* shift(const program::Binary& node, llvm::Value* left, llvm::Value* right);
    llvm::Value* compare(const program::Binary& node);
    llvm::Value* short_circuit(const program::Binary& node);
    llvm::Value* convert(const program::Convert& node, program::TypeId to);

    // dates.cpp
    llvm::Value* date_shift(const program::DateShift& node);
    llvm::Value* time_shift(const program::TimeShift& node);
    llvm::Value* difference(const program::Difference& node);
    llvm::Value* date_part(const program::DatePartOf& node);
    llvm::Value* due(const program::Due& node);
    llvm::Value* due_day(llvm::Value* date, const Term& term,
                         std::optional<std::uint32_t> calendar);

    // aggregates.cpp
    void construct(const program::Expr& expr, const program::Construct& node, llvm::Value* out);
    void construct_sequence(const program::Expr& expr, const program::Construct& node,
                            llvm::Value* out);
    void repeat_element(const program::Expr& expr, const program::Repeat& node, llvm::Value* out);
    llvm::Value* address_of_part(const program::Expr& expr);
    llvm::Value* option_value(const program::OptionValue& node);
    llvm::Value* index_of(const program::Expr& index);
    void check_index(llvm::Value* index, llvm::Value* count);
    llvm::Value* address_of_element(const program::Index& node);
    llvm::Value* octet_at(const program::Index& node);
    llvm::Value* contains(const program::Contains& node);
    llvm::Value* length(const program::Length& node);
    void attribute(const program::AttributeGet& node, llvm::Value* out);

    // octets.cpp
    llvm::Value* read_big_endian(const program::ReadBigEndian& node);
    void bytes_of(const program::BytesOf& node, llvm::Value* out);
    void slice(const program::Slice& node, llvm::Value* out);
    llvm::Value* sha256(const program::Sha256& node);

    // registers.cpp
    llvm::Value* register_key(const program::Expr& key) { return evaluate(key); }
    Region encode_key(const program::Register& reg, llvm::Value* key);
    llvm::Value* find_row(const program::Register& reg, Region key, llvm::Value* row);
    void read_row(const program::Register& reg, llvm::Value* row, llvm::Value* out);
    /// The value, the default, or a refusal.
    void load_row(const program::Register& reg, Region key, llvm::Value* out);
    void put_row(const program::Register& reg, Region key, llvm::Value* value,
                 program::PutMode mode);
    void register_get(const program::RegisterGet& node, llvm::Value* out);
    llvm::Value* register_has(const program::RegisterHas& node);
    llvm::Value* register_next(const program::RegisterNext& node);
    void release(const program::Register& reg, llvm::Value* mark);

    // places.cpp
    struct Keys {
        llvm::Value* key = nullptr;
        std::vector<llvm::Value*> indices;
    };
    Keys place_keys(const program::Place& place, bool value_assigns);
    llvm::Value* resolve(const program::Place& place, llvm::Value* root, const Keys& keys);
    llvm::Value* place_root(const program::Place& place);
    void change(const program::Place& place, const Keys& keys,
                llvm::function_ref<void(llvm::Value*)> change);
    void assign(const program::Assign& node);
    void push(const program::Push& node);

    // statements.cpp
    void lower_statement(const program::Stmt& statement);
    void let(const program::Let& node);
    void for_range(const program::ForRange& node);
    void for_each(const program::ForEach& node);
    void while_loop(const program::While& node);
    void return_value(const program::Return& node);
    void go(const program::Goto& node);
    void register_put(const program::RegisterPut& node);
    void register_remove(const program::RegisterRemove& node);

    // messages.cpp
    void send(const program::Send& node);
    void ask(const program::Ask& node);
    void answer(const program::Answer& node);
    void notify(const program::Notify& node);
    void escalate(const program::Escalate& node);
    void sent(const program::Sent& node, llvm::Value* out);
    llvm::Value* recipient_count(program::TypeId type, llvm::Value* value);
    void write_recipients(program::TypeId type, llvm::Value* value);

    const program::Function* source_ = nullptr;
    std::optional<std::uint32_t> procedure_;
    llvm::Value* case_data_ = nullptr;
    llvm::Value* result_ = nullptr;
    std::vector<llvm::Value*> slots_;
};

}  // namespace aqd::lower
