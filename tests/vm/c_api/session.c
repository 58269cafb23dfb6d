#include "tests/vm/c_api/session.h"

#include <aqd/vm.h>

#include <string.h>

#define EXPECT(condition)    \
    do {                     \
        if (!(condition)) {  \
            return __LINE__; \
        }                    \
    } while (0)

static aqd_trap add(void* user_data, aqd_host_call* call, const uint64_t* arguments,
                    uint64_t* result) {
    int* calls = user_data;
    int* host = aqd_host_call_host(call);
    uint8_t* octets = NULL;
    ++*calls;
    if (host != NULL && *host == 7) {
        return aqd_host_call_refuse(call, "seven is too many");
    }
    if (aqd_host_call_memory(call, 0, 4, &octets) != AQD_OK) {
        return AQD_TRAP_MEMORY_OUT_OF_BOUNDS;
    }
    octets[0] = (uint8_t)*calls;
    *result = (uint32_t)(arguments[0] + arguments[1]);
    return AQD_TRAP_NONE;
}

static void forget(void* user_data) {
    *(int*)user_data = -1;
}

static int call_it(aqd_instance* instance, const int* calls) {
    char words[64];
    aqd_message message = {sizeof message, words, sizeof words, 0};
    aqd_outcome outcome = {.struct_size = sizeof outcome};
    uint64_t arguments[2] = {21, 0};
    uint64_t result = 0;
    int seven = 7;
    aqd_call_options options = {sizeof options, 1000000, NULL};
    uint8_t octets[4] = {0};
    EXPECT(aqd_instance_call(instance, "twice", arguments, 1, &result, 1, &options, &outcome,
                             &message) == AQD_OK);
    EXPECT(outcome.trap == AQD_TRAP_NONE && outcome.result_count == 1 && result == 42);
    EXPECT(outcome.gas_used > 0 && *calls == 1 && message.length == 0);
    EXPECT(aqd_instance_read(instance, 0, octets, 4, &message) == AQD_OK && octets[0] == 1);

    options.host = &seven;
    EXPECT(aqd_instance_call(instance, "twice", arguments, 1, &result, 1, &options, &outcome,
                             &message) == AQD_OK);
    EXPECT(outcome.trap == AQD_TRAP_HOST_REFUSAL && strcmp(words, "seven is too many") == 0);

    EXPECT(aqd_instance_call(instance, "divide", arguments, 2, &result, 1, NULL, &outcome, NULL) ==
           AQD_OK);
    EXPECT(outcome.trap == AQD_TRAP_INTEGER_DIVIDE_BY_ZERO && outcome.has_place == 1);
    EXPECT(strcmp(aqd_trap_name(outcome.trap), "integer_divide_by_zero") == 0);
    return 0;
}

int run_session(const uint8_t* wasm, size_t size) {
    aqd_engine* engine = NULL;
    aqd_host_functions* functions = NULL;
    aqd_module* module = NULL;
    aqd_instance* instance = NULL;
    int calls = 0;
    const aqd_type parameters[] = {AQD_I32, AQD_I32};
    aqd_host_function function = {.struct_size = sizeof function,
                                  .module = "env",
                                  .name = "add",
                                  .parameters = parameters,
                                  .parameter_count = 2,
                                  .result = AQD_I32,
                                  .gas = 5,
                                  .callback = add,
                                  .user_data = &calls,
                                  .destroy = forget};
    EXPECT(aqd_abi_version() == AQD_ABI_VERSION);
    EXPECT(aqd_engine_create(NULL, &engine, NULL) == AQD_OK);
    EXPECT(aqd_host_functions_create(&functions, NULL) == AQD_OK);
    EXPECT(aqd_host_functions_add(functions, &function, NULL) == AQD_OK);
    EXPECT(aqd_module_compile(engine, wasm, size, functions, &module, NULL) == AQD_OK);
    // What was made lives on by itself.
    aqd_engine_destroy(engine);
    aqd_host_functions_destroy(functions);
    EXPECT(aqd_instance_create(module, NULL, &instance, NULL) == AQD_OK);
    aqd_module_destroy(module);
    const int failed = call_it(instance, &calls);
    EXPECT(calls == 2);
    EXPECT(aqd_instance_destroy(instance) == AQD_OK);
    EXPECT(calls == -1);
    return failed;
}
