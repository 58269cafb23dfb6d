#include "tests/tidy/functions.h"

#include <catch2/catch.hpp>

#include <cstddef>
#include <string>

namespace aqd::tidy {
namespace {

std::string lines(std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) {
        out += "    call();\n";
    }
    return out;
}

Findings check(const std::string& text) {
    return check_lengths({"vm/base/sample.cpp", text});
}

TEST_CASE("functions of more than seventy lines are found wherever they stand") {
    const std::string body = " {\n" + lines(70) + "}\n";
    for (const std::string head :
         {"int f()", "namespace a {\nstatic int f(int b = 1) const noexcept", "TEST_CASE(\"{\")",
          "extern \"C\" int f()", "class A {\n  public:\n    void f() const override",
          "template <class T = int>\nauto f(T x) -> decltype(x)", "struct B f()",
          "A::A(int x) : a_{x}, b_(x)", "A::A(int x)\n    : a_(x), b_{x}",
          "bool operator==(const A& a, const A& b)", "std::map<int, int> A::f() const",
          "#define X 1\nint f()", "constexpr int table[] = {1, 2};\nint f()",
          "/* { */ const char* s = R\"({)\"; int g(){ return '{'; }\nint f()"}) {
        INFO(head);
        CHECK(check(head + body).size() == 1);
    }
    CHECK(check("int f() {\n" + lines(69) + "}\n").empty());
}

TEST_CASE("the line named is that of the function") {
    const Findings findings = check("int g() {\n}\n\n// About f.\nint f() {\n" + lines(80) + "}\n");
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].line == 5);
    CHECK(findings[0].words == "a function of 81 lines without a reason above it");
}

TEST_CASE("a reason in the comment above excuses a long function, and only that one") {
    const std::string body = "int f() {\n" + lines(80) + "}\n";
    CHECK(check("// Longer than seventy lines: one row an opcode.\n" + body).empty());
    CHECK(check("// Longer than seventy lines: a table,\n// of rows.\n" + body).empty());
    CHECK(check("class A {\n  public:\n    // Longer than seventy lines: x.\n" + body + "};")
              .empty());
    CHECK(check("// Longer than seventy lines: x.\n\n" + body).size() == 1);
    CHECK(check("// Longer than seventy lines: x.\n" + body + body).size() == 1);
    CHECK(check("// A long one.\n" + body).size() == 1);
}

TEST_CASE("long types, tables and namespaces are no functions") {
    for (const std::string head :
         {"namespace a::b", "struct A", "class A final : public B<int>", "enum class A : int",
          "const int table[] =", "union U", "extern \"C\"", "namespace", "inline namespace v1",
          "AQD_DRIVER(wasm)\nnamespace a"}) {
        INFO(head);
        CHECK(check(head + " {\n" + std::string(80, '\n') + "};\n").empty());
    }
}

TEST_CASE("files of more than seven hundred lines are found") {
    CHECK(check(std::string(701, '\n')).size() == 1);
    CHECK(check(std::string(700, '\n')).empty());
    CHECK(check_lengths({"docs/page.md", std::string(900, '\n')}).empty());
}

}  // namespace
}  // namespace aqd::tidy
