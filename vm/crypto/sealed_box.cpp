#include <aqd/base/assert.h>
#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/crypto/random.h>
#include <aqd/crypto/sealed_box.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/types.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace aqd::crypto {

namespace {

constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;
constexpr std::size_t salt_size = 16;
constexpr std::array<std::uint8_t, 7> magic = {'a', 'q', 'd', 'b', 'o', 'x', 1};
constexpr std::size_t header_size = magic.size() + 3 + salt_size;

constexpr std::uint64_t max_memory = std::uint64_t{256} << 20;
constexpr std::uint64_t max_work = 16 * (std::uint64_t{1} << 15) * 8;

struct FreeCipher {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

struct FreeDerivation {
    void operator()(EVP_KDF* method) const { EVP_KDF_free(method); }
    void operator()(EVP_KDF_CTX* context) const { EVP_KDF_CTX_free(context); }
};

Cipher new_cipher() {
    Cipher cipher(EVP_CIPHER_CTX_new());
    AQD_ASSERT(cipher != nullptr);
    return cipher;
}

// The interface of OpenSSL counts in int.
int count_of(BytesView octets) {
    AQD_ASSERT(std::in_range<int>(octets.size()));
    return static_cast<int>(octets.size());
}

}  // namespace

void wipe(std::span<std::uint8_t> octets) {
    OPENSSL_cleanse(octets.data(), octets.size());
}

SealingKey SealingKey::random(RandomSource& source) {
    SealingKey key;
    source.fill(key.octets_);
    return key;
}

Result<SealingKey> SealingKey::from_bytes(BytesView octets) {
    if (octets.size() != size_bytes) {
        return fail(ErrorCode::invalid, "a sealing key has 32 octets");
    }
    SealingKey key;
    std::ranges::copy(octets, key.octets_.begin());
    return key;
}

SealingKey::SealingKey(SealingKey&& other) noexcept : octets_(other.octets_) {
    wipe(other.octets_);
}

SealingKey& SealingKey::operator=(SealingKey&& other) noexcept {
    if (this != &other) {
        octets_ = other.octets_;
        wipe(other.octets_);
    }
    return *this;
}

SealingKey::~SealingKey() {
    wipe(octets_);
}

Bytes seal(const SealingKey& key, BytesView plaintext, BytesView associated, RandomSource& source) {
    Bytes box(nonce_size + plaintext.size() + tag_size);
    source.fill(std::span(box).first(nonce_size));
    std::uint8_t* const content = box.data() + nonce_size;
    const Cipher cipher = new_cipher();
    int written = 0;
    // With sound arguments these fail only for want of memory, as `new` would.
    AQD_ASSERT(EVP_EncryptInit_ex2(cipher.get(), EVP_aes_256_gcm(), key.view().data(), box.data(),
                                   nullptr) == 1);
    AQD_ASSERT(EVP_EncryptUpdate(cipher.get(), nullptr, &written, associated.data(),
                                 count_of(associated)) == 1);
    AQD_ASSERT(EVP_EncryptUpdate(cipher.get(), content, &written, plaintext.data(),
                                 count_of(plaintext)) == 1);
    AQD_ASSERT(EVP_EncryptFinal_ex(cipher.get(), content + written, &written) == 1);
    AQD_ASSERT(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_GET_TAG, tag_size,
                                   content + plaintext.size()) == 1);
    return box;
}

Result<Bytes> open(const SealingKey& key, BytesView box, BytesView associated) {
    const auto denied = [] {
        return fail(ErrorCode::denied, "the box does not open: a wrong key, or a changed box");
    };
    if (box.size() < seal_overhead_bytes || !std::in_range<int>(box.size())) {
        return denied();
    }
    const BytesView content = box.subspan(nonce_size, box.size() - seal_overhead_bytes);
    std::array<std::uint8_t, tag_size> tag{};
    std::ranges::copy(box.last(tag_size), tag.begin());
    Bytes plaintext(content.size());
    const Cipher cipher = new_cipher();
    int written = 0;
    AQD_ASSERT(EVP_DecryptInit_ex2(cipher.get(), EVP_aes_256_gcm(), key.view().data(), box.data(),
                                   nullptr) == 1);
    AQD_ASSERT(EVP_DecryptUpdate(cipher.get(), nullptr, &written, associated.data(),
                                 count_of(associated)) == 1);
    AQD_ASSERT(EVP_DecryptUpdate(cipher.get(), plaintext.data(), &written, content.data(),
                                 count_of(content)) == 1);
    AQD_ASSERT(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_SET_TAG, tag_size, tag.data()) == 1);
    if (EVP_DecryptFinal_ex(cipher.get(), plaintext.data() + written, &written) != 1) {
        wipe(plaintext);
        return denied();
    }
    return plaintext;
}

Result<SealingKey> derive_key(std::string_view password, BytesView salt, const ScryptCost& cost) {
    if (cost.log_n == 0 || cost.r == 0 || cost.p == 0) {
        return fail(ErrorCode::malformed, "a scrypt cost of zero");
    }
    // log_n is checked first, so that the shifts are defined.
    if (cost.log_n > 24 || (std::uint64_t{128} << cost.log_n) * cost.r > max_memory ||
        (std::uint64_t{1} << cost.log_n) * cost.r * cost.p > max_work) {
        return fail(ErrorCode::too_large, "a scrypt cost over the limit of this program");
    }
    const std::unique_ptr<EVP_KDF, FreeDerivation> method(
        EVP_KDF_fetch(nullptr, "SCRYPT", nullptr));
    AQD_ASSERT(method != nullptr);
    const std::unique_ptr<EVP_KDF_CTX, FreeDerivation> context(EVP_KDF_CTX_new(method.get()));
    AQD_ASSERT(context != nullptr);
    std::uint64_t n = std::uint64_t{1} << cost.log_n;
    std::uint64_t r = cost.r;
    std::uint64_t p = cost.p;
    std::uint64_t memory = 2 * max_memory;
    // OpenSSL takes pointers to mutable octets here, and only reads them.
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_PASSWORD,
                                          const_cast<char*>(password.data()), password.size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT,
                                          const_cast<std::uint8_t*>(salt.data()), salt.size()),
        OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &n),
        OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_R, &r),
        OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_P, &p),
        OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_MAXMEM, &memory),
        OSSL_PARAM_construct_end(),
    };
    std::array<std::uint8_t, SealingKey::size_bytes> derived{};
    const int done = EVP_KDF_derive(context.get(), derived.data(), derived.size(), parameters);
    AQD_ASSERT(done == 1);
    auto key = SealingKey::from_bytes(derived);
    wipe(derived);
    return key;
}

Result<Bytes> seal_with_password(std::string_view password, BytesView plaintext,
                                 RandomSource& source, const ScryptCost& cost) {
    Bytes box(magic.begin(), magic.end());
    box.insert(box.end(), {cost.log_n, cost.r, cost.p});
    box.resize(header_size);
    source.fill(std::span(box).last(salt_size));
    AQD_TRY(key, derive_key(password, BytesView(box).last(salt_size), cost));
    append(box, seal(key, plaintext, BytesView(box).first(header_size), source));
    return box;
}

Result<Bytes> open_with_password(std::string_view password, BytesView box) {
    if (box.size() < header_size + seal_overhead_bytes ||
        !std::ranges::equal(magic, box.first(magic.size()))) {
        return fail(ErrorCode::malformed, "not a sealed box of this program");
    }
    const BytesView header = box.first(header_size);
    const ScryptCost cost{header[magic.size()], header[magic.size() + 1], header[magic.size() + 2]};
    AQD_TRY(key, derive_key(password, header.last(salt_size), cost));
    return open(key, box.subspan(header_size), header);
}

}  // namespace aqd::crypto
