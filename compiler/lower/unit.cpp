#include "compiler/lower/unit.h"

#include <aqd/base/assert.h>

#include <llvm/IR/Constants.h>
#include <llvm/IR/DerivedTypes.h>

#include <algorithm>
#include <array>

namespace aqd::lower {
namespace {

struct HostRow {
    std::string_view name;
    std::string_view parameters;
    std::string_view result;
};

constexpr auto host_rows = std::to_array<HostRow>({
#define AQD_HOST(name, parameters, result, gas, gas_per_byte, doc) {#name, parameters, result},
#include <aqd/abi/host_functions.def>
#undef AQD_HOST
});

const HostRow& host_row(std::string_view name) {
    const auto* const found =
        std::ranges::find_if(host_rows, [&](const HostRow& row) { return row.name == name; });
    AQD_ASSERT(found != host_rows.end());
    return *found;
}

llvm::Type* type_of_letter(char letter, llvm::LLVMContext& context) {
    switch (letter) {
        case 'i':
            return llvm::Type::getInt32Ty(context);
        case 'l':
            return llvm::Type::getInt64Ty(context);
        default:
            return llvm::Type::getVoidTy(context);
    }
}

}  // namespace

std::string file_of_module(std::string_view path) {
    std::string file(path);
    std::ranges::replace(file, '.', '/');
    return file + ".aqd";
}

Unit::Unit(const program::Program& program_in, const source::SourceSet& sources,
           llvm::Module& module_in, llvm::Module& support_in)
    : program(program_in),
      module(module_in),
      context(module_in.getContext()),
      layouts(program_in, module_in.getContext(), module_in.getDataLayout()),
      lines(module_in, sources, file_of_module(program_in.path)),
      support_(support_in) {
    const llvm::Function* const any = support_.getFunction("aqd_allocate");
    AQD_ASSERT(any != nullptr);
    cpu_ = any->getFnAttribute("target-cpu").getValueAsString().str();
    features_ = any->getFnAttribute("target-features").getValueAsString().str();
}

llvm::Function* Unit::support(std::string_view name) {
    if (llvm::Function* const known = module.getFunction(name)) {
        return known;
    }
    const llvm::Function* const model = support_.getFunction(name);
    AQD_ASSERT(model != nullptr);
    llvm::Function* const function = llvm::Function::Create(
        model->getFunctionType(), llvm::GlobalValue::ExternalLinkage, std::string(name), module);
    function->setAttributes(model->getAttributes());
    return function;
}

llvm::Function* Unit::host(std::string_view name, llvm::ArrayRef<llvm::Type*> parameters) {
    const HostRow& row = host_row(name);
    const std::string symbol = "aqd_host_" + std::string(name);
    AQD_ASSERT(parameters.size() == row.parameters.size());
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        AQD_ASSERT(parameters[i]->isPointerTy()
                       ? row.parameters[i] == 'i'
                       : parameters[i] == type_of_letter(row.parameters[i], context));
    }
    auto* const type =
        llvm::FunctionType::get(type_of_letter(row.result[0], context), parameters, false);
    if (llvm::Function* const known = module.getFunction(symbol)) {
        AQD_ASSERT(known->getFunctionType() == type);
        return known;
    }
    auto* const function =
        llvm::Function::Create(type, llvm::GlobalValue::ExternalLinkage, symbol, module);
    function->addFnAttr("wasm-import-module", "aqd");
    function->addFnAttr("wasm-import-name", name);
    function->setDoesNotThrow();
    return function;
}

llvm::Function* Unit::make_function(llvm::FunctionType* type, const std::string& name) {
    auto* const function =
        llvm::Function::Create(type, llvm::GlobalValue::InternalLinkage, name, module);
    function->addFnAttr("target-cpu", cpu_);
    function->addFnAttr("target-features", features_);
    function->setDoesNotThrow();
    return function;
}

llvm::Function* Unit::function(std::uint32_t index) {
    llvm::Function*& known = functions_[index];
    if (known != nullptr) {
        return known;
    }
    const program::Function& source = program.functions[index];
    llvm::Type* const pointer = llvm::PointerType::getUnqual(context);
    const Layout& result = layouts[source.result];
    std::vector<llvm::Type*> parameters;
    if (source.procedure) {
        parameters.push_back(pointer);
    }
    if (!result.scalar) {
        parameters.push_back(pointer);
    }
    for (std::uint32_t i = 0; i < source.parameter_count; ++i) {
        const Layout& layout = layouts[source.slots[i].type];
        parameters.push_back(layout.scalar ? layout.type : pointer);
    }
    const bool nothing = !result.scalar || program.types.kind(source.result) == program::Kind::unit;
    llvm::Type* const yields = source.goes ? llvm::Type::getInt32Ty(context)
                               : nothing   ? llvm::Type::getVoidTy(context)
                                           : result.type;
    known = make_function(llvm::FunctionType::get(yields, parameters, false), source.name);
    if (!result.scalar) {
        known->addParamAttr(source.procedure ? 1 : 0, llvm::Attribute::NoAlias);
    }
    return known;
}

llvm::StructType* Unit::case_data(std::uint32_t procedure) {
    llvm::StructType*& type = case_data_[procedure];
    if (type == nullptr) {
        std::vector<llvm::Type*> fields;
        fields.reserve(program.procedures[procedure].data.size());
        for (const program::DataField& field : program.procedures[procedure].data) {
            fields.push_back(layouts[field.type].type);
        }
        type = llvm::StructType::get(context, fields);
    }
    return type;
}

llvm::GlobalVariable* Unit::static_memory(llvm::Type* type, const std::string& name) {
    return new llvm::GlobalVariable(module, type, false, llvm::GlobalValue::InternalLinkage,
                                    llvm::Constant::getNullValue(type), name);
}

llvm::GlobalVariable* Unit::constant_memory(llvm::Constant* value) {
    llvm::GlobalVariable*& known = constants_[value];
    if (known == nullptr) {
        known = new llvm::GlobalVariable(module, value->getType(), true,
                                         llvm::GlobalValue::PrivateLinkage, value, "constant");
        known->setUnnamedAddr(llvm::GlobalValue::UnnamedAddr::Global);
    }
    return known;
}

llvm::Constant* Unit::octets(std::string_view text) {
    const auto found = texts_.find(text);
    if (found != texts_.end()) {
        return found->second;
    }
    llvm::Constant* where = llvm::ConstantPointerNull::get(llvm::PointerType::getUnqual(context));
    if (!text.empty()) {
        where = constant_memory(llvm::ConstantDataArray::getString(context, text, false));
    }
    texts_.emplace(std::string(text), where);
    return where;
}

llvm::GlobalVariable* Unit::rule_date() {
    return static_value(llvm::Type::getInt32Ty(context), "rule_date");
}

llvm::GlobalVariable* Unit::case_state() {
    return static_value(llvm::Type::getInt32Ty(context), "case_state");
}

llvm::GlobalVariable* Unit::static_value(llvm::Type* type, const std::string& name) {
    llvm::GlobalVariable*& known = named_[name];
    if (known == nullptr) {
        known = static_memory(type, name);
    }
    return known;
}

llvm::GlobalVariable* Unit::scratch(std::uint32_t size, const std::string& name) {
    return static_value(llvm::ArrayType::get(llvm::Type::getInt8Ty(context), size), name);
}

}  // namespace aqd::lower
