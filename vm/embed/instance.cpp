#include "vm/embed/module_parts.h"

#include <aqd/embed/engine.h>
#include <aqd/exec/instance.h>

#include <algorithm>
#include <array>

namespace aqd::embed {

struct Instance::State {
    State(Module of, exec::Instance fresh) : module(std::move(of)), running(std::move(fresh)) {}

    Module module;
    exec::Instance running;
    Outcome started;
    bool is_running = false;
    bool ready = false;
};

namespace {

Outcome outcome_of(exec::Outcome ran, const abi::LineTable& lines, CallFrame frame) {
    Outcome outcome;
    outcome.trap = ran.trap;
    outcome.gas_used = ran.gas_used;
    if (ran.where) {
        Place& place = outcome.where.emplace();
        place.function_index = ran.where->function_index;
        place.code_offset = ran.where->code_offset;
        if (const abi::LineTable::Row* row = lines.find(place.code_offset)) {
            place.file = lines.files[row->file];
            place.line = row->line;
            place.column = row->column;
        }
    }
    if (ran.trap != Trap::none) {
        outcome.message = std::move(frame.message);
    }
    return outcome;
}

Result<> check_arguments(std::string_view name, const wasm::FunctionType& type,
                         std::span<const Value> arguments) {
    if (type.parameters.size() != arguments.size()) {
        return fail(ErrorCode::invalid, std::string(name) + " takes " +
                                            std::to_string(type.parameters.size()) +
                                            " arguments, not " + std::to_string(arguments.size()));
    }
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const wasm::ValueType wanted = type.parameters[i];
        if (wasm::is_reference(wanted)) {
            return fail(ErrorCode::unsupported, std::string(name) + " takes a reference");
        }
        if (wanted != arguments[i].type()) {
            return fail(ErrorCode::invalid, "argument " + std::to_string(i) + " of " +
                                                std::string(name) + " is " +
                                                std::string(wasm::name_of(wanted)) + ", not " +
                                                std::string(wasm::name_of(arguments[i].type())));
        }
    }
    return {};
}

}  // namespace

Result<Instance> Module::instantiate(const CallOptions& options) const {
    AQD_TRY(fresh, exec::Instance::create(parts_->linked));
    Instance instance(std::make_unique<Instance::State>(*this, std::move(fresh)));
    AQD_CHECK(instance.start(options));
    return instance;
}

Instance::Instance(std::unique_ptr<State> state) : state_(std::move(state)) {}
Instance::Instance(Instance&&) noexcept = default;
Instance& Instance::operator=(Instance&&) noexcept = default;
Instance::~Instance() = default;

Result<> Instance::start(const CallOptions& options) {
    CallFrame frame{options.host, {}};
    state_->is_running = true;
    exec::Outcome ran = state_->running.initialise(options.gas_limit, &frame);
    state_->is_running = false;
    state_->started = outcome_of(std::move(ran), state_->module.parts_->lines, std::move(frame));
    state_->ready = static_cast<bool>(state_->started);
    if (!state_->ready) {
        const Outcome& ended = state_->started;
        return fail(ErrorCode::invalid,
                    "initialising the instance trapped: " + std::string(exec::name_of(ended.trap)) +
                        (ended.message.empty() ? "" : ": " + ended.message));
    }
    return {};
}

void Instance::clear() {
    state_->ready = false;
    state_->running.reset();
}

Result<> Instance::reset(const CallOptions& options) {
    if (state_->is_running) {
        return fail(ErrorCode::conflict, "the instance is running");
    }
    clear();
    return start(options);
}

Result<Outcome> Instance::call(std::string_view function, std::span<const Value> arguments,
                               const CallOptions& options) {
    if (state_->is_running || !state_->ready) {
        return fail(ErrorCode::conflict, state_->is_running ? "the instance is running"
                                                            : "the instance is not initialised");
    }
    const Module::Parts& parts = *state_->module.parts_;
    const wasm::Export* found = parts.wasm().find_export(function);
    if (found == nullptr || found->kind != wasm::ExternalKind::function) {
        return fail(ErrorCode::not_found, "no exported function " + std::string(function));
    }
    const wasm::FunctionType& type = parts.wasm().type_of_function(found->index);
    AQD_CHECK(check_arguments(function, type, arguments));
    std::array<std::uint64_t, 16> few{};
    std::vector<std::uint64_t> many;
    std::span<std::uint64_t> words = few;
    if (arguments.size() > few.size()) {
        many.resize(arguments.size());
        words = many;
    }
    std::ranges::transform(arguments, words.begin(), &Value::word);

    CallFrame frame{options.host, {}};
    state_->is_running = true;
    exec::Outcome ran = state_->running.invoke(found->index, words.first(arguments.size()),
                                               options.gas_limit, &frame);
    state_->is_running = false;
    const std::vector<std::uint64_t> results = std::move(ran.results);
    Outcome outcome = outcome_of(std::move(ran), parts.lines, std::move(frame));
    outcome.results.reserve(results.size());
    for (std::size_t i = 0; i < results.size(); ++i) {
        outcome.results.push_back(Value::from_word(type.results[i], results[i]));
    }
    return outcome;
}

std::span<std::uint8_t> Instance::memory() {
    return state_->running.memory();
}

Result<Bytes> Instance::read(std::uint64_t address, std::uint64_t size) {
    const std::span<std::uint8_t> all = memory();
    if (address > all.size() || size > all.size() - address) {
        return fail(ErrorCode::too_large, "beyond the end of the memory");
    }
    return to_bytes(all.subspan(address, size));
}

Result<> Instance::write(std::uint64_t address, BytesView octets) {
    const std::span<std::uint8_t> all = memory();
    if (address > all.size() || octets.size() > all.size() - address) {
        return fail(ErrorCode::too_large, "beyond the end of the memory");
    }
    std::ranges::copy(octets, all.subspan(address).begin());
    return {};
}

Result<Value> Instance::global(std::string_view name) const {
    const wasm::Module& wasm = state_->module.parts_->wasm();
    const wasm::Export* found = wasm.find_export(name);
    if (found == nullptr || found->kind != wasm::ExternalKind::global) {
        return fail(ErrorCode::not_found, "no exported global " + std::string(name));
    }
    return Value::from_word(wasm.global_types[found->index].type,
                            state_->running.global(found->index));
}

const Outcome& Instance::started() const {
    return state_->started;
}

bool Instance::is_running() const {
    return state_->is_running;
}

const Module& Instance::module() const {
    return state_->module;
}

InstancePool::Lease::~Lease() {
    if (pool_ != nullptr) {
        pool_->give_back(std::move(instance_));
    }
}

Result<InstancePool::Lease> InstancePool::take(const CallOptions& options) {
    std::optional<Instance> waiting;
    {
        const std::lock_guard lock(mutex_);
        if (!idle_.empty()) {
            waiting.emplace(std::move(idle_.back()));
            idle_.pop_back();
        }
    }
    if (!waiting) {
        AQD_TRY(fresh, module_.instantiate(options));
        return Lease(this, std::move(fresh));
    }
    AQD_CHECK(waiting->start(options));
    return Lease(this, std::move(*waiting));
}

void InstancePool::give_back(Instance instance) {
    instance.clear();
    const std::lock_guard lock(mutex_);
    if (idle_.size() < most_idle_) {
        idle_.push_back(std::move(instance));
    }
}

}  // namespace aqd::embed
