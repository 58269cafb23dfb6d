// Modules made to be slow to load. Each family loads in time linear in its size, or is refused by a
// named limit.

#include "tests/vm/wasm/module_bytes.h"

#include <aqd/prepare/prepare.h>
#include <aqd/wasm/decode.h>
#include <aqd/wasm/validate.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

using namespace aqd;
using test::join;
using test::number;
using test::repeat;

namespace {

/// Functions of one type, `(i32 …) -> (i32 …)`, with bodies that begin with local declarations.
struct Parts {
    std::uint32_t parameters = 1;
    std::uint32_t results = 0;
    std::vector<Bytes> bodies;
};

Bytes module_of(const Parts& parts) {
    Bytes code = number(parts.bodies.size());
    for (const Bytes& body : parts.bodies) {
        append(code, number(body.size()));
        append(code, body);
    }
    return test::ModuleBytes()
        .section(1, join({{1, 0x60},
                          number(parts.parameters),
                          repeat(parts.parameters, {0x7f}),
                          number(parts.results),
                          repeat(parts.results, {0x7f})}))
        .repeated(3, static_cast<std::uint32_t>(parts.bodies.size()), {0})
        .section(5, {1, 1, 1, 1})
        .section(10, code)
        .bytes();
}

/// Bodies of at most `most` octets that repeat the instructions until there are `size` octets.
Bytes repeated(std::size_t size, std::size_t most, const Bytes& instructions) {
    Parts parts;
    for (std::size_t made = 0; made < size;) {
        const std::size_t octets = std::min(most, size - made);
        parts.bodies.push_back(
            join({{0}, repeat(octets / instructions.size(), instructions), {0x0b}}));
        made += octets + 3;
    }
    return module_of(parts);
}

Bytes same_bodies(std::size_t size, Parts parts, const Bytes& body) {
    parts.bodies.assign(std::max<std::size_t>(1, size / (body.size() + 2)), body);
    return module_of(parts);
}

struct Family {
    std::string name;
    /// About `size` octets. `body` is how long one body may be.
    std::function<Bytes(std::size_t size, std::size_t body)> make;
};

/// Blocks inside one another, so many at a time.
Bytes nested(std::size_t size, std::size_t body, std::size_t depth) {
    return repeated(size, body, join({repeat(depth, {0x02, 0x40}), repeat(depth, {0x0b})}));
}

Bytes branch_tables(std::size_t size, std::size_t body, std::size_t labels) {
    return repeated(
        size, body,
        join({{0x02, 0x40, 0x20, 0, 0x0e}, number(labels), repeat(labels + 1, {0}), {0x0b}}));
}

// Longer than seventy lines: a few for each family.
std::vector<Family> families() {
    return {
        {"straight line",
         [](std::size_t size, std::size_t body) {
             return repeated(size, body, {0x20, 0, 0x41, 1, 0x6a, 0x21, 0});
         }},
        {"an expression that is never stored",
         [](std::size_t size, std::size_t body) {
             const std::size_t terms = std::min(size, body) / 4;
             const Bytes one =
                 join({{0}, repeat(terms, {0x20, 0}), repeat(terms - 1, {0x6a}), {0x1a, 0x0b}});
             return same_bodies(size, {}, one);
         }},
        {"deep nesting",
         [](std::size_t size, std::size_t body) {
             return nested(size, body, std::min(size, body) / 3);
         }},
        {"nesting as deep as contracts may",
         [](std::size_t size, std::size_t body) { return nested(size, body, 250); }},
        {"blocks one after another",
         [](std::size_t size, std::size_t body) {
             return repeated(size, body, {0x02, 0x40, 0x20, 0, 0x0d, 0, 0x0b});
         }},
        {"empty loops", [](std::size_t size,
                           std::size_t body) { return repeated(size, body, {0x03, 0x40, 0x0b}); }},
        {"diamonds",
         [](std::size_t size, std::size_t body) {
             return repeated(size, body,
                             {0x20, 0, 0x04, 0x7f, 0x41, 1, 0x05, 0x41, 2, 0x0b, 0x21, 0});
         }},
        {"a huge branch table",
         [](std::size_t size, std::size_t body) {
             return branch_tables(size, body, std::min(size, body) - 20);
         }},
        {"branch tables as large as contracts may have",
         [](std::size_t size, std::size_t body) { return branch_tables(size, body, 1'000); }},
        {"many locals",
         [](std::size_t size, std::size_t) {
             return same_bodies(size, {}, join({{1}, number(50'000), {0x7f, 0x0b}}));
         }},
        {"as many locals as contracts may have",
         [](std::size_t size, std::size_t) {
             return same_bodies(size, {}, join({{1}, number(1'000), {0x7f, 0x0b}}));
         }},
        {"many groups of locals",
         [](std::size_t size, std::size_t body) {
             const std::size_t groups = std::min(size, body) / 2;
             return same_bodies(size, {},
                                join({number(groups), repeat(groups, {1, 0x7f}), {0x0b}}));
         }},
        {"many parameters",
         [](std::size_t size, std::size_t) {
             return same_bodies(size, {.parameters = 1'000, .results = 0, .bodies = {}}, {0, 0x0b});
         }},
        {"calls with many parameters that nobody reaches",
         [](std::size_t size, std::size_t body) {
             Parts parts{.parameters = 1'000, .results = 0, .bodies = {}};
             const std::size_t octets = std::min(size, body);
             const Bytes one = join({{0, 0}, repeat(octets / 2, {0x10, 0}), {0x0b}});
             return same_bodies(size, parts, one);
         }},
        {"calls with many results",
         [](std::size_t size, std::size_t body) {
             Parts parts{.parameters = 0, .results = 1'000, .bodies = {}};
             const std::size_t octets = std::min(size, body);
             const Bytes one = join({{0}, repeat(octets / 2, {0x10, 0}), {0, 0x0b}});
             return same_bodies(size, parts, one);
         }},
        {"many functions",
         [](std::size_t size, std::size_t) { return same_bodies(size, {}, {0, 0x0b}); }},
        {"loads of what was loaded",
         [](std::size_t size, std::size_t body) {
             const std::size_t octets = std::min(size, body);
             return same_bodies(
                 size, {}, join({{0, 0x20, 0}, repeat(octets / 3, {0x28, 2, 0}), {0x1a, 0x0b}}));
         }},
        {"stores of what was loaded",
         [](std::size_t size, std::size_t body) {
             return repeated(size, body, {0x20, 0, 0x20, 0, 0x28, 2, 0, 0x36, 2, 0});
         }},
    };
}

struct Load {
    std::string refusal;  ///< empty if the module loaded
    double seconds = 0;   ///< of this thread
};

double now() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// From the octets to prepared code.
Load load(const Bytes& module, const wasm::Limits& limits) {
    const double start = now();
    auto decoded = wasm::decode(module, limits);
    if (!decoded) {
        CHECK((decoded.error().code == ErrorCode::too_large));
        return {decoded.error().message, now() - start};
    }
    auto validated = wasm::validate(*std::move(decoded));
    if (!validated) {
        CHECK((validated.error().code == ErrorCode::too_large));
        return {validated.error().message, now() - start};
    }
    const auto code = prepare::prepare(*validated, *gas::schedule(gas::newest_schedule));
    static_cast<void>(code);
    return {{}, now() - start};
}

Load quickest(const Bytes& module, const wasm::Limits& limits) {
    Load best = load(module, limits);
    for (int i = 0; i < 2; ++i) {
        best.seconds = std::min(best.seconds, load(module, limits).seconds);
    }
    return best;
}

// A sanitizer makes everything slower, but nothing less linear.
#if defined(__SANITIZE_ADDRESS__) || !defined(__OPTIMIZE__)
constexpr double seconds_allowed = 30;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
constexpr double seconds_allowed = 30;
#else
constexpr double seconds_allowed = 1;
#endif
#else
constexpr double seconds_allowed = 1;
#endif

void check_family(const Family& family, const wasm::Limits& limits, std::size_t body) {
    constexpr std::size_t small = 60'000;
    constexpr std::size_t large = 8 * small;
    const Bytes module = family.make(large, body);
    const Load much = quickest(module, limits);
    const Load little = quickest(family.make(small, body), limits);
    INFO(family.name << ", " << module.size() << " octets: " << much.seconds * 1e3
                     << " ms, an eighth: " << little.seconds * 1e3
                     << " ms; refused: " << much.refusal);
    CHECK(much.seconds < seconds_allowed);
    if (much.refusal.empty()) {
        // Eight times as much, with room for the noise of a busy machine; a square would be 64.
        CHECK(much.seconds < 24 * std::max(little.seconds, 0.000'5));
    }
}

}  // namespace

TEST_CASE("hostile modules load in linear time under the limits of contracts") {
    for (const Family& family : families()) {
        check_family(family, wasm::Limits::contracts(), 100'000);
    }
}

TEST_CASE("hostile modules load in linear time under the widest limits") {
    for (const Family& family : families()) {
        check_family(family, wasm::Limits::widest(), 10'000'000);
    }
}
