#include <aqd/base/assert.h>
#include <aqd/system/store_keys.h>

namespace aqd::system {
namespace {

constexpr std::size_t delivery_key_size = 2 + 8 + 4 + 4;

void append_big_endian(Bytes& out, std::uint64_t value, unsigned octets) {
    for (unsigned i = octets; i > 0; --i) {
        out.push_back(static_cast<std::uint8_t>(value >> (8 * (i - 1))));
    }
}

Bytes system_prefix(Table table) {
    return {static_cast<std::uint8_t>(abi::KeyKind::system), static_cast<std::uint8_t>(table)};
}

Bytes with(Bytes key, BytesView tail) {
    append(key, tail);
    return key;
}

Bytes of_case(abi::KeyKind kind, const abi::CaseId& case_id) {
    return with({static_cast<std::uint8_t>(kind)}, case_id.view());
}

Bytes of_case(abi::KeyKind kind, const abi::CaseId& case_id, std::uint32_t ordinal) {
    Bytes key = of_case(kind, case_id);
    append_big_endian(key, ordinal, 4);
    return key;
}

}  // namespace

Bytes body_key(BytesView authority_tag, BytesView keys) {
    return with(with(system_prefix(Table::body), authority_tag), keys);
}

Bytes mandate_prefix(const abi::Account& account) {
    return with(system_prefix(Table::mandate), account.view());
}

Bytes mandate_key(const abi::Account& account, BytesView role_tag) {
    return with(mandate_prefix(account), role_tag);
}

Bytes module_key(const abi::Lineage& lineage) {
    return with(system_prefix(Table::module), lineage.view());
}

Bytes code_key(const Hash256& hash) {
    return with(system_prefix(Table::code), hash.view());
}

Bytes calendar_key(const abi::Lineage& lineage) {
    return with(system_prefix(Table::calendar), lineage.view());
}

Bytes closed_days_key(const abi::Lineage& lineage, std::int32_t year) {
    Bytes key = with(system_prefix(Table::closed_days), lineage.view());
    append_big_endian(key, static_cast<std::uint64_t>(year), 2);
    return key;
}

Bytes offsets_key() {
    return system_prefix(Table::offsets);
}

Bytes operator_key(const abi::Account& account) {
    return with(system_prefix(Table::operators), account.view());
}

Bytes serving_key(BytesView authority_tag) {
    return with(system_prefix(Table::serving), authority_tag);
}

Bytes delivery_prefix() {
    return system_prefix(Table::delivery);
}

Bytes delivery_key(std::uint64_t height, std::uint32_t position, std::uint32_t ordinal) {
    Bytes key = delivery_prefix();
    append_big_endian(key, height, 8);
    append_big_endian(key, position, 4);
    append_big_endian(key, ordinal, 4);
    return key;
}

std::uint64_t delivery_height(BytesView key) {
    AQD_ASSERT(key.size() == delivery_key_size);
    std::uint64_t height = 0;
    for (const std::uint8_t octet : key.subspan(2, 8)) {
        height = height << 8 | octet;
    }
    return height;
}

Bytes breach_key(const abi::CaseId& case_id, std::uint32_t ordinal) {
    Bytes key = with(system_prefix(Table::breach), case_id.view());
    append_big_endian(key, ordinal, 4);
    return key;
}

Bytes case_prefix() {
    return {static_cast<std::uint8_t>(abi::KeyKind::case_row)};
}

Bytes case_key(const abi::CaseId& case_id) {
    return of_case(abi::KeyKind::case_row, case_id);
}

Bytes obligation_prefix(const abi::CaseId& case_id) {
    return of_case(abi::KeyKind::obligation, case_id);
}

Bytes obligation_key(const abi::CaseId& case_id, std::uint32_t ordinal) {
    return of_case(abi::KeyKind::obligation, case_id, ordinal);
}

Bytes question_key(const abi::CaseId& case_id, std::uint32_t ordinal) {
    return of_case(abi::KeyKind::question, case_id, ordinal);
}

}  // namespace aqd::system
