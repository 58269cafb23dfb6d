#include "vm/c_api/border.h"
#include "vm/c_api/handles.h"

#include <algorithm>
#include <vector>

using namespace aqd;
using namespace aqd::c_api;

namespace {

constexpr std::string_view no_instance = "instance and outputs must be there";
constexpr std::string_view small_options = "struct_size of aqd_call_options is too small";

void write_outcome(const embed::Outcome& ran, std::uint64_t* results, aqd_outcome& outcome) {
    outcome.trap = static_cast<aqd_trap>(ran.trap);
    outcome.gas_used = ran.gas_used;
    outcome.result_count = ran.results.size();
    std::ranges::transform(ran.results, results, &embed::Value::word);
    const embed::Place place = ran.where.value_or(embed::Place());
    outcome.has_place = ran.where ? 1 : 0;
    outcome.function_index = place.function_index;
    outcome.code_offset = place.code_offset;
    outcome.line = place.line;
    outcome.column = place.column;
    outcome.file_length = place.file.size();
    copy_text(place.file, outcome.file, outcome.file_capacity);
}

aqd_status call(aqd_instance& instance, const char* function,
                std::span<const std::uint64_t> arguments, std::span<std::uint64_t> results,
                const embed::CallOptions& options, aqd_outcome& outcome, aqd_message* message) {
    const auto type = instance.get().module().type_of(function);
    if (!type) {
        return refuse(message, type.error());
    }
    outcome.result_count = type->results.size();
    if (type->results.size() > results.size()) {
        tell(message, "the function has more results");
        return AQD_BUFFER_TOO_SMALL;
    }
    std::vector<embed::Value> values;
    values.reserve(arguments.size());
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        // What is too many has some type or other: the call says that it is too many.
        values.push_back(embed::Value::from_word(
            i < type->parameters.size() ? type->parameters[i] : wasm::ValueType::i64,
            arguments[i]));
    }
    const auto ran = instance.get().call(function, values, options);
    if (!ran) {
        outcome.result_count = 0;
        return refuse(message, ran.error());
    }
    write_outcome(*ran, results.data(), outcome);
    tell(message, ran->message);
    return AQD_OK;
}

}  // namespace

extern "C" {

aqd_status aqd_instance_create(const aqd_module* module, const aqd_call_options* options,
                               aqd_instance** instance, aqd_message* message) {
    return guarded(message, [&] {
        if (instance != nullptr) {
            *instance = nullptr;
        }
        if (module == nullptr || instance == nullptr) {
            return bad_argument(message, "module and instance must be there");
        }
        embed::CallOptions with;
        if (!read_options(options, with)) {
            return bad_argument(message, small_options);
        }
        auto made = module->module.instantiate(with);
        if (!made) {
            return refuse(message, made.error());
        }
        *instance = new aqd_instance{nullptr, std::move(*made)};
        return aqd_status{AQD_OK};
    });
}

aqd_status aqd_instance_destroy(aqd_instance* instance) {
    return guarded(nullptr, [&] {
        if (instance != nullptr && instance->get().is_running()) {
            return aqd_status{AQD_CONFLICT};
        }
        delete instance;
        return aqd_status{AQD_OK};
    });
}

aqd_status aqd_instance_call(aqd_instance* instance, const char* function,
                             const std::uint64_t* arguments, std::size_t argument_count,
                             std::uint64_t* results, std::size_t result_capacity,
                             const aqd_call_options* options, aqd_outcome* outcome,
                             aqd_message* message) {
    return guarded(message, [&] {
        if (!is_whole(outcome)) {
            return bad_argument(message, "aqd_outcome is null or too small");
        }
        outcome->trap = AQD_TRAP_NONE;
        outcome->gas_used = 0;
        outcome->result_count = 0;
        outcome->has_place = 0;
        outcome->file_length = 0;
        if (instance == nullptr || function == nullptr || !is_region(arguments, argument_count) ||
            !is_region(results, result_capacity) ||
            !is_region(outcome->file, outcome->file_capacity)) {
            return bad_argument(message, "instance, function and buffers must be there");
        }
        constexpr std::size_t most_arguments = 1'000;
        if (argument_count > most_arguments) {
            tell(message, "no function takes so many arguments");
            return aqd_status{AQD_INVALID};
        }
        embed::CallOptions with;
        if (!read_options(options, with)) {
            return bad_argument(message, small_options);
        }
        return call(*instance, function, {arguments, argument_count}, {results, result_capacity},
                    with, *outcome, message);
    });
}

aqd_status aqd_instance_reset(aqd_instance* instance, const aqd_call_options* options,
                              aqd_message* message) {
    return guarded(message, [&] {
        embed::CallOptions with;
        if (instance == nullptr || !read_options(options, with)) {
            return bad_argument(message, instance == nullptr ? no_instance : small_options);
        }
        const auto done = instance->get().reset(with);
        return done ? aqd_status{AQD_OK} : refuse(message, done.error());
    });
}

aqd_status aqd_instance_memory(aqd_instance* instance, std::uint8_t** octets, std::size_t* size,
                               aqd_message* message) {
    return guarded(message, [&] {
        if (instance == nullptr || octets == nullptr || size == nullptr) {
            return bad_argument(message, no_instance);
        }
        const auto memory = instance->get().memory();
        *octets = memory.data();
        *size = memory.size();
        return aqd_status{AQD_OK};
    });
}

aqd_status aqd_instance_read(aqd_instance* instance, std::uint64_t address, std::uint8_t* octets,
                             std::size_t size, aqd_message* message) {
    return guarded(message, [&] {
        if (instance == nullptr || !is_region(octets, size)) {
            return bad_argument(message, no_instance);
        }
        const auto memory = instance->get().memory();
        if (address > memory.size() || size > memory.size() - address) {
            tell(message, "beyond the end of the memory");
            return aqd_status{AQD_TOO_LARGE};
        }
        std::ranges::copy(memory.subspan(address, size), octets);
        return aqd_status{AQD_OK};
    });
}

aqd_status aqd_instance_write(aqd_instance* instance, std::uint64_t address,
                              const std::uint8_t* octets, std::size_t size, aqd_message* message) {
    return guarded(message, [&] {
        if (instance == nullptr || !is_region(octets, size)) {
            return bad_argument(message, no_instance);
        }
        const auto done = instance->get().write(address, view_of(octets, size));
        return done ? aqd_status{AQD_OK} : refuse(message, done.error());
    });
}

aqd_status aqd_instance_global(aqd_instance* instance, const char* name, std::uint64_t* value,
                               aqd_type* type, aqd_message* message) {
    return guarded(message, [&] {
        if (instance == nullptr || name == nullptr || value == nullptr) {
            return bad_argument(message, no_instance);
        }
        const auto found = instance->get().global(name);
        if (!found) {
            return refuse(message, found.error());
        }
        *value = found->word();
        if (type != nullptr) {
            *type = type_of(found->type());
        }
        return aqd_status{AQD_OK};
    });
}

aqd_status aqd_pool_create(const aqd_module* module, std::size_t most_idle, aqd_pool** pool,
                           aqd_message* message) {
    return guarded(message, [&] {
        if (pool != nullptr) {
            *pool = nullptr;
        }
        if (module == nullptr || pool == nullptr) {
            return bad_argument(message, "module and pool must be there");
        }
        *pool = new aqd_pool{std::make_shared<embed::InstancePool>(module->module, most_idle)};
        return aqd_status{AQD_OK};
    });
}

aqd_status aqd_pool_take(aqd_pool* pool, const aqd_call_options* options, aqd_instance** instance,
                         aqd_message* message) {
    return guarded(message, [&] {
        if (instance != nullptr) {
            *instance = nullptr;
        }
        if (pool == nullptr || instance == nullptr) {
            return bad_argument(message, "pool and instance must be there");
        }
        embed::CallOptions with;
        if (!read_options(options, with)) {
            return bad_argument(message, small_options);
        }
        auto taken = pool->pool->take(with);
        if (!taken) {
            return refuse(message, taken.error());
        }
        *instance = new aqd_instance{pool->pool, std::move(*taken)};
        return aqd_status{AQD_OK};
    });
}

void aqd_pool_destroy(aqd_pool* pool) {
    delete pool;
}

}  // extern "C"
