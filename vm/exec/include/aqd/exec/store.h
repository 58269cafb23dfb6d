#pragma once

#include <aqd/exec/instance.h>

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace aqd::exec {

/// Instances that import functions, memories, tables and globals from one another (core
/// specification, section 4.2). They live as long as the store and belong to one thread together. A
/// call into another instance counts and costs as any call; a trap is located at that call, in the
/// instance that was invoked.
class Store {
  public:
    Store();
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;
    ~Store();

    /// Binds each import to a host function, or to what an instance exports that was given the name
    /// of the import's module. `Instance::initialise` comes next; an instance whose initialisation
    /// traps stays, since others may hold functions of it. `Instance::reset` is not for instances
    /// in a store. Errors: `not_found` or `invalid`, naming the import that is missing or does not
    /// fit; `io`.
    Result<Instance*> create(prepare::PreparedCode code,
                             std::span<const HostFunction> host_functions);

    /// From now on imports from that module mean the exports of the instance.
    void give_name(const std::string& module, const Instance* instance) {
        names_[module] = instance;
    }

  private:
    struct Less {
        bool operator()(const wasm::FunctionType& a, const wasm::FunctionType& b) const;
    };
    void number_types(LinkedModule::Parts& parts);
    Result<> resolve(LinkedModule::Parts& parts, std::span<const HostFunction> host_functions);
    Result<> resolve_one(LinkedModule::Parts& parts, const wasm::Import& import);

    std::map<wasm::FunctionType, std::uint32_t, Less> types_;
    std::map<std::string, const Instance*> names_;
    std::vector<std::unique_ptr<Instance>> instances_;
};

}  // namespace aqd::exec
