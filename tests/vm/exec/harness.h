#pragma once

#include "tests/vm/wasm/wat.h"

#include <aqd/exec/instance.h>

#include <string>
#include <utility>
#include <vector>

namespace aqd::test {

inline std::shared_ptr<const exec::LinkedModule> linked(
    const std::string& text, const std::vector<exec::HostFunction>& host_functions = {}) {
    auto result =
        exec::link(prepare::prepare(valid_module(wat("(module " + text + ")")), *gas::schedule(1)),
                   host_functions);
    return *std::move(result);
}

/// An instance of a module in text form, ready to be called.
inline exec::Instance instance_of(const std::string& text,
                                  const std::vector<exec::HostFunction>& host_functions = {}) {
    exec::Instance instance = *exec::Instance::create(linked(text, host_functions));
    instance.initialise(1'000'000, nullptr);
    return instance;
}

inline exec::Outcome call(exec::Instance& instance, std::string_view name,
                          std::vector<std::uint64_t> arguments = {}, std::uint64_t gas = 1'000'000,
                          void* context = nullptr) {
    return instance.invoke(name, arguments, gas, context);
}

}  // namespace aqd::test
