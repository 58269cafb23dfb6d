#include "tests/compiler/lower/fake_host.h"

#include "tests/compiler/lower/notation.h"

#include <aqd/abi/cbor.h>
#include <aqd/abi/keys.h>
#include <aqd/abi/text.h>
#include <aqd/base/assert.h>
#include <aqd/base/hex.h>
#include <aqd/calendar/civil_date.h>
#include <aqd/crypto/sha256.h>

#include <algorithm>

namespace aqd::lower::testing {
namespace {

using exec::HostCall;
using exec::Trap;

BytesView region(const HostCall& call, std::size_t index) {
    const auto memory = call.memory(call.argument(index), call.argument(index + 1));
    AQD_ASSERT(memory.has_value());
    return *memory;
}

void write(const HostCall& call, std::size_t index, BytesView value) {
    const auto memory = call.memory(call.argument(index), value.size());
    AQD_ASSERT(memory.has_value());
    std::ranges::copy(value, memory->begin());
}

// (out, cap): as much as fits; yields the whole length, or -1 for what is absent.
Trap give_out(HostCall& call, std::size_t index, const Bytes* value) {
    if (value == nullptr) {
        call.set_result(UINT32_MAX);
        return Trap::none;
    }
    const auto fits = std::min<std::uint64_t>(value->size(), call.argument(index + 1));
    write(call, index, BytesView(*value).first(fits));
    call.set_result(value->size());
    return Trap::none;
}

template <class Map, class Key>
const Bytes* find(const Map& map, const Key& key) {
    const auto found = map.find(key);
    return found == map.end() ? nullptr : &found->second;
}

std::uint32_t u32(const HostCall& call, std::size_t index) {
    return static_cast<std::uint32_t>(call.argument(index));
}

std::string number(std::uint64_t value) {
    return std::to_string(value);
}

std::string_view parameters_of(std::string_view wanted) {
#define AQD_HOST(name, parameters, result, gas, gas_per_byte, doc) \
    if (wanted == #name) {                                         \
        return parameters;                                         \
    }
#include <aqd/abi/host_functions.def>
#undef AQD_HOST
    return {};
}

std::vector<wasm::ValueType> types_of(std::string_view letters) {
    std::vector<wasm::ValueType> types;
    for (const char letter : letters) {
        if (letter != 'v') {
            types.push_back(letter == 'l' ? wasm::ValueType::i64 : wasm::ValueType::i32);
        }
    }
    return types;
}

#define AQD_HOST(name, parameters, result, gas, gas_per_byte, doc)   \
    Trap enter_##name(void* context, HostCall& call) {               \
        return static_cast<FakeHost*>(context)->handle(#name, call); \
    }
#include <aqd/abi/host_functions.def>
#undef AQD_HOST

}  // namespace

std::vector<exec::HostFunction> FakeHost::functions() {
    return {
#define AQD_HOST(name, parameters, result, gas, gas_per_byte, doc) \
    exec::HostFunction{"aqd", #name, {types_of(parameters), types_of(result)}, 0, enter_##name},
#include <aqd/abi/host_functions.def>
#undef AQD_HOST
    };
}

FakeHost::Named FakeHost::named_by(std::uint32_t module, std::string_view name,
                                   std::string_view keys) {
    return {module, abi::id8(name), keys.empty() ? Bytes() : cbor(keys)};
}

Trap FakeHost::refuse(abi::Refusal code) {
    refusal = static_cast<std::uint16_t>(code);
    return Trap::host_refusal;
}

Trap FakeHost::handle(std::string_view name, HostCall& call) {
    AQD_ASSERT(call.arguments().size() == parameters_of(name).size());
    if (name.starts_with("register_")) {
        return handle_register(name, call);
    }
    if (name.starts_with("case_")) {
        return handle_case(name, call);
    }
    if (name.starts_with("timer_") || name == "due") {
        return handle_timer(name, call);
    }
    if (name.starts_with("caller_") || name.find("body") != std::string_view::npos ||
        name == "authority_tag") {
        return handle_actor(name, call);
    }
    const Trap trap = handle_call(name, call);
    return trap == Trap::host_fault ? handle_message(name, call) : trap;
}

Trap FakeHost::handle_call(std::string_view name, HostCall& call) {
    if (name == "args_read") {
        write(call, 0, arguments);
    } else if (name == "return_value") {
        result = to_bytes(region(call, 0));
    } else if (name == "refuse") {
        refusal = static_cast<std::uint16_t>(call.argument(0));
        return Trap::host_refusal;
    } else if (name == "today") {
        call.set_result(static_cast<std::uint32_t>(today));
    } else if (name == "now") {
        call.set_result(static_cast<std::uint64_t>(now));
    } else if (name == "effective") {
        call.set_result(static_cast<std::uint32_t>(effective.value_or(today)));
    } else if (name == "backdate") {
        log.push_back("backdate " + number(call.argument(0)));
    } else if (name == "text_check") {
        const auto report = abi::check_text(as_text(region(call, 0)), call.argument(2));
        call.set_result(report.fault == abi::TextFault::none ? 1 : 0);
    } else if (name == "sha256") {
        write(call, 2, crypto::sha256(region(call, 0)).view());
    } else {
        return Trap::host_fault;
    }
    return Trap::none;
}

Trap FakeHost::handle_actor(std::string_view name, HostCall& call) {
    if (name == "caller_account") {
        write(call, 0, account);
    } else if (name == "caller_person") {
        write(call, 0, person);
    } else if (name == "caller_body") {
        return give_out(call, 0, body ? &*body : nullptr);
    } else if (name == "caller_has_role") {
        const BytesView keys = region(call, 2);
        const auto holds = [&](const Named& role) {
            return std::get<0>(role) == u32(call, 0) && std::get<1>(role) == call.argument(1) &&
                   (keys.empty() || std::get<2>(role) == to_bytes(keys));
        };
        const bool good = std::ranges::any_of(roles, holds);
        call.set_result(good ? 1 : 0);
    } else if (name == "caller_is_person") {
        const auto given = call.memory(call.argument(0), person.size());
        AQD_ASSERT(given.has_value());
        call.set_result(equal(*given, person) ? 1 : 0);
    } else if (name == "authority_tag") {
        Bytes tag(40, static_cast<std::uint8_t>(call.argument(0)));
        for (std::size_t i = 0; i < 8; ++i) {
            tag[32 + i] = static_cast<std::uint8_t>(call.argument(1) >> (56 - 8 * i));
        }
        write(call, 2, tag);
    } else if (name == "body_exists") {
        call.set_result(
            bodies.contains({u32(call, 0), call.argument(1), to_bytes(region(call, 2))}) ? 1 : 0);
    } else if (name == "body_attributes") {
        return give_out(
            call, 4,
            find(attributes, Named{u32(call, 0), call.argument(1), to_bytes(region(call, 2))}));
    } else if (name == "any_body_exists") {
        log.emplace_back("any_body_exists");
        call.set_result(1);
    } else {
        return Trap::host_fault;
    }
    return Trap::none;
}

Trap FakeHost::handle_register(std::string_view name, HostCall& call) {
    const bool reads = name == "register_get" || name == "register_has";
    const std::size_t first = reads ? 1 : 0;
    const Named key{reads ? u32(call, 0) : 0, call.argument(first),
                    to_bytes(region(call, first + 1))};
    if (name == "register_get") {
        return give_out(call, 4, find(registers, key));
    }
    if (name == "register_has") {
        call.set_result(registers.contains(key) ? 1 : 0);
    } else if (name == "register_put") {
        const auto mode = call.argument(5);
        if (mode == 1 && registers.contains(key)) {
            return refuse(abi::Refusal::KeyExists);
        }
        if (mode == 2 && !registers.contains(key)) {
            return refuse(abi::Refusal::MissingKey);
        }
        registers[key] = to_bytes(region(call, 3));
    } else if (registers.erase(key) == 0) {
        return refuse(abi::Refusal::MissingKey);
    }
    return Trap::none;
}

Trap FakeHost::handle_case_store(HostCall& call) {
    Case& row = cases[*current];
    row.state = u32(call, 0);
    row.settled = call.argument(1) == 1;
    const BytesView unique = region(call, 2);
    row.unique = unique.empty() ? std::nullopt : std::optional<Bytes>(to_bytes(unique));
    row.data = to_bytes(region(call, 4));
    return Trap::none;
}

Trap FakeHost::handle_case(std::string_view name, HostCall& call) {
    if (name == "case_load") {
        const bool good = named && cases[*named].procedure == call.argument(0);
        if (good) {
            current = named;
        }
        call.set_result(good ? 1 : 0);
    } else if (name == "case_join") {
        const Bytes unique = to_bytes(region(call, 1));
        for (std::size_t i = 0; i < cases.size(); ++i) {
            if (cases[i].procedure == call.argument(0) && cases[i].unique == unique &&
                !cases[i].settled) {
                current = i;
                call.set_result(1);
            }
        }
    } else if (name == "case_create") {
        current = cases.size();
        cases.push_back({call.argument(0), {}, false, effective.value_or(today), {}, {}});
    } else if (name == "case_id") {
        write(call, 0, Bytes(20, static_cast<std::uint8_t>(*current + 1)));
    } else if (name == "case_state") {
        call.set_result(cases[*current].state.value_or(UINT32_MAX));
    } else if (name == "case_opened") {
        call.set_result(static_cast<std::uint32_t>(cases[*current].opened));
    } else if (name == "case_data") {
        const auto& data = cases[*current].data;
        return give_out(call, 0, data ? &*data : nullptr);
    } else if (name == "case_store") {
        return handle_case_store(call);
    } else {
        return Trap::host_fault;
    }
    return Trap::none;
}

Trap FakeHost::handle_timer(std::string_view name, HostCall& call) {
    if (name == "due") {
        // Every day counts, whatever the unit; months are thirty days.
        const bool months = call.argument(2) == 2;
        const auto days = static_cast<std::int64_t>(call.argument(1)) * (months ? 30 : 1);
        call.set_result(static_cast<std::uint32_t>(static_cast<std::int32_t>(u32(call, 0)) + days));
        log.push_back("due unit " + number(call.argument(2)) + " flags " +
                      number(call.argument(3)));
    } else if (name == "timer_disarm") {
        log.push_back("disarm " + number(call.argument(0)));
    } else {
        std::string line = name == "timer_arm" ? "arm" : "arm_at";
        for (const std::uint64_t argument : call.arguments()) {
            line += " " + std::to_string(static_cast<std::int64_t>(argument));
        }
        log.push_back(line);
    }
    return Trap::none;
}

Trap FakeHost::handle_message(std::string_view name, HostCall& call) {
    std::string line(name);
    if (name == "receipt_to") {
        const auto to = call.memory(call.argument(0), 32);
        AQD_ASSERT(to.has_value());
        line += " " + to_hex(to->first(2));
    } else if (name == "notify" || name == "ask") {
        line += " " + notation(region(call, 1));
    } else if (name == "escalate") {
        const BytesView keys = region(call, 2);
        line += " " + number(call.argument(0)) + " " + (keys.empty() ? "any" : notation(keys));
    } else if (name == "breach") {
        line += " " + number(region(call, 0).size());
    } else if (name == "accessed") {
        line += " " + notation(region(call, 1)) + " " + notation(region(call, 3));
    } else if (name == "notice_send") {
        line += " " + number(call.argument(0)) + " " + notation(region(call, 2)) + " to ";
        const auto to = abi::decode_value(region(call, 4));
        line += number(std::get<abi::Value::Array>(to->content).size());
        sent[call.argument(1)] = to_bytes(region(call, 4));
    } else if (name == "notice_recipients") {
        return give_out(call, 2, find(sent, call.argument(1)));
    } else if (name == "answer") {
        line += " " + notation(region(call, 0));
    } else {
        return Trap::host_fault;
    }
    log.push_back(line);
    return Trap::none;
}

}  // namespace aqd::lower::testing
