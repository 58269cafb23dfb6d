#include "tests/vm/exec/oracle/compare.h"

#include "tests/vm/exec/oracle/module_plan.h"
#include "tests/vm/exec/oracle/oracle.h"

#include <aqd/exec/instance.h>
#include <aqd/wasm/decode.h>
#include <aqd/wasm/validate.h>

#include <algorithm>
#include <sstream>
#include <vector>

namespace aqd::oracle {
namespace {

/// What the host functions leave behind.
using Notes = std::vector<std::uint64_t>;

exec::Trap note(void* context, exec::HostCall& call) {
    auto& notes = *static_cast<Notes*>(context);
    notes.push_back(call.argument(0));
    if (!call.charge(call.argument(0) & 15U)) {
        return exec::Trap::none;
    }
    notes.push_back(call.gas_left());
    if (call.argument(0) == 0xffff'ffff) {
        return exec::Trap::host_refusal;
    }
    if (auto span = call.memory(call.argument(0) & 0xffffU, 4)) {
        (*span)[0] = static_cast<std::uint8_t>(notes.size());
    }
    return exec::Trap::none;
}

exec::Trap mix(void* context, exec::HostCall& call) {
    static_cast<Notes*>(context)->push_back(call.argument(0) ^ call.memory_size());
    call.set_result(call.argument(0) * 3 + call.argument(1));
    return exec::Trap::none;
}

/// What the fuzzer of binaryen imports.
exec::Trap log(void* context, exec::HostCall& call) {
    static_cast<Notes*>(context)->push_back(call.argument(0));
    return exec::Trap::none;
}

const std::vector<exec::HostFunction>& host_functions() {
    using enum wasm::ValueType;
    static const std::vector<exec::HostFunction> list = {
        {"env", "note", {{i32}, {}}, 5, note},
        {"env", "mix", {{i64, i32}, {i64}}, 3, mix},
        {"fuzzing-support", "log-i32", {{i32}, {}}, 1, log},
        {"fuzzing-support", "log-i64", {{i64}, {}}, 1, log},
        {"fuzzing-support", "log-f32", {{f32}, {}}, 1, log},
        {"fuzzing-support", "log-f64", {{f64}, {}}, 1, log}};
    return list;
}

std::string text_of(const exec::Outcome& outcome) {
    std::ostringstream out;
    out << name_of(outcome.trap) << " gas " << outcome.gas_used;
    for (const std::uint64_t result : outcome.results) {
        out << " " << result;
    }
    if (outcome.where) {
        out << " at function " << outcome.where->function_index << " offset "
            << outcome.where->code_offset;
    }
    return out.str();
}

/// A reference is a word of its own on each side.
std::uint64_t comparable(wasm::ValueType type, std::uint64_t value) {
    return wasm::is_reference(type) && type != wasm::ValueType::externref
               ? static_cast<std::uint64_t>(value != 0)
               : value;
}

exec::Outcome comparable(exec::Outcome outcome, const Types& types) {
    for (std::size_t i = 0; i < outcome.results.size(); ++i) {
        outcome.results[i] = comparable(types[i], outcome.results[i]);
    }
    return outcome;
}

bool is_bound(exec::Trap trap) {
    return trap == exec::Trap::out_of_gas || trap == exec::Trap::stack_exhausted;
}

/// Both sides, and what was found so far.
class Sides {
  public:
    Sides(wasm::ValidatedModule module, std::shared_ptr<const exec::LinkedModule> linked,
          const gas::Schedule& schedule, const Manner& manner)
        : module_(module),
          manner_(manner),
          engine_(*exec::Instance::create(std::move(linked))),
          oracle_(std::move(module), schedule, host_functions()) {}

    Comparison run(Random& random) {
        const std::uint64_t gas = manner_.metered ? 10'000 : manner_.plenty;
        const auto ours = engine_.initialise(gas, &engine_notes_);
        const auto theirs = oracle_.initialise(gas, &oracle_notes_);
        if (!check({}, 0, {}, gas, ours, theirs) || ours.trap != exec::Trap::none) {
            return result_;
        }
        const wasm::Export* counter = nullptr;
        for (const wasm::Export& entry : module_->exports) {
            if (!manner_.metered && is_counter(entry.name)) {
                counter = &entry;
            }
        }
        for (int round = 0; round < manner_.rounds; ++round) {
            for (const wasm::Export& entry : module_->exports) {
                if (entry.kind != wasm::ExternalKind::function || &entry == counter) {
                    continue;
                }
                if (counter != nullptr && !call(*counter, random)) {
                    return result_;
                }
                if (!call(entry, random)) {
                    return result_;
                }
            }
        }
        return result_;
    }

  private:
    std::uint64_t argument(wasm::ValueType type, Random& random) const {
        static constexpr std::uint64_t favourites[] = {0,  1, 2, 0xffff'ffff, ~std::uint64_t{0},
                                                       100};
        if (!manner_.metered && is_float(type)) {
            return interesting_float(random, type == wasm::ValueType::f32, true);
        }
        return random.one_in(2) ? favourites[random.below(6)] : random.next();
    }

    /// False when there is no reason to go on.
    bool call(const wasm::Export& entry, Random& random) {
        const wasm::FunctionType& type = module_->type_of_function(entry.index);
        std::vector<std::uint64_t> arguments;
        for (const wasm::ValueType parameter : type.parameters) {
            if (wasm::is_reference(parameter) && parameter != wasm::ValueType::externref) {
                return true;
            }
            arguments.push_back(argument(parameter, random));
        }
        const std::uint64_t gas = !manner_.metered   ? manner_.plenty
                                  : random.one_in(3) ? random.below(300)
                                                     : 20'000;
        const auto ours = engine_.invoke(entry.index, arguments, gas, &engine_notes_);
        const auto theirs = oracle_.invoke(entry.index, arguments, gas, &oracle_notes_);
        return check(entry.name, entry.index, arguments, gas, ours, theirs) &&
               (manner_.metered || !is_bound(ours.trap));
    }

    bool check(std::string_view name, std::uint32_t function,
               std::span<const std::uint64_t> arguments, std::uint64_t gas,
               const exec::Outcome& ours, const exec::Outcome& theirs) {
        ++result_.calls;
        result_.traps += ours.trap != exec::Trap::none;
        result_.met_a_bound |= is_bound(ours.trap);
        const Types& types = module_->type_of_function(function).results;
        const std::string found =
            name.empty() ? difference(ours, theirs)
                         : difference(comparable(ours, types), comparable(theirs, types));
        if (!found.empty()) {
            result_.difference = name.empty() ? "initialise" : name;
            result_.difference += " with gas " + std::to_string(gas) + ": " + found;
            return false;
        }
        if (manner_.observer) {
            manner_.observer(
                {name, function, arguments, ours, engine_.memory(), globals_, *module_});
        }
        return true;
    }

    std::string difference(const exec::Outcome& a, const exec::Outcome& b) {
        if (a.trap != b.trap || a.gas_used != b.gas_used || a.results != b.results ||
            a.where != b.where) {
            return "engine: " + text_of(a) + "; oracle: " + text_of(b);
        }
        if (engine_notes_ != oracle_notes_) {
            return "the host was told different things";
        }
        if (!std::ranges::equal(engine_.memory(), oracle_.memory())) {
            return "memories differ";
        }
        globals_.clear();
        for (std::uint32_t i = 0; i < oracle_.global_count(); ++i) {
            const wasm::ValueType type = module_->global_types[i].type;
            globals_.push_back(comparable(type, engine_.global(i)));
            if (globals_.back() != comparable(type, oracle_.global(i))) {
                return "globals differ";
            }
        }
        return {};
    }

    wasm::ValidatedModule module_;
    const Manner& manner_;
    exec::Instance engine_;
    Oracle oracle_;
    Notes engine_notes_;
    Notes oracle_notes_;
    std::vector<std::uint64_t> globals_;
    Comparison result_;
};

Comparison refused(std::string why) {
    Comparison result;
    result.refusal = std::move(why);
    return result;
}

}  // namespace

bool is_counter(std::string_view export_name) {
    return export_name == "refuel" || export_name == "hangLimitInitializer";
}

Comparison compare(BytesView file, Random& random, const Manner& manner) {
    auto decoded = wasm::decode(file, wasm::Limits::widest());
    if (!decoded) {
        return refused("decode: " + decoded.error().message);
    }
    auto validated = wasm::validate(*std::move(decoded));
    if (!validated) {
        return refused("validate: " + validated.error().message);
    }
    const gas::Schedule schedule = *gas::schedule(gas::newest_schedule);
    auto linked = exec::link(prepare::prepare(*validated, schedule), host_functions());
    if (!linked) {
        return refused("link: " + linked.error().message);
    }
    return Sides(*validated, *std::move(linked), schedule, manner).run(random);
}

}  // namespace aqd::oracle
