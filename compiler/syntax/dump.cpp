#include "compiler/syntax/dump.h"

#include "compiler/syntax/dumper.h"

namespace aqd::syntax {

std::string dump(const File& file) {
    return Dumper().file(file);
}
std::string dump(const Expr& expr) {
    return Dumper().expr(expr);
}
std::string dump(const Type& type) {
    return Dumper().type(type);
}

std::string Dumper::file(const File& file) {
    std::string out =
        form("module", {file.module.text(), number(file.version.value),
                        file.from ? form("from", {literal(Literal(file.from->value))}) : "",
                        file.serves ? form("serves", {expr(file.serves)}) : "",
                        file.doc.empty() ? "" : doc(file.doc)});
    for (const Item& item : file.items) {
        out += line() + std::visit([this](const auto& kind) { return node(kind); }, item.node);
        if (!item.doc.empty()) {
            out += " " + doc(item.doc);
        }
    }
    return out + "\n";
}

std::string Dumper::doc(const std::string& doc) {
    return form("doc", {quoted(doc)});
}

std::string Dumper::fields(std::string_view head, const std::vector<Field>& fields) {
    return each(head, fields, [&](const Field& field) {
        return form(name(field.name), {field.secret ? "secret" : "", type(field.type),
                                       field.initial ? form("=", {expr(field.initial)}) : ""});
    });
}

std::string Dumper::node(const UseItem& use) {
    return form("use", {use.path.text(), maybe("as", use.alias), names("names", use.names)});
}
std::string Dumper::node(const LegalItem& legal) {
    return form("legal", {name(legal.name), name(legal.kind), quoted(legal.reference.value),
                          legal.article ? form("article", {quoted(legal.article->value)}) : ""});
}
std::string Dumper::node(const ParameterItem& parameter) {
    return form("parameter", {name(parameter.name), type(parameter.type),
                              each("values", parameter.values, [&](const DatedValue& dated) {
                                  return form("from",
                                              {literal(Literal(dated.from.value)),
                                               expr(dated.value), maybe("basis", dated.basis)});
                              })});
}
std::string Dumper::node(const ConstItem& constant) {
    return form("const", {name(constant.name), type(constant.type), expr(constant.value)});
}
std::string Dumper::node(const DocumentItem& document) {
    return form("document", {name(document.name),
                             document.held_in ? form("held-in", {document.held_in->text()}) : ""});
}
std::string Dumper::node(const AuthorityItem& authority) {
    return form("authority",
                {name(authority.name), params(authority.params), fields("has", authority.fields)});
}
std::string Dumper::node(const RoleItem& role) {
    const std::string source = std::visit(
        Overloaded{[](const RoleOf& of) { return form("of", {name(of.authority)}); },
                   [](const RoleByCredential& by) {
                       return form("credential", {quoted(by.credential.value)});
                   },
                   [](const RoleByAssertion& by) {
                       return form("assertion", {name(by.authority), number(by.level.value)});
                   }},
        role.source);
    return form("role", {name(role.name), source,
                         role.delegable ? form("delegable", {duration(*role.delegable)}) : ""});
}
std::string Dumper::node(const RecordItem& record) {
    return form("record", {name(record.name), fields("fields", record.fields)});
}
std::string Dumper::node(const EnumItem& choice) {
    return form("enum",
                {name(choice.name), each("variants", choice.variants, [&](const Variant& one) {
                     return one.params.empty() && one.doc.empty()
                                ? name(one.name)
                                : form(name(one.name),
                                       {params(one.params), one.doc.empty() ? "" : doc(one.doc)});
                 })});
}
std::string Dumper::node(const RegisterItem& table) {
    return form("register",
                {name(table.name), type(table.key), type(table.value),
                 table.initial ? form("default", {expr(table.initial)}) : "",
                 maybe("owned-by", table.owner),
                 each("changed-by", table.changed_by, [&](const Actor& one) { return actor(one); }),
                 each("indexes", table.indexes, [&](const Index& one) { return index(one); }),
                 names("proves", table.proves)});
}
std::string Dumper::node(const ErrorItem& refusal) {
    return form("error", {name(refusal.name), texts(refusal.texts)});
}
std::string Dumper::node(const NoticeItem& notice) {
    std::string reminder;
    if (notice.reminder) {
        reminder = form("remind",
                        {number(notice.reminder->times.value), duration(notice.reminder->every),
                         notice.reminder->escalate_to ? actor(*notice.reminder->escalate_to) : ""});
    }
    return form(
        "notice",
        {name(notice.name), fields("fields", notice.fields),
         notice.sent_by ? form("sent-by", {notice.sent_by->text()}) : "",
         names("basis", notice.basis), notice.max ? form("max", {number(notice.max->value)}) : "",
         notice.acknowledge_within ? form("acknowledge", {duration(*notice.acknowledge_within)})
                                   : "",
         notice.act_within ? form("act", {duration(*notice.act_within)}) : "", reminder});
}
std::string Dumper::node(const ExchangeItem& exchange) {
    return form("exchange",
                {name(exchange.name), fields("question", exchange.question),
                 fields("answer", exchange.answer),
                 exchange.purpose ? form("purpose", {quoted(exchange.purpose->value)}) : "",
                 names("basis", exchange.basis),
                 exchange.within ? form("within", {duration(*exchange.within)}) : "",
                 exchange.retain ? form("retain", {duration(*exchange.retain)}) : ""});
}
std::string Dumper::node(const SuspensionItem& suspension) {
    return form("suspension",
                {name(suspension.name),
                 each("by", suspension.actors, [&](const Actor& one) { return actor(one); }),
                 form("basis", {name(suspension.basis)})});
}
std::string Dumper::node(const FunctionItem& function) {
    return form(function.view ? "view" : "fn",
                {name(function.name), params(function.params), form("->", {type(function.result)}),
                 block(function.body)});
}
std::string Dumper::node(const ActionItem& action) {
    return form("action",
                {name(action.name), params(action.params), by(action.by),
                 action.result ? form("->", {type(action.result)}) : "", block(action.body)});
}
std::string Dumper::node(const ListenerItem& listener) {
    return form("on", {name(listener.notice), name(listener.binder), block(listener.body)});
}
std::string Dumper::node(const ProcedureItem& procedure) {
    return form("procedure",
                {name(procedure.name), params(procedure.params), names("unique", procedure.unique),
                 each("indexes", procedure.indexes, [&](const Index& one) { return index(one); }),
                 maybe("calendar", procedure.calendar), members(procedure.members)});
}
std::string Dumper::node(const PartItem& part) {
    return form("part", {name(part.name), params(part.params), members(part.members)});
}
std::string Dumper::node(const MigrateItem& migrate) {
    Parts parts{name(migrate.procedure), number(migrate.from.value), number(migrate.to.value)};
    ++indent_;
    for (const MigrateRule& rule : migrate.rules) {
        parts.push_back(
            line() + std::visit(Overloaded{[&](const KeepRule& keep) {
                                               return form("keep", {expr(keep.condition)});
                                           },
                                           [&](const MoveRule& move) {
                                               return form("move", {name(move.from), name(move.to),
                                                                    block(move.body)});
                                           }},
                                rule.node));
    }
    --indent_;
    return form("migrate", parts);
}
std::string Dumper::node(const TestItem& test) {
    return form("test", {quoted(test.title.value), block(test.body)});
}

}  // namespace aqd::syntax
