#include "tests/compiler/lower/contract.h"

#include <aqd/base/int128.h>

#include <catch2/catch.hpp>

#include <array>
#include <optional>
#include <random>

// Every operation on every integer type, on numbers near the edges, against the same arithmetic in
// C++.

using namespace aqd;
using aqd::lower::testing::Contract;

namespace {

struct IntegerType {
    std::string name;
    unsigned bits;
    bool is_signed;
};

const std::vector<IntegerType>& integer_types() {
    static const std::vector<IntegerType> types = [] {
        std::vector<IntegerType> all;
        for (const unsigned bits : {8U, 16U, 32U, 64U, 128U}) {
            all.push_back({"u" + std::to_string(bits), bits, false});
            all.push_back({"i" + std::to_string(bits), bits, true});
        }
        return all;
    }();
    return types;
}

// A number as sign and magnitude: wide enough for every result that is asked for.
struct Number {
    bool negative = false;
    UInt128 magnitude = 0;

    bool operator==(const Number&) const = default;
};

std::string text(const Number& number) {
    std::string digits;
    UInt128 rest = number.magnitude;
    do {
        digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
        rest /= 10;
    } while (rest != 0);
    return (number.negative && number.magnitude != 0 ? "-" : "") + digits;
}

UInt128 most(const IntegerType& type) {
    const unsigned bits = type.is_signed ? type.bits - 1 : type.bits;
    return bits == 128 ? ~UInt128{0} : (UInt128{1} << bits) - 1;
}

bool fits(const Number& number, const IntegerType& type) {
    if (!number.negative) {
        return number.magnitude <= most(type);
    }
    return number.magnitude == 0 || (type.is_signed && number.magnitude <= most(type) + 1);
}

std::optional<Number> add(const Number& a, const Number& b) {
    if (a.negative == b.negative) {
        Number sum{a.negative, a.magnitude + b.magnitude};
        return sum.magnitude < a.magnitude ? std::nullopt : std::optional<Number>(sum);
    }
    return a.magnitude >= b.magnitude ? Number{a.negative, a.magnitude - b.magnitude}
                                      : Number{b.negative, b.magnitude - a.magnitude};
}

std::optional<Number> multiply(const Number& a, const Number& b) {
    if (a.magnitude != 0 && b.magnitude > ~UInt128{0} / a.magnitude) {
        return std::nullopt;
    }
    return Number{a.negative != b.negative, a.magnitude * b.magnitude};
}

std::string expected(char op, const Number& a, const Number& b, const IntegerType& type) {
    std::optional<Number> result;
    switch (op) {
        case '+':
            result = add(a, b);
            break;
        case '-':
            result = add(a, {!b.negative, b.magnitude});
            break;
        case '*':
            result = multiply(a, b);
            break;
        default: {
            if (b.magnitude == 0) {
                return "DivisionByZero";
            }
            const Number quotient{a.negative != b.negative, a.magnitude / b.magnitude};
            if (!fits(quotient, type)) {
                return "Overflow";
            }
            result = op == '/' ? quotient : Number{a.negative, a.magnitude % b.magnitude};
        }
    }
    return result && fits(*result, type) ? "success: " + text(*result) : "Overflow";
}

class Numbers {
  public:
    Number next(const IntegerType& type) {
        for (;;) {
            Number number{type.is_signed && random_() % 2 == 0, 0};
            switch (random_() % 4) {
                case 0:
                    number.magnitude = random_() % 20;
                    break;
                case 1:
                    number.magnitude = most(type) - random_() % 4 + (number.negative ? 1 : 0);
                    break;
                case 2:
                    number.magnitude = (UInt128{1} << (random_() % type.bits)) + random_() % 3 - 1;
                    break;
                default:
                    number.magnitude = join_halves(random_(), random_()) & most(type);
                    number.magnitude >>= random_() % type.bits;
            }
            if (fits(number, type)) {
                return number;
            }
        }
    }

  private:
    std::mt19937_64 random_{20260305};
};

const std::array<std::pair<char, std::string>, 5> operations{
    {{'+', "add"}, {'-', "sub"}, {'*', "mul"}, {'/', "div"}, {'%', "rem"}}};

}  // namespace

TEST_CASE("arithmetic agrees with C++ on random numbers of every type") {
    std::string source = "module t version 1\n";
    for (const IntegerType& type : integer_types()) {
        for (const auto& [op, name] : operations) {
            source += "view " + name + "_" + type.name + "(a: " + type.name + ", b: " + type.name +
                      ") -> " + type.name + " { a " + op + " b }\n";
        }
        source += "view less_" + type.name + "(a: " + type.name + ", b: " + type.name +
                  ") -> bool { a < b }\n";
    }
    Contract c(source);
    Numbers numbers;
    for (const IntegerType& type : integer_types()) {
        for (int round = 0; round < 40; ++round) {
            const Number a = numbers.next(type);
            const Number b = numbers.next(type);
            const std::string arguments = "[" + text(a) + ", " + text(b) + "]";
            for (const auto& [op, name] : operations) {
                INFO(name << " " << type.name << " " << arguments);
                CHECK(c.refusal(name + "_" + type.name, arguments) == expected(op, a, b, type));
            }
            const std::optional<Number> difference = add(a, {!b.negative, b.magnitude});
            const bool less =
                difference ? difference->negative && difference->magnitude != 0 : a.negative;
            CHECK(c.value("less_" + type.name, arguments) == (less ? "true" : "false"));
        }
    }
}

TEST_CASE("conversions between all types agree with C++") {
    std::string source = "module t version 1\n";
    for (const IntegerType& from : integer_types()) {
        for (const IntegerType& to : integer_types()) {
            if (from.name != to.name) {
                source += "view " + from.name + "_" + to.name + "(a: " + from.name + ") -> " +
                          to.name + " { " + to.name + "(a) }\n";
            }
        }
    }
    Contract c(source);
    Numbers numbers;
    for (const IntegerType& from : integer_types()) {
        for (const IntegerType& to : integer_types()) {
            for (int round = 0; round < 12 && from.name != to.name; ++round) {
                const Number a = numbers.next(round % 2 == 0 || to.bits > from.bits ? from : to);
                if (!fits(a, from)) {
                    continue;
                }
                INFO(from.name << " " << to.name << " " << text(a));
                CHECK(c.refusal(from.name + "_" + to.name, "[" + text(a) + "]") ==
                      (fits(a, to) ? "success: " + text(a) : "OutOfRange"));
            }
        }
    }
}
