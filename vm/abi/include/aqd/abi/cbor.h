#pragma once

#include <aqd/base/bytes.h>
#include <aqd/base/int128.h>
#include <aqd/base/result.h>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// Deterministic CBOR (RFC 8949, 4.2.1) for host code; the profile is described in `cbor_core.h`.
namespace aqd::abi {

/// Whether a text may be written: `Writer::write_text` takes nothing else.
bool is_utf8(std::string_view text);

/// Appends items to a buffer that the caller owns and keeps alive. Only the one canonical spelling
/// can come out; the caller keeps the counts of headers and the order of map keys.
class Writer {
  public:
    explicit Writer(Bytes& out) : out_(&out) {}

    void write_uint(std::uint64_t value);
    void write_int(std::int64_t value);
    void write_uint128(UInt128 value);
    void write_int128(Int128 value);
    void write_bool(bool value);
    void write_null();
    void write_bytes(BytesView value);
    /// Asserts that `value` is UTF-8: text from outside is checked where it enters.
    void write_text(std::string_view value);
    void write_array_header(std::uint64_t count);
    /// `count` pairs follow, keys ascending by their encoded octets.
    void write_map_header(std::uint64_t count);
    /// One item that is already canonical, such as a stored value.
    void write_encoded(BytesView item);

  private:
    void write_head(std::uint8_t major, std::uint64_t argument);

    Bytes* out_;
};

/// What the next item is, by its first octet.
enum class Kind : std::uint8_t { integer, bytes, text, array, map, boolean, null };

/// A cursor over canonical CBOR. A failed read leaves the cursor where it was; every error carries
/// the byte offset and is `malformed` or `non_canonical` (`invalid` for a sound item of another
/// kind or an integer out of the range asked for). Views point into the input. Allocates only for
/// errors.
class Reader {
  public:
    static constexpr std::uint32_t max_depth = 64;

    /// `base_offset` is where `input` begins in the file it was cut from: it is added to the
    /// offsets of errors.
    explicit Reader(BytesView input, std::uint64_t base_offset = 0)
        : input_(input), base_(base_offset) {}

    [[nodiscard]] bool at_end() const { return at_ == input_.size(); }
    /// Offset of the next item, `base_offset` included.
    [[nodiscard]] std::uint64_t offset() const { return base_ + at_; }
    [[nodiscard]] BytesView rest() const { return input_.subspan(at_); }

    [[nodiscard]] Result<Kind> peek() const;
    Result<std::uint64_t> read_uint();
    /// `read_uint` for a field with a smaller maximum.
    Result<std::uint64_t> read_uint_up_to(std::uint64_t maximum);
    Result<std::int64_t> read_int();
    Result<UInt128> read_uint128();
    Result<Int128> read_int128();
    Result<bool> read_bool();
    Result<void> read_null();
    /// True, and the null is consumed, if the next item is null: the optional field `T?`.
    Result<bool> take_null();
    Result<BytesView> read_bytes();
    Result<std::string_view> read_text();
    /// The count is at most what the rest of the input can hold.
    Result<std::uint64_t> read_array_header();
    /// An array of exactly `count` items: a record or a tuple.
    Result<void> expect_array(std::uint64_t count);
    /// The number of pairs; read each key through one `MapKeys`.
    Result<std::uint64_t> read_map_header();
    /// Passes over one whole item, checking all of it, and returns its octets.
    Result<BytesView> skip();
    /// Refuses trailing octets.
    [[nodiscard]] Result<void> finish() const;

    /// A byte string of exactly the size of `Fixed`.
    template <class Fixed>
    Result<Fixed> read_fixed() {
        const std::uint64_t begin = offset();
        const std::size_t before = at_;
        AQD_TRY(bytes, read_bytes());
        if (bytes.size() != Fixed::size_bytes) {
            at_ = before;
            return fail(ErrorCode::invalid,
                        "expected a byte string of " + std::to_string(Fixed::size_bytes) +
                            " octets, found " + std::to_string(bytes.size()),
                        begin);
        }
        return Fixed::from(bytes);
    }

  private:
    friend class MapKeys;

    [[nodiscard]] std::unexpected<Error> wrong_kind(std::string_view expected) const;
    Result<BytesView> read_string(std::uint8_t major, std::string_view expected);
    Result<std::uint64_t> read_header(std::uint8_t major, std::string_view expected);

    BytesView input_;
    std::uint64_t base_ = 0;
    std::size_t at_ = 0;
};

/// Reads the keys of one map and refuses any that does not come after the one before it.
class MapKeys {
  public:
    Result<std::uint64_t> read_uint(Reader& reader);
    Result<std::string_view> read_text(Reader& reader);

  private:
    Result<void> note(const Reader& reader, std::size_t begin);

    BytesView previous_;
    bool has_previous_ = false;
};

struct Null {
    auto operator<=>(const Null&) const = default;
};

/// Any integer of the profile, -2^128 … 2^128 - 1: the magnitude stands for itself or for
/// -1 - magnitude.
struct Integer {
    bool negative = false;
    UInt128 magnitude = 0;

    auto operator<=>(const Integer&) const = default;
};

struct MapEntry;

/// Any value of the profile, for tools that look at data without knowing its type. Entries of a map
/// are in canonical order after `decode_value`; `encode_value` sorts them.
struct Value {
    using Array = std::vector<Value>;
    using Map = std::vector<MapEntry>;
    std::variant<Null, bool, Integer, Bytes, std::string, Array, Map> content;
};

struct MapEntry {
    Value key;
    Value value;
};

bool operator==(const Value& a, const Value& b);
bool operator==(const MapEntry& a, const MapEntry& b);

/// One item and nothing behind it, nested at most `Reader::max_depth` deep.
Result<Value> decode_value(BytesView input);

/// `invalid` for text that is not UTF-8, repeated keys, keys that are neither unsigned integers nor
/// text, and nesting past `Reader::max_depth`.
Result<Bytes> encode_value(const Value& value);

/// Diagnostic notation (RFC 8949, 8): `[1, -2, h'00ff', "é", {"a": null}]`. Integers beyond 64 bits
/// are written in decimal, as the RFC permits.
std::string to_diagnostic(const Value& value);

}  // namespace aqd::abi
