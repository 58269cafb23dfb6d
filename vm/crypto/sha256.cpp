#include <aqd/base/assert.h>
#include <aqd/base/bytes.h>
#include <aqd/crypto/sha256.h>

#include <openssl/evp.h>
#include <openssl/types.h>

#include <initializer_list>
#include <memory>

namespace aqd::crypto {

namespace {

/// Fetched once: OpenSSL 3 otherwise looks the algorithm up in every call, at three times the cost
/// of a short hash. Never freed, as threads may hash until the very end.
const EVP_MD* digest() {
    static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    AQD_ASSERT(fetched != nullptr);
    return fetched;
}

// Once memory is there, the only way for these to fail is a bug of ours.
void begin(EVP_MD_CTX* context) {
    AQD_ASSERT(EVP_DigestInit_ex2(context, digest(), nullptr) == 1);
}

void add(EVP_MD_CTX* context, BytesView input) {
    AQD_ASSERT(EVP_DigestUpdate(context, input.data(), input.size()) == 1);
}

Hash256 end(EVP_MD_CTX* context) {
    Hash256 hash;
    unsigned int size = 0;
    AQD_ASSERT(EVP_DigestFinal_ex(context, hash.octets.data(), &size) == 1);
    AQD_ASSERT(size == Hash256::size_bytes);
    return hash;
}

EVP_MD_CTX* new_context() {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    AQD_ASSERT(context != nullptr);
    return context;
}

EVP_MD_CTX* thread_context() {
    struct Free {
        void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    };
    thread_local const std::unique_ptr<EVP_MD_CTX, Free> context(new_context());
    return context.get();
}

}  // namespace

Hash256 sha256(BytesView input) {
    EVP_MD_CTX* context = thread_context();
    begin(context);
    add(context, input);
    return end(context);
}

Hash256 sha256(std::initializer_list<BytesView> parts) {
    EVP_MD_CTX* context = thread_context();
    begin(context);
    for (const BytesView part : parts) {
        add(context, part);
    }
    return end(context);
}

void Sha256::Free::operator()(evp_md_ctx_st* context) const {
    EVP_MD_CTX_free(context);
}

Sha256::Sha256() : context_(new_context()) {
    begin(context_.get());
}

Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

Sha256& Sha256::update(BytesView input) {
    add(context_.get(), input);
    return *this;
}

Hash256 Sha256::finish() {
    const Hash256 hash = end(context_.get());
    begin(context_.get());
    return hash;
}

}  // namespace aqd::crypto
