#include <aqd/abi/refusal.h>

namespace aqd::abi {

std::string_view refusal_name(std::uint16_t code) {
    switch (code) {
#define AQD_REFUSAL(number, name, text) \
    case number:                        \
        return #name;
#include <aqd/abi/refusals.def>
#undef AQD_REFUSAL
        default:
            return {};
    }
}

std::string_view refusal_text(std::uint16_t code) {
    switch (code) {
#define AQD_REFUSAL(number, name, text) \
    case number:                        \
        return text;
#include <aqd/abi/refusals.def>
#undef AQD_REFUSAL
        default:
            return {};
    }
}

}  // namespace aqd::abi
