// The least that a host does: octets, module, instance, call.
#include "../modules/sum.h"

#include <aqd/embed/engine.h>

#include <cstdio>

int main() {
    const auto engine = aqd::embed::Engine::create();
    const auto module = engine->compile(sum_wasm);
    if (!module) {
        std::fprintf(stderr, "%s\n", module.error().message.c_str());
        return 1;
    }
    auto instance = module->instantiate();
    if (!instance) {
        std::fprintf(stderr, "%s\n", instance.error().message.c_str());
        return 1;
    }

    const auto sum = instance->call("sum", {1'000}, {.gas_limit = 100'000});
    std::printf("sum: %lld for %llu gas\n", static_cast<long long>(sum->value<std::int64_t>()),
                static_cast<unsigned long long>(sum->gas_used));

    // A fault of the module is an outcome, not an error.
    const auto divided = instance->call("divide", {1, 0});
    std::printf("divide: %s at offset %u\n", aqd::exec::name_of(divided->trap).data(),
                divided->where->code_offset);

    // And so is a run that would not end.
    const auto endless = instance->call("sum", {0}, {.gas_limit = 100'000});
    std::printf("endless: %s after %llu gas\n", aqd::exec::name_of(endless->trap).data(),
                static_cast<unsigned long long>(endless->gas_used));
    return sum->value<std::int64_t>() == 500'500 && !*divided && !*endless ? 0 : 1;
}
