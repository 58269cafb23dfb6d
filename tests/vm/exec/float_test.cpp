#include "tests/vm/exec/harness.h"

#include <catch2/catch.hpp>

#include <cfenv>
#include <cstdint>
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

using namespace aqd;
using exec::Trap;
using test::call;
using test::instance_of;

namespace {

constexpr std::uint64_t nan64 = 0x7ff8'0000'0000'0000;
constexpr std::uint64_t nan32 = 0x7fc0'0000;
constexpr std::uint64_t infinity64 = 0x7ff0'0000'0000'0000;

std::uint64_t result(exec::Instance& instance, std::string_view name,
                     std::vector<std::uint64_t> arguments) {
    return call(instance, name, std::move(arguments)).results.at(0);
}

exec::Instance arithmetic() {
    return instance_of(R"(
        (func (export "div") (param f64 f64) (result f64) (f64.div (local.get 0) (local.get 1)))
        (func (export "add") (param f64 f64) (result f64) (f64.add (local.get 0) (local.get 1)))
        (func (export "mul") (param f32 f32) (result f32) (f32.mul (local.get 0) (local.get 1)))
        (func (export "min") (param f64 f64) (result f64) (f64.min (local.get 0) (local.get 1)))
        (func (export "neg") (param f64) (result f64) (f64.neg (local.get 0)))
        (func (export "floor") (param f64) (result f64) (f64.floor (local.get 0)))
        (func (export "demote") (param f64) (result f32) (f32.demote_f64 (local.get 0)))
        (func (export "fused") (param f64 f64 f64) (result f64)
            (f64.add (f64.mul (local.get 0) (local.get 1)) (local.get 2)))
        (func (export "cut") (param f64) (result i32) (i32.trunc_f64_s (local.get 0)))
        (func (export "nearest") (param i64) (result f32) (f32.convert_i64_s (local.get 0))))");
}

exec::Trap look(void* context, exec::HostCall&) {
    *static_cast<int*>(context) = std::fegetround();
    return Trap::none;
}

}  // namespace

TEST_CASE("a float that no integer stands for traps") {
    exec::Instance instance = arithmetic();
    CHECK((call(instance, "cut", {nan64}).trap == Trap::invalid_conversion));
    CHECK((call(instance, "cut", {infinity64}).trap == Trap::integer_overflow));
    // -2147483648.9 still has one, -2147483649 has not.
    CHECK(result(instance, "cut", {0xc1e0'0000'001c'cccc}) == 0x8000'0000);
    CHECK((call(instance, "cut", {0xc1e0'0000'0020'0000}).trap == Trap::integer_overflow));
}

TEST_CASE("a NaN that is computed is the positive canonical one, one that is moved stays") {
    exec::Instance instance = arithmetic();
    CHECK(result(instance, "div", {0, 0}) == nan64);
    CHECK(result(instance, "add", {infinity64, infinity64 | 1ULL << 63U}) == nan64);
    CHECK(result(instance, "add", {0xfff0'0000'0000'0001, 0}) == nan64);
    CHECK(result(instance, "min", {0xfff8'0000'0000'0123, 0}) == nan64);
    CHECK(result(instance, "floor", {0xfff8'0000'0000'0123}) == nan64);
    CHECK(result(instance, "mul", {0xffc0'0001, 0x3f80'0000}) == nan32);
    CHECK(result(instance, "demote", {0xfff8'0000'0000'0000}) == nan32);
    CHECK(result(instance, "neg", {0x7ff0'0000'0000'0001}) == 0xfff0'0000'0000'0001);
}

TEST_CASE("a product and a sum are rounded one after the other") {
    exec::Instance instance = arithmetic();
    // (1 + 2^-30)^2 - (1 + 2^-29): 2^-60 is lost when the product is rounded; a fused operation
    // would keep it.
    CHECK(result(instance, "fused",
                 {0x3ff0'0000'0040'0000, 0x3ff0'0000'0040'0000, 0xbff0'0000'0080'0000}) == 0);
}

TEST_CASE("the floating-point state of the host has no influence and is left as it was") {
    exec::Instance instance = arithmetic();
    const std::vector<std::uint64_t> third = {0x3ff0'0000'0000'0000, 0x4008'0000'0000'0000};
    for (const int mode : {FE_TONEAREST, FE_DOWNWARD, FE_UPWARD, FE_TOWARDZERO}) {
        std::fesetround(mode);
        std::feclearexcept(FE_ALL_EXCEPT);
        std::feraiseexcept(FE_UNDERFLOW);
        const std::uint64_t quotient = result(instance, "div", third);
        const std::uint64_t negative = result(instance, "div", {third[0] | 1ULL << 63U, third[1]});
        const std::uint64_t large = result(instance, "nearest", {(1U << 24U) + 1});
        const int after = std::fegetround();
        const int flags = std::fetestexcept(FE_ALL_EXCEPT);
        std::fesetround(FE_TONEAREST);
        CHECK(quotient == 0x3fd5'5555'5555'5555);
        CHECK(negative == 0xbfd5'5555'5555'5555);
        CHECK(large == 0x4b80'0000);
        CHECK(after == mode);
        CHECK(flags == FE_UNDERFLOW);
    }
    std::feclearexcept(FE_ALL_EXCEPT);
}

#if defined(__x86_64__)
TEST_CASE("subnormal numbers count also where the host flushes them, and its traps stay silent") {
    exec::Instance instance = arithmetic();
    const unsigned before = _mm_getcsr();
    // Subnormal operands are zero, subnormal results too, and every exception would be a signal.
    const unsigned flushing = 0x8040;
    _mm_setcsr(flushing);
    const std::uint64_t sum = result(instance, "add", {1, 1});
    const std::uint64_t quotient = result(instance, "div", {0x0010'0000'0000'0000, 2ULL << 61U});
    const std::uint64_t none = result(instance, "div", {0, 0});
    const unsigned after = _mm_getcsr();
    _mm_setcsr(before);
    CHECK(sum == 2);
    CHECK(quotient == 0x0008'0000'0000'0000);
    CHECK(none == nan64);
    CHECK(after == flushing);
}
#endif

TEST_CASE("a host function runs in the floating-point state of the host") {
    const std::vector<exec::HostFunction> host = {{"env", "look", {{}, {}}, 0, look}};
    exec::Instance instance = instance_of(
        R"((import "env" "look" (func $look))
           (func (export "f") (param f64 f64) (result f64)
               (call $look) (f64.div (local.get 0) (local.get 1))))",
        host);
    int seen = -1;
    std::fesetround(FE_UPWARD);
    const exec::Outcome outcome =
        call(instance, "f", {0x3ff0'0000'0000'0000, 0x4008'0000'0000'0000}, 1'000'000, &seen);
    const int after = std::fegetround();
    std::fesetround(FE_TONEAREST);
    CHECK(seen == FE_UPWARD);
    CHECK(after == FE_UPWARD);
    CHECK(outcome.results.at(0) == 0x3fd5'5555'5555'5555);
}
