#include "vm/c_api/border.h"
#include "vm/c_api/handles.h"

#include <optional>
#include <string>

using namespace aqd;
using namespace aqd::c_api;

namespace {

/// A callback of the host and what belongs to it.
class Callback {
  public:
    explicit Callback(const aqd_host_function& function)
        : callback_(function.callback),
          user_data_(function.user_data),
          destroy_(function.destroy) {}
    Callback(const Callback&) = delete;
    Callback& operator=(const Callback&) = delete;
    ~Callback() {
        if (destroy_ != nullptr) {
            destroy_(user_data_);
        }
    }

    static exec::Trap serve(void* context, exec::HostCall& call) noexcept {
        auto* frame = static_cast<embed::CallFrame*>(context);
        try {
            return static_cast<const Callback*>(call.data())->run(*frame, call);
        } catch (...) {
            // A callback in C++ that throws all the same.
            return exec::Trap::host_fault;
        }
    }

  private:
    exec::Trap run(embed::CallFrame& frame, exec::HostCall& call) const {
        aqd_host_call handle{&frame, &call};
        std::uint64_t result = 0;
        const aqd_trap trap = callback_(user_data_, &handle, call.arguments().data(), &result);
        if (trap < 0 || trap > AQD_TRAP_NULL_REFERENCE) {
            frame.message = "a host function returned a trap that does not exist";
            return exec::Trap::host_fault;
        }
        call.set_result(result);
        return static_cast<exec::Trap>(trap);
    }

    aqd_host_callback callback_;
    void* user_data_;
    void (*destroy_)(void*);
};

std::optional<wasm::ValueType> number_type(aqd_type type) {
    switch (type) {
        case AQD_I32:
        case AQD_I64:
        case AQD_F32:
        case AQD_F64:
            return static_cast<wasm::ValueType>(type);
        default:
            return std::nullopt;
    }
}

}  // namespace

extern "C" {

aqd_status aqd_host_functions_create(aqd_host_functions** functions, aqd_message* message) {
    return guarded(message, [&] {
        if (functions == nullptr) {
            return bad_argument(message, "no place for the list");
        }
        *functions = nullptr;
        *functions = new aqd_host_functions;
        return aqd_status{AQD_OK};
    });
}

aqd_status aqd_host_functions_add(aqd_host_functions* functions, const aqd_host_function* function,
                                  aqd_message* message) {
    return guarded(message, [&] {
        if (!is_whole(function)) {
            return bad_argument(message, "aqd_host_function is null or too small");
        }
        const auto callback = std::make_shared<const Callback>(*function);
        if (functions == nullptr || function->module == nullptr || function->name == nullptr ||
            function->callback == nullptr ||
            !is_region(function->parameters, function->parameter_count)) {
            return bad_argument(message,
                                "list, module, name, callback and parameters must be there");
        }
        exec::HostFunction entry;
        entry.module = function->module;
        entry.name = function->name;
        for (std::size_t i = 0; i < function->parameter_count; ++i) {
            const auto type = number_type(function->parameters[i]);
            if (!type) {
                tell(message, "a parameter is no number");
                return aqd_status{AQD_INVALID};
            }
            entry.type.parameters.push_back(*type);
        }
        if (function->result != AQD_VOID) {
            const auto type = number_type(function->result);
            if (!type) {
                tell(message, "the result is no number");
                return aqd_status{AQD_INVALID};
            }
            entry.type.results.push_back(*type);
        }
        entry.gas = function->gas;
        entry.callback = &Callback::serve;
        entry.data = callback.get();
        functions->functions.add(std::move(entry), callback);
        return aqd_status{AQD_OK};
    });
}

void aqd_host_functions_destroy(aqd_host_functions* functions) {
    delete functions;
}

aqd_status aqd_host_call_memory(aqd_host_call* call, std::uint64_t address, std::uint64_t size,
                                std::uint8_t** octets) {
    if (call == nullptr || octets == nullptr) {
        return AQD_BAD_ARGUMENT;
    }
    *octets = nullptr;
    const auto region = call->call->memory(address, size);
    if (!region) {
        return AQD_TOO_LARGE;
    }
    *octets = region->data();
    return AQD_OK;
}

aqd_status aqd_host_call_charge(aqd_host_call* call, std::uint64_t gas) {
    if (call == nullptr) {
        return AQD_BAD_ARGUMENT;
    }
    return call->call->charge(gas) ? AQD_OK : AQD_TOO_LARGE;
}

std::uint64_t aqd_host_call_gas_left(const aqd_host_call* call) {
    return call == nullptr ? 0 : call->call->gas_left();
}

void* aqd_host_call_host(const aqd_host_call* call) {
    return call == nullptr ? nullptr : call->frame->host;
}

aqd_trap aqd_host_call_refuse(aqd_host_call* call, const char* words) {
    if (call == nullptr) {
        return AQD_TRAP_HOST_REFUSAL;
    }
    static_cast<void>(guarded(nullptr, [&] {
        call->frame->message = words == nullptr ? "" : words;
        return aqd_status{AQD_OK};
    }));
    return AQD_TRAP_HOST_REFUSAL;
}

}  // extern "C"
