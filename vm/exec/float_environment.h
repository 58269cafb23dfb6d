#pragma once

#include <cstdint>

#if defined(__x86_64__)
#include <xmmintrin.h>
#elif !defined(__aarch64__)
#include <cfenv>
#endif

namespace aqd::exec {

/// The floating-point state of the thread: rounding mode, flushing of subnormals, traps, and the
/// flags that tell what happened. Modules that compute with floats run in the default one and leave
/// the host's as it was, flags included, also while a host function runs. Modules without floats
/// never come here.
class FloatEnvironment {
  public:
    /// Notes the host's state and sets the default: round to nearest even, keep subnormals, no
    /// traps.
    void enter() {
#if defined(__x86_64__)
        host_ = _mm_getcsr();
        if ((host_ & ~flags) != standard) {
            _mm_setcsr(standard);
        }
#elif defined(__aarch64__)
        asm volatile("mrs %0, fpcr" : "=r"(host_));
        asm volatile("mrs %0, fpsr" : "=r"(host_flags_));
        if (host_ != 0) {
            asm volatile("msr fpcr, %0" : : "r"(std::uint64_t{0}));
        }
#else
        std::fegetenv(&host_);
        std::fesetenv(FE_DFL_ENV);
#endif
    }
    /// Gives the host its state back.
    void leave() const {
#if defined(__x86_64__)
        if (_mm_getcsr() != host_) {
            _mm_setcsr(host_);
        }
#elif defined(__aarch64__)
        asm volatile("msr fpcr, %0" : : "r"(host_));
        asm volatile("msr fpsr, %0" : : "r"(host_flags_));
#else
        std::fesetenv(&host_);
#endif
    }

  private:
#if defined(__x86_64__)
    static constexpr unsigned flags = 0x3f;
    static constexpr unsigned standard = 0x1f80;
    unsigned host_ = standard;
#elif defined(__aarch64__)
    std::uint64_t host_ = 0;
    std::uint64_t host_flags_ = 0;
#else
    std::fenv_t host_{};
#endif
};

}  // namespace aqd::exec
