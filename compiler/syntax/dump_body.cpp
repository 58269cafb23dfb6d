#include "compiler/syntax/dumper.h"

#include <algorithm>

/// Types, expressions, patterns and statements.
namespace aqd::syntax {
namespace {

std::string two_digits(unsigned value) {
    return {static_cast<char>('0' + value / 10 % 10), static_cast<char>('0' + value % 10)};
}

std::string date_text(const DateLiteral& date) {
    return std::to_string(date.year) + "-" + two_digits(date.month) + "-" + two_digits(date.day);
}

std::string time_text(const TimeLiteral& time) {
    return date_text(time.date) + "T" + two_digits(time.hour) + ":" + two_digits(time.minute) +
           ":" + two_digits(time.second);
}

}  // namespace

std::string Dumper::form(std::string_view head, const Parts& parts) {
    std::string out = "(" + std::string(head);
    for (const std::string& part : parts) {
        if (part.empty()) {
            continue;
        }
        if (part.front() != '\n') {
            out += " ";
        }
        out += part;
    }
    return out + ")";
}

std::string Dumper::quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '\n') {
            out += "\\n";
        } else {
            out += c == '"' || c == '\\' ? "\\" : "";
            out += c;
        }
    }
    return out + "\"";
}

std::string Dumper::name(const Name& name) {
    return name.text.empty() ? "<missing>" : name.text;
}

std::string Dumper::names(std::string_view head, const std::vector<Name>& names) {
    Parts parts;
    for (const Name& each_name : names) {
        parts.push_back(name(each_name));
    }
    return parts.empty() ? "" : form(head, parts);
}

std::string Dumper::maybe(std::string_view head, const std::optional<Name>& maybe_name) {
    return maybe_name ? form(head, {name(*maybe_name)}) : "";
}

std::string Dumper::number(UInt128 value) {
    std::string digits;
    do {
        digits += static_cast<char>('0' + static_cast<int>(value % 10));
        value /= 10;
    } while (value != 0);
    std::ranges::reverse(digits);
    return digits;
}

std::string Dumper::size(const Size& size) {
    return std::visit(Overloaded{[](const Integer& integer) { return number(integer.value); },
                                 [](const Name& constant) { return name(constant); }},
                      size);
}

std::string Dumper::duration(const DurationLiteral& duration) {
    std::string out =
        "(" + std::string(lex::unit_text(duration.unit)) + " " + std::to_string(duration.count);
    if (duration.rounding != Rounding::unsaid) {
        out += duration.rounding == Rounding::up ? " up" : " down";
    }
    return out + ")";
}

std::string Dumper::duration(const Duration& duration) {
    return std::visit(
        Overloaded{[](const DurationLiteral& value) { return Dumper::duration(value); },
                   [](const Name& value) { return name(value); }},
        duration.value);
}

std::string Dumper::literal(const Literal& literal) {
    return std::visit(Overloaded{[](UInt128 value) { return number(value); },
                                 [](const DecimalLiteral& value) {
                                     return "(decimal " + number(value.coefficient) + " " +
                                            std::to_string(value.scale) + ")";
                                 },
                                 [](const std::string& value) { return quoted(value); },
                                 [](const DateLiteral& value) { return date_text(value); },
                                 [](const TimeLiteral& value) { return time_text(value); },
                                 [](const DurationLiteral& value) { return duration(value); },
                                 [](bool value) { return std::string(value ? "true" : "false"); }},
                      literal);
}

std::string Dumper::type(const TypePtr& type) {
    return type ? this->type(*type) : "";
}

std::string Dumper::type(const Type& type) {
    const std::string out = std::visit(
        Overloaded{[&](const NamedType& named) {
                       if (!named.arguments) {
                           return named.path.segments.front().text.empty() ? "<missing>"
                                                                           : named.path.text();
                       }
                       const TypeArguments& given = *named.arguments;
                       const auto* count = std::get_if<Integer>(&given.first);
                       return form(named.path.text(),
                                   {count != nullptr ? number(count->value)
                                                     : this->type(std::get<TypePtr>(given.first)),
                                    given.size ? size(*given.size) : ""});
                   },
                   [&](const TupleType& tuple) {
                       return each("tuple", tuple.elements,
                                   [&](const TypePtr& element) { return this->type(element); });
                   },
                   [&](const ArrayType& array) {
                       return form("array", {this->type(array.element), size(array.size)});
                   }},
        type.node);
    return type.optional ? form("optional", {out}) : out;
}

std::string Dumper::arguments(const std::vector<Argument>& arguments) {
    std::string out;
    for (const Argument& argument : arguments) {
        out += out.empty() ? "" : " ";
        if (argument.label) {
            out += name(*argument.label) + ": ";
        }
        out += expr(argument.value);
    }
    return out;
}

std::string Dumper::arm(const Arm& arm) {
    Parts parts;
    for (const PatternPtr& alternative : arm.patterns) {
        parts.push_back(pattern(alternative));
    }
    parts.emplace_back("=>");
    parts.push_back(
        std::visit(Overloaded{[&](const ExprPtr& value) { return expr(value); },
                              [&](const Block& body) { return form("block", {block(body)}); }},
                   arm.body));
    return form("arm", parts);
}

std::string Dumper::expr(const ExprPtr& expr) {
    return expr ? this->expr(*expr) : "";
}

// Longer than seventy lines: one case a kind.
std::string Dumper::expr(const Expr& expr) {
    const auto sub = [this](const ExprPtr& inner) { return this->expr(inner); };
    return std::visit(
        Overloaded{[](const NameExpr& node) { return name(node.name); },
                   [](const NoneExpr&) { return std::string("none"); },
                   [](const LiteralExpr& node) { return literal(node.value); },
                   [&](const GroupExpr& node) { return form("group", {sub(node.inner)}); },
                   [&](const TupleExpr& node) { return each("tuple", node.elements, sub); },
                   [&](const ListExpr& node) {
                       return node.elements.empty() ? "(list)" : each("list", node.elements, sub);
                   },
                   [&](const RepeatExpr& node) {
                       return form("repeat", {sub(node.element), size(node.count)});
                   },
                   [&](const UnaryExpr& node) { return form(text(node.op), {sub(node.operand)}); },
                   [&](const BinaryExpr& node) {
                       return form(text(node.op), {sub(node.left), sub(node.right)});
                   },
                   [&](const MemberExpr& node) {
                       return form(".", {sub(node.object), name(node.member)});
                   },
                   [&](const CallExpr& node) {
                       return form("call", {sub(node.callee), arguments(node.arguments)});
                   },
                   [&](const IndexExpr& node) {
                       return form("index", {sub(node.object), sub(node.index)});
                   },
                   [&](const IfExpr& node) {
                       return form("if", {condition(node.condition), sub(node.then_value),
                                          sub(node.else_value)});
                   },
                   [&](const MatchExpr& node) {
                       Parts parts{sub(node.subject)};
                       ++indent_;
                       for (const Arm& each_arm : node.arms) {
                           parts.push_back(line() + arm(each_arm));
                       }
                       --indent_;
                       return form("match", parts);
                   }},
        expr.node);
}

std::string Dumper::pattern(const PatternPtr& pattern) {
    const auto sub = [this](const PatternPtr& inner) { return this->pattern(inner); };
    return std::visit(
        Overloaded{[&](const NamePattern& node) {
                       return node.arguments ? each(name(node.name), *node.arguments, sub)
                                             : name(node.name);
                   },
                   [](const NonePattern&) { return std::string("none"); },
                   [](const LiteralPattern& node) {
                       return node.negative ? form("-", {literal(node.value)})
                                            : literal(node.value);
                   },
                   [&](const TuplePattern& node) { return each("tuple", node.elements, sub); }},
        pattern->node);
}

std::string Dumper::condition(const Condition& condition) {
    return condition.pattern ? form("let", {pattern(condition.pattern), expr(condition.value)})
                             : expr(condition.value);
}

std::string Dumper::actor(const Actor& actor) {
    if (actor.any_of) {
        return form("of-any", {name(actor.name), name(*actor.any_of)});
    }
    return actor.of ? form("of", {name(actor.name), expr(actor.of)}) : name(actor.name);
}

std::string Dumper::target(const Target& target) {
    return std::visit(
        Overloaded{[](const Name& state) { return name(state); },
                   [&](const ChosenTarget& chosen) {
                       return form("if", {expr(chosen.condition), this->target(*chosen.then_target),
                                          this->target(*chosen.else_target)});
                   }},
        target.node);
}

std::string Dumper::reason(const Reason& reason) {
    return std::visit(
        Overloaded{[](const Text& text) { return quoted(text.value); },
                   [&](const NamedReason& named) {
                       return named.arguments
                                  ? form("call", {name(named.error), arguments(*named.arguments)})
                                  : name(named.error);
                   }},
        reason.node);
}

std::string Dumper::block(const Block& block) {
    std::string out;
    ++indent_;
    for (const StmtPtr& stmt : block.statements) {
        out += line() + statement(*stmt);
    }
    --indent_;
    return out;
}

std::string Dumper::statement(const Stmt& stmt) {
    return std::visit([this](const auto& kind) { return node(kind); }, stmt.node);
}

std::string Dumper::node(const LetStmt& let) {
    return form("let", {pattern(let.pattern), type(let.type), expr(let.value)});
}
std::string Dumper::node(const VarStmt& var) {
    return form("var", {name(var.name), type(var.type), expr(var.value)});
}
std::string Dumper::node(const IfStmt& choice) {
    const std::string head = form("if", {condition(choice.condition), block(choice.then_block)});
    const std::string tail = std::visit(
        Overloaded{[](std::monostate) { return std::string(); },
                   [&](const Block& other) { return form("else", {block(other)}); },
                   [&](const StmtPtr& other) { return form("else", {statement(*other)}); }},
        choice.else_branch);
    return tail.empty() ? head : head + line() + tail;
}
std::string Dumper::node(const ForStmt& loop) {
    return form("for", {pattern(loop.pattern), expr(loop.first), loop.last ? ".." : "",
                        expr(loop.last), block(loop.body)});
}
std::string Dumper::node(const WhileStmt& loop) {
    return form("while",
                {expr(loop.condition), form("max", {number(loop.max.value)}), block(loop.body)});
}
std::string Dumper::node(const ReturnStmt& result) {
    return form("return", {expr(result.value)});
}
std::string Dumper::node(const GotoStmt& jump) {
    return form("goto", {target(jump.target)});
}
std::string Dumper::node(const RequireStmt& require) {
    return form("require", {condition(require.condition), reason(require.reason)});
}
std::string Dumper::node(const ExpectStmt& expected) {
    return form("expect", {expr(expected.condition)});
}
std::string Dumper::node(const ExpectRefusedStmt& expected) {
    return form("expect-refused",
                {expected.error ? name(*expected.error) : "", block(expected.body)});
}
std::string Dumper::node(const SendStmt& send) {
    return form("send", {name(send.notice), arguments(send.arguments),
                         each("to", send.recipients, [&](const ExprPtr& to) { return expr(to); })});
}
std::string Dumper::node(const AskStmt& ask) {
    return form("ask",
                {name(ask.exchange), arguments(ask.arguments), form("to", {expr(ask.body)})});
}
std::string Dumper::node(const AnswerStmt& answer) {
    return form("answer", {name(answer.exchange), arguments(answer.arguments)});
}
std::string Dumper::node(const ReceiptStmt& receipt) {
    return form("receipt", {expr(receipt.recipient)});
}
std::string Dumper::node(const NotifyStmt& notify) {
    return form("notify",
                {name(notify.party),
                 std::visit(Overloaded{[](const Text& text) { return quoted(text.value); },
                                       [](const Name& held) { return name(held); }},
                            notify.message)});
}
std::string Dumper::node(const EscalateStmt& escalate) {
    return form("escalate", {actor(escalate.actor)});
}
std::string Dumper::node(const ExtendStmt& extend) {
    return form("extend", {name(extend.deadline)});
}
std::string Dumper::node(const FailStmt& fail) {
    return form("fail", {reason(fail.reason)});
}
std::string Dumper::node(const ActorStmt& declared) {
    return form("actor", {name(declared.name), actor(declared.actor)});
}
std::string Dumper::node(const AtStmt& moment) {
    return form("at",
                {std::visit(Overloaded{[](const DateLiteral& date) { return date_text(date); },
                                       [](const TimeLiteral& time) { return time_text(time); }},
                            moment.moment)});
}
std::string Dumper::node(const AfterStmt& after) {
    return form("after", {duration(after.duration)});
}
std::string Dumper::node(const AsStmt& as) {
    return form("as", {name(as.actor), block(as.body)});
}
std::string Dumper::node(const AssignStmt& assign) {
    const std::string_view op = assign.op == AssignOp::set   ? "="
                                : assign.op == AssignOp::add ? "+="
                                                             : "-=";
    return form(op, {expr(assign.target), expr(assign.value)});
}
std::string Dumper::node(const ExprStmt& value) {
    return expr(value.value);
}

}  // namespace aqd::syntax
