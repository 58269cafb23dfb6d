#include <aqd/gas/schedule.h>

#include <string>

namespace aqd::gas {
namespace {

constexpr Schedule schedule_1 = [] {
    Schedule schedule;
    schedule.version = 1;
#define AQD_PRICE(gas_class, price) \
    schedule.class_price[static_cast<std::size_t>(wasm::GasClass::gas_class)] = price;
#define AQD_RATE(member, value) schedule.member = value;
#include <aqd/gas/schedule_1.def>
#undef AQD_PRICE
#undef AQD_RATE
    return schedule;
}();

}  // namespace

Result<Schedule> schedule(std::uint32_t version) {
    if (version == 1) {
        return schedule_1;
    }
    return fail(ErrorCode::not_found, "unknown gas schedule " + std::to_string(version));
}

}  // namespace aqd::gas
