#include <aqd/embed/host_functions.h>

#include <algorithm>

namespace aqd::embed {

HostFunctions& HostFunctions::add(exec::HostFunction function, std::shared_ptr<const void> kept) {
    const auto same = std::ranges::find_if(functions_, [&](const exec::HostFunction& other) {
        return other.module == function.module && other.name == function.name;
    });
    if (same != functions_.end()) {
        *same = std::move(function);
    } else {
        functions_.push_back(std::move(function));
    }
    kept_.push_back(std::move(kept));
    return *this;
}

Trap HostFunctions::failed(CallFrame& frame, std::string_view words) noexcept {
    try {
        frame.message = words;
    } catch (...) {  // No memory for words: the trap says enough.
        frame.message.clear();
    }
    return Trap::host_fault;
}

}  // namespace aqd::embed
