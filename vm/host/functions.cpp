#include "vm/host/call.h"

#include <aqd/host/functions.h>

#include <string_view>
#include <vector>

namespace aqd::host {
namespace {

template <Trap (*Function)(const Call&), std::uint32_t GasPerByte>
Trap enter(void* context, exec::HostCall& raw) {
    const Call call(*static_cast<CallContext*>(context), raw, GasPerByte);
    return Function(call);
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

std::vector<exec::HostFunction> make_functions() {
    return {
#define AQD_HOST(name, parameters, result, gas, gas_per_byte, doc) \
    exec::HostFunction{"aqd",                                      \
                       #name,                                      \
                       {types_of(parameters), types_of(result)},   \
                       gas,                                        \
                       enter<host_##name, gas_per_byte>},
#include <aqd/abi/host_functions.def>
#undef AQD_HOST
    };
}

}  // namespace

std::span<const exec::HostFunction> functions() {
    static const std::vector<exec::HostFunction> table = make_functions();
    return table;
}

}  // namespace aqd::host
