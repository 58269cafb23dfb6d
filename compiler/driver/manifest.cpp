#include "compiler/driver/manifest.h"

#include "compiler/driver/constant_cbor.h"

#include <set>

namespace aqd::driver {
namespace {

using program::Program;
using program::TypeId;

class ManifestMaker {
  public:
    explicit ManifestMaker(const Program& program) : program_(program) {}

    abi::Manifest make() {
        out_.path = program_.path;
        out_.version = program_.version;
        out_.from = program_.from;
        out_.source_hash = program_.modules.front().source_hash;
        if (program_.serves) {
            out_.serves = named(*program_.serves).full_name;
        }
        for (std::size_t i = 0; i < program_.modules.size(); ++i) {
            // This module's own hash stands above; in the list it is zero.
            out_.modules.push_back(
                {program_.modules[i].path, i == 0 ? Hash256() : program_.modules[i].source_hash});
        }
        declarations();
        for (const program::Procedure& procedure : program_.procedures) {
            out_.procedures.push_back(make_procedure(procedure));
        }
        for (const program::Entry& entry : program_.entries) {
            out_.entries.push_back(make_entry(entry));
        }
        out_.public_texts = program_.public_texts;
        return std::move(out_);
    }

  private:
    [[nodiscard]] const program::NamedType& named(program::NamedId id) const {
        return program_.named[static_cast<std::size_t>(id)];
    }

    abi::Type type(TypeId id) {
        const program::Type& source = program_.types[id];
        abi::Type out;
        out.kind = static_cast<abi::TypeKind>(source.kind);
        out.size = source.size;
        switch (source.kind) {
            case program::Kind::record:
            case program::Kind::enumeration:
            case program::Kind::authority:
                out.name = program_.named_type(id).full_name;
                use_named(source.named);
                break;
            default:
                break;
        }
        for (const TypeId item : source.items) {
            out.items.push_back(type(item));
        }
        return out;
    }

    // Named types come in the order in which they are first met, each once.
    void use_named(program::NamedId id) {
        if (!seen_.insert(id).second) {
            return;
        }
        const program::NamedType& source = named(id);
        const std::size_t place = out_.types.size();
        out_.types.emplace_back();
        abi::NamedType made;
        made.form = source.form;
        made.name = source.full_name;
        made.fields = fields(source.fields);
        made.attributes = fields(source.attributes);
        for (const program::Variant& variant : source.variants) {
            made.variants.push_back({variant.name, fields(variant.fields)});
        }
        out_.types[place] = std::move(made);
    }

    std::vector<abi::Field> fields(const std::vector<program::Field>& source) {
        std::vector<abi::Field> out;
        for (const program::Field& field : source) {
            out.push_back({field.name, type(field.type)});
        }
        return out;
    }

    void declarations() {
        // The authorities declared here are known to the machine even where no value uses them.
        for (std::size_t i = 0; i < program_.named.size(); ++i) {
            if (program_.named[i].module == 0 &&
                program_.named[i].form == abi::NamedType::Form::authority) {
                use_named(static_cast<program::NamedId>(i));
            }
        }
        for (const program::Role& role : program_.roles) {
            if (role.module == 0) {
                out_.roles.push_back({role.name, role.form,
                                      role.authority ? named(*role.authority).full_name : "",
                                      role.level, role.credential});
            }
        }
        for (const program::Register& source : program_.registers) {
            if (source.module == 0) {
                out_.registers.push_back(make_register(source));
            }
        }
        for (const program::ErrorText& error : program_.errors) {
            out_.errors.push_back({error.name, error.texts});
        }
        for (const program::Notice& notice : program_.notices) {
            if (notice.module == 0) {
                out_.notices.push_back(make_notice(notice));
            }
        }
        for (const program::Exchange& exchange : program_.exchanges) {
            if (exchange.module == 0) {
                out_.exchanges.push_back({exchange.name, fields(exchange.question),
                                          fields(exchange.reply), exchange.purpose, exchange.basis,
                                          exchange.within});
            }
        }
        for (const program::Parameter& parameter : program_.parameters) {
            if (parameter.module == 0) {
                out_.parameters.push_back(make_parameter(parameter));
            }
        }
    }

    abi::Register make_register(const program::Register& source) {
        abi::Register out;
        out.name = source.name;
        out.key = type(source.key);
        out.value = type(source.value);
        if (source.owner) {
            out.owner = named(*source.owner).full_name;
        }
        for (const program::Actor& actor : source.changed_by) {
            out.changed_by.push_back(actor.text);
        }
        return out;
    }

    abi::Notice make_notice(const program::Notice& source) {
        abi::Notice out;
        out.name = source.name;
        out.fields = fields(source.fields);
        out.sent_by = source.sent_by;
        out.basis = source.basis;
        out.most_recipients = source.most_recipients;
        out.acknowledge_within = source.acknowledge_within;
        out.act_within = source.act_within;
        out.reminders = source.reminders;
        out.remind_every = source.remind_every;
        out.escalate_to = source.escalate_to;
        return out;
    }

    abi::Parameter make_parameter(const program::Parameter& source) {
        abi::Parameter out;
        out.name = source.name;
        out.type = type(source.type);
        for (const program::Parameter::Value& value : source.values) {
            out.values.push_back({value.from, constant_cbor(program_, *value.value), value.basis});
        }
        return out;
    }

    abi::Procedure make_procedure(const program::Procedure& source) {
        abi::Procedure out;
        out.name = source.name;
        out.labels = source.labels;
        for (std::uint32_t i = 0; i < source.data.size(); ++i) {
            abi::Field field{source.data[i].name, type(source.data[i].type)};
            if (i < source.parameter_count) {
                out.parameters.push_back(field);
            }
            out.data.push_back(std::move(field));
        }
        if (source.unique) {
            out.unique = source.data[*source.unique].name;
        }
        if (source.calendar) {
            out.calendar = program_.modules[*source.calendar].path;
        }
        for (const program::State& state : source.states) {
            out.states.push_back({state.name, state.settled, state.waits, state.labels});
        }
        for (const program::Deadline& deadline : source.deadlines) {
            out.deadlines.push_back({deadline.name, deadline.states, deadline.targets,
                                     deadline.period, deadline.basis, deadline.exact,
                                     deadline.breach, program_.entries[deadline.entry].name});
        }
        for (const program::Secret& secret : source.secrets) {
            out.secrets.push_back({secret.name, type(secret.type),
                                   secret.document ? program_.documents[*secret.document].name : "",
                                   secret.held_by, secret.purge});
        }
        out.once_entries = source.once_entries;
        return out;
    }

    abi::Entry make_entry(const program::Entry& source) {
        abi::Entry out;
        out.kind = source.kind;
        out.name = source.name;
        if (source.procedure) {
            out.procedure = program_.procedures[*source.procedure].name;
        }
        out.subject = source.subject;
        out.exported = source.name;
        for (const program::Argument& argument : source.arguments) {
            out.parameters.push_back({argument.name, type(argument.type)});
        }
        out.result = type(source.result);
        for (const program::Group& group : source.groups) {
            for (const program::Actor& actor : group.actors) {
                out.actors.push_back(actor.text);
            }
        }
        out.sources = source.sources;
        out.targets = source.targets;
        out.from_none = source.from_none;
        out.basis = source.basis;
        out.purpose = source.purpose;
        out.once = source.once_bit.has_value();
        out.backdated_days = source.backdated_days;
        out.doc = source.doc;
        return out;
    }

    const Program& program_;
    abi::Manifest out_;
    std::set<program::NamedId> seen_;
};

}  // namespace

abi::Manifest make_manifest(const Program& program) {
    return ManifestMaker(program).make();
}

}  // namespace aqd::driver
