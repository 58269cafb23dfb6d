#include "compiler/program/manifest.h"

#include <aqd/abi/cbor.h>
#include <aqd/base/assert.h>

namespace aqd::program {

namespace {

template <class... Functions>
struct Overloaded : Functions... {
    using Functions::operator()...;
};

class ConstantWriter {
  public:
    ConstantWriter(const Program& program, Bytes& out) : program_(&program), writer_(out) {}

    void write(const Expr& expr) {
        std::visit(Overloaded{
                       [&](const BoolLiteral& node) { writer_.write_bool(node.value); },
                       [&](const NumberLiteral& node) { number(node); },
                       [&](const MonthsLiteral& node) {
                           writer_.write_array_header(2);
                           writer_.write_uint(node.count);
                           writer_.write_uint(static_cast<std::uint64_t>(node.rounding));
                       },
                       [&](const TextLiteral& node) { writer_.write_text(node.value); },
                       [&](const NoneLiteral&) { writer_.write_null(); },
                       [&](const Some& node) { write(*node.operand); },
                       [&](const Widen& node) { write(*node.operand); },
                       [&](const Repeat& node) {
                           const std::uint32_t count = program_->types[expr.type].size;
                           writer_.write_array_header(count);
                           for (std::uint32_t i = 0; i < count; ++i) {
                               write(*node.element);
                           }
                       },
                       [&](const Construct& node) { construct(expr.type, node); },
                       [](const auto&) { AQD_ASSERT(false && "not a constant"); },
                   },
                   expr.node);
    }

  private:
    void number(const NumberLiteral& node) {
        if (!node.negative) {
            writer_.write_uint128(node.magnitude);
        } else {
            writer_.write_int128(static_cast<Int128>(~node.magnitude + 1));
        }
    }

    void construct(TypeId type, const Construct& node) {
        const bool variant = program_->types.kind(type) == Kind::enumeration;
        if (variant && node.parts.empty()) {
            writer_.write_uint(node.variant);
            return;
        }
        writer_.write_array_header(node.parts.size() + (variant ? 1 : 0));
        if (variant) {
            writer_.write_uint(node.variant);
        }
        for (const ExprPtr& part : node.parts) {
            write(*part);
        }
    }

    const Program* program_;
    abi::Writer writer_;
};

/// Fills a manifest from a program, table by table.
class Builder {
  public:
    explicit Builder(const Program& program) : program_(&program) {}

    abi::Manifest run() {
        header();
        types();
        roles_and_registers();
        messages();
        parameters();
        for (const Procedure& procedure : program_->procedures) {
            out_.procedures.push_back(convert(procedure));
        }
        for (const Entry& entry : program_->entries) {
            out_.entries.push_back(convert(entry));
        }
        out_.public_texts = program_->public_texts;
        return std::move(out_);
    }

  private:
    [[nodiscard]] const std::string& full_name(NamedId id) const {
        return program_->named[static_cast<std::size_t>(id)].full_name;
    }

    [[nodiscard]] abi::Type convert(TypeId id) const {
        const Type& type = program_->types[id];
        AQD_ASSERT(static_cast<unsigned>(type.kind) < 64);
        abi::Type out;
        out.kind = static_cast<abi::TypeKind>(type.kind);
        out.size = type.size;
        if (type.kind == Kind::record || type.kind == Kind::enumeration ||
            type.kind == Kind::authority) {
            out.name = full_name(type.named);
        }
        for (const TypeId item : type.items) {
            out.items.push_back(convert(item));
        }
        return out;
    }

    [[nodiscard]] std::vector<abi::Field> convert(const std::vector<Field>& fields) const {
        std::vector<abi::Field> out;
        out.reserve(fields.size());
        for (const Field& field : fields) {
            out.push_back({field.name, convert(field.type)});
        }
        return out;
    }

    void header() {
        out_.path = program_->path;
        out_.version = program_->version;
        out_.from = program_->from;
        out_.source_hash = program_->modules.front().source_hash;
        out_.serves = program_->serves ? full_name(*program_->serves) : std::string();
        for (const Module& module : program_->modules) {
            out_.modules.push_back({module.path, module.source_hash});
        }
        out_.modules.front().source_hash = {};
    }

    void types() {
        for (const NamedType& type : program_->named) {
            abi::NamedType made{
                type.form, type.full_name, convert(type.fields), convert(type.attributes), {}};
            for (const Variant& variant : type.variants) {
                made.variants.push_back({variant.name, convert(variant.fields)});
            }
            out_.types.push_back(std::move(made));
        }
    }

    void roles_and_registers() {
        for (const Role& role : program_->roles) {
            if (role.module == 0) {
                out_.roles.push_back({role.name, role.form,
                                      role.authority ? full_name(*role.authority) : std::string(),
                                      role.level, role.credential});
            }
        }
        for (const Register& reg : program_->registers) {
            if (reg.module != 0) {
                continue;
            }
            abi::Register made{reg.name,
                               convert(reg.key),
                               convert(reg.value),
                               reg.owner ? full_name(*reg.owner) : std::string(),
                               {}};
            for (const Actor& actor : reg.changed_by) {
                made.changed_by.push_back(actor.text);
            }
            out_.registers.push_back(std::move(made));
        }
    }

    void messages() {
        for (const ErrorText& error : program_->errors) {
            out_.errors.push_back({error.name, error.texts});
        }
        for (const Notice& notice : program_->notices) {
            if (notice.module == 0) {
                out_.notices.push_back({notice.name, convert(notice.fields), notice.sent_by,
                                        notice.basis, notice.most_recipients,
                                        notice.acknowledge_within, notice.act_within,
                                        notice.reminders, notice.remind_every, notice.escalate_to});
            }
        }
        for (const Exchange& exchange : program_->exchanges) {
            if (exchange.module == 0) {
                out_.exchanges.push_back({exchange.name, convert(exchange.question),
                                          convert(exchange.reply), exchange.purpose, exchange.basis,
                                          exchange.within});
            }
        }
    }

    void parameters() {
        for (const Parameter& parameter : program_->parameters) {
            if (parameter.module != 0) {
                continue;
            }
            abi::Parameter made{parameter.name, convert(parameter.type), {}};
            for (const Parameter::Value& value : parameter.values) {
                made.values.push_back(
                    {value.from, encode_constant(*program_, *value.value), value.basis});
            }
            out_.parameters.push_back(std::move(made));
        }
    }

    [[nodiscard]] abi::Procedure convert(const Procedure& procedure) const {
        abi::Procedure made;
        made.name = procedure.name;
        made.labels = procedure.labels;
        for (std::size_t i = 0; i < procedure.data.size(); ++i) {
            const DataField& field = procedure.data[i];
            abi::Type type = convert(field.type);
            if (field.role == DataField::Role::secret) {
                type.items.front() = {abi::TypeKind::hash, 0, {}, {}};
            }
            if (i < procedure.parameter_count) {
                made.parameters.push_back({field.name, type});
            }
            made.data.push_back({field.name, std::move(type)});
        }
        made.unique = procedure.unique ? procedure.data[*procedure.unique].name : std::string();
        made.calendar =
            procedure.calendar ? program_->modules[*procedure.calendar].path : std::string();
        for (const State& state : procedure.states) {
            made.states.push_back({state.name, state.settled, state.waits, state.labels});
        }
        for (const Deadline& deadline : procedure.deadlines) {
            made.deadlines.push_back({deadline.name, deadline.states, deadline.targets,
                                      deadline.period, deadline.basis, deadline.exact,
                                      deadline.breach, program_->entries[deadline.entry].name});
        }
        for (const Secret& secret : procedure.secrets) {
            const std::string kind =
                secret.document ? program_->documents[*secret.document].name : std::string();
            made.secrets.push_back(
                {secret.name, convert(secret.type), kind, secret.held_by, secret.purge});
        }
        made.once_entries = procedure.once_entries;
        return made;
    }

    [[nodiscard]] abi::Entry convert(const Entry& entry) const {
        abi::Entry made;
        made.kind = entry.kind;
        made.name = entry.name;
        made.procedure =
            entry.procedure ? program_->procedures[*entry.procedure].name : std::string();
        made.subject = entry.subject;
        made.exported = entry.name;
        for (const Argument& argument : entry.arguments) {
            made.parameters.push_back({argument.name, convert(argument.type)});
        }
        made.result = convert(entry.result);
        for (const Group& group : entry.groups) {
            for (const Actor& actor : group.actors) {
                made.actors.push_back(actor.text);
            }
        }
        made.sources = entry.sources;
        made.targets = entry.targets;
        made.from_none = entry.from_none;
        made.basis = entry.basis;
        made.purpose = entry.purpose;
        made.once = entry.once_bit.has_value();
        made.backdated_days = entry.backdated_days;
        made.doc = entry.doc;
        return made;
    }

    const Program* program_;
    abi::Manifest out_;
};

}  // namespace

Bytes encode_constant(const Program& program, const Expr& constant) {
    Bytes out;
    ConstantWriter(program, out).write(constant);
    return out;
}

abi::Manifest manifest_of(const Program& program) {
    return Builder(program).run();
}

}  // namespace aqd::program
