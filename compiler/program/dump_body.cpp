#include "compiler/program/dumper.h"

#include <array>
#include <string_view>

namespace aqd::program {

namespace {

template <class... Functions>
struct Overloaded : Functions... {
    using Functions::operator()...;
};

std::string_view op_text(BinaryOp op) {
    static constexpr std::array<std::string_view, 21> names{
        "+",  "-",  "*",  "/",  "%", "+%", "-%", "*%", "&",   "|", "^",
        "<<", ">>", "==", "!=", "<", "<=", ">",  ">=", "and", "or"};
    return names[static_cast<std::size_t>(op)];
}

std::string_view fact_text(Fact fact) {
    static constexpr std::array<std::string_view, 8> names{
        "today",         "now",         "effective", "caller.account",
        "caller.person", "caller.body", "case",      "case.opened"};
    return names[static_cast<std::size_t>(fact)];
}

std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '\n') {
            out += "\\n";
        } else {
            out += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
        }
    }
    return out + "\"";
}

std::string refusal_text(const Program& program, std::uint32_t code) {
    const ErrorText& error = program.errors[code - first_own_refusal];
    return error.name.empty() ? quoted(error.texts.front().text) : error.name;
}

}  // namespace

std::string number_text(const NumberLiteral& number) {
    std::string out;
    UInt128 rest = number.magnitude;
    do {
        out.insert(out.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
        rest /= 10;
    } while (rest != 0);
    return (number.negative ? "-" : "") + out;
}

std::string BodyDumper::slot(SlotId id) const {
    const auto index = static_cast<std::size_t>(id);
    return (function_ != nullptr ? function_->slots[index].name : "") + "." + std::to_string(index);
}

std::string BodyDumper::list(const std::vector<ExprPtr>& exprs) const {
    std::string out;
    for (const ExprPtr& one : exprs) {
        out += (out.empty() ? "" : ", ") + expr(*one);
    }
    return out;
}

std::string BodyDumper::field(std::uint32_t index) const {
    const bool known = function_ != nullptr && function_->procedure;
    return "case." + (known ? program_->procedures[*function_->procedure].data[index].name
                            : std::to_string(index));
}

std::string BodyDumper::state(std::uint32_t ordinal) const {
    const bool known = function_ != nullptr && function_->procedure;
    return known ? program_->procedures[*function_->procedure].states[ordinal].name
                 : std::to_string(ordinal);
}

std::string BodyDumper::construct(const Expr& e, const Construct& node) const {
    switch (program_->types.kind(e.type)) {
        case Kind::tuple:
            return "(" + list(node.parts) + ")";
        case Kind::array:
        case Kind::list:
            return "[" + list(node.parts) + "]";
        case Kind::enumeration: {
            const std::string& variant = program_->named_type(e.type).variants[node.variant].name;
            return type(e.type) + "." + variant +
                   (node.parts.empty() ? "" : "(" + list(node.parts) + ")");
        }
        default:
            return type(e.type) + "(" + list(node.parts) + ")";
    }
}

std::string BodyDumper::value_block(const BlockValue& node) const {
    std::string inner;
    BodyDumper dumper(*program_, function_, inner);
    dumper.block(node.block, 0);
    std::string joined;
    for (const char c : inner) {
        joined += c == '\n' ? "; " : std::string(1, c);
    }
    return "{ " + joined + (node.value != nullptr ? expr(*node.value) + " " : "") + "}";
}

std::string BodyDumper::literal(const Expr& e) const {
    return std::visit(
        Overloaded{
            [](const UnitLiteral&) { return std::string("()"); },
            [](const BoolLiteral& node) { return std::string(node.value ? "true" : "false"); },
            [&](const NumberLiteral& node) { return number_text(node) + ":" + type(e.type); },
            [](const MonthsLiteral& node) {
                return std::to_string(node.count) + ":months round " +
                       (node.rounding == Rounding::up ? "up" : "down");
            },
            [](const TextLiteral& node) { return quoted(node.value); },
            [](const NoneLiteral&) { return std::string("none"); },
            [](const auto&) { return std::string(); },
        },
        e.node);
}

std::string BodyDumper::read(const Expr& e) const {
    const auto reg = [&](std::uint32_t index) { return program_->registers[index].name; };
    return std::visit(
        Overloaded{
            [&](const LocalRead& node) { return slot(node.slot); },
            [&](const ConstantRead& node) { return program_->constants[node.constant].name; },
            [&](const ParameterRead& node) { return program_->parameters[node.parameter].name; },
            [&](const CaseFieldRead& node) { return field(node.field); },
            [&](const CaseStateIs& node) {
                return "(case.state is " + (node.state ? state(*node.state) : "none") + ")";
            },
            [&](const FactRead& node) { return std::string(fact_text(node.fact)); },
            [&](const RegisterGet& node) {
                return reg(node.reg) + (node.option ? ".get(" + expr(*node.key) + ")"
                                                    : "[" + expr(*node.key) + "]");
            },
            [&](const RegisterHas& node) {
                return reg(node.reg) + ".has(" + expr(*node.key) + ")";
            },
            [&](const RegisterNext& node) {
                return reg(node.reg) + ".next(" + expr(*node.key) + ")";
            },
            [&](const Sent& node) { return "sent(" + program_->notices[node.notice].name + ")"; },
            [&](const Call& node) {
                return program_->functions[node.function].name + "(" + list(node.arguments) + ")";
            },
            [&](const Choose& node) {
                return "(if " + expr(*node.condition) + " then " + expr(*node.then_value) +
                       " else " + expr(*node.else_value) + ")";
            },
            [&](const BlockValue& node) { return value_block(node); },
            [](const auto&) { return std::string(); },
        },
        e.node);
}

// Longer than seventy lines: one line for each kind of node.
std::string BodyDumper::operation(const Expr& e) const {
    const auto with = [&](std::string_view name, const ExprPtr& operand) {
        return std::string(name) + "(" + expr(*operand) + ")";
    };
    return std::visit(
        Overloaded{
            [&](const Unary& node) {
                const std::string_view op = node.op == UnaryOp::negate
                                                ? "-"
                                                : (node.op == UnaryOp::complement ? "~" : "not ");
                return std::string(op) + expr(*node.operand);
            },
            [&](const Binary& node) {
                return "(" + expr(*node.left) + " " + std::string(op_text(node.op)) + " " +
                       expr(*node.right) + ")";
            },
            [&](const DateShift& node) {
                const std::string by =
                    node.calendar ? " by " + program_->modules[*node.calendar].path : "";
                return "(" + expr(*node.date) + (node.back ? " - " : " + ") + expr(*node.term) +
                       by + ")";
            },
            [&](const TimeShift& node) {
                return "(" + expr(*node.time) + (node.back ? " - " : " + ") + expr(*node.term) +
                       ")";
            },
            [&](const Difference& node) {
                return "(" + expr(*node.left) + " - " + expr(*node.right) + ")";
            },
            [&](const DatePartOf& node) {
                static constexpr std::array<std::string_view, 3> parts{"year", "month", "day"};
                return expr(*node.date) + "." +
                       std::string(parts[static_cast<std::size_t>(node.part)]);
            },
            [&](const Due& node) {
                const std::string by =
                    node.calendar ? ", " + program_->modules[*node.calendar].path : "";
                return "due(" + expr(*node.date) + ", " + expr(*node.term) + by + ")";
            },
            [&](const Convert& node) { return with(type(e.type), node.operand); },
            [&](const Widen& node) { return with("widen " + type(e.type), node.operand); },
            [&](const ToBody& node) { return with("Body", node.operand); },
            [&](const Some& node) { return with("some", node.operand); },
            [&](const OptionHas& node) { return with("has", node.operand); },
            [&](const OptionValue& node) {
                return expr(*node.operand) + (node.proven ? ".value!" : ".value");
            },
            [&](const Construct& node) { return construct(e, node); },
            [&](const Repeat& node) {
                return "[" + expr(*node.element) + "; " +
                       std::to_string(program_->types[e.type].size) + "]";
            },
            [&](const Get& node) {
                const Type& of = program_->types[node.operand->type];
                const std::string name =
                    of.kind == Kind::tuple
                        ? std::to_string(node.index)
                        : program_->named_type(node.operand->type).fields[node.index].name;
                return expr(*node.operand) + "." + name;
            },
            [&](const VariantIs& node) {
                return "(" + expr(*node.operand) + " is " +
                       program_->named_type(node.operand->type).variants[node.variant].name + ")";
            },
            [&](const VariantGet& node) {
                const Variant& variant =
                    program_->named_type(node.operand->type).variants[node.variant];
                return expr(*node.operand) + "." + variant.name + "." +
                       variant.fields[node.index].name;
            },
            [&](const AttributeGet& node) {
                return expr(*node.operand) + "@" +
                       program_->named_type(node.operand->type).attributes[node.index].name;
            },
            [&](const Index& node) { return expr(*node.operand) + "[" + expr(*node.index) + "]"; },
            [&](const Length& node) { return expr(*node.operand) + ".length"; },
            [&](const Contains& node) {
                return expr(*node.operand) + ".contains(" + expr(*node.value) + ")";
            },
            [&](const ReadBigEndian& node) {
                return expr(*node.bytes) + ".u" + std::to_string(node.width * 8) + "_be(" +
                       expr(*node.offset) + ")";
            },
            [&](const WriteBigEndian& node) {
                return with("bytes.u" + std::to_string(node.width * 8) + "_be", node.value);
            },
            [&](const ZeroBytes&) {
                return "bytes.zero(" + std::to_string(program_->types[e.type].size) + ")";
            },
            [&](const BytesOf& node) { return with("bytes.of", node.operand); },
            [&](const Concatenate& node) {
                return "(" + expr(*node.left) + " ++ " + expr(*node.right) + ")";
            },
            [&](const Slice& node) {
                return expr(*node.bytes) + ".slice(" + expr(*node.offset) + ", " +
                       expr(*node.count) + ")";
            },
            [&](const RawBytes& node) { return expr(*node.operand) + ".bytes"; },
            [&](const Sha256& node) { return with("sha256", node.operand); },
            [&](const Commitment& node) { return expr(*node.operand) + ".commitment"; },
            [](const auto&) { return std::string("?"); },
        },
        e.node);
}

std::string BodyDumper::expr(const Expr& e) const {
    if (std::string out = literal(e); !out.empty()) {
        return out;
    }
    if (std::string out = read(e); !out.empty()) {
        return out;
    }
    return operation(e);
}

std::string BodyDumper::place(const Place& place) const {
    std::string out =
        std::visit(Overloaded{
                       [&](const LocalRoot& root) { return slot(root.slot); },
                       [&](const CaseFieldRoot& root) { return field(root.field); },
                       [&](const ElementRoot& root) {
                           return program_->registers[root.reg].name + "[" + expr(*root.key) + "]";
                       },
                   },
                   place.root);
    for (const auto& step : place.steps) {
        if (const auto* member = std::get_if<MemberStep>(&step)) {
            out += "." + std::to_string(member->index);
        } else {
            out += "[" + expr(*std::get<IndexStep>(step).index) + "]";
        }
    }
    return out;
}

std::string BodyDumper::line(const Stmt& stmt) const {
    static constexpr std::array<std::string_view, 3> ops{" = ", " += ", " -= "};
    static constexpr std::array<std::string_view, 3> modes{"set", "put", "update"};
    return std::visit(
        Overloaded{
            [&](const Let& node) { return "let " + slot(node.slot) + " = " + expr(*node.value); },
            [&](const Assign& node) {
                return place(node.place) + std::string(ops[static_cast<std::size_t>(node.op)]) +
                       expr(*node.value);
            },
            [&](const Push& node) {
                return place(node.place) + ".push(" + expr(*node.value) + ")";
            },
            [&](const Return& node) {
                return "return" + (node.value != nullptr ? " " + expr(*node.value) : "");
            },
            [&](const Goto& node) {
                return "goto " + (node.target ? state(*node.target) : "stay");
            },
            [&](const Require& node) {
                return "require " + expr(*node.condition) + " else " +
                       refusal_text(*program_, node.refusal);
            },
            [&](const Fail& node) { return "fail " + refusal_text(*program_, node.refusal); },
            [&](const Evaluate& node) { return "do " + expr(*node.value); },
            [&](const RegisterPut& node) {
                return program_->registers[node.reg].name + "." +
                       std::string(modes[static_cast<std::size_t>(node.mode)]) + "(" +
                       expr(*node.key) + ", " + expr(*node.value) + ")";
            },
            [&](const RegisterRemove& node) {
                return program_->registers[node.reg].name + ".remove(" + expr(*node.key) + ")";
            },
            [&](const Send& node) {
                return "send " + program_->notices[node.notice].name + "(" + list(node.fields) +
                       ") to " + list(node.recipients);
            },
            [&](const Ask& node) {
                return "ask " + program_->exchanges[node.exchange].name + "(" + list(node.fields) +
                       ") to " + expr(*node.asked) + " for " + expr(*node.asking);
            },
            [&](const Answer& node) {
                return "answer " + program_->exchanges[node.exchange].name + "(" +
                       list(node.fields) + ")";
            },
            [&](const Receipt& node) { return "receipt to " + expr(*node.person); },
            [&](const Notify& node) {
                return "notify " + expr(*node.person) + " " + expr(*node.message);
            },
            [&](const Escalate& node) {
                return "escalate to " + program_->roles[node.role].name +
                       (node.body != nullptr ? " of " + expr(*node.body) : " of any");
            },
            [&](const If& node) { return "if " + expr(*node.condition); },
            [&](const ForRange& node) {
                return "for " + slot(node.slot) + " in " + number_text(node.first) + " .. " +
                       number_text(node.last);
            },
            [&](const ForEach& node) {
                return "for " + slot(node.slot) + " in " + expr(*node.list);
            },
            [&](const While& node) {
                return "while " + expr(*node.condition) + " max " + std::to_string(node.most);
            },
        },
        stmt.node);
}

void BodyDumper::write(unsigned indent, const std::string& text) {
    *out_ += std::string(std::size_t{indent} * 2, ' ') + text + "\n";
}

void BodyDumper::statement(const Stmt& stmt, unsigned indent) {
    write(indent, line(stmt));
    std::visit(Overloaded{
                   [&](const If& node) {
                       block(node.then_block, indent + 1);
                       if (!node.else_block.statements.empty()) {
                           write(indent, "else");
                           block(node.else_block, indent + 1);
                       }
                   },
                   [&](const ForRange& node) { block(node.body, indent + 1); },
                   [&](const ForEach& node) { block(node.body, indent + 1); },
                   [&](const While& node) { block(node.body, indent + 1); },
                   [](const auto&) {},
               },
               stmt.node);
}

void BodyDumper::block(const Block& block, unsigned indent) {
    for (const Stmt& stmt : block.statements) {
        statement(stmt, indent);
    }
}

}  // namespace aqd::program
