#include "compiler/lower/function.h"

// Notices, exchanges, messages: what leaves the case.

namespace aqd::lower {

using program::Kind;
using program::TypeId;

Region FunctionLowering::encode_fields(const std::vector<program::ExprPtr>& fields) {
    // Evaluated first: what makes a value may itself write to the heap.
    std::vector<llvm::Value*> values;
    values.reserve(fields.size());
    for (const program::ExprPtr& expr : fields) {
        values.push_back(own(*expr));
    }
    return written([&] {
        write_array(fields.size());
        for (std::size_t i = 0; i < fields.size(); ++i) {
            write(fields[i]->type, values[i]);
        }
    });
}

llvm::Value* FunctionLowering::recipient_count(TypeId type, llvm::Value* value) {
    switch (kind(type)) {
        case Kind::list:
        case Kind::array:
            return element_count(type, value);
        case Kind::recipients:
            // Leaves the items of the array without its head.
            return support("aqd_array_items", {value});
        default:
            return i32(1);
    }
}

void FunctionLowering::write_recipients(TypeId type, llvm::Value* value) {
    switch (kind(type)) {
        case Kind::list:
        case Kind::array: {
            const TypeId item = unit.program.types.item(type);
            repeat(element_count(type, value), [&](llvm::Value* index) {
                write(item, value_at(item, element(type, value, index)));
            });
            return;
        }
        case Kind::recipients: {
            const Region items = load_slice(value);
            support("aqd_write_encoded", {items.data, items.size});
            return;
        }
        default:
            write(type, value);
    }
}

void FunctionLowering::send(const program::Send& node) {
    const program::Notice& notice = unit.program.notices[node.notice];
    const llvm::DebugLoc here = b.getCurrentDebugLocation();
    const Region fields = encode_fields(node.fields);
    std::vector<llvm::Value*> recipients;
    llvm::Value* count = i32(0);
    for (const program::ExprPtr& expr : node.recipients) {
        recipients.push_back(own(*expr));
        count = b.CreateAdd(count, recipient_count(expr->type, recipients.back()));
    }
    b.SetCurrentDebugLocation(here);
    const Region to = written([&] {
        support("aqd_write_array", {count});
        for (std::size_t i = 0; i < recipients.size(); ++i) {
            write_recipients(node.recipients[i]->type, recipients[i]);
        }
    });
    const std::optional<std::uint32_t> calendar =
        procedure_ ? unit.program.procedures[*procedure_].calendar : std::nullopt;
    host("notice_send", {i32(notice.module), i64(notice.id), fields.data, fields.size, to.data,
                         to.size, calendar_index(calendar)});
}

void FunctionLowering::sent(const program::Sent& node, llvm::Value* out) {
    const program::Notice& notice = unit.program.notices[node.notice];
    llvm::Value* const found =
        support("aqd_notice_recipients", {i32(notice.module), i64(notice.id), out});
    // A case that sent nothing has an empty array.
    if_then(b.CreateNot(found), [&] { store_slice(out, written([&] { write_array(0); })); });
}

void FunctionLowering::ask(const program::Ask& node) {
    const program::Exchange& exchange = unit.program.exchanges[node.exchange];
    const llvm::DebugLoc here = b.getCurrentDebugLocation();
    const Region fields = encode_fields(node.fields);
    const Region asked = load_slice(own(*node.asked));
    const Region asking = load_slice(own(*node.asking));
    b.SetCurrentDebugLocation(here);
    const std::optional<std::uint32_t> calendar =
        procedure_ ? unit.program.procedures[*procedure_].calendar : std::nullopt;
    host("ask", {i64(exchange.id), fields.data, fields.size, asked.data, asked.size, asking.data,
                 asking.size, calendar_index(calendar)});
}

void FunctionLowering::answer(const program::Answer& node) {
    const Region fields = encode_fields(node.fields);
    host("answer", {fields.data, fields.size});
}

void FunctionLowering::notify(const program::Notify& node) {
    llvm::Value* const person = evaluate(*node.person);
    llvm::Value* const message = evaluate(*node.message);
    const Region encoded = encode(node.message->type, message);
    host("notify", {person, encoded.data, encoded.size});
}

void FunctionLowering::escalate(const program::Escalate& node) {
    const program::Role& role = unit.program.roles[node.role];
    Region body{null_pointer(), i32(0)};
    if (node.body != nullptr) {
        llvm::Value* const value = evaluate(*node.body);
        body = encode(node.body->type, value);
    }
    host("escalate", {i32(role.module), i64(role.id), body.data, body.size});
}

}  // namespace aqd::lower
