/* A host in C: one function of its own, one call, one trap. */
#include "../modules/greet.h"

#include <aqd/vm.h>

#include <stdio.h>
#include <string.h>

struct session {
    char printed[64];
    uint32_t luck;
};

static aqd_trap print(void* user_data, aqd_host_call* call, const uint64_t* arguments,
                      uint64_t* result) {
    struct session* session = aqd_host_call_host(call);
    uint8_t* octets = NULL;
    (void)user_data;
    (void)result;
    if (aqd_host_call_memory(call, arguments[0], arguments[1], &octets) != AQD_OK ||
        arguments[1] >= sizeof session->printed) {
        return AQD_TRAP_MEMORY_OUT_OF_BOUNDS;
    }
    memcpy(session->printed, octets, arguments[1]);
    session->printed[arguments[1]] = '\0';
    return AQD_TRAP_NONE;
}

static aqd_trap roll(void* user_data, aqd_host_call* call, const uint64_t* arguments,
                     uint64_t* result) {
    const struct session* session = aqd_host_call_host(call);
    (void)user_data;
    if (session->luck == 0) {
        return aqd_host_call_refuse(call, "no luck today");
    }
    *result = session->luck % arguments[0] + 1;
    return AQD_TRAP_NONE;
}

/* Null and a printed message on failure. */
static aqd_instance* instantiate(void) {
    char words[200];
    aqd_message message = {sizeof message, words, sizeof words, 0};
    const aqd_type types[] = {AQD_I32, AQD_I32};
    aqd_host_function functions[] = {
        {.struct_size = sizeof functions[0],
         .module = "host",
         .name = "print",
         .parameters = types,
         .parameter_count = 2,
         .callback = print},
        {.struct_size = sizeof functions[0],
         .module = "host",
         .name = "roll",
         .parameters = types,
         .parameter_count = 1,
         .result = AQD_I32,
         .gas = 50,
         .callback = roll},
    };
    aqd_engine* engine = NULL;
    aqd_host_functions* list = NULL;
    aqd_module* module = NULL;
    aqd_instance* instance = NULL;
    if (aqd_engine_create(NULL, &engine, &message) != AQD_OK ||
        aqd_host_functions_create(&list, &message) != AQD_OK ||
        aqd_host_functions_add(list, &functions[0], &message) != AQD_OK ||
        aqd_host_functions_add(list, &functions[1], &message) != AQD_OK ||
        aqd_module_compile(engine, greet_wasm, sizeof greet_wasm, list, &module, &message) !=
            AQD_OK ||
        aqd_instance_create(module, NULL, &instance, &message) != AQD_OK) {
        fprintf(stderr, "%s\n", words);
    }
    aqd_module_destroy(module);
    aqd_host_functions_destroy(list);
    aqd_engine_destroy(engine);
    return instance;
}

int main(void) {
    char words[200];
    aqd_message message = {sizeof message, words, sizeof words, 0};
    struct session session = {"", 9};
    aqd_call_options options = {sizeof options, 100000, &session};
    aqd_outcome outcome = {.struct_size = sizeof outcome};
    uint64_t result = 0;
    aqd_instance* instance = instantiate();
    if (aqd_abi_version() != AQD_ABI_VERSION || instance == NULL) {
        return 1;
    }
    if (aqd_instance_call(instance, "greet", NULL, 0, &result, 1, &options, &outcome, &message) !=
        AQD_OK) {
        fprintf(stderr, "%s\n", words);
        return 1;
    }
    printf("aqd %s: %s, %u for %llu gas\n", aqd_version(), session.printed, (unsigned)result,
           (unsigned long long)outcome.gas_used);

    session.luck = 0;
    if (aqd_instance_call(instance, "greet", NULL, 0, &result, 1, &options, &outcome, &message) !=
        AQD_OK) {
        fprintf(stderr, "%s\n", words);
        return 1;
    }
    printf("%s: %s\n", aqd_trap_name(outcome.trap), words);
    aqd_instance_destroy(instance);
    return result == 4 && outcome.trap == AQD_TRAP_HOST_REFUSAL ? 0 : 1;
}
