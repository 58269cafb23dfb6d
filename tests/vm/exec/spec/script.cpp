#include "tests/vm/exec/spec/script.h"

#include <cctype>

namespace aqd::spec {
namespace {

class Reader {
  public:
    explicit Reader(std::string_view text) : text_(text) {}

    Result<std::vector<Expression>> run() {
        std::vector<Expression> open(1);
        for (;;) {
            skip_space();
            if (at_ == text_.size()) {
                break;
            }
            const char c = text_[at_];
            if (c == '(') {
                ++at_;
                open.push_back({Expression::Kind::list, {}, {}, line_});
            } else if (c == ')') {
                ++at_;
                if (open.size() == 1) {
                    return fail(ErrorCode::malformed, "unbalanced ) in line " + line());
                }
                Expression done = std::move(open.back());
                open.pop_back();
                open.back().items.push_back(std::move(done));
            } else if (c == '"') {
                AQD_TRY(value, text());
                open.back().items.push_back(std::move(value));
            } else {
                open.back().items.push_back(word());
            }
        }
        if (open.size() != 1) {
            return fail(ErrorCode::malformed, "unbalanced ( in line " + line());
        }
        return std::move(open[0].items);
    }

  private:
    std::string line() const { return std::to_string(line_); }

    void skip_space() {
        while (at_ < text_.size()) {
            if (text_[at_] == '\n') {
                ++line_;
                ++at_;
            } else if (std::isspace(static_cast<unsigned char>(text_[at_])) != 0) {
                ++at_;
            } else if (text_.substr(at_).starts_with(";;")) {
                while (at_ < text_.size() && text_[at_] != '\n') {
                    ++at_;
                }
            } else if (text_.substr(at_).starts_with("(;")) {
                const std::size_t end = text_.find(";)", at_);
                at_ = end == std::string_view::npos ? text_.size() : end + 2;
            } else {
                return;
            }
        }
    }

    Expression word() {
        const std::size_t start = at_;
        while (at_ < text_.size() && text_[at_] != '(' && text_[at_] != ')' && text_[at_] != '"' &&
               std::isspace(static_cast<unsigned char>(text_[at_])) == 0) {
            ++at_;
        }
        return {Expression::Kind::word, std::string(text_.substr(start, at_ - start)), {}, line_};
    }

    static int digit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        c = static_cast<char>(c | 0x20);
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    }

    /// The hexadecimal number in braces that follows, in UTF-8.
    void code_point(std::string& out) {
        std::uint32_t code = 0;
        for (++at_; at_ + 1 < text_.size() && text_[at_ + 1] != '}'; ++at_) {
            code = code * 16 + static_cast<std::uint32_t>(digit(text_[at_ + 1]));
        }
        ++at_;
        const auto tail = [&](unsigned shift) {
            out += static_cast<char>(0x80U | (code >> shift & 0x3fU));
        };
        if (code < 0x80) {
            out += static_cast<char>(code);
        } else if (code < 0x800) {
            out += static_cast<char>(0xc0U | code >> 6U);
            tail(0);
        } else if (code < 0x10000) {
            out += static_cast<char>(0xe0U | code >> 12U);
            tail(6);
            tail(0);
        } else {
            out += static_cast<char>(0xf0U | code >> 18U);
            tail(12);
            tail(6);
            tail(0);
        }
    }

    Result<Expression> text() {
        Expression value{Expression::Kind::text, {}, {}, line_};
        for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
            if (text_[at_] != '\\') {
                value.text += text_[at_];
                continue;
            }
            if (at_ + 2 >= text_.size()) {
                break;
            }
            const char c = text_[at_ + 1];
            if (digit(c) >= 0 && digit(text_[at_ + 2]) >= 0) {
                value.text += static_cast<char>(digit(c) * 16 + digit(text_[at_ + 2]));
                at_ += 2;
                continue;
            }
            ++at_;
            if (c == 'u') {
                code_point(value.text);
                continue;
            }
            value.text += c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
        }
        if (at_ == text_.size()) {
            return fail(ErrorCode::malformed, "open text in line " + line());
        }
        ++at_;
        return value;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
};

}  // namespace

Result<std::vector<Expression>> read_script(std::string_view script) {
    return Reader(script).run();
}

}  // namespace aqd::spec
