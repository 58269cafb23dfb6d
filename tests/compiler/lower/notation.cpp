#include "tests/compiler/lower/notation.h"

#include <aqd/base/assert.h>
#include <aqd/base/hex.h>

#include <string>

namespace aqd::lower::testing {
namespace {

class NotationReader {
  public:
    explicit NotationReader(std::string_view text) : text_(text) {}

    abi::Value read() {
        skip_blanks();
        const char c = text_[at_];
        if (c == '[') {
            return read_array();
        }
        if (c == '"') {
            return {read_until('"', 1)};
        }
        if (c == 'h') {
            auto octets = from_hex(read_until('\'', 2));
            AQD_ASSERT(octets.has_value());
            return {*octets};
        }
        if (take("null")) {
            return {abi::Null{}};
        }
        if (take("true")) {
            return {true};
        }
        if (take("false")) {
            return {false};
        }
        return {read_integer()};
    }

  private:
    void skip_blanks() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == ',')) {
            ++at_;
        }
    }

    bool take(std::string_view word) {
        if (text_.substr(at_).starts_with(word)) {
            at_ += word.size();
            return true;
        }
        return false;
    }

    std::string read_until(char end, std::size_t lead) {
        const std::size_t begin = at_ + lead;
        const std::size_t stop = text_.find(end, begin);
        AQD_ASSERT(stop != std::string_view::npos);
        at_ = stop + 1;
        return std::string(text_.substr(begin, stop - begin));
    }

    abi::Value read_array() {
        abi::Value::Array items;
        ++at_;
        for (skip_blanks(); text_[at_] != ']'; skip_blanks()) {
            items.push_back(read());
        }
        ++at_;
        return {items};
    }

    abi::Integer read_integer() {
        const bool negative = take("-");
        UInt128 value = 0;
        while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') {
            value = value * 10 + static_cast<unsigned>(text_[at_++] - '0');
        }
        return {negative, negative ? value - 1 : value};
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace

Bytes cbor(std::string_view text) {
    auto encoded = abi::encode_value(NotationReader(text).read());
    AQD_ASSERT(encoded.has_value());
    return *encoded;
}

std::string notation(BytesView item) {
    const auto value = abi::decode_value(item);
    return value ? abi::to_diagnostic(*value) : "not CBOR: " + value.error().message;
}

}  // namespace aqd::lower::testing
