// Many threads share one module; each has an instance of its own, from a pool.
#include "../modules/sum.h"

#include <aqd/embed/engine.h>

#include <atomic>
#include <cstdio>
#include <thread>
#include <vector>

int main() {
    const auto module = aqd::embed::Engine::create()->compile(sum_wasm);
    if (!module) {
        std::fprintf(stderr, "%s\n", module.error().message.c_str());
        return 1;
    }
    aqd::embed::InstancePool pool(*module);
    std::atomic<std::int64_t> total = 0;
    {
        std::vector<std::jthread> threads;
        for (std::int32_t number = 1; number <= 8; ++number) {
            threads.emplace_back([&pool, &total, number] {
                for (int round = 0; round < 1'000; ++round) {
                    // Fresh each time, and back in the pool at the end of the scope.
                    auto instance = pool.take();
                    total += (*instance)->call("sum", {number})->value<std::int64_t>();
                }
            });
        }
    }
    std::printf("8 threads, 8,000 calls: %lld\n", static_cast<long long>(total));
    return total == 120'000 ? 0 : 1;
}
