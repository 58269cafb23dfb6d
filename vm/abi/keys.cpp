#include <aqd/abi/keys.h>
#include <aqd/crypto/sha256.h>

#include <array>

namespace aqd::abi {

namespace {

template <std::size_t Size>
std::array<std::uint8_t, Size> big_endian(std::uint64_t value) {
    std::array<std::uint8_t, Size> octets{};
    for (std::size_t i = 0; i < Size; ++i) {
        octets[Size - 1 - i] = static_cast<std::uint8_t>(value >> (8 * i));
    }
    return octets;
}

template <class Fixed>
Fixed first_octets(const Hash256& hash) {
    return Fixed::from(hash.view().first(Fixed::size_bytes));
}

}  // namespace

Lineage lineage_of(const Hash256& chain, std::string_view path) {
    return first_octets<Lineage>(
        crypto::sha256({as_bytes("aqd/module/v1"), chain.view(), as_bytes(path)}));
}

std::uint64_t id8(std::string_view name) {
    const Hash256 hash = crypto::sha256(as_bytes(name));
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        value = value << 8 | hash.octets[i];
    }
    return value;
}

CaseId case_id_of(const Hash256& chain, const Lineage& lineage, std::string_view procedure,
                  const Hash256& transaction, std::uint32_t call_index) {
    return first_octets<CaseId>(
        crypto::sha256({as_bytes("aqd/case/v1"), chain.view(), lineage.view(), as_bytes(procedure),
                        transaction.view(), big_endian<4>(call_index)}));
}

Account account_of(BytesView compressed_public_key) {
    return first_octets<Account>(
        crypto::sha256({as_bytes("aqd/account/v1"), compressed_public_key}));
}

Bytes store_key(KeyKind kind, const Lineage& lineage, std::uint64_t name, BytesView key) {
    Bytes octets;
    octets.reserve(1 + Lineage::size_bytes + 8 + key.size());
    octets.push_back(static_cast<std::uint8_t>(kind));
    append(octets, lineage.view());
    append(octets, big_endian<8>(name));
    append(octets, key);
    return octets;
}

Bytes authority_tag(const Lineage& lineage, std::uint64_t authority) {
    Bytes octets = to_bytes(lineage.view());
    append(octets, big_endian<8>(authority));
    return octets;
}

}  // namespace aqd::abi
