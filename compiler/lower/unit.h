#pragma once

#include "compiler/lower/layout.h"
#include "compiler/lower/lines.h"
#include "compiler/program/program.h"

#include <aqd/base/result.h>

#include <llvm/IR/Module.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace aqd::lower {

/// What all parts of one lowering share.
class Unit {
  public:
    /// `support` is the bitcode of `stdlib/runtime`, read lazily: the signatures come from there.
    Unit(const program::Program& program, const source::SourceSet& sources, llvm::Module& module,
         llvm::Module& support);

    const program::Program& program;
    llvm::Module& module;
    llvm::LLVMContext& context;
    Layouts layouts;
    Lines lines;

    /// A function of the runtime.
    llvm::Function* support(std::string_view name);

    /// A host function; `parameters` holds pointers where the table has addresses.
    llvm::Function* host(std::string_view name, llvm::ArrayRef<llvm::Type*> parameters);

    /// A new function of this module that nobody outside sees.
    llvm::Function* make_function(llvm::FunctionType* type, const std::string& name);

    /// `program.functions[index]`, declared on first use; see `FunctionLowering` for its shape.
    llvm::Function* function(std::uint32_t index);

    /// Case data of a procedure.
    llvm::StructType* case_data(std::uint32_t procedure);

    /// Static memory for one value; nothing recurs, so that one is enough.
    llvm::GlobalVariable* static_memory(llvm::Type* type, const std::string& name);

    /// A constant, once.
    llvm::GlobalVariable* constant_memory(llvm::Constant* value);
    llvm::Constant* octets(std::string_view text);

    /// i32: the civil date that chooses values of dated parameters.
    llvm::GlobalVariable* rule_date();
    /// i32: ordinal of the state that the body sees, -1 for a new case.
    llvm::GlobalVariable* case_state();
    /// Static memory of this name, once: where the host writes the caller's account, and the like.
    llvm::GlobalVariable* static_value(llvm::Type* type, const std::string& name);
    llvm::GlobalVariable* scratch(std::uint32_t size, const std::string& name);

    /// Functions made on demand: for what, and for which type or procedure.
    std::map<std::pair<std::string, program::TypeId>, llvm::Function*> by_type;
    std::map<std::uint32_t, llvm::Function*> load_case;
    std::map<std::uint32_t, llvm::Function*> store_case;

  private:
    llvm::Module& support_;
    std::string cpu_;
    std::string features_;
    std::map<std::uint32_t, llvm::Function*> functions_;
    std::map<std::uint32_t, llvm::StructType*> case_data_;
    std::map<llvm::Constant*, llvm::GlobalVariable*> constants_;
    std::map<std::string, llvm::Constant*, std::less<>> texts_;
    std::map<std::string, llvm::GlobalVariable*> named_;
};

/// The file of a module as people and line tables know it: "civil/death.aqd".
std::string file_of_module(std::string_view path);

}  // namespace aqd::lower
