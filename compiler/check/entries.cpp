#include "compiler/check/entries.h"

#include "compiler/check/build.h"

namespace aqd::check {

using diagnostics::error;
using program::Argument;
using program::Entry;
using program::Function;

std::uint32_t add_entry(Declarations& d, Entry entry) {
    const Span first = d.entry_name(entry.name, entry.span);
    if (first != entry.span) {
        d.report(error(Code::duplicate_name, entry.span,
                       "there are two entries `" + entry.name + "`", "again here")
                     .with(first, "first declared here"));
    }
    note_public_texts(d, entry);
    d.program().entries.push_back(std::move(entry));
    return static_cast<std::uint32_t>(d.program().entries.size() - 1);
}

std::uint32_t add_function(Declarations& d, Function function) {
    d.program().functions.push_back(std::move(function));
    return static_cast<std::uint32_t>(d.program().functions.size() - 1);
}

namespace {

bool holds_text(Declarations& d, TypeId id, unsigned depth = 0) {
    const program::Type type = d.types()[id];
    if (type.kind == Kind::text) {
        return true;
    }
    if (type.kind == Kind::secret || type.kind == Kind::authority || depth > 32) {
        return false;
    }
    for (const TypeId item : type.items) {
        if (holds_text(d, item, depth + 1)) {
            return true;
        }
    }
    if (type.kind == Kind::record || type.kind == Kind::enumeration) {
        const program::NamedType& named = d.program().named[static_cast<std::size_t>(type.named)];
        for (const program::Field& field : named.fields) {
            if (holds_text(d, field.type, depth + 1)) {
                return true;
            }
        }
        for (const program::Variant& variant : named.variants) {
            for (const program::Field& field : variant.fields) {
                if (holds_text(d, field.type, depth + 1)) {
                    return true;
                }
            }
        }
    }
    return false;
}

std::vector<Argument> plain_arguments(Declarations& d, const std::vector<syntax::Param>& params,
                                      BodyChecker& body) {
    std::vector<Argument> out;
    for (const syntax::Param& param : params) {
        Argument made;
        made.name = param.name.text;
        made.span = param.name.span;
        made.public_text = param.kind == syntax::ParamKind::published;
        if (param.kind == syntax::ParamKind::reveal) {
            d.report(error(Code::unsupported_reveal, param.span, "`reveal` is not supported yet",
                           "not supported yet"));
            continue;
        }
        made.type = d.error_type();
        if (param.type != nullptr) {
            made.type = d.type(0, *param.type);
        } else if (!d.modules().broken(param.span)) {
            d.report(error(Code::type_unclear, param.span, "`" + param.name.text + "` needs a type",
                           "without a type"));
        }
        body.add_parameter(param.name.text, param.name.span, made.type);
        out.push_back(std::move(made));
    }
    return out;
}

}  // namespace

void note_public_texts(Declarations& d, const Entry& entry) {
    using EntryKind = abi::EntryKind;
    const bool called = entry.kind == EntryKind::action || entry.kind == EntryKind::start ||
                        entry.kind == EntryKind::step;
    for (const Argument& argument : entry.arguments) {
        if (called && holds_text(d, argument.type)) {
            d.program().public_texts.push_back(entry.name + "." + argument.name);
        }
    }
}

void check_view(Declarations& d, const syntax::Item& item) {
    const auto& node = *item.as<syntax::FunctionItem>();
    const Symbol* symbol = d.look_up(0, node.name.text);
    if (!node.view || symbol == nullptr || symbol->item != &item) {
        return;
    }
    Entry entry;
    entry.kind = abi::EntryKind::view;
    entry.name = node.name.text;
    entry.span = node.name.span;
    entry.doc = item.doc;
    entry.function = d.function(*symbol);
    const Function& function = d.program().functions[*entry.function];
    entry.result = function.result;
    for (std::size_t i = 0; i < node.params.size(); ++i) {
        Argument argument;
        argument.name = node.params[i].name.text;
        argument.span = node.params[i].name.span;
        argument.type = function.slots[i].type;
        entry.arguments.push_back(std::move(argument));
    }
    add_entry(d, std::move(entry));
}

void check_action(Declarations& d, const syntax::Item& item) {
    const auto& node = *item.as<syntax::ActionItem>();
    Entry entry;
    entry.kind = abi::EntryKind::action;
    entry.name = node.name.text;
    entry.span = node.name.span;
    entry.doc = item.doc;
    BodyChecker body(d, 0);
    entry.arguments = plain_arguments(d, node.params, body);
    entry.result = node.result != nullptr ? d.type(0, *node.result) : d.unit();
    program::Group group;
    group.span = node.by.span;
    for (const syntax::Actor& written : node.by.actors) {
        if (std::optional<program::Actor> actor = body.actor(written, false)) {
            group.actors.push_back(std::move(*actor));
        }
    }
    if (node.by.as) {
        d.report(error(Code::unassigned_party, node.by.as->span, "an action has no parties",
                       "not a party"));
    }
    for (const syntax::Name& name : node.by.except) {
        d.report(
            error(Code::unassigned_party, name.span, "an action has no parties", "not a party"));
    }
    entry.groups.push_back(std::move(group));
    Function function;
    function.name = d.modules().path(0) + "." + node.name.text;
    function.span = node.name.span;
    function.parameter_count = static_cast<std::uint32_t>(entry.arguments.size());
    function.result = entry.result;
    function.body = body.value_body(node.body, entry.result);
    function.slots = body.take_slots();
    entry.function = add_function(d, std::move(function));
    add_entry(d, std::move(entry));
}

void check_listener(Declarations& d, const syntax::Item& item) {
    const auto& node = *item.as<syntax::ListenerItem>();
    if (!d.program().serves && !d.modules().broken(d.modules().file(0).header) &&
        d.modules().file(0).serves == nullptr) {
        d.report(error(Code::nobody_served, node.notice.span,
                       "this module serves no body, so no notice reaches it", "never called")
                     .with_help("say in the header whom it serves: `module … serves Commune`"));
    }
    const Symbol* symbol = d.find_as<syntax::NoticeItem>(0, node.notice, "notice");
    if (symbol == nullptr) {
        return;
    }
    const std::uint32_t index = d.notice(*symbol);
    const std::string subject = d.modules().path(symbol->module) + "." + symbol->name;
    Entry entry;
    entry.kind = abi::EntryKind::listener;
    entry.name = "on_" + symbol->name;
    entry.subject = subject;
    entry.span = node.notice.span;
    entry.doc = item.doc;
    entry.result = d.unit();
    EntryScope scope;
    scope.may_refuse = false;
    BodyChecker body(d, 0, nullptr, &scope);
    Binding::Bundle bundle{"the notice `" + symbol->name + "`", {}, d.broken(*symbol)};
    const auto take = [&](const std::string& name, TypeId type) {
        const program::SlotId slot = body.add_slot(name, type, false);
        bundle.fields.emplace(name, Access{slot, type, {}});
        Argument argument;
        argument.name = name;
        argument.type = type;
        entry.arguments.push_back(std::move(argument));
    };
    for (const program::Field& field : d.program().notices[index].fields) {
        take(field.name, field.type);
    }
    take("case", d.types().of(Kind::case_id));
    take("recipient", d.types().of(Kind::body));
    body.bind(node.binder.text, node.binder.span, std::move(bundle));
    Function function;
    function.name = d.modules().path(0) + "." + entry.name;
    function.span = entry.span;
    function.parameter_count = static_cast<std::uint32_t>(entry.arguments.size());
    function.result = d.unit();
    function.body = body.value_body(node.body, d.unit());
    function.slots = body.take_slots();
    entry.function = add_function(d, std::move(function));
    add_entry(d, std::move(entry));
}

}  // namespace aqd::check
