#pragma once

#include <aqd/abi/manifest.h>

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

namespace aqd::program {

/// Index into a `TypeTable`. Equal ids are equal types: types are interned.
enum class TypeId : std::uint32_t {};

/// Index into `Program::named`: a record, an enumeration or an authority.
enum class NamedId : std::uint32_t {};

/// The numbers below 64 are those of `abi::TypeKind`; the others never reach a manifest.
enum class Kind : std::uint8_t {
    unit = 0,
    boolean = 1,
    unsigned_integer = 2,  ///< size: 8, 16, 32, 64 or 128 bits
    signed_integer = 3,    ///< the same
    decimal = 4,           ///< size: scale, 0..18; the value is a 128-bit integer times 10^-scale
    date = 5,              ///< days since 1970-01-01, years 1600 to 9999
    time = 6,              ///< seconds since 1970-01-01 UTC
    days = 7,              ///< signed 64 bits, as the next four and `seconds`
    workdays = 8,
    months = 9,  ///< a signed number and a rounding (0 none, 1 up, 2 down); never 0 in a literal
    hours = 10,
    text = 11,   ///< size: most code points
    bytes = 12,  ///< size: most octets
    hash = 13,
    case_id = 14,
    account = 15,
    body = 16,
    option = 17,  ///< items[0], never an option itself
    list = 18,    ///< items[0], size: most elements
    array = 19,   ///< items[0], size: elements
    tuple = 20,   ///< items, two or more
    record = 21,
    enumeration = 22,
    authority = 23,
    secret = 24,  ///< items[0]; the value is a 32-octet commitment
    person = 25,
    seconds = 26,
    minutes = 64,     ///< only as the term of a deadline
    recipients = 65,  ///< what `sent(N)` yields; only as a recipient of a sending
    error = 255,      ///< silences follow-up mistakes; never in a checked program
};

struct Type {
    Kind kind = Kind::unit;
    std::uint32_t size = 0;
    NamedId named{};  ///< of records, enumerations and authorities
    std::vector<TypeId> items;

    auto operator<=>(const Type&) const = default;
};

/// Interns types. Ids are given in order of first use, so equal sources give equal tables.
class TypeTable {
  public:
    TypeId intern(Type type);

    TypeId of(Kind kind, std::uint32_t size = 0) { return intern({kind, size, {}, {}}); }
    TypeId of(Kind kind, TypeId item, std::uint32_t size = 0) {
        return intern({kind, size, {}, {item}});
    }
    TypeId of(Kind kind, NamedId named) { return intern({kind, 0, named, {}}); }

    const Type& operator[](TypeId id) const { return types_[static_cast<std::size_t>(id)]; }
    [[nodiscard]] Kind kind(TypeId id) const { return (*this)[id].kind; }
    [[nodiscard]] TypeId item(TypeId id) const { return (*this)[id].items[0]; }
    [[nodiscard]] std::size_t size() const { return types_.size(); }

  private:
    std::deque<Type> types_;  // references to types stay good while new ones are interned
    std::map<Type, TypeId> ids_;
};

}  // namespace aqd::program
