// What wasm2c makes of a contract's module, as a shared library that exports `run` as the kernels
// do.
#include AQD_CONTRACT

#include <stdint.h>

__attribute__((visibility("default"))) uint64_t run(uint32_t n) {
    Z_contract_instance_t instance;
    wasm_rt_init();
    Z_contract_init_module();
    Z_contract_instantiate(&instance);
    const uint64_t sum = Z_contractZ_run(&instance, n);
    Z_contract_free(&instance);
    wasm_rt_free();
    return sum;
}
