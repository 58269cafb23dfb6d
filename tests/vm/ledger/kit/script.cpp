#include "tests/vm/ledger/kit/script.h"

#include "tests/vm/ledger/kit/layout.h"

#include <aqd/abi/cbor.h>
#include <aqd/base/assert.h>

#include <algorithm>
#include <array>

namespace aqd::ledger::testing {
namespace {

constexpr auto function_names = std::to_array<std::string_view>({
#define AQD_HOST(name, parameters, result, gas, gas_per_byte, doc) #name,
#include <aqd/abi/host_functions.def>
#undef AQD_HOST
});

void append_little_endian(Bytes& out, std::uint64_t value) {
    for (unsigned i = 0; i < 8; ++i) {
        out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    }
}

}  // namespace

std::int64_t Script::operation_of(std::string_view function) {
    const auto found = std::ranges::find(function_names, function);
    AQD_ASSERT(found != function_names.end());
    return found - function_names.begin();
}

Script::Region Script::data(BytesView bytes) {
    const Region region{layout::data + static_cast<std::int64_t>(data_.size()),
                        static_cast<std::int64_t>(bytes.size())};
    append(data_, bytes);
    return region;
}

Script::Region Script::text(std::string_view value) {
    Bytes item;
    abi::Writer(item).write_text(value);
    return data(item);
}

Script& Script::add(std::int64_t operation, const std::int64_t* values, std::size_t count) {
    AQD_ASSERT(count <= layout::operands &&
               operations_.size() < layout::most_operations * layout::operation_size);
    append_little_endian(operations_, static_cast<std::uint64_t>(operation));
    for (std::size_t i = 0; i < layout::operands; ++i) {
        append_little_endian(operations_, i < count ? static_cast<std::uint64_t>(values[i]) : 0);
    }
    return *this;
}

Script& Script::expect(std::int64_t value, std::int64_t refusal) {
    const std::array values{value, refusal};
    return add(function_names.size(), values.data(), values.size());
}

Script& Script::trap() {
    return add(function_names.size() + 1, nullptr, 0);
}

Script& Script::spin() {
    return add(function_names.size() + 2, nullptr, 0);
}

Script& Script::skip_if_zero(std::int64_t operations) {
    return add(function_names.size() + 3, &operations, 1);
}

Script& Script::expect_memory(std::int64_t address, BytesView bytes) {
    const Region wanted = data(bytes);
    const std::array values{address, wanted.address, wanted.size};
    return add(function_names.size() + 4, values.data(), values.size());
}

Script& Script::return_last(std::int64_t address) {
    return add(function_names.size() + 5, &address, 1);
}

Bytes Script::encode() const {
    Bytes out;
    append_little_endian(out, operations_.size() / layout::operation_size);
    append(out, operations_);
    out.resize(layout::data - layout::script);
    append(out, data_);
    return out;
}

Bytes Script::as_row() const {
    Bytes out;
    abi::Writer(out).write_bytes(encode());
    return out;
}

Bytes Script::as_arguments() const {
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(1);
    writer.write_bytes(encode());
    return out;
}

}  // namespace aqd::ledger::testing
