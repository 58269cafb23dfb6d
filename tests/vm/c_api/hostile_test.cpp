#include "tests/vm/wasm/wat.h"

#include <aqd/vm.h>

#include <catch2/catch.hpp>

#include <stdexcept>
#include <string>

using namespace aqd;

namespace {

/// A message with room, and what is in it.
struct Words {
    char text[200] = "untouched";
    aqd_message message{sizeof(aqd_message), text, sizeof text, 0};
    [[nodiscard]] std::string said() const { return text; }
};

struct Things {
    aqd_engine* engine = nullptr;
    aqd_module* module = nullptr;
    aqd_instance* instance = nullptr;
    aqd_host_functions* functions = nullptr;

    explicit Things(const std::string& text =
                        "(memory (export \"memory\") 1)"
                        "(func (export \"f\") (param i32) (result i32)"
                        " (local.get 0))"
                        "(func (export \"r\") (param externref))",
                    const aqd_host_function* function = nullptr) {
        const Bytes wasm = test::wat("(module " + text + ")");
        REQUIRE(aqd_engine_create(nullptr, &engine, nullptr) == AQD_OK);
        REQUIRE(aqd_host_functions_create(&functions, nullptr) == AQD_OK);
        if (function != nullptr) {
            REQUIRE(aqd_host_functions_add(functions, function, nullptr) == AQD_OK);
        }
        REQUIRE(aqd_module_compile(engine, wasm.data(), wasm.size(), functions, &module, nullptr) ==
                AQD_OK);
        REQUIRE(aqd_instance_create(module, nullptr, &instance, nullptr) == AQD_OK);
    }
    Things(const Things&) = delete;
    Things& operator=(const Things&) = delete;
    ~Things() {
        CHECK(aqd_instance_destroy(instance) == AQD_OK);
        aqd_module_destroy(module);
        aqd_host_functions_destroy(functions);
        aqd_engine_destroy(engine);
    }

    aqd_status call(const char* name, const std::uint64_t* arguments, std::size_t count,
                    std::size_t capacity, aqd_outcome& outcome, void* host = nullptr) {
        std::uint64_t result = 0;
        const aqd_call_options options{sizeof options, UINT64_MAX, host};
        return aqd_instance_call(instance, name, arguments, count,
                                 capacity == 0 ? nullptr : &result, capacity, &options, &outcome,
                                 nullptr);
    }
};

aqd_outcome fresh_outcome() {
    aqd_outcome outcome{};
    outcome.struct_size = sizeof outcome;
    return outcome;
}

}  // namespace

TEST_CASE("null where something must be is a bad argument, everywhere") {
    const Things things;
    std::size_t size = 0;
    std::uint8_t* octets = nullptr;
    std::uint64_t value = 0;
    aqd_module* module = nullptr;
    aqd_instance* instance = nullptr;
    aqd_pool* pool = nullptr;
    aqd_outcome outcome = fresh_outcome();
    const aqd_status all[] = {
        aqd_options_init(nullptr),
        aqd_engine_create(nullptr, nullptr, nullptr),
        aqd_host_functions_create(nullptr, nullptr),
        aqd_host_functions_add(things.functions, nullptr, nullptr),
        aqd_host_call_memory(nullptr, 0, 0, &octets),
        aqd_host_call_charge(nullptr, 0),
        aqd_module_compile(nullptr, nullptr, 0, nullptr, &module, nullptr),
        aqd_module_compile(things.engine, nullptr, 0, nullptr, nullptr, nullptr),
        aqd_module_compile(things.engine, nullptr, 1, nullptr, &module, nullptr),
        aqd_module_function_count(nullptr, &size, nullptr),
        aqd_module_function_count(things.module, nullptr, nullptr),
        aqd_module_function_name(things.module, 0, nullptr, 4, &size, nullptr),
        aqd_module_function_type(things.module, nullptr, nullptr, 0, &size, nullptr, 0, &size,
                                 nullptr),
        aqd_instance_create(nullptr, nullptr, &instance, nullptr),
        aqd_instance_create(things.module, nullptr, nullptr, nullptr),
        aqd_instance_call(nullptr, "f", nullptr, 0, nullptr, 0, nullptr, &outcome, nullptr),
        aqd_instance_call(things.instance, nullptr, nullptr, 0, nullptr, 0, nullptr, &outcome,
                          nullptr),
        aqd_instance_call(things.instance, "f", nullptr, 1, nullptr, 0, nullptr, &outcome, nullptr),
        aqd_instance_call(things.instance, "f", nullptr, 0, nullptr, 1, nullptr, &outcome, nullptr),
        aqd_instance_call(things.instance, "f", nullptr, 0, nullptr, 0, nullptr, nullptr, nullptr),
        aqd_instance_reset(nullptr, nullptr, nullptr),
        aqd_instance_memory(things.instance, nullptr, &size, nullptr),
        aqd_instance_read(things.instance, 0, nullptr, 1, nullptr),
        aqd_instance_write(things.instance, 0, nullptr, 1, nullptr),
        aqd_instance_global(things.instance, nullptr, &value, nullptr, nullptr),
        aqd_pool_create(nullptr, 1, &pool, nullptr),
        aqd_pool_take(nullptr, nullptr, &instance, nullptr),
        aqd_memory_state_create(nullptr, nullptr),
        aqd_memory_state_put(nullptr, nullptr, 0, nullptr, 0, nullptr),
        aqd_memory_state_view(nullptr, nullptr),
        aqd_contract_engine_create(nullptr, nullptr, nullptr),
        aqd_contract_compile(nullptr, nullptr, 0, nullptr, nullptr),
        aqd_contract_run(nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr),
    };
    std::size_t number = 0;
    for (const aqd_status status : all) {
        INFO(number++);
        CHECK(status == AQD_BAD_ARGUMENT);
    }
    // Destroying nothing is fine.
    aqd_engine_destroy(nullptr);
    aqd_module_destroy(nullptr);
    CHECK(aqd_instance_destroy(nullptr) == AQD_OK);
    aqd_pool_destroy(nullptr);
    aqd_contract_destroy(nullptr);
    aqd_contract_engine_destroy(nullptr);
    aqd_memory_state_destroy(nullptr);
    aqd_host_functions_destroy(nullptr);
    CHECK(aqd_host_call_gas_left(nullptr) == 0);
    CHECK(aqd_host_call_host(nullptr) == nullptr);
    CHECK(aqd_host_call_refuse(nullptr, nullptr) == AQD_TRAP_HOST_REFUSAL);
    aqd_row_sink_put(nullptr, nullptr, 0, nullptr, 0);
}

TEST_CASE("a structure that is too small is refused and not written to") {
    Things things;
    aqd_options options{};
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{8}, sizeof options - 1, std::size_t{1} << 20}) {
        options.struct_size = size;
        CHECK(aqd_options_init(&options) == AQD_BAD_ARGUMENT);
        CHECK(options.memory_pages == 0);
        aqd_engine* engine = things.engine;
        CHECK(aqd_engine_create(&options, &engine, nullptr) == AQD_BAD_ARGUMENT);
        CHECK(engine == nullptr);
    }
    aqd_outcome outcome{};
    outcome.struct_size = sizeof outcome - 1;
    outcome.gas_used = 77;
    const std::uint64_t argument = 1;
    CHECK(things.call("f", &argument, 1, 1, outcome) == AQD_BAD_ARGUMENT);
    CHECK(outcome.gas_used == 77);
    const aqd_call_options small{4, 100, nullptr};
    aqd_instance* instance = nullptr;
    CHECK(aqd_instance_create(things.module, &small, &instance, nullptr) == AQD_BAD_ARGUMENT);
    CHECK(aqd_instance_reset(things.instance, &small, nullptr) == AQD_BAD_ARGUMENT);
    Words words;
    words.message.struct_size = 8;
    CHECK(aqd_instance_reset(things.instance, nullptr, &words.message) == AQD_BAD_ARGUMENT);
    CHECK(words.said() == "untouched");
    // A larger one, of a later version of the header, is fine.
    struct Later {
        aqd_options options;
        std::uint64_t more;
    } later{};
    later.options.struct_size = sizeof later;
    CHECK(aqd_options_init(&later.options) == AQD_OK);
}

TEST_CASE("wrong names, counts and buffers run nothing and say what is needed") {
    Things things;
    aqd_outcome outcome = fresh_outcome();
    const std::uint64_t arguments[3] = {1, 2, 3};
    CHECK(things.call("g", arguments, 1, 1, outcome) == AQD_NOT_FOUND);
    CHECK(things.call("memory", arguments, 1, 1, outcome) == AQD_NOT_FOUND);
    CHECK(things.call("f", arguments, 0, 1, outcome) == AQD_INVALID);
    CHECK(things.call("f", arguments, 3, 1, outcome) == AQD_INVALID);
    CHECK(things.call("f", arguments, SIZE_MAX, 1, outcome) == AQD_INVALID);
    CHECK(things.call("r", arguments, 1, 1, outcome) == AQD_UNSUPPORTED);
    CHECK(things.call("f", arguments, 1, 0, outcome) == AQD_BUFFER_TOO_SMALL);
    CHECK(outcome.result_count == 1);
    CHECK(things.call("f", arguments, 1, 1, outcome) == AQD_OK);

    char name[2] = {};
    std::size_t size = 0;
    CHECK(aqd_module_function_name(things.module, 0, name, 1, &size, nullptr) ==
          AQD_BUFFER_TOO_SMALL);
    CHECK(size == 1);
    CHECK(aqd_module_function_name(things.module, 0, name, 2, &size, nullptr) == AQD_OK);
    CHECK(aqd_module_function_name(things.module, 2, name, 2, &size, nullptr) == AQD_NOT_FOUND);
    std::size_t results = 0;
    CHECK(aqd_module_function_type(things.module, "f", nullptr, 0, &size, nullptr, 0, &results,
                                   nullptr) == AQD_BUFFER_TOO_SMALL);
    CHECK((size == 1 && results == 1));

    std::uint8_t octet = 0;
    CHECK(aqd_instance_read(things.instance, 65'536, &octet, 1, nullptr) == AQD_TOO_LARGE);
    CHECK(aqd_instance_write(things.instance, UINT64_MAX, &octet, 1, nullptr) == AQD_TOO_LARGE);
    CHECK(aqd_instance_read(things.instance, 65'535, &octet, 1, nullptr) == AQD_OK);
}

TEST_CASE("a message is cut to its buffer and tells its whole length") {
    const Things things;
    const std::uint8_t rubbish[] = {1, 2, 3};
    aqd_module* module = nullptr;
    Words words;
    CHECK(aqd_module_compile(things.engine, rubbish, 3, nullptr, &module, &words.message) ==
          AQD_MALFORMED);
    CHECK(words.message.length == words.said().size());
    CHECK(words.message.length > 5);
    const std::string whole = words.said();
    Words little;
    little.message.capacity = 4;
    CHECK(aqd_module_compile(things.engine, rubbish, 3, nullptr, &module, &little.message) ==
          AQD_MALFORMED);
    CHECK(little.said() == whole.substr(0, 3));
    CHECK(little.message.length == whole.size());
    Words none;
    none.message.text = nullptr;
    CHECK(aqd_module_compile(things.engine, rubbish, 3, nullptr, &module, &none.message) ==
          AQD_BAD_ARGUMENT);
    none.message.capacity = 0;
    CHECK(aqd_module_compile(things.engine, rubbish, 3, nullptr, &module, &none.message) ==
          AQD_MALFORMED);
    CHECK(none.message.length == whole.size());
}

TEST_CASE("host functions that are not what they say are refused, and their data given back") {
    aqd_host_functions* functions = nullptr;
    REQUIRE(aqd_host_functions_create(&functions, nullptr) == AQD_OK);
    int destroyed = 0;
    const aqd_type odd[] = {AQD_REFERENCE};
    aqd_host_function function{};
    function.struct_size = sizeof function;
    function.module = "env";
    function.name = "f";
    function.callback = [](void*, aqd_host_call*, const std::uint64_t*, std::uint64_t*) {
        return aqd_trap{AQD_TRAP_NONE};
    };
    function.user_data = &destroyed;
    function.destroy = [](void* data) { ++*static_cast<int*>(data); };
    function.parameters = odd;
    function.parameter_count = 1;
    CHECK(aqd_host_functions_add(functions, &function, nullptr) == AQD_INVALID);
    function.parameter_count = 0;
    function.result = 0x7b;
    CHECK(aqd_host_functions_add(functions, &function, nullptr) == AQD_INVALID);
    function.result = AQD_VOID;
    function.name = nullptr;
    CHECK(aqd_host_functions_add(functions, &function, nullptr) == AQD_BAD_ARGUMENT);
    CHECK(destroyed == 3);
    function.name = "f";
    CHECK(aqd_host_functions_add(functions, &function, nullptr) == AQD_OK);
    CHECK(destroyed == 3);
    aqd_host_functions_destroy(functions);
    CHECK(destroyed == 4);
}

TEST_CASE("callbacks that call back, throw or return nonsense do no harm") {
    struct Seen {
        Things* things = nullptr;
        aqd_status called = AQD_OK;
        aqd_status reset = AQD_OK;
        aqd_status destroyed = AQD_OK;
        int what = 0;
    };
    aqd_host_function function{};
    function.struct_size = sizeof function;
    function.module = "env";
    function.name = "f";
    function.callback = [](void*, aqd_host_call* call, const std::uint64_t*, std::uint64_t*) {
        auto* seen = static_cast<Seen*>(aqd_host_call_host(call));
        if (seen->what == 1) {
            throw std::runtime_error("out of a callback");
        }
        if (seen->what == 2) {
            return aqd_trap{1'000};
        }
        if (seen->what == 3) {
            CHECK(aqd_host_call_charge(call, UINT64_MAX) == AQD_TOO_LARGE);
            return aqd_trap{AQD_TRAP_NONE};
        }
        aqd_outcome outcome = fresh_outcome();
        seen->called = seen->things->call("g", nullptr, 0, 0, outcome);
        seen->reset = aqd_instance_reset(seen->things->instance, nullptr, nullptr);
        seen->destroyed = aqd_instance_destroy(seen->things->instance);
        return aqd_trap{AQD_TRAP_NONE};
    };
    Things things("(import \"env\" \"f\" (func $f)) (func (export \"g\") (call $f))", &function);
    Seen seen{&things};
    aqd_outcome outcome = fresh_outcome();
    CHECK(things.call("g", nullptr, 0, 0, outcome, &seen) == AQD_OK);
    CHECK(outcome.trap == AQD_TRAP_NONE);
    CHECK(seen.called == AQD_CONFLICT);
    CHECK(seen.reset == AQD_CONFLICT);
    CHECK(seen.destroyed == AQD_CONFLICT);
    for (const auto& [what, trap] :
         {std::pair(1, AQD_TRAP_HOST_FAULT), std::pair(2, AQD_TRAP_HOST_FAULT),
          std::pair(3, AQD_TRAP_OUT_OF_GAS)}) {
        seen.what = what;
        CHECK(things.call("g", nullptr, 0, 0, outcome, &seen) == AQD_OK);
        CHECK(outcome.trap == trap);
    }
}

TEST_CASE("options name what modules may be") {
    aqd_options options{};
    options.struct_size = sizeof options;
    REQUIRE(aqd_options_init_contracts(&options) == AQD_OK);
    CHECK(options.features == 0);
    aqd_engine* engine = nullptr;
    REQUIRE(aqd_engine_create(&options, &engine, nullptr) == AQD_OK);
    const Bytes wasm = test::wat("(module (func (param f32)))");
    aqd_module* module = nullptr;
    Words words;
    CHECK(aqd_module_compile(engine, wasm.data(), wasm.size(), nullptr, &module, &words.message) ==
          AQD_UNSUPPORTED);
    CHECK(module == nullptr);
    CHECK_THAT(words.said(), Catch::Contains("floating point"));
    aqd_engine_destroy(engine);
    options.gas_schedule = 99;
    CHECK(aqd_engine_create(&options, &engine, nullptr) == AQD_NOT_FOUND);
    CHECK(std::string(aqd_status_name(AQD_BUFFER_TOO_SMALL)) == "buffer_too_small");
    CHECK(std::string(aqd_status_name(-4)) == "?");
    CHECK(std::string(aqd_trap_name(99)) == "?");
}
