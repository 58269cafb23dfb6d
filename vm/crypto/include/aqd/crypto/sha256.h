#pragma once

#include <aqd/base/bytes.h>

#include <initializer_list>
#include <memory>

struct evp_md_ctx_st;

namespace aqd::crypto {

/// SHA-256 (FIPS 180-4) of a whole input. Each thread keeps one context, so this allocates only on
/// a thread's first call. Safe from any thread.
Hash256 sha256(BytesView input);

/// SHA-256 of the parts joined: the parts of a tagged hash, without copying them together.
Hash256 sha256(std::initializer_list<BytesView> parts);

/// SHA-256 of an input that comes in pieces. One object serves one thread at a time.
class Sha256 {
  public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;

    Sha256& update(BytesView input);
    /// The hash of all that came since the last `finish`; the object is then ready for a new input.
    Hash256 finish();

  private:
    struct Free {
        void operator()(evp_md_ctx_st* context) const;
    };
    std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace aqd::crypto
