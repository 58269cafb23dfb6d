#pragma once

#include "compiler/syntax/name.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

namespace aqd::syntax {

/// Dense from zero in one file, so that a side table is a vector.
enum class TypeId : std::uint32_t {};

struct Type;
using TypePtr = std::unique_ptr<Type>;

/// `64K` or the name of a constant.
using Size = std::variant<Integer, Name>;

/// What stands in brackets: `[2]`, `[Fund, 4]`, `[MAX_LENGTH]` (a constant reads as a type here).
struct TypeArguments {
    std::variant<Integer, TypePtr> first;
    std::optional<Size> size;
    Span span;
};

/// `date`, `text[40]`, `list[Fund, 4]`, `PersonKey`; an upper-case name is a path of one segment.
struct NamedType {
    Path path;
    std::optional<TypeArguments> arguments;
};

/// `(Commune, u16)`: two or more.
struct TupleType {
    std::vector<TypePtr> elements;
};

/// `[u32; 64]`.
struct ArrayType {
    TypePtr element;
    Size size;
};

struct Type {
    TypeId id{};
    Span span;
    bool optional = false;  ///< ends in `?`
    std::variant<NamedType, TupleType, ArrayType> node;
};

/// `30 days`, `3 months round down`, or the name of a parameter or constant.
struct Duration {
    std::variant<DurationLiteral, Name> value;
    Span span;
};

}  // namespace aqd::syntax
