#include "vm/engine/profile_run.h"

#include <aqd/engine/engine.h>
#include <aqd/engine/profile.h>
#include <aqd/host/functions.h>
#include <aqd/prepare/prepare.h>
#include <aqd/wasm/decode.h>

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace aqd::engine {
namespace {

using exec::Trap;

/// What the host of a module with notes keeps while it runs.
class Recorder {
  public:
    Recorder(const gas::Instrumented& notes, host::CallContext& context)
        : notes_(notes),
          context_(&context),
          own_(notes.steps.size()),
          entered_(notes.steps.size()),
          hosts_(host::functions().size()) {}

    void begin(std::uint64_t gas_limit) { left_ = gas_limit; }

    Trap note(exec::HostCall& call) {
        settle(call.gas_left());
        const gas::Note& note = notes_.notes[call.argument(0)];
        at_ = note.step;
        if (note.cost == 0) {
            return Trap::none;
        }
        if (!call.charge(note.cost)) {
            return Trap::out_of_gas;
        }
        ++entered_[note.step];
        left_ = call.gas_left();
        return Trap::none;
    }

    Trap host(std::size_t index, exec::HostCall& call) {
        settle(call.gas_left());
        const exec::HostFunction& function = host::functions()[index];
        Host& mine = hosts_[index];
        ++mine.calls;
        const Trap trap =
            call.charge(function.gas) ? function.callback(context_, call) : Trap::out_of_gas;
        mine.gas += left_ - call.gas_left();
        settle(call.gas_left());
        return trap;
    }

    /// After everything: whatever is missing was taken by the step that ended the run.
    void end(std::uint64_t gas_left) { settle(gas_left); }

    [[nodiscard]] RunProfile profile() const {
        RunProfile profile;
        std::uint64_t times = 0;
        for (std::size_t i = 0; i < notes_.steps.size(); ++i) {
            const gas::Step& step = notes_.steps[i];
            times += entered_[i];
            const std::uint64_t paid = own_[i] + times * step.price;
            if (paid != 0) {
                profile.places.push_back({step.code_offset, paid});
            }
            if (step.ends_region) {
                times = 0;
            }
        }
        std::ranges::sort(profile.places, {}, &RunProfile::Place::code_offset);
        for (std::size_t i = 0; i < hosts_.size(); ++i) {
            if (hosts_[i].calls != 0) {
                profile.hosts.push_back(
                    {host::functions()[i].name, hosts_[i].calls, hosts_[i].gas});
            }
        }
        std::ranges::sort(profile.hosts, [](const auto& a, const auto& b) {
            return std::tie(b.gas, a.name) < std::tie(a.gas, b.name);
        });
        return profile;
    }

  private:
    struct Host {
        std::uint64_t calls = 0;
        std::uint64_t gas = 0;
    };

    /// What was paid since the last time belongs to the instruction that was noted last.
    void settle(std::uint64_t gas_left) {
        if (left_ != gas_left) {
            own_[at_] += left_ - gas_left;
            left_ = gas_left;
        }
    }

    const gas::Instrumented& notes_;
    host::CallContext* context_;
    std::vector<std::uint64_t> own_;      ///< by step: what depended on a size
    std::vector<std::uint64_t> entered_;  ///< by step: how often a region began there
    std::vector<Host> hosts_;
    std::uint64_t left_ = 0;
    std::uint32_t at_ = 0;
};

Trap note(void* recorder, exec::HostCall& call) {
    return static_cast<Recorder*>(recorder)->note(call);
}

template <std::size_t index>
Trap host(void* recorder, exec::HostCall& call) {
    return static_cast<Recorder*>(recorder)->host(index, call);
}

constexpr std::size_t host_count = 0
#define AQD_HOST(name, parameters, result, gas, gas_per_byte, doc) +1
#include <aqd/abi/host_functions.def>
#undef AQD_HOST
    ;

template <std::size_t... index>
constexpr auto make_hosts(std::index_sequence<index...>) {
    return std::array<exec::HostCallback, sizeof...(index)>{host<index>...};
}

/// The host functions behind a recorder, which charges for them.
std::vector<exec::HostFunction> recorded_functions() {
    constexpr auto callbacks = make_hosts(std::make_index_sequence<host_count>());
    const auto originals = host::functions();
    std::vector<exec::HostFunction> functions(originals.begin(), originals.end());
    for (std::size_t i = 0; i < functions.size(); ++i) {
        functions[i].gas = 0;
        functions[i].callback = callbacks[i];
    }
    functions.push_back({std::string(gas::note_module),
                         std::string(gas::note_name),
                         {{wasm::ValueType::i32}, {}},
                         0,
                         note});
    return functions;
}

}  // namespace

std::vector<RunProfile::Line> RunProfile::lines() const {
    std::map<std::pair<std::string, std::uint32_t>, std::uint64_t> sums;
    for (const Place& place : places) {
        const abi::LineTable::Row* row = code->lines().find(place.code_offset);
        if (row == nullptr || row->line == 0) {
            sums[{"", 0}] += place.gas;
        } else {
            sums[{code->lines().files[row->file], row->line}] += place.gas;
        }
    }
    std::vector<Line> lines;
    lines.reserve(sums.size());
    for (const auto& [place, sum] : sums) {
        lines.push_back({place.first, place.second, sum});
    }
    std::ranges::sort(lines, [](const Line& a, const Line& b) {
        return std::tie(b.gas, a.file, a.line) < std::tie(a.gas, b.file, b.line);
    });
    return lines;
}

Profiler::Profiler(Engine& engine) : engine_(engine) {
    engine_.profiler_ = this;
}

Profiler::~Profiler() {
    engine_.profiler_ = nullptr;
}

std::vector<RunProfile> Profiler::take() {
    return std::exchange(runs_, {});
}

Result<const Profiler::Prepared*> Profiler::prepared(const Code& code) {
    std::unique_ptr<Prepared>& kept = prepared_[code.hash()];
    if (kept == nullptr) {
        const prepare::PreparedCode& original = code.linked().code();
        AQD_TRY(notes, gas::instrument(original.module, original.schedule));
        // Notes make everything longer; what may be deployed was decided before.
        wasm::Limits limits = wasm::Limits::widest();
        limits.memory_pages = original.module->limits.memory_pages;
        limits.table_elements = original.module->limits.table_elements;
        AQD_TRY(decoded, wasm::decode(notes.module, limits));
        AQD_TRY(validated, wasm::validate(std::move(decoded)));
        AQD_TRY(linked, exec::link(prepare::prepare(validated, gas::unpriced(original.schedule)),
                                   recorded_functions()));
        kept = std::make_unique<Prepared>(std::move(notes), std::move(linked));
    }
    return kept.get();
}

Result<ProfiledRun> run_profiled(const Profiler::Prepared& prepared, std::string_view exported,
                                 std::uint64_t gas_limit, host::CallContext& context) {
    AQD_TRY(instance, exec::Instance::create(prepared.linked));
    Recorder recorder(prepared.notes, context);
    recorder.begin(gas_limit);
    exec::Outcome outcome = instance.initialise(gas_limit, &recorder);
    std::uint64_t used = outcome.gas_used;
    if (outcome.trap == Trap::none) {
        const std::array<std::uint64_t, 1> arguments{context.arguments.size()};
        outcome = instance.invoke(exported, arguments, gas_limit - used, &recorder);
        used += outcome.gas_used;
    }
    recorder.end(gas_limit - used);
    if (outcome.where) {
        outcome.where->code_offset = prepared.notes.original(outcome.where->code_offset);
        outcome.where->function_index -= 1;
    }
    outcome.gas_used = used;
    ProfiledRun run{std::move(outcome), recorder.profile()};
    run.profile.exported = exported;
    return run;
}

}  // namespace aqd::engine
