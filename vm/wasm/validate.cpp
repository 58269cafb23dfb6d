#include "vm/wasm/function_name.h"
#include "vm/wasm/function_validator.h"
#include "vm/wasm/type_rules.h"

#include <aqd/wasm/constant_reader.h>
#include <aqd/wasm/validate.h>

#include <algorithm>
#include <string>

namespace aqd::wasm {
namespace {

/// The rules about everything but the bodies.
class ModuleValidator {
  public:
    ModuleValidator(const Module& module, const TypeRules& rules)
        : module_(module), rules_(rules), declared_(module.functions.size()) {}
    Result<> check() {
        AQD_CHECK(types());
        AQD_CHECK(sizes());
        AQD_CHECK(globals());
        AQD_CHECK(exports());
        AQD_CHECK(start());
        return segments();
    }
    /// Functions that something outside of the bodies names: bodies may refer to them.
    [[nodiscard]] const std::vector<bool>& declared() const { return declared_; }

  private:
    static std::unexpected<Error> invalid(std::string message,
                                          std::optional<std::uint64_t> offset = std::nullopt) {
        return fail(ErrorCode::invalid, std::move(message), offset);
    }
    Result<ValueType> constant_instruction(const ConstantExpression& expression,
                                           std::size_t known_globals) {
        switch (expression.kind) {
            case ConstantExpression::Kind::global: {
                if (expression.value >= known_globals) {
                    return invalid("unknown global", expression.offset);
                }
                const GlobalType& global = module_.global_types[expression.value];
                if (global.is_mutable) {
                    return invalid("constant expression required", expression.offset);
                }
                return global.type;
            }
            case ConstantExpression::Kind::function:
                if (expression.value >= module_.functions.size()) {
                    return invalid("unknown function", expression.offset);
                }
                declared_[expression.value] = true;
                return non_null(reference_to(module_.functions[expression.value]));
            case ConstantExpression::Kind::null_reference:
                if (!rules_.is_known(expression.type)) {
                    return invalid("unknown type", expression.offset);
                }
                return expression.type;
            default:
                return expression.type;
        }
    }
    /// Several instructions: their types on a stack.
    Result<ValueType> program(const ConstantExpression& expression, std::size_t known_globals) {
        std::vector<ValueType> stack;
        ConstantReader in(module_, expression.code);
        while (!in.at_end()) {
            const ConstantReader::Step step = in.next();
            if (!step.arithmetic) {
                AQD_TRY(type, constant_instruction(step.constant, known_globals));
                stack.push_back(type);
                continue;
            }
            const ValueType type = step.constant.type;
            if (stack.size() < 2 || stack.back() != type || stack[stack.size() - 2] != type) {
                return invalid("type mismatch in a constant expression", expression.offset);
            }
            stack.pop_back();
        }
        if (stack.size() != 1) {
            return invalid("type mismatch in a constant expression", expression.offset);
        }
        return stack.back();
    }
    /// Only globals below `known_globals` may be read.
    Result<> constant(const ConstantExpression& expression, ValueType expected,
                      std::size_t known_globals) {
        AQD_TRY(actual, expression.kind == ConstantExpression::Kind::program
                            ? program(expression, known_globals)
                            : constant_instruction(expression, known_globals));
        if (!rules_.matches(actual, expected)) {
            return invalid("type mismatch in a constant expression", expression.offset);
        }
        return {};
    }
    Result<> known(ValueType type, std::string_view what) {
        if (!rules_.is_known(type)) {
            return invalid("unknown type of " + std::string(what));
        }
        return {};
    }
    Result<> types() {
        for (const std::uint32_t type : module_.functions) {
            if (type >= module_.types.size()) {
                return invalid("unknown type of a function");
            }
        }
        if (rules_.broken()) {
            return invalid("unknown type in a type");
        }
        for (const TableType& table : module_.tables) {
            AQD_CHECK(known(table.element, "a table"));
        }
        for (const GlobalType& global : module_.global_types) {
            AQD_CHECK(known(global.type, "a global"));
        }
        for (const ElementSegment& segment : module_.elements) {
            AQD_CHECK(known(segment.type, "elements"));
        }
        return {};
    }
    Result<> sizes() {
        for (const TableType& table : module_.tables) {
            if (table.size.maximum && *table.size.maximum < table.size.minimum) {
                return invalid("a table's minimum is greater than its maximum");
            }
        }
        for (std::size_t i = 0; i < module_.table_initials.size(); ++i) {
            const TableType& table = module_.tables[module_.imported_tables + i];
            const auto& initial = module_.table_initials[i];
            if (initial) {
                AQD_CHECK(constant(*initial, table.element, module_.imported_globals));
            } else if (is_non_null(table.element)) {
                return invalid("a table whose elements cannot be null has no initial value");
            }
        }
        for (const MemoryType& memory : module_.memories) {
            const std::uint64_t most = memory.wide ? std::uint64_t{1} << 48U : 65'536;
            if (memory.pages.minimum > most || memory.pages.maximum.value_or(0) > most) {
                return invalid("a memory of more than " + std::to_string(most) + " pages");
            }
            if (memory.pages.maximum && *memory.pages.maximum < memory.pages.minimum) {
                return invalid("a memory's minimum is greater than its maximum");
            }
        }
        return {};
    }
    Result<> globals() {
        for (std::size_t i = 0; i < module_.globals.size(); ++i) {
            AQD_CHECK(constant(module_.globals[i].initial, module_.globals[i].type.type,
                               module_.imported_globals + i));
        }
        return {};
    }
    Result<> exports() {
        std::vector<std::string_view> names;
        names.reserve(module_.exports.size());
        for (const Export& entry : module_.exports) {
            const std::size_t known[] = {module_.functions.size(), module_.tables.size(),
                                         module_.memories.size(), module_.global_types.size()};
            if (entry.index >= known[static_cast<std::size_t>(entry.kind)]) {
                return invalid("export of something that does not exist: " + entry.name);
            }
            if (entry.kind == ExternalKind::function) {
                declared_[entry.index] = true;
            }
            names.push_back(entry.name);
        }
        std::ranges::sort(names);
        if (const auto twice = std::ranges::adjacent_find(names); twice != names.end()) {
            return invalid("duplicate export name: " + std::string(*twice));
        }
        return {};
    }
    Result<> start() {
        if (!module_.start) {
            return {};
        }
        if (*module_.start >= module_.functions.size()) {
            return invalid("unknown start function");
        }
        if (module_.type_of_function(*module_.start) != FunctionType{}) {
            return invalid("the start function takes or returns something");
        }
        return {};
    }
    Result<> element_segment(const ElementSegment& segment) {
        if (segment.mode == SegmentMode::active) {
            if (segment.table_index >= module_.tables.size()) {
                return invalid("unknown table", segment.file_offset);
            }
            const TableType& table = module_.tables[segment.table_index];
            if (!rules_.matches(segment.type, table.element)) {
                return invalid("type mismatch: a segment of other elements", segment.file_offset);
            }
            AQD_CHECK(constant(segment.offset, table.wide ? ValueType::i64 : ValueType::i32,
                               module_.global_types.size()));
        }
        for (const std::uint32_t function : segment.functions) {
            if (function == null_function) {
                continue;
            }
            if (function >= module_.functions.size()) {
                return invalid("unknown function", segment.file_offset);
            }
            declared_[function] = true;
        }
        for (const ConstantExpression& item : segment.items) {
            AQD_CHECK(constant(item, segment.type, module_.global_types.size()));
        }
        return {};
    }
    Result<> segments() {
        for (const ElementSegment& segment : module_.elements) {
            AQD_CHECK(element_segment(segment));
        }
        for (const DataSegment& segment : module_.data) {
            if (segment.mode == SegmentMode::active) {
                if (segment.memory_index >= module_.memories.size()) {
                    return invalid("unknown memory", segment.file_offset);
                }
                const bool wide = module_.memories[segment.memory_index].wide;
                AQD_CHECK(constant(segment.offset, wide ? ValueType::i64 : ValueType::i32,
                                   module_.global_types.size()));
            }
        }
        return {};
    }

    const Module& module_;
    const TypeRules& rules_;
    std::vector<bool> declared_;
};

}  // namespace

Result<ValidatedModule> validate(Module module) {
    auto contents = std::make_shared<ValidatedModule::Contents>();
    contents->module = std::move(module);
    const TypeRules rules(contents->module);
    ModuleValidator whole(contents->module, rules);
    AQD_CHECK(whole.check());
    contents->canonical_types = rules.canonical();
    FunctionValidator functions(contents->module, rules, whole.declared());
    contents->facts.reserve(contents->module.bodies.size());
    for (std::uint32_t i = 0; i < contents->module.bodies.size(); ++i) {
        auto facts = functions.check(i);
        if (!facts) {
            facts.error().message =
                describe_function(contents->module, contents->module.imported_functions + i) +
                ": " + facts.error().message;
            return std::unexpected(std::move(facts).error());
        }
        contents->facts.push_back(*facts);
    }
    return ValidatedModule(std::move(contents));
}

}  // namespace aqd::wasm
