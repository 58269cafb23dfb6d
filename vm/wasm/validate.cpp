#include "vm/wasm/reader.h"

#include <aqd/wasm/validate.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>

namespace aqd::wasm {
namespace {

/// Any type: what the stack yields below an unconditional transfer of control.
constexpr auto unknown_type = static_cast<ValueType>(0);

using Types = std::span<const ValueType>;

constexpr std::array<ValueType, 1> just_i32 = {ValueType::i32};
constexpr std::array<ValueType, 1> just_i64 = {ValueType::i64};
constexpr std::array<ValueType, 1> just_f32 = {ValueType::f32};
constexpr std::array<ValueType, 1> just_f64 = {ValueType::f64};

constexpr ValueType type_of_letter(char letter) {
    switch (letter) {
        case 'i':
            return ValueType::i32;
        case 'I':
            return ValueType::i64;
        case 'f':
            return ValueType::f32;
        case 'F':
            return ValueType::f64;
        default:
            return ValueType::funcref;
    }
}

/// A block that is open (the appendix of the specification calls it a control frame).
struct Control {
    Opcode opcode = Opcode::block;
    bool unreachable = false;
    std::uint32_t height = 0;
    Types parameters;
    Types results;
    [[nodiscard]] Types label() const { return opcode == Opcode::loop ? parameters : results; }
};

/// The validation algorithm of the appendix of the core specification, for one function after
/// another; the buffers are reused.
class FunctionValidator {
  public:
    explicit FunctionValidator(const Module& module) : module_(module), in_({}, {}) {}

    Result<FunctionFacts> check(std::uint32_t body_index);

  private:
    void instruction(Opcode opcode);
    void control(Opcode opcode);
    void end();
    void branch_table();
    void call(const FunctionType& type);
    void variable(Opcode opcode);
    void select();
    void plain(Opcode opcode);
    void immediates(Immediate immediate);

    void problem(std::string_view text) { in_.refuse(ErrorCode::invalid, text, at_); }

    void push(ValueType type) {
        operands_.push_back(type);
        highest_ = std::max(highest_, operands_.size());
    }
    void push(Types types) {
        for (const ValueType type : types) {
            push(type);
        }
    }
    ValueType pop() {
        const Control& frame = controls_.back();
        if (operands_.size() == frame.height) {
            if (!frame.unreachable) {
                problem("type mismatch: an operand is missing");
            }
            return unknown_type;
        }
        const ValueType type = operands_.back();
        operands_.pop_back();
        return type;
    }
    ValueType pop(ValueType expected) {
        const ValueType actual = pop();
        if (actual != expected && actual != unknown_type && expected != unknown_type) {
            problem("type mismatch");
        }
        return actual;
    }
    void pop(Types types) {
        for (std::size_t i = types.size(); i != 0; --i) {
            pop(types[i - 1]);
        }
    }
    void push_control(Opcode opcode, Types parameters, Types results) {
        if (controls_.size() > module_.limits.nesting) {
            in_.refuse(ErrorCode::too_large, "blocks are nested too deeply", at_);
            return;
        }
        controls_.push_back(
            {opcode, false, static_cast<std::uint32_t>(operands_.size()), parameters, results});
        push(parameters);
    }
    void unreachable() {
        operands_.resize(controls_.back().height);
        controls_.back().unreachable = true;
    }
    /// The types that a branch to the label carries; empty after an error.
    Types label(std::uint32_t depth) {
        if (depth >= controls_.size()) {
            problem("unknown label");
            return {};
        }
        return controls_[controls_.size() - 1 - depth].label();
    }
    Control block_type(Opcode opcode);

    const Module& module_;
    Reader in_;
    std::uint32_t at_ = 0;
    std::size_t highest_ = 0;
    bool uses_floats_ = false;
    std::vector<ValueType> locals_;
    std::vector<ValueType> operands_;
    std::vector<Control> controls_;
};

Result<FunctionFacts> FunctionValidator::check(std::uint32_t body_index) {
    const FunctionBody& body = module_.bodies[body_index];
    const FunctionType& type = module_.type_of_function(module_.imported_functions + body_index);
    locals_.assign(type.parameters.begin(), type.parameters.end());
    for (const LocalGroup& group : body.locals) {
        locals_.insert(locals_.end(), group.count, group.type);
    }
    operands_.clear();
    controls_.clear();
    highest_ = 0;
    uses_floats_ = false;
    in_ = Reader(module_.bytes, body.code);
    controls_.push_back({Opcode::block, false, 0, {}, type.results});
    while (in_.ok() && !controls_.empty()) {
        at_ = in_.offset();
        instruction(in_.opcode());
    }
    if (in_.ok() && !in_.at_end()) {
        in_.refuse(ErrorCode::malformed, "instructions after the end of a function");
    }
    if (!in_.ok()) {
        return in_.failure();
    }
    return FunctionFacts{static_cast<std::uint32_t>(highest_), uses_floats_};
}

void FunctionValidator::instruction(Opcode opcode) {
    const OpcodeFacts& facts = facts_of(opcode);
    if (facts.operands.starts_with('*')) {
        control(opcode);
    } else {
        plain(opcode);
    }
}

/// Instructions whose types stand in the table.
void FunctionValidator::plain(Opcode opcode) {
    const OpcodeFacts& facts = facts_of(opcode);
    uses_floats_ |= facts.feature == Feature::floats;
    if (facts.feature >= Feature::references &&
        !(facts.feature == Feature::floats && module_.limits.features.floats)) [[unlikely]] {
        in_.refuse(ErrorCode::unsupported,
                   facts.feature == Feature::floats ? "floating point" : "reference instructions",
                   at_);
        return;
    }
    if (facts.immediate != Immediate::none) {
        immediates(facts.immediate);
    }
    for (std::size_t i = facts.operands.size(); i != 0; --i) {
        pop(type_of_letter(facts.operands[i - 1]));
    }
    for (const char letter : facts.results) {
        push(type_of_letter(letter));
    }
}

// Longer than seventy lines: a case for each kind of immediate.
void FunctionValidator::immediates(Immediate immediate) {
    const auto table = [this] {
        if (in_.u32() >= module_.tables.size()) {
            problem("unknown table");
        }
    };
    const auto memory = [this] {
        if (in_.u32() >= module_.memories.size()) {
            problem("unknown memory");
        }
    };
    const auto data = [this] {
        const std::uint32_t index = in_.u32();
        if (!module_.data_count) {
            in_.refuse(ErrorCode::malformed, "data count section required", at_);
        } else if (index >= *module_.data_count) {
            problem("unknown data segment");
        }
    };
    const auto element = [this] {
        if (in_.u32() >= module_.elements.size()) {
            problem("unknown element segment");
        }
    };
    switch (immediate) {
        case Immediate::access1:
        case Immediate::access2:
        case Immediate::access4:
        case Immediate::access8: {
            const std::uint32_t alignment = in_.u32();
            in_.u32();
            if (module_.memories.empty()) {
                problem("unknown memory");
            } else if (alignment > access_log2(immediate)) {
                if (alignment >= 0x40) {
                    in_.refuse(alignment < 0x80 ? ErrorCode::unsupported : ErrorCode::malformed,
                               alignment < 0x80 ? "more than one memory" : "malformed alignment",
                               at_);
                } else {
                    problem("alignment must not be larger than natural");
                }
            }
            return;
        }
        case Immediate::i32:
            in_.s32();
            return;
        case Immediate::i64:
            in_.s64();
            return;
        case Immediate::f32:
            in_.f32();
            return;
        case Immediate::f64:
            in_.f64();
            return;
        case Immediate::memory:
            return memory();
        case Immediate::memory_memory:
            memory();
            return memory();
        case Immediate::data_memory:
            data();
            return memory();
        case Immediate::data:
            return data();
        case Immediate::element:
            return element();
        case Immediate::element_table:
            element();
            return table();
        case Immediate::table_table:
            table();
            return table();
        default:
            // Every other immediate belongs to an instruction with a rule of its own.
            in_.refuse(ErrorCode::unsupported, "this instruction", at_);
    }
}

Control FunctionValidator::block_type(Opcode opcode) {
    Control block{opcode, false, 0, {}, {}};
    const std::int64_t code = in_.s33();
    if (code >= 0) {
        if (static_cast<std::uint64_t>(code) >= module_.types.size()) {
            problem("unknown type");
            return block;
        }
        const FunctionType& type = module_.types[static_cast<std::size_t>(code)];
        block.parameters = type.parameters;
        block.results = type.results;
        return block;
    }
    switch (code & 0x7f) {
        case 0x40:
            break;
        case 0x7f:
            block.results = just_i32;
            break;
        case 0x7e:
            block.results = just_i64;
            break;
        case 0x7d:
        case 0x7c:
            if (!module_.limits.features.floats) {
                in_.refuse(ErrorCode::unsupported, "floating point", at_);
            }
            block.results = (code & 0x7f) == 0x7d ? just_f32 : just_f64;
            break;
        default:
            in_.refuse(code < -64 ? ErrorCode::malformed : ErrorCode::unsupported,
                       code < -64 ? "malformed block type" : "this type of block", at_);
    }
    return block;
}

/// Instructions with rules of their own.
void FunctionValidator::control(Opcode opcode) {
    switch (opcode) {
        case Opcode::unreachable:
            return unreachable();
        case Opcode::block:
        case Opcode::loop:
        case Opcode::if_: {
            const Control block = block_type(opcode);
            if (opcode == Opcode::if_) {
                pop(ValueType::i32);
            }
            pop(block.parameters);
            return push_control(opcode, block.parameters, block.results);
        }
        case Opcode::else_: {
            const Control frame = controls_.back();
            if (frame.opcode != Opcode::if_) {
                return problem("else without if");
            }
            pop(frame.results);
            if (operands_.size() != frame.height) {
                return problem("type mismatch: operands are left over");
            }
            controls_.pop_back();
            return push_control(Opcode::else_, frame.parameters, frame.results);
        }
        case Opcode::end:
            return end();
        case Opcode::br:
            pop(label(in_.u32()));
            return unreachable();
        case Opcode::br_if: {
            const Types types = label(in_.u32());
            pop(ValueType::i32);
            pop(types);
            return push(types);
        }
        case Opcode::br_table:
            return branch_table();
        case Opcode::return_:
            pop(controls_.front().results);
            return unreachable();
        case Opcode::call: {
            const std::uint32_t index = in_.u32();
            if (index >= module_.functions.size()) {
                return problem("unknown function");
            }
            return call(module_.type_of_function(index));
        }
        case Opcode::call_indirect: {
            const std::uint32_t type = in_.u32();
            const std::uint32_t table = in_.u32();
            if (type >= module_.types.size()) {
                return problem("unknown type");
            }
            if (table >= module_.tables.size()) {
                return problem("unknown table");
            }
            pop(ValueType::i32);
            return call(module_.types[type]);
        }
        case Opcode::drop:
            pop();
            return;
        case Opcode::select:
            return select();
        default:
            return variable(opcode);
    }
}

void FunctionValidator::end() {
    const Control frame = controls_.back();
    pop(frame.results);
    if (operands_.size() != frame.height) {
        return problem("type mismatch: operands are left over");
    }
    // An `if` without `else` passes its parameters on.
    if (frame.opcode == Opcode::if_ && !std::ranges::equal(frame.parameters, frame.results)) {
        return problem("type mismatch: if without else");
    }
    controls_.pop_back();
    push(frame.results);
}

void FunctionValidator::branch_table() {
    const std::uint32_t labels = in_.u32();
    if (labels > module_.limits.branch_table_labels) {
        in_.refuse(ErrorCode::too_large, "a branch table is too long", at_);
        return;
    }
    pop(ValueType::i32);
    // Every label is checked against the operands without popping them; in reachable code that is
    // the same as comparing the labels, and costs their arity each.
    std::size_t arity = 0;
    for (std::uint64_t i = 0; i <= labels && in_.ok(); ++i) {
        const Types types = label(in_.u32());
        if (i == 0) {
            arity = types.size();
        } else if (types.size() != arity) {
            return problem("type mismatch: labels of different arity");
        }
        const Control& frame = controls_.back();
        const std::size_t available = operands_.size() - frame.height;
        if (available < arity && !frame.unreachable) {
            return problem("type mismatch: an operand is missing");
        }
        for (std::size_t k = 0; k < std::min(arity, available); ++k) {
            const ValueType actual = operands_[operands_.size() - 1 - k];
            if (actual != types[arity - 1 - k] && actual != unknown_type) {
                return problem("type mismatch");
            }
        }
    }
    unreachable();
}

void FunctionValidator::call(const FunctionType& type) {
    pop(type.parameters);
    push(type.results);
}

void FunctionValidator::select() {
    pop(ValueType::i32);
    const ValueType second = pop();
    const ValueType first = pop();
    if (first != second && first != unknown_type && second != unknown_type) {
        return problem("type mismatch");
    }
    push(first == unknown_type ? second : first);
}

void FunctionValidator::variable(Opcode opcode) {
    switch (opcode) {
        case Opcode::local_get:
        case Opcode::local_set:
        case Opcode::local_tee: {
            const std::uint32_t index = in_.u32();
            if (index >= locals_.size()) {
                return problem("unknown local");
            }
            if (opcode != Opcode::local_get) {
                pop(locals_[index]);
            }
            if (opcode != Opcode::local_set) {
                push(locals_[index]);
            }
            return;
        }
        case Opcode::global_get:
        case Opcode::global_set: {
            const std::uint32_t index = in_.u32();
            if (index >= module_.global_types.size()) {
                return problem("unknown global");
            }
            const GlobalType& global = module_.global_types[index];
            if (opcode == Opcode::global_get) {
                return push(global.type);
            }
            if (!global.is_mutable) {
                return problem("global is immutable");
            }
            pop(global.type);
            return;
        }
        default:
            in_.refuse(ErrorCode::unsupported, "reference instructions", at_);
    }
}

/// The rules about everything but the bodies.
class ModuleValidator {
  public:
    explicit ModuleValidator(const Module& module) : module_(module) {}
    Result<> check() {
        AQD_CHECK(types());
        AQD_CHECK(sizes());
        AQD_CHECK(globals());
        AQD_CHECK(exports());
        AQD_CHECK(start());
        return segments();
    }

  private:
    static std::unexpected<Error> invalid(std::string message,
                                          std::optional<std::uint64_t> offset = std::nullopt) {
        return fail(ErrorCode::invalid, std::move(message), offset);
    }
    /// Only globals below `known_globals` may be read.
    Result<> constant(const ConstantExpression& expression, ValueType expected,
                      std::size_t known_globals) {
        ValueType actual = expression.type;
        if (expression.kind == ConstantExpression::Kind::global) {
            if (expression.value >= known_globals) {
                return invalid("unknown global", expression.offset);
            }
            const GlobalType& global = module_.global_types[expression.value];
            if (global.is_mutable) {
                return invalid("constant expression required", expression.offset);
            }
            actual = global.type;
        } else if (expression.kind == ConstantExpression::Kind::function) {
            actual = ValueType::funcref;
        }
        if (actual != expected) {
            return invalid("type mismatch in a constant expression", expression.offset);
        }
        return {};
    }
    Result<> types() {
        for (const std::uint32_t type : module_.functions) {
            if (type >= module_.types.size()) {
                return invalid("unknown type of a function");
            }
        }
        return {};
    }
    Result<> sizes() {
        for (const TableType& table : module_.tables) {
            if (table.size.maximum && *table.size.maximum < table.size.minimum) {
                return invalid("a table's minimum is greater than its maximum");
            }
        }
        for (const MemoryType& memory : module_.memories) {
            if (memory.pages.minimum > 65'536 || memory.pages.maximum.value_or(0) > 65'536) {
                return invalid("a memory of more than 65536 pages");
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
    Result<> segments() {
        for (const ElementSegment& segment : module_.elements) {
            if (segment.mode == SegmentMode::active) {
                if (segment.table_index >= module_.tables.size()) {
                    return invalid("unknown table", segment.file_offset);
                }
                AQD_CHECK(constant(segment.offset, ValueType::i32, module_.global_types.size()));
            }
            for (const std::uint32_t function : segment.functions) {
                if (function != null_function && function >= module_.functions.size()) {
                    return invalid("unknown function", segment.file_offset);
                }
            }
        }
        for (const DataSegment& segment : module_.data) {
            if (segment.mode == SegmentMode::active) {
                if (module_.memories.empty()) {
                    return invalid("unknown memory", segment.file_offset);
                }
                AQD_CHECK(constant(segment.offset, ValueType::i32, module_.global_types.size()));
            }
        }
        return {};
    }

    const Module& module_;
};

}  // namespace

Result<ValidatedModule> validate(Module module) {
    auto contents = std::make_shared<ValidatedModule::Contents>();
    contents->module = std::move(module);
    AQD_CHECK(ModuleValidator(contents->module).check());
    FunctionValidator functions(contents->module);
    contents->facts.reserve(contents->module.bodies.size());
    for (std::uint32_t i = 0; i < contents->module.bodies.size(); ++i) {
        auto facts = functions.check(i);
        if (!facts) {
            facts.error().message = "function " +
                                    std::to_string(contents->module.imported_functions + i) + ": " +
                                    facts.error().message;
            return std::unexpected(std::move(facts).error());
        }
        contents->facts.push_back(*facts);
    }
    return ValidatedModule(std::move(contents));
}

}  // namespace aqd::wasm
