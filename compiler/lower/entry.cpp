#include "compiler/lower/entry.h"

#include <aqd/abi/keys.h>
#include <aqd/base/assert.h>

namespace aqd::lower {

using abi::EntryKind;
using program::Kind;

EntryLowering::EntryLowering(Unit& owner, llvm::Function* made, const program::Entry& entry)
    : FunctionLowering(owner, made, entry.span, entry.procedure), entry_(entry) {
    if (entry.procedure) {
        procedure_index_ = *entry.procedure;
        procedure_ = &unit.program.procedures[procedure_index_];
    }
}

void EntryLowering::set_rule_date(llvm::Value* date) {
    if (!unit.program.parameters.empty()) {
        b.CreateStore(date, unit.rule_date());
    }
}

llvm::Value* EntryLowering::call_body() {
    AQD_ASSERT(entry_.function.has_value());
    const program::Function& body = unit.program.functions[*entry_.function];
    std::vector<llvm::Value*> arguments;
    if (body.procedure) {
        arguments.push_back(case_data());
    }
    llvm::Value* out = nullptr;
    if (!layout(body.result).scalar) {
        out = temporary(body.result, "result");
        arguments.push_back(out);
    }
    for (std::size_t i = 0; i < places_.size(); ++i) {
        if (entry_.arguments[i].passed) {
            arguments.push_back(value_at(entry_.arguments[i].type, places_[i]));
        }
    }
    llvm::Value* const result = call(unit.function(*entry_.function), arguments);
    return out != nullptr ? out : result;
}

// Actions, views and listeners: no case.
void EntryLowering::make_plain() {
    read_arguments();
    if (entry_.kind != EntryKind::listener) {
        check_argument_bodies();
    }
    set_rule_date(host("today"));
    if (!entry_.groups.empty()) {
        choose_any_group();
    }
    llvm::Value* const result = call_body();
    if (kind(entry_.result) != Kind::unit) {
        const Region encoded = encode(entry_.result, result);
        host("return_value", {encoded.data, encoded.size});
    }
    b.CreateRetVoid();
}

void EntryLowering::make_access() {
    AQD_ASSERT(entry_.secret.has_value());
    const program::Secret& secret = procedure_->secrets[*entry_.secret];
    const auto text = [&](const std::string& words) {
        return written([&] { support("aqd_write_text", {unit.octets(words), i32(words.size())}); });
    };
    const Region purpose = text(entry_.purpose);
    const Region basis = text(entry_.basis);
    host("accessed",
         {i64(abi::id8(secret.slot)), purpose.data, purpose.size, basis.data, basis.size});
    b.CreateRetVoid();
}

void EntryLowering::make() {
    switch (entry_.kind) {
        case EntryKind::action:
        case EntryKind::view:
        case EntryKind::listener:
            make_plain();
            return;
        case EntryKind::step:
        case EntryKind::access:
            make_step();
            return;
        case EntryKind::start:
            make_start();
            return;
        case EntryKind::start_on_ask:
            make_start_on_ask();
            return;
        case EntryKind::deadline:
        case EntryKind::case_notice:
        case EntryKind::reply:
        case EntryKind::acknowledged:
            make_reaction();
            return;
    }
    AQD_ASSERT(false);
}

}  // namespace aqd::lower
