#pragma once

#include <aqd/abi/manifest.h>

#include <concepts>
#include <type_traits>

// The order in which the parts of a manifest are written, said once: `visit` walks over the fields
// of a part for the encoder and for the decoder alike. A new field goes at the end of its part and
// is a new ABI version.

namespace aqd::abi::layout {

#define AQD_LAYOUT(part_type, ...)                                  \
    template <class Walk, class Part>                               \
    void visit(Walk& walk, Part& part)                              \
        requires std::same_as<std::remove_const_t<Part>, part_type> \
    {                                                               \
        walk(__VA_ARGS__);                                          \
    }

AQD_LAYOUT(Type, part.kind, part.size, part.name, part.items)
AQD_LAYOUT(Label, part.language, part.text)
AQD_LAYOUT(Field, part.name, part.type)
AQD_LAYOUT(NamedType::Variant, part.name, part.fields)
AQD_LAYOUT(NamedType, part.form, part.name, part.fields, part.attributes, part.variants)
AQD_LAYOUT(Role, part.name, part.form, part.authority, part.level, part.credential)
AQD_LAYOUT(Register, part.name, part.key, part.value, part.owner, part.changed_by)
AQD_LAYOUT(ErrorText, part.name, part.texts)
AQD_LAYOUT(Period, part.amount, part.unit)
AQD_LAYOUT(Notice, part.name, part.fields, part.sent_by, part.basis, part.most_recipients,
           part.acknowledge_within, part.act_within, part.reminders, part.remind_every,
           part.escalate_to)
AQD_LAYOUT(Exchange, part.name, part.question, part.reply, part.purpose, part.basis, part.within)
AQD_LAYOUT(Parameter::Value, part.from, part.value, part.basis)
AQD_LAYOUT(Parameter, part.name, part.type, part.values)
AQD_LAYOUT(Entry, part.kind, part.name, part.procedure, part.subject, part.exported,
           part.parameters, part.result, part.actors, part.sources, part.targets, part.from_none,
           part.basis, part.purpose, part.once, part.backdated_days, part.doc)
AQD_LAYOUT(Deadline, part.name, part.states, part.targets, part.period, part.basis, part.exact,
           part.breach, part.exported)
AQD_LAYOUT(State, part.name, part.settled, part.waits, part.labels)
AQD_LAYOUT(Secret, part.name, part.type, part.kind, part.held_by, part.purge)
AQD_LAYOUT(Procedure, part.name, part.labels, part.parameters, part.data, part.unique,
           part.calendar, part.states, part.deadlines, part.secrets, part.once_entries)
AQD_LAYOUT(Dependency, part.path, part.source_hash)
AQD_LAYOUT(Manifest, part.abi, part.path, part.version, part.from, part.source_hash, part.serves,
           part.modules, part.types, part.roles, part.registers, part.errors, part.notices,
           part.exchanges, part.parameters, part.procedures, part.entries, part.public_texts)
AQD_LAYOUT(LineTable::Row, part.code_offset, part.file, part.line, part.column)
AQD_LAYOUT(LineTable, part.files, part.rows)

#undef AQD_LAYOUT

/// The largest number of each closed set, for the decoder.
constexpr std::uint64_t last_of(TypeKind) {
    return static_cast<std::uint64_t>(TypeKind::seconds);
}
constexpr std::uint64_t last_of(EntryKind) {
    return static_cast<std::uint64_t>(EntryKind::acknowledged);
}
constexpr std::uint64_t last_of(NamedType::Form) {
    return static_cast<std::uint64_t>(NamedType::Form::authority);
}
constexpr std::uint64_t last_of(Role::Form) {
    return static_cast<std::uint64_t>(Role::Form::by_credential);
}

}  // namespace aqd::abi::layout
