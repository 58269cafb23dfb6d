#include "compiler/check/body_checker.h"
#include "compiler/check/declarations.h"

#include <aqd/abi/keys.h>

#include <algorithm>

// Notices, exchanges, documents; the signatures of functions.

namespace aqd::check {

using diagnostics::error;
using program::Field;
using program::NamedType;

std::uint32_t Declarations::notice(const Symbol& symbol) {
    const auto [at, fresh] = place(symbol.item, program_->notices.size());
    if (fresh) {
        program_->notices.emplace_back();
        fill_notice(symbol.module, *symbol.item->as<syntax::NoticeItem>(), at);
    }
    return at;
}

void Declarations::fill_notice(std::uint32_t module, const syntax::NoticeItem& item,
                               std::size_t at) {
    program::Notice made;
    made.module = module;
    made.name = item.name.text;
    made.id = abi::id8(made.name);
    made.span = item.name.span;
    made.fields = fields(module, item.fields, false);
    made.sent_by = item.sent_by ? item.sent_by->text() : std::string();
    made.basis = basis(module, item.basis);
    if (item.max) {
        made.most_recipients = checked_size(item.max->value, item.max->span).value_or(1);
    }
    if (item.acknowledge_within) {
        made.acknowledge_within = period(module, *item.acknowledge_within);
    }
    if (item.act_within) {
        made.act_within = period(module, *item.act_within);
    }
    if (item.reminder) {
        made.reminders =
            checked_size(item.reminder->times.value, item.reminder->times.span).value_or(1);
        made.remind_every = period(module, item.reminder->every);
        if (item.reminder->escalate_to) {
            made.escalate_to = text(*item.reminder->escalate_to);
            check_changed_by(*this, module, *item.reminder->escalate_to);
        }
    }
    program_->notices[at] = std::move(made);
}

std::uint32_t Declarations::exchange(const Symbol& symbol) {
    const auto [at, fresh] = place(symbol.item, program_->exchanges.size());
    if (fresh) {
        program_->exchanges.emplace_back();
        fill_exchange(symbol.module, *symbol.item->as<syntax::ExchangeItem>(), at);
    }
    return at;
}

void Declarations::fill_exchange(std::uint32_t module, const syntax::ExchangeItem& item,
                                 std::size_t at) {
    program::Exchange made;
    made.module = module;
    made.name = item.name.text;
    made.id = abi::id8(made.name);
    made.span = item.name.span;
    made.question = fields(module, item.question, false);
    made.reply = fields(module, item.answer, true);
    made.purpose = item.purpose ? item.purpose->value : std::string();
    made.basis = basis(module, item.basis);
    if (item.within) {
        made.within = period(module, *item.within);
    }
    program_->exchanges[at] = std::move(made);
}

TypeId Declarations::reply_type(std::uint32_t index) {
    if (const auto known = reply_types_.find(index); known != reply_types_.end()) {
        return known->second;
    }
    const auto id = static_cast<NamedId>(program_->named.size());
    NamedType& made = program_->named.emplace_back();
    const program::Exchange& exchange = program_->exchanges[index];
    made.form = abi::NamedType::Form::enumeration;
    made.module = exchange.module;
    made.name = exchange.name + ".reply";
    made.full_name = qualified(exchange.module, made.name);
    made.id = abi::id8(made.name);
    made.span = exchange.span;
    std::vector<Field> reply;
    reply.reserve(exchange.reply.size());
    for (const Field& field : exchange.reply) {
        reply.push_back({field.name, field.type, field.span, nullptr});
    }
    made.variants.push_back({"Answered", std::move(reply)});
    made.variants.push_back({"Refused", {}});
    made.variants.push_back({"Silent", {}});
    replies_.insert(id);
    const TypeId type = types().of(Kind::enumeration, id);
    reply_types_.emplace(index, type);
    return type;
}

std::uint32_t Declarations::document(const Symbol& symbol) {
    const auto [at, fresh] = place(symbol.item, program_->documents.size());
    if (fresh) {
        const auto& item = *symbol.item->as<syntax::DocumentItem>();
        program_->documents.push_back({symbol.module, item.name.text,
                                       item.held_in ? item.held_in->text() : std::string(),
                                       item.name.span});
        if (symbol.module == 0 && item.held_in && !modules_->broken(symbol.item->span)) {
            check_held(item.name.text, *item.held_in);
        }
    }
    return at;
}

/// A document is held in a register that exists, and that says so itself.
void Declarations::check_held(const std::string& document, const syntax::Path& where) {
    const std::string& name = where.segments.back().text;
    const std::string whole = where.text();
    const std::string path = where.segments.size() == 1
                                 ? modules_->path(0)
                                 : whole.substr(0, whole.size() - name.size() - 1);
    const auto nowhere = [&](const std::string& message, const std::string& help) {
        report(error(Code::held_nowhere, where.span, message, "not held there").with_help(help));
    };
    const syntax::File* const file = modules_->source(path);
    if (file == nullptr) {
        nowhere("there is no module `" + path + "` that could hold the document",
                "name the register with its module, as in `held in civil.birth.birth_acts`");
        return;
    }
    for (const syntax::Item& item : file->items) {
        const auto* const table = item.as<syntax::RegisterItem>();
        if (table == nullptr || table->name.text != name) {
            continue;
        }
        const bool proves = std::ranges::any_of(
            table->proves, [&](const syntax::Name& one) { return one.text == document; });
        if (!proves && !file->damage.touches(item.span)) {
            nowhere("the register `" + name + "` does not say that it proves `" + document + "`",
                    "add `proves " + document + "` to the register if its rows are this document");
        }
        return;
    }
    if (!file->damage.may_declare(name)) {
        nowhere("the module `" + path + "` has no register `" + name + "`",
                "name the register whose rows prove the document");
    }
}

std::uint32_t Declarations::function(const Symbol& symbol) {
    const auto [at, fresh] = place(symbol.item, program_->functions.size());
    if (!fresh) {
        return at;
    }
    const auto& item = *symbol.item->as<syntax::FunctionItem>();
    program_->functions.emplace_back();
    program::Function made;
    made.name = qualified(symbol.module, item.name.text);
    made.span = item.name.span;
    made.module = symbol.module;
    for (Field& field : fields(symbol.module, item.params)) {
        made.slots.push_back({field.name, field.type, false});
    }
    made.parameter_count = static_cast<std::uint32_t>(made.slots.size());
    made.result = item.result ? type(symbol.module, *item.result) : unit();
    program_->functions[at] = std::move(made);
    pending_.push_back({at, symbol.module, symbol.item});
    return at;
}

}  // namespace aqd::check
