#include "compiler/program/dump.h"

#include "compiler/program/dumper.h"

#include <array>
#include <string_view>

namespace aqd::program {

namespace {

/// The declarations and entries of a program, line by line.
class ProgramDumper {
  public:
    explicit ProgramDumper(const Program& program) : program_(&program) {}

    std::string run() {
        write(0, "module " + program_->path + " version " + std::to_string(program_->version) +
                     " from " + std::to_string(program_->from));
        if (program_->serves) {
            write(0, "serves " + named(*program_->serves).full_name);
        }
        for (std::size_t i = 0; i < program_->modules.size(); ++i) {
            write(0, "uses " + std::to_string(i) + " " + program_->modules[i].path);
        }
        declarations();
        for (const Procedure& procedure : program_->procedures) {
            dump_procedure(procedure);
        }
        for (const Entry& entry : program_->entries) {
            dump_entry(entry);
        }
        for (const Function& function : program_->functions) {
            out_ += dump(*program_, function);
        }
        for (const std::string& text : program_->public_texts) {
            write(0, "public text " + text);
        }
        return std::move(out_);
    }

  private:
    void write(unsigned indent, const std::string& text) {
        out_ += std::string(std::size_t{indent} * 2, ' ') + text + "\n";
    }

    [[nodiscard]] const NamedType& named(NamedId id) const {
        return program_->named[static_cast<std::size_t>(id)];
    }

    std::string expr(const ExprPtr& value, const Procedure* procedure = nullptr) {
        Function context;
        if (procedure != nullptr) {
            context.procedure = static_cast<std::uint32_t>(procedure - program_->procedures.data());
        }
        std::string unused;
        return value != nullptr
                   ? BodyDumper(*program_, procedure != nullptr ? &context : nullptr, unused)
                         .expr(*value)
                   : "";
    }

    std::string fields(const std::vector<Field>& fields) {
        std::string out;
        for (const Field& field : fields) {
            out += (out.empty() ? "" : ", ") + field.name + ": " + type_text(*program_, field.type);
            out += field.initial != nullptr ? " = " + expr(field.initial) : "";
        }
        return "(" + out + ")";
    }

    void dump_named(const NamedType& type) {
        static constexpr std::array<std::string_view, 3> forms{"record", "enum", "authority"};
        write(0, std::string(forms[static_cast<std::size_t>(type.form)]) + " " + type.full_name +
                     " " + fields(type.fields) +
                     (type.attributes.empty() ? "" : " has " + fields(type.attributes)));
        for (const Variant& variant : type.variants) {
            write(1, variant.name + " " + fields(variant.fields));
        }
    }

    void declarations() {
        for (const NamedType& type : program_->named) {
            dump_named(type);
        }
        for (const Role& role : program_->roles) {
            write(0, "role " + std::to_string(role.module) + " " + role.name +
                         (role.authority ? " of " + named(*role.authority).name : ""));
        }
        for (const Register& reg : program_->registers) {
            write(0, "register " + std::to_string(reg.module) + " " + reg.name + ": " +
                         type_text(*program_, reg.key) + " -> " + type_text(*program_, reg.value) +
                         (reg.initial != nullptr ? " default " + expr(reg.initial) : "") +
                         (reg.changed_by.empty() ? "" : " changed by " + actors(reg.changed_by)));
        }
        for (const Parameter& parameter : program_->parameters) {
            write(0, "parameter " + parameter.name + ": " + type_text(*program_, parameter.type));
            for (const Parameter::Value& value : parameter.values) {
                write(1, std::to_string(value.from) + " " + expr(value.value) + " basis " +
                             value.basis);
            }
        }
        for (const Constant& constant : program_->constants) {
            write(0, "const " + constant.name + ": " + type_text(*program_, constant.type) + " = " +
                         expr(constant.value));
        }
        for (const ErrorText& error : program_->errors) {
            std::string texts;
            for (const Label& label : error.texts) {
                texts += " " + label.language + " \"" + label.text + "\"";
            }
            write(0, "error " + error.name + texts);
        }
        for (const Notice& notice : program_->notices) {
            write(0, "notice " + std::to_string(notice.module) + " " + notice.name + " " +
                         fields(notice.fields) + " max " + std::to_string(notice.most_recipients));
        }
        for (const Exchange& exchange : program_->exchanges) {
            write(0, "exchange " + std::to_string(exchange.module) + " " + exchange.name + " " +
                         fields(exchange.question) + " -> " + fields(exchange.reply));
        }
    }

    static std::string actors(const std::vector<Actor>& actors) {
        std::string out;
        for (const Actor& actor : actors) {
            out += (out.empty() ? "" : " | ") + actor.text;
        }
        return out;
    }

    static std::string states(const Procedure& procedure,
                              const std::vector<std::uint32_t>& ordinals) {
        std::string out;
        for (const std::uint32_t ordinal : ordinals) {
            out += (out.empty() ? "" : " | ") + procedure.states[ordinal].name;
        }
        return out;
    }

    void dump_procedure(const Procedure& procedure) {
        write(0,
              "procedure " + procedure.name +
                  (procedure.unique ? " unique " + procedure.data[*procedure.unique].name : "") +
                  (procedure.calendar ? " calendar " + program_->modules[*procedure.calendar].path
                                      : "") +
                  (procedure.settles ? " settles" : ""));
        static constexpr std::array<std::string_view, 5> roles{"parameter", "var", "party",
                                                               "secret", "once"};
        for (const DataField& field : procedure.data) {
            write(1, std::string(roles[static_cast<std::size_t>(field.role)]) + " " + field.name +
                         ": " + type_text(*program_, field.type) +
                         (field.initial != nullptr ? " = " + expr(field.initial, &procedure) : "") +
                         (field.actors.empty() ? "" : " by " + actors(field.actors)));
        }
        for (const State& state : procedure.states) {
            write(1, "state " + state.name + (state.settled ? " settled" : "") +
                         (state.waits.empty() ? "" : " waits"));
        }
        for (const Deadline& deadline : procedure.deadlines) {
            write(1, "deadline " + deadline.name + ": " +
                         (deadline.at_field ? "at " + procedure.data[*deadline.at_field].name
                                            : expr(deadline.term)) +
                         (deadline.clear ? " clear" : "") + (deadline.exact ? " exact" : "") +
                         " in " + states(procedure, deadline.states) + " -> " +
                         states(procedure, deadline.targets));
        }
        for (const Invariant& invariant : procedure.invariants) {
            write(1, "invariant " + invariant.name);
        }
    }

    void dump_group(const Group& group, const Procedure* procedure) {
        std::string out = "by " + actors(group.actors);
        if (group.as) {
            out += " as " + procedure->data[*group.as].name;
        }
        for (const std::uint32_t party : group.except) {
            out += " except " + procedure->data[party].name;
        }
        write(1, out + (group.states.empty() ? "" : " in " + states(*procedure, group.states)));
    }

    void dump_entry(const Entry& entry) {
        static constexpr std::array<std::string_view, 11> kinds{
            "action",   "view",        "start",        "step",  "access",      "deadline",
            "listener", "case notice", "start on ask", "reply", "acknowledged"};
        const Procedure* procedure =
            entry.procedure ? &program_->procedures[*entry.procedure] : nullptr;
        std::string arguments;
        for (const Argument& argument : entry.arguments) {
            arguments += (arguments.empty() ? "" : ", ") + argument.name + ": " +
                         type_text(*program_, argument.type) +
                         (argument.fills ? " fills " + std::to_string(*argument.fills) : "") +
                         (argument.passed ? "" : " kept");
        }
        write(0, std::string(kinds[static_cast<std::size_t>(entry.kind)]) + " " + entry.name + "(" +
                     arguments + ") -> " + type_text(*program_, entry.result) +
                     (entry.subject.empty() ? "" : " of " + entry.subject));
        for (const Group& group : entry.groups) {
            dump_group(group, procedure);
        }
        if (procedure != nullptr) {
            write(1, std::string(entry.from_none ? "from none" : "from") +
                         (entry.sources.empty() ? "" : " " + states(*procedure, entry.sources)) +
                         " to " + states(*procedure, entry.targets) +
                         (entry.may_stay ? " stay" : ""));
        }
        if (entry.once_bit || entry.backdated_days != 0) {
            write(1, (entry.once_bit ? "once " + std::to_string(*entry.once_bit) : std::string()) +
                         (entry.backdated_days != 0
                              ? " backdated " + std::to_string(entry.backdated_days)
                              : ""));
        }
        if (entry.breach != nullptr) {
            write(1, "breach of " + expr(entry.breach, procedure));
        }
        if (!entry.basis.empty()) {
            write(1, "basis " + entry.basis);
        }
    }

    const Program* program_;
    std::string out_;
};

}  // namespace

std::string dump(const Program& program) {
    return ProgramDumper(program).run();
}

std::string dump(const Program& program, const Function& function) {
    std::string out = "function " + function.name + "(";
    for (std::uint32_t i = 0; i < function.parameter_count; ++i) {
        out += (i == 0 ? "" : ", ") + function.slots[i].name + "." + std::to_string(i) + ": " +
               type_text(program, function.slots[i].type);
    }
    out += ") -> " + (function.goes ? std::string("goto") : type_text(program, function.result)) +
           "\n";
    BodyDumper(program, &function, out).block(function.body, 1);
    return out;
}

}  // namespace aqd::program
