#include "vm/abi/manifest_layout.h"

#include <aqd/abi/cbor.h>
#include <aqd/abi/keys.h>
#include <aqd/abi/manifest.h>

#include <algorithm>
#include <concepts>
#include <limits>
#include <type_traits>

namespace aqd::abi {

namespace {

/// Manifests nest types only as deep as sources may; a hostile one must not exhaust our stack.
constexpr std::uint32_t deepest_type = 32;

class Encoder {
  public:
    explicit Encoder(Bytes& out) : writer_(out) {}

    template <class... Fields>
    void operator()(const Fields&... fields) {
        writer_.write_array_header(sizeof...(Fields));
        (put(fields), ...);
    }

  private:
    void put(bool value) { writer_.write_bool(value); }
    template <std::unsigned_integral Number>
        requires(!std::same_as<Number, bool>)
    void put(Number value) {
        writer_.write_uint(value);
    }
    void put(std::int32_t value) { writer_.write_int(value); }
    template <class Set>
        requires std::is_enum_v<Set>
    void put(Set value) {
        writer_.write_uint(static_cast<std::uint64_t>(value));
    }
    void put(const std::string& value) { writer_.write_text(value); }
    void put(const Bytes& value) { writer_.write_bytes(value); }
    void put(const Hash256& value) { writer_.write_bytes(value.view()); }
    template <class Item>
    void put(const std::optional<Item>& value) {
        if (value) {
            put(*value);
        } else {
            writer_.write_null();
        }
    }
    template <class Item>
        requires(!std::same_as<Item, std::uint8_t>)
    void put(const std::vector<Item>& items) {
        writer_.write_array_header(items.size());
        for (const Item& item : items) {
            put(item);
        }
    }
    template <class Part>
        requires std::is_class_v<Part>
    void put(const Part& part) {
        layout::visit(*this, part);
    }

    Writer writer_;
};

/// Stops at the first error; what follows is then left as it was.
class Decoder {
  public:
    explicit Decoder(Reader& reader) : reader_(reader) {}

    template <class... Fields>
    void operator()(Fields&... fields) {
        if (take(reader_.expect_array(sizeof...(Fields)))) {
            (get(fields), ...);
        }
    }

    [[nodiscard]] Result<> outcome() const {
        if (error_) {
            return std::unexpected(*error_);
        }
        return {};
    }

  private:
    template <class Value>
    bool take(const Result<Value>& result) {
        if (!error_ && !result) {
            error_ = result.error();
        }
        return !error_;
    }
    void get(bool& value) {
        const auto read = reader_.read_bool();
        if (take(read)) {
            value = *read;
        }
    }
    template <std::unsigned_integral Number>
        requires(!std::same_as<Number, bool>)
    void get(Number& value) {
        const auto read = reader_.read_uint_up_to(std::numeric_limits<Number>::max());
        if (take(read)) {
            value = static_cast<Number>(*read);
        }
    }
    void get(std::int32_t& value) {
        const std::uint64_t at = reader_.offset();
        const auto read = reader_.read_int();
        if (!take(read)) {
            return;
        }
        if (*read < std::numeric_limits<std::int32_t>::min() ||
            *read > std::numeric_limits<std::int32_t>::max()) {
            error_ = Error{ErrorCode::invalid, "a date out of range", at};
            return;
        }
        value = static_cast<std::int32_t>(*read);
    }
    template <class Set>
        requires std::is_enum_v<Set>
    void get(Set& value) {
        const auto read = reader_.read_uint_up_to(layout::last_of(Set{}));
        if (take(read)) {
            value = static_cast<Set>(*read);
        }
    }
    void get(std::string& value) {
        const auto read = reader_.read_text();
        if (take(read)) {
            value = std::string(*read);
        }
    }
    void get(Bytes& value) {
        const auto read = reader_.read_bytes();
        if (take(read)) {
            value = to_bytes(*read);
        }
    }
    void get(Hash256& value) {
        const auto read = reader_.read_fixed<Hash256>();
        if (take(read)) {
            value = *read;
        }
    }
    template <class Item>
    void get(std::optional<Item>& value) {
        const auto absent = reader_.take_null();
        if (take(absent) && !*absent) {
            get(value.emplace());
        }
    }
    template <class Item>
        requires(!std::same_as<Item, std::uint8_t>)
    void get(std::vector<Item>& items) {
        const auto count = reader_.read_array_header();
        if (!take(count)) {
            return;
        }
        // The count alone must not buy memory: grow as items prove to be there.
        for (std::uint64_t i = 0; i < *count && !error_; ++i) {
            get(items.emplace_back());
        }
    }
    void get(Type& type) {
        if (++type_depth_ > deepest_type) {
            error_ = Error{ErrorCode::too_large, "a type is nested too deeply", reader_.offset()};
        } else {
            layout::visit(*this, type);
        }
        --type_depth_;
    }
    template <class Part>
        requires std::is_class_v<Part>
    void get(Part& part) {
        if (!error_) {
            layout::visit(*this, part);
        }
    }

    Reader& reader_;
    std::optional<Error> error_;
    std::uint32_t type_depth_ = 0;
};

template <class Part>
Bytes encode(const Part& part) {
    Bytes out;
    Encoder encoder(out);
    layout::visit(encoder, part);
    return out;
}

template <class Part>
Result<Part> decode(BytesView bytes) {
    Reader reader(bytes);
    Decoder decoder(reader);
    Part part;
    layout::visit(decoder, part);
    AQD_CHECK(decoder.outcome());
    AQD_CHECK(reader.finish());
    return part;
}

std::unexpected<Error> bad(std::string message) {
    return fail(ErrorCode::invalid, "manifest: " + std::move(message));
}

Result<> check_states(const std::vector<std::uint32_t>& ordinals, const Procedure& procedure,
                      const std::string& where) {
    for (const std::uint32_t ordinal : ordinals) {
        if (ordinal >= procedure.states.size()) {
            return bad(where + " names state " + std::to_string(ordinal) + " of " +
                       std::to_string(procedure.states.size()));
        }
    }
    return {};
}

/// What a store key and a host function call by id8 must be told apart by it, not by name only.
template <class Part>
Result<> check_distinct_id8(const std::vector<Part>& parts, const char* what) {
    std::vector<std::pair<std::uint64_t, std::string_view>> names;
    names.reserve(parts.size());
    for (const Part& part : parts) {
        names.emplace_back(id8(part.name), part.name);
    }
    std::ranges::sort(names);
    const auto twice =
        std::ranges::adjacent_find(names, {}, &std::pair<std::uint64_t, std::string_view>::first);
    if (twice != names.end()) {
        return bad(std::string(what) + " " + std::string(twice->second) + " and " +
                   std::string(std::next(twice)->second) + " are not told apart");
    }
    return {};
}

template <class Part>
Result<> check_distinct(const std::vector<Part>& parts, const char* what) {
    std::vector<std::string_view> names;
    names.reserve(parts.size());
    for (const Part& part : parts) {
        names.push_back(part.name);
    }
    std::ranges::sort(names);
    const auto twice = std::ranges::adjacent_find(names);
    if (twice != names.end()) {
        return bad(std::string(what) + " " + std::string(*twice) + " is there twice");
    }
    return {};
}

Result<> check_procedure(const Procedure& procedure) {
    AQD_CHECK(check_distinct(procedure.states, "state"));
    AQD_CHECK(check_distinct(procedure.deadlines, "deadline"));
    AQD_CHECK(check_distinct(procedure.data, "case field"));
    for (const Deadline& deadline : procedure.deadlines) {
        const std::string where = procedure.name + "." + deadline.name;
        AQD_CHECK(check_states(deadline.states, procedure, where));
        AQD_CHECK(check_states(deadline.targets, procedure, where));
    }
    const auto is_unique = [&](const Field& field) { return field.name == procedure.unique; };
    if (!procedure.unique.empty() && std::ranges::none_of(procedure.data, is_unique)) {
        return bad(procedure.name + " is unique by a field that it does not have");
    }
    return {};
}

Result<> check_manifest(const Manifest& manifest) {
    if (manifest.abi != abi_version) {
        return fail(ErrorCode::unsupported, "manifest: ABI version " +
                                                std::to_string(manifest.abi) + ", this is " +
                                                std::to_string(abi_version));
    }
    if (manifest.modules.empty() || manifest.modules.front().path != manifest.path) {
        return bad("its first module is not itself");
    }
    AQD_CHECK(check_distinct_id8(manifest.types, "type"));
    AQD_CHECK(check_distinct_id8(manifest.registers, "register"));
    AQD_CHECK(check_distinct_id8(manifest.roles, "role"));
    AQD_CHECK(check_distinct_id8(manifest.notices, "notice"));
    AQD_CHECK(check_distinct_id8(manifest.exchanges, "exchange"));
    AQD_CHECK(check_distinct_id8(manifest.procedures, "procedure"));
    AQD_CHECK(check_distinct(manifest.entries, "entry"));
    for (const Procedure& procedure : manifest.procedures) {
        AQD_CHECK(check_procedure(procedure));
    }
    for (const Entry& entry : manifest.entries) {
        if (entry.procedure.empty()) {
            continue;
        }
        const Procedure* procedure = manifest.procedure(entry.procedure);
        if (procedure == nullptr) {
            return bad("entry " + entry.name + " belongs to no procedure");
        }
        AQD_CHECK(check_states(entry.sources, *procedure, entry.name));
        AQD_CHECK(check_states(entry.targets, *procedure, entry.name));
    }
    return {};
}

template <class Part>
const Part* find_named(const std::vector<Part>& parts, std::string_view name) {
    const auto found = std::ranges::find_if(parts, [&](const Part& p) { return p.name == name; });
    return found == parts.end() ? nullptr : &*found;
}

}  // namespace

const Entry* Manifest::entry(std::string_view name) const {
    return find_named(entries, name);
}
const Procedure* Manifest::procedure(std::string_view name) const {
    return find_named(procedures, name);
}
const NamedType* Manifest::type(std::string_view name) const {
    return find_named(types, name);
}

Bytes encode_manifest(const Manifest& manifest) {
    return encode(manifest);
}

Result<Manifest> decode_manifest(BytesView bytes) {
    AQD_TRY(manifest, decode<Manifest>(bytes));
    AQD_CHECK(check_manifest(manifest));
    return manifest;
}

const LineTable::Row* LineTable::find(std::uint32_t code_offset) const {
    const auto after = std::ranges::upper_bound(rows, code_offset, {}, &Row::code_offset);
    return after == rows.begin() ? nullptr : &*std::prev(after);
}

Bytes encode_lines(const LineTable& lines) {
    return encode(lines);
}

Result<LineTable> decode_lines(BytesView bytes) {
    AQD_TRY(lines, decode<LineTable>(bytes));
    if (!std::ranges::is_sorted(lines.rows, {}, &LineTable::Row::code_offset)) {
        return fail(ErrorCode::invalid, "line table: offsets do not rise");
    }
    for (const LineTable::Row& row : lines.rows) {
        if (row.file >= lines.files.size()) {
            return fail(ErrorCode::invalid, "line table: a row names a file that is not listed");
        }
    }
    return lines;
}

}  // namespace aqd::abi
