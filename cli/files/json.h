#pragma once

#include <aqd/base/result.h>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>

/// People's JSON files: strict, and with errors that say where.
namespace aqd::files {

/// Keeps the members of an object in the order in which they were written.
using Json = nlohmann::ordered_json;

inline constexpr std::size_t max_json_depth = 64;

/// RFC 8259, nested at most `max_json_depth` deep; a member written twice is refused, because the
/// reader of a file could not know which of the two counts. `name` is what errors call the text.
Result<Json> parse_json(std::string_view text, std::string_view name);

Result<Json> read_json(const std::filesystem::path& path);

/// A place in a JSON document, "communes[3].code", for errors.
class JsonPath {
  public:
    JsonPath() = default;
    explicit JsonPath(std::string start) : text_(std::move(start)) {}

    [[nodiscard]] JsonPath member(std::string_view name) const;
    [[nodiscard]] JsonPath element(std::size_t index) const;
    [[nodiscard]] const std::string& text() const { return text_; }

    /// "communes[3].code: is not a text"; `invalid` unless told otherwise.
    [[nodiscard]] std::unexpected<Error> fail(std::string_view what,
                                              ErrorCode code = ErrorCode::invalid) const;
    /// The same in front of an error that came from below.
    [[nodiscard]] std::unexpected<Error> fail(const Error& error) const;

  private:
    std::string text_;
};

/// The members of one object: every one must be asked for before `finish`, so that a misspelt
/// member is an error and never silently without effect. Borrows the JSON.
class JsonObject {
  public:
    /// `invalid` unless `json` is an object.
    static Result<JsonObject> of(const Json& json, JsonPath path);

    [[nodiscard]] const JsonPath& path() const { return path_; }
    [[nodiscard]] JsonPath at(std::string_view name) const { return path_.member(name); }

    /// nullptr if there is no such member, or it is null.
    const Json* find(std::string_view name);
    Result<const Json*> need(std::string_view name);
    Result<std::string> text(std::string_view name);
    Result<std::string> text_or(std::string_view name, std::string_view otherwise);
    Result<std::uint64_t> number(std::string_view name);
    Result<std::uint64_t> number_or(std::string_view name, std::uint64_t otherwise);
    Result<bool> flag_or(std::string_view name, bool otherwise);
    /// An array, or nullptr if there is no such member.
    Result<const Json*> list_or_none(std::string_view name);

    /// `invalid`, naming a member that nobody asked for and the ones that exist.
    [[nodiscard]] Result<void> finish() const;

  private:
    JsonObject(const Json& json, JsonPath path) : json_(&json), path_(std::move(path)) {}

    const Json* json_;
    JsonPath path_;
    std::vector<std::string> asked_;
};

}  // namespace aqd::files
