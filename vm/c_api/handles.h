#pragma once

#include <aqd/embed/engine.h>
#include <aqd/engine/engine.h>
#include <aqd/state/memory_state.h>
#include <aqd/vm.h>

#include <memory>
#include <optional>
#include <variant>

// What the opaque names of <aqd/vm.h> stand for.
// NOLINTBEGIN(readability-identifier-naming)

struct aqd_engine {
    aqd::embed::Engine engine;
};

struct aqd_host_functions {
    aqd::embed::HostFunctions functions;
};

struct aqd_host_call {
    aqd::embed::CallFrame* frame;
    aqd::exec::HostCall* call;
};

struct aqd_module {
    aqd::embed::Module module;
};

struct aqd_pool {
    std::shared_ptr<aqd::embed::InstancePool> pool;
};

struct aqd_instance {
    /// The pool of a lease outlives it: declared first, destroyed last.
    std::shared_ptr<aqd::embed::InstancePool> pool;
    std::variant<aqd::embed::Instance, aqd::embed::InstancePool::Lease> instance;

    aqd::embed::Instance& get() {
        return instance.index() == 0 ? std::get<0>(instance) : *std::get<1>(instance);
    }
};

struct aqd_row_sink {
    std::optional<aqd::state::Row> row;
    bool failed = false;
};

struct aqd_memory_state {
    aqd::state::MemoryState state;
};

struct aqd_contract_engine {
    aqd::Hash256 chain;
    std::unique_ptr<aqd::engine::Engine> engine;
};

struct aqd_contract {
    aqd::Hash256 chain;
    std::shared_ptr<const aqd::engine::Code> code;
};

// NOLINTEND(readability-identifier-naming)
