#include "cli/files/json.h"

#include "cli/files/files.h"

#include <algorithm>
#include <set>
#include <vector>

namespace aqd::files {
namespace {

struct Place {
    std::size_t line = 1;
    std::size_t column = 1;
};

Place place_of(std::string_view text, std::size_t offset) {
    Place place;
    for (const char c : text.substr(0, std::min(offset, text.size()))) {
        if (c == '\n') {
            ++place.line;
            place.column = 1;
        } else if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) {
            ++place.column;
        }
    }
    return place;
}

/// Refuses what `nlohmann::json` would take silently: repeated members and bottomless nesting.
class StrictSax final : public nlohmann::detail::json_sax_dom_parser<Json> {
    using Base = nlohmann::detail::json_sax_dom_parser<Json>;

  public:
    explicit StrictSax(Json& document) : Base(document, false) {}

    bool start_object(std::size_t size) {
        seen_.emplace_back();
        return deeper() && Base::start_object(size);
    }
    bool end_object() {
        seen_.pop_back();
        --depth_;
        return Base::end_object();
    }
    bool start_array(std::size_t size) { return deeper() && Base::start_array(size); }
    bool end_array() {
        --depth_;
        return Base::end_array();
    }
    bool key(std::string& name) {
        if (!seen_.back().insert(name).second) {
            problem_ = "the member \"" + name + "\" is written twice in one object";
            return false;
        }
        return Base::key(name);
    }
    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::detail::exception& error) {
        position_ = position;
        problem_ = error.what();
        // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error …"
        if (const std::size_t colon = problem_.find(": "); colon != std::string::npos) {
            problem_.erase(0, colon + 2);
        }
        return false;
    }

    [[nodiscard]] const std::string& problem() const { return problem_; }
    [[nodiscard]] std::size_t position() const { return position_; }

  private:
    bool deeper() {
        if (++depth_ > max_json_depth) {
            problem_ = "nested more than " + std::to_string(max_json_depth) + " deep";
            return false;
        }
        return true;
    }

    std::vector<std::set<std::string>> seen_;
    std::size_t depth_ = 0;
    std::string problem_;
    std::size_t position_ = 0;
};

}  // namespace

Result<Json> parse_json(std::string_view text, std::string_view name) {
    Json root;
    StrictSax sax(root);
    if (Json::sax_parse(text.begin(), text.end(), &sax)) {
        return root;
    }
    std::string where(name);
    if (sax.position() != 0) {
        const Place place = place_of(text, sax.position() - 1);
        where += ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
    }
    return fail(ErrorCode::malformed, where + ": " + sax.problem());
}

Result<Json> read_json(const std::filesystem::path& path) {
    AQD_TRY(content, read(path));
    return parse_json(as_text(content), path.string());
}

JsonPath JsonPath::member(std::string_view name) const {
    // The name of a file in front: "genesis.json: mandates".
    if (text_.ends_with(':')) {
        return JsonPath(text_ + " " + std::string(name));
    }
    return JsonPath(text_.empty() ? std::string(name) : text_ + "." + std::string(name));
}

JsonPath JsonPath::element(std::size_t index) const {
    return JsonPath(text_ + "[" + std::to_string(index) + "]");
}

std::unexpected<Error> JsonPath::fail(std::string_view what, ErrorCode code) const {
    const std::string_view between = text_.empty() ? "" : text_.ends_with(':') ? " " : ": ";
    return aqd::fail(code, text_ + std::string(between) + std::string(what));
}

std::unexpected<Error> JsonPath::fail(const Error& error) const {
    return fail(error.message, error.code);
}

Result<JsonObject> JsonObject::of(const Json& json, JsonPath path) {
    if (!json.is_object()) {
        return path.fail("is not an object {…}");
    }
    return JsonObject(json, std::move(path));
}

const Json* JsonObject::find(std::string_view name) {
    asked_.emplace_back(name);
    const auto found = json_->find(std::string(name));
    return found == json_->end() || found->is_null() ? nullptr : &*found;
}

Result<const Json*> JsonObject::need(std::string_view name) {
    const Json* found = find(name);
    if (found == nullptr) {
        return path_.fail("\"" + std::string(name) + "\" is missing");
    }
    return found;
}

Result<std::string> JsonObject::text(std::string_view name) {
    AQD_TRY(found, need(name));
    if (!found->is_string()) {
        return at(name).fail("is not a text");
    }
    return found->get<std::string>();
}

Result<std::string> JsonObject::text_or(std::string_view name, std::string_view otherwise) {
    if (find(name) == nullptr) {
        return std::string(otherwise);
    }
    return text(name);
}

Result<std::uint64_t> JsonObject::number(std::string_view name) {
    AQD_TRY(found, need(name));
    if (!found->is_number_unsigned()) {
        return at(name).fail("is not a whole number of zero or more");
    }
    return found->get<std::uint64_t>();
}

Result<std::uint64_t> JsonObject::number_or(std::string_view name, std::uint64_t otherwise) {
    if (find(name) == nullptr) {
        return otherwise;
    }
    return number(name);
}

Result<bool> JsonObject::flag_or(std::string_view name, bool otherwise) {
    const Json* found = find(name);
    if (found == nullptr) {
        return otherwise;
    }
    if (!found->is_boolean()) {
        return at(name).fail("is neither true nor false");
    }
    return found->get<bool>();
}

Result<const Json*> JsonObject::list_or_none(std::string_view name) {
    const Json* found = find(name);
    if (found != nullptr && !found->is_array()) {
        return at(name).fail("is not a list […]");
    }
    return found;
}

Result<void> JsonObject::finish() const {
    for (const auto& [name, value] : json_->items()) {
        if (std::ranges::find(asked_, name) == asked_.end()) {
            std::string known;
            for (const std::string& one : asked_) {
                if (known.find("\"" + one + "\"") == std::string::npos) {
                    known += (known.empty() ? "\"" : ", \"") + one + "\"";
                }
            }
            return path_.fail("there is no member \"" + name + "\"; there are " + known);
        }
    }
    return {};
}

}  // namespace aqd::files
