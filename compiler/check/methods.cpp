#include "compiler/check/body_checker.h"
#include "compiler/check/build.h"

// Operations of registers, lists, texts and octets, written as `object.operation(…)`.

namespace aqd::check {

using diagnostics::error;

const Symbol* BodyChecker::register_named(const syntax::Expr& written) {
    const auto* node = written.as<syntax::NameExpr>();
    if (node == nullptr || find_local(node->name.text) != nullptr) {
        return nullptr;
    }
    if (case_ != nullptr && case_->fields.contains(node->name.text)) {
        return nullptr;
    }
    const Symbol* symbol = d().look_up(module_, node->name.text);
    const bool is = symbol != nullptr && symbol->item != nullptr &&
                    symbol->item->as<syntax::RegisterItem>() != nullptr;
    return is ? symbol : nullptr;
}

ExprPtr BodyChecker::method(const syntax::MemberExpr& callee, const syntax::CallExpr& node,
                            Span span) {
    if (const Symbol* symbol = register_named(*callee.object)) {
        return register_method(*symbol, callee.member, node, span);
    }
    if (is_word(*callee.object, "bytes")) {
        return static_bytes(callee.member, node, span);
    }
    return value_method(expr(*callee.object), callee.member, node, span);
}

bool BodyChecker::own_register(std::uint32_t reg, Span span) {
    const program::Register& declared = d().program().registers[reg];
    if (declared.module == 0) {
        return true;
    }
    report(
        error(Code::foreign_register, span,
              "`" + declared.name + "` belongs to module `" + d().modules().path(declared.module) +
                  "`",
              "changes it")
            .with(declared.span, "declared here")
            .with_help(
                "only the module that declares a register changes it: send it a notice instead"));
    return false;
}

/// The operations that give a value; the others are statements.
ExprPtr BodyChecker::register_method(const Symbol& symbol, const syntax::Name& method,
                                     const syntax::CallExpr& node, Span span) {
    const std::uint32_t reg = d().reg(symbol);
    const TypeId key_type = d().program().registers[reg].key;
    const TypeId value_type = d().program().registers[reg].value;
    const std::string& what = method.text;
    if (what == "put" || what == "update" || what == "set" || what == "remove") {
        return report_at(span, Code::missing_value,
                         "`" + what + "` changes the register and gives no value", "not a value",
                         "write it as a statement of its own");
    }
    if (what.empty()) {
        return error_at(span);
    }
    if (what != "get" && what != "has" && what != "next") {
        look_at(node.arguments);
        return report_at(method.span, Code::unknown_member,
                         "a register has no operation `" + what + "`", "unknown",
                         "there are has, get, put, update, set, remove, next and `[key]`");
    }
    if (!count_is(node, 1, symbol.name + "." + what + "(key)", span)) {
        return error_at(span);
    }
    ExprPtr key = convert(*node.arguments.front().value, key_type);
    if (is_error(key) || types().kind(value_type) == Kind::error) {
        return error_at(span);
    }
    if (what == "get") {
        return make(d().option_of(value_type), span,
                    program::RegisterGet{reg, std::move(key), true});
    }
    if (what == "has") {
        return make(d().boolean(), span, program::RegisterHas{reg, std::move(key)});
    }
    if (types().kind(value_type) != Kind::unsigned_integer ||
        d().program().registers[reg].initial == nullptr) {
        return report_at(
            method.span, Code::register_operation,
            "`next` counts in a register of unsigned integers with a default, this one holds " +
                text(value_type),
            "does not count", "declare it `-> u32 default 0`");
    }
    if (!own_register(reg, span)) {
        return error_at(span);
    }
    return make(value_type, span, program::RegisterNext{reg, std::move(key)});
}

/// `r.put(k, v)` and its kin, as statements; false for everything else.
bool BodyChecker::register_statement(const syntax::MemberExpr& callee, const syntax::CallExpr& node,
                                     Span span) {
    const Symbol* symbol = register_named(*callee.object);
    const std::string& what = callee.member.text;
    const bool puts = what == "put" || what == "update" || what == "set";
    if (symbol == nullptr || (!puts && what != "remove")) {
        return false;
    }
    const std::uint32_t reg = d().reg(*symbol);
    const TypeId key_type = d().program().registers[reg].key;
    const TypeId value_type = d().program().registers[reg].value;
    const std::string form = symbol->name + "." + what + (puts ? "(key, value)" : "(key)");
    if (!own_register(reg, span) || !count_is(node, puts ? 2 : 1, form, span)) {
        return true;
    }
    ExprPtr key = convert(*node.arguments[0].value, key_type);
    if (!puts) {
        emit(span, program::RegisterRemove{reg, std::move(key)});
        return true;
    }
    ExprPtr value = convert(*node.arguments[1].value, value_type);
    const auto mode = what == "put"      ? program::PutMode::put
                      : what == "update" ? program::PutMode::update
                                         : program::PutMode::set;
    emit(span, program::RegisterPut{reg, std::move(key), std::move(value), mode});
    return true;
}

std::optional<std::uint32_t> BodyChecker::constant_count(const syntax::Expr& written) {
    const ExprPtr value = d().constant_expr(module_, written, d().unsigned_type(32));
    if (value == nullptr) {
        return std::nullopt;
    }
    const auto* number = value->as<program::NumberLiteral>();
    if (number == nullptr || number->magnitude > (1u << 20)) {
        report(
            error(Code::wrong_size, written.span, "this is more than any type holds", "too large"));
        return std::nullopt;
    }
    return static_cast<std::uint32_t>(number->magnitude);
}

/// `bytes.zero(n)`, `bytes.of([…])`, `bytes.u32_be(x)` …
ExprPtr BodyChecker::static_bytes(const syntax::Name& method, const syntax::CallExpr& node,
                                  Span span) {
    const std::string& what = method.text;
    const std::uint8_t width =
        what == "u16_be" ? 2 : (what == "u32_be" ? 4 : (what == "u64_be" ? 8 : 0));
    if (what.empty()) {
        return error_at(span);
    }
    if (what != "zero" && what != "of" && width == 0) {
        return report_at(
            method.span, Code::unknown_member, "there is no `bytes." + what + "`", "unknown",
            "there are bytes.zero, bytes.of, bytes.u16_be, bytes.u32_be and bytes.u64_be");
    }
    if (!count_is(node, 1, "bytes." + what + "(x)", span)) {
        return error_at(span);
    }
    const syntax::Expr& argument = *node.arguments.front().value;
    if (what == "zero") {
        const auto count = constant_count(argument);
        if (!count) {
            return error_at(span);
        }
        if (*count == 0) {
            return report_at(argument.span, Code::wrong_size,
                             "`bytes` have room for at least one octet", "no octet");
        }
        return make(types().of(Kind::bytes, *count), span, program::ZeroBytes{});
    }
    if (what == "of") {
        const TypeId octet = d().unsigned_type(8);
        const auto* literal = argument.as<syntax::ListExpr>();
        const bool sized = literal != nullptr && !literal->elements.empty();
        const TypeId hint = sized ? types().of(Kind::array, octet,
                                               static_cast<std::uint32_t>(literal->elements.size()))
                                  : no_type;
        ExprPtr operand = expr(argument, hint);
        if (is_error(operand)) {
            return operand;
        }
        const program::Type& type = types()[operand->type];
        if ((type.kind != Kind::array && type.kind != Kind::list) || type.items[0] != octet) {
            return report_at(
                argument.span, Code::type_mismatch,
                "`bytes.of` takes an array or list of u8, this is " + text(operand->type),
                "not octets");
        }
        return make(types().of(Kind::bytes, type.size), span, program::BytesOf{std::move(operand)});
    }
    ExprPtr value = convert(argument, d().unsigned_type(width * 8u));
    if (is_error(value)) {
        return value;
    }
    return make(types().of(Kind::bytes, width), span,
                program::WriteBigEndian{std::move(value), width});
}

ExprPtr BodyChecker::bytes_method(ExprPtr object, const syntax::Name& method,
                                  const syntax::CallExpr& node, Span span) {
    const std::string& what = method.text;
    const TypeId u32 = d().unsigned_type(32);
    const std::uint8_t width =
        what == "u16_be" ? 2 : (what == "u32_be" ? 4 : (what == "u64_be" ? 8 : 0));
    if (width != 0) {
        if (!count_is(node, 1, "b." + what + "(at)", span)) {
            return error_at(span);
        }
        ExprPtr at = convert(*node.arguments.front().value, u32);
        return is_error(at) ? std::move(at)
                            : make(d().unsigned_type(width * 8u), span,
                                   program::ReadBigEndian{std::move(object), std::move(at), width});
    }
    if (what == "slice") {
        if (!count_is(node, 2, "b.slice(at, count)", span)) {
            return error_at(span);
        }
        const TypeId whole = object->type;
        ExprPtr at = convert(*node.arguments[0].value, u32);
        ExprPtr count = convert(*node.arguments[1].value, u32);
        if (is_error(at) || is_error(count)) {
            return error_at(span);
        }
        TypeId type = whole;
        const auto* number = count->as<program::NumberLiteral>();
        if (number != nullptr && number->magnitude > 0 &&
            number->magnitude <= types()[whole].size) {
            type = types().of(Kind::bytes, static_cast<std::uint32_t>(number->magnitude));
        }
        return make(type, span, program::Slice{std::move(object), std::move(at), std::move(count)});
    }
    return no_member(object, method);
}

ExprPtr BodyChecker::value_method(ExprPtr object, const syntax::Name& method,
                                  const syntax::CallExpr& node, Span span) {
    const program::Type& type = types()[object->type];
    if (type.kind == Kind::error) {
        look_at(node.arguments);
        return object;
    }
    if (type.kind == Kind::bytes) {
        return bytes_method(std::move(object), method, node, span);
    }
    if ((type.kind == Kind::list || type.kind == Kind::array) && method.text == "contains") {
        if (!count_is(node, 1, "l.contains(x)", span)) {
            return error_at(span);
        }
        if (d().holds_secret(type.items[0])) {
            return report_at(span, Code::secret_used, "a secret cannot be compared",
                             "compares secrets");
        }
        ExprPtr value = convert(*node.arguments.front().value, type.items[0]);
        return is_error(value) ? std::move(value)
                               : make(d().boolean(), span,
                                      program::Contains{std::move(object), std::move(value)});
    }
    look_at(node.arguments);
    if (type.kind == Kind::list && method.text == "push") {
        return report_at(span, Code::missing_value, "`push` changes the list and gives no value",
                         "not a value", "write it as a statement of its own");
    }
    return no_member(object, method);
}

}  // namespace aqd::check
