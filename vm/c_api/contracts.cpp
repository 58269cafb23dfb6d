#include "vm/c_api/border.h"
#include "vm/c_api/callback_state.h"
#include "vm/c_api/handles.h"

#include <aqd/abi/refusal.h>
#include <aqd/embed/contract_call.h>

#include <algorithm>
#include <vector>

using namespace aqd;
using namespace aqd::c_api;

namespace {

template <class Fixed>
std::optional<Fixed> read_fixed(const std::uint8_t* octets) {
    if (octets == nullptr) {
        return std::nullopt;
    }
    return Fixed::from({octets, Fixed::size_bytes});
}

void write_place(const embed::ContractOutcome& ran, aqd_contract_outcome& outcome) {
    const engine::Site site = ran.site.value_or(engine::Site());
    outcome.has_place = ran.site ? 1 : 0;
    outcome.function_index = site.function_index;
    outcome.code_offset = site.code_offset;
    outcome.line = site.line;
    outcome.column = site.column;
    outcome.file_length = site.file.size();
    copy_text(site.file, outcome.file, outcome.file_capacity);
}

aqd_status tell_effects(const embed::ContractOutcome& ran, const aqd_receiver& receiver) {
    if (receiver.write != nullptr) {
        for (const state::Write& write : ran.writes) {
            static constexpr std::uint8_t nothing = 0;
            const std::uint8_t* value = nullptr;
            if (write.value) {
                // An empty value is not the same as none.
                value = write.value->empty() ? &nothing : write.value->data();
            }
            const aqd_status status =
                receiver.write(receiver.user_data, write.key.data(), write.key.size(), value,
                               write.value ? write.value->size() : 0);
            if (status != AQD_OK) {
                return status;
            }
        }
    }
    if (receiver.event != nullptr) {
        for (const system::Event& event : ran.events) {
            const Bytes encoded = system::encode_event(event);
            const aqd_status status =
                receiver.event(receiver.user_data, encoded.data(), encoded.size());
            if (status != AQD_OK) {
                return status;
            }
        }
    }
    return AQD_OK;
}

std::string words_of(const embed::ContractOutcome& ran) {
    if (ran.refusal == static_cast<std::uint16_t>(abi::Refusal::Trap) && ran.site) {
        return ran.site->trap;
    }
    const std::string_view name = abi::refusal_name(ran.refusal);
    return name.empty() ? "the contract's error " + std::to_string(ran.refusal) : std::string(name);
}

Result<embed::ContractOutcome> run(const aqd_contract_engine& engine, const aqd_contract& contract,
                                   const aqd_state& state, const aqd_contract_call& call) {
    embed::ContractCall request;
    request.entry = call.entry;
    request.arguments = view_of(call.arguments, call.argument_size);
    request.gas_limit = call.gas_limit;
    request.caller = read_fixed<abi::Account>(call.caller);
    request.case_id = read_fixed<abi::CaseId>(call.case_id);
    request.identity = read_fixed<Hash256>(call.identity).value_or(Hash256());
    request.height = call.height;
    request.now = call.now;
    std::vector<std::shared_ptr<const engine::Code>> others;
    others.reserve(call.other_count);
    for (std::size_t i = 0; i < call.other_count; ++i) {
        others.push_back(call.others[i]->code);
    }
    return embed::run_contract(*engine.engine, engine.chain, *contract.code, others,
                               CallbackState(state), request);
}

bool is_call(const aqd_contract_call* call) {
    return is_whole(call) && call->entry != nullptr &&
           is_region(call->arguments, call->argument_size) &&
           is_region(call->others, call->other_count) &&
           std::all_of(call->others, call->others + call->other_count,
                       [](const aqd_contract* other) { return other != nullptr; });
}

aqd_status finish(const embed::ContractOutcome& ran, const aqd_receiver* receiver,
                  aqd_contract_outcome& outcome, aqd_message* message) {
    outcome.refusal = ran.refusal;
    outcome.gas_used = ran.gas;
    outcome.has_result = ran.result ? 1 : 0;
    outcome.result_size = ran.result ? ran.result->size() : 0;
    write_place(ran, outcome);
    if (ran.refusal != 0) {
        tell(message, words_of(ran));
        return AQD_OK;
    }
    if (outcome.result != nullptr) {
        if (outcome.result_size > outcome.result_capacity) {
            tell(message, "the result is longer");
            return AQD_BUFFER_TOO_SMALL;
        }
        std::ranges::copy(view_of(ran.result ? ran.result->data() : nullptr, outcome.result_size),
                          outcome.result);
    }
    const aqd_status status = receiver == nullptr ? AQD_OK : tell_effects(ran, *receiver);
    if (status != AQD_OK) {
        tell(message, "the receiver said no");
    }
    return status;
}

}  // namespace

extern "C" {

aqd_status aqd_contract_engine_create(const aqd_contract_options* options,
                                      aqd_contract_engine** engine, aqd_message* message) {
    return guarded(message, [&] {
        if (engine == nullptr) {
            return bad_argument(message, "no place for the engine");
        }
        *engine = nullptr;
        if (options != nullptr && !is_whole(options)) {
            return bad_argument(message, "struct_size of aqd_contract_options is too small");
        }
        engine::Options read;
        if (options != nullptr) {
            read.chain = read_fixed<Hash256>(options->chain).value_or(Hash256());
            read.gas_schedule =
                options->gas_schedule == 0 ? gas::newest_schedule : options->gas_schedule;
        }
        auto made = engine::Engine::create(read);
        if (!made) {
            return refuse(message, made.error());
        }
        *engine = new aqd_contract_engine{read.chain, std::move(*made)};
        return aqd_status{AQD_OK};
    });
}

void aqd_contract_engine_destroy(aqd_contract_engine* engine) {
    delete engine;
}

aqd_status aqd_contract_compile(aqd_contract_engine* engine, const std::uint8_t* wasm,
                                std::size_t wasm_size, aqd_contract** contract,
                                aqd_message* message) {
    return guarded(message, [&] {
        if (contract != nullptr) {
            *contract = nullptr;
        }
        if (engine == nullptr || contract == nullptr || !is_region(wasm, wasm_size)) {
            return bad_argument(message, "engine, wasm and contract must be there");
        }
        auto code = engine->engine->compile(view_of(wasm, wasm_size));
        if (!code) {
            return refuse(message, code.error());
        }
        *contract = new aqd_contract{engine->chain, std::move(*code)};
        return aqd_status{AQD_OK};
    });
}

void aqd_contract_destroy(aqd_contract* contract) {
    delete contract;
}

aqd_status aqd_contract_manifest(const aqd_contract* contract, std::uint8_t* manifest,
                                 std::size_t capacity, std::size_t* size, aqd_message* message) {
    return guarded(message, [&] {
        if (contract == nullptr || size == nullptr || !is_region(manifest, capacity)) {
            return bad_argument(message, "contract, manifest and size must be there");
        }
        const Bytes encoded = abi::encode_manifest(contract->code->manifest());
        *size = encoded.size();
        if (*size > capacity) {
            tell(message, "the manifest is longer");
            return aqd_status{AQD_BUFFER_TOO_SMALL};
        }
        std::ranges::copy(encoded, manifest);
        return aqd_status{AQD_OK};
    });
}

aqd_status aqd_contract_run(const aqd_contract_engine* engine, const aqd_contract* contract,
                            const aqd_state* state, const aqd_contract_call* call,
                            const aqd_receiver* receiver, aqd_contract_outcome* outcome,
                            aqd_message* message) {
    return guarded(message, [&] {
        if (engine == nullptr || contract == nullptr) {
            return bad_argument(message, "engine and contract must be there");
        }
        if (!is_whole(state) || state->get == nullptr || state->next == nullptr) {
            return bad_argument(message, "aqd_state is too small, or has no callbacks");
        }
        if (!is_call(call)) {
            return bad_argument(message, "aqd_contract_call is too small, or lacks something");
        }
        if (receiver != nullptr && !is_whole(receiver)) {
            return bad_argument(message, "struct_size of aqd_receiver is too small");
        }
        if (!is_whole(outcome) || !is_region(outcome->result, outcome->result_capacity) ||
            !is_region(outcome->file, outcome->file_capacity)) {
            return bad_argument(message, "aqd_contract_outcome is too small, or lacks a buffer");
        }
        const auto elsewhere = [&](const aqd_contract* one) { return one->chain != engine->chain; };
        if (elsewhere(contract) ||
            std::any_of(call->others, call->others + call->other_count, elsewhere)) {
            tell(message, "the contract was compiled for another chain");
            return aqd_status{AQD_INVALID};
        }
        const auto ran = run(*engine, *contract, *state, *call);
        return ran ? finish(*ran, receiver, *outcome, message) : refuse(message, ran.error());
    });
}

}  // extern "C"
