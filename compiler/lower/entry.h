#pragma once

#include "compiler/lower/function.h"

namespace aqd::lower {

/// The exported function of an entry: arguments, the checks of docs/abi.md in their order, the
/// body, what comes after it.
class EntryLowering : public FunctionLowering {
  public:
    EntryLowering(Unit& unit, llvm::Function* function, const program::Entry& entry);

    void make();

  private:
    // entry.cpp
    void make_plain();
    void make_access();
    llvm::Value* call_body();
    void set_rule_date(llvm::Value* date);

    // arguments.cpp
    void read_arguments();
    void read_fields(std::size_t count);
    void read_argument(std::size_t index);
    void check_argument_bodies();
    /// Argument `index` into the data field that it fills.
    void fill(std::size_t index);
    /// The procedure parameter that the argument is, if it is one.
    [[nodiscard]] std::optional<std::uint32_t> parameter_filled_by(std::size_t index) const;

    // actors.cpp
    llvm::Value* fits(const program::Actor& actor);
    llvm::Value* fits(const program::Group& group);
    /// i32: the first group that fits the caller in this state; refuses NotAuthorised and
    /// WrongState.
    llvm::Value* choose_group(llvm::Value* state);
    /// The first group that fits, whatever the state; refuses NotAuthorised.
    llvm::Value* choose_any_group();
    llvm::Value* state_is_one_of(llvm::Value* state, const std::vector<std::uint32_t>& states);
    void refuse_missing_case();
    void refuse_same_person(llvm::Value* group);
    void bind_party(llvm::Value* group);
    void for_group(llvm::Value* group, llvm::function_ref<bool(const program::Group&)> concerns,
                   llvm::function_ref<void(const program::Group&)> body);

    // procedure_entry.cpp
    void make_step();
    void make_start();
    void make_start_on_ask();
    void make_reaction();
    void prepare_case();
    void load_case();
    void initialise_data();
    void compare_parameters(llvm::Value* same);
    llvm::Value* join();
    void refuse_second_time();
    void remember_moments();
    void run_and_store(llvm::Value* state);

    const program::Entry& entry_;
    const program::Procedure* procedure_ = nullptr;
    std::uint32_t procedure_index_ = 0;
    std::vector<llvm::Value*> places_;  ///< of the arguments
};

}  // namespace aqd::lower
