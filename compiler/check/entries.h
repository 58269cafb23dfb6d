#pragma once

#include "compiler/check/body_checker.h"

namespace aqd::check {

/// Adds the entries of the module outside procedures: views, actions, listeners.
void check_view(Declarations& declarations, const syntax::Item& item);
void check_action(Declarations& declarations, const syntax::Item& item);
void check_listener(Declarations& declarations, const syntax::Item& item);

/// Adds a procedure with its entries.
void check_procedure(Declarations& declarations, const syntax::Item& item);

/// Reports starts that leave a variable without a value, read one before it has a value, or stay in
/// a case that they have just created.
void check_assignment(Declarations& declarations, std::uint32_t procedure);

/// Appends the entry; a report if another one has its name.
std::uint32_t add_entry(Declarations& declarations, program::Entry entry);

/// Appends the function of an entry and gives its index.
std::uint32_t add_function(Declarations& declarations, program::Function function);

/// Notes the arguments of the entry that hold free text as public.
void note_public_texts(Declarations& declarations, const program::Entry& entry);

}  // namespace aqd::check
