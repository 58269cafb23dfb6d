#pragma once

#include <aqd/base/result.h>
#include <aqd/exec/instance.h>
#include <aqd/wasm/validate.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace aqd::spec {

/// What can carry out modules: the engine, or the oracle. Instances are numbered; those of
/// `spectest` are there.
class Machine {
  public:
    virtual ~Machine() = default;
    virtual Result<std::size_t> create(wasm::ValidatedModule module) = 0;
    virtual exec::Outcome initialise(std::size_t instance) = 0;
    virtual exec::Outcome invoke(std::size_t instance, std::uint32_t function,
                                 std::span<const std::uint64_t> arguments) = 0;
    virtual std::uint64_t global(std::size_t instance, std::uint32_t index) = 0;
    virtual const wasm::Module& module(std::size_t instance) = 0;
    virtual void give_name(const std::string& name, std::size_t instance) = 0;
};

std::unique_ptr<Machine> engine();
/// Both, one beside the other; where they differ is told.
std::unique_ptr<Machine> engine_and_oracle(std::vector<std::string>& differences);

/// Functions that print nothing.
std::vector<exec::HostFunction> spectest_functions();
/// A module that exports what else the scripts ask of `spectest`.
wasm::ValidatedModule spectest_module();

}  // namespace aqd::spec
