// Functions of the host: a lambda's own signature is its WebAssembly type.
#include "../modules/greet.h"

#include <aqd/embed/engine.h>

#include <cstdio>
#include <string>

using aqd::embed::Caller;
using aqd::embed::Trap;

namespace {

/// What one call is about: handed over with the call, not kept in a global.
struct Session {
    std::string printed;
    std::uint32_t luck = 0;
};

aqd::embed::HostFunctions host_functions() {
    aqd::embed::HostFunctions functions;
    functions.add("host", "print", [](Caller& caller, std::uint32_t address, std::uint32_t size) {
        const auto octets = caller.memory(address, size);
        if (!octets) {
            return Trap::memory_out_of_bounds;
        }
        if (caller.charge(size)) {  // One gas an octet, before the work.
            caller.host<Session>()->printed.append(octets->begin(), octets->end());
        }
        return Trap::none;
    });
    functions.add(
        "host", "roll",
        [](Caller& caller, std::uint32_t sides) -> std::expected<std::uint32_t, Trap> {
            const Session& session = *caller.host<Session>();
            if (session.luck == 0) {
                return std::unexpected(caller.refuse("no luck today"));
            }
            return session.luck % sides + 1;
        },
        50);
    return functions;
}

}  // namespace

int main() {
    const auto module = aqd::embed::Engine::create()->compile(greet_wasm, host_functions());
    if (!module) {
        std::fprintf(stderr, "%s\n", module.error().message.c_str());
        return 1;
    }
    auto instance = module->instantiate();
    Session lucky{.printed = {}, .luck = 9};
    const auto fine = instance->call("greet", {}, {.host = &lucky});
    std::printf("%s, %u\n", lucky.printed.c_str(), fine->value<std::uint32_t>());

    Session unlucky;
    const auto refused = instance->call("greet", {}, {.host = &unlucky});
    std::printf("%s: %s\n", aqd::exec::name_of(refused->trap).data(), refused->message.c_str());
    return lucky.printed == "hello from inside" && fine->value<std::uint32_t>() == 4 && !*refused
               ? 0
               : 1;
}
