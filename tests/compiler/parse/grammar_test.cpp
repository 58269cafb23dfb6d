#include "compiler/lex/token.h"
#include "tests/compiler/parse/support.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

/// Reads `docs/grammar.ebnf` and checks that it is strong LL(2): at every choice the next two
/// tokens tell the alternatives apart, whatever the rule was called from. A contextual word counts
/// as the keyword and as a name at once.
using namespace aqd;

namespace {

using Symbols = std::vector<std::string>;
using Strings = std::set<Symbols>;  // of at most two terminals

/// Plain rules: repetitions and options become rules of their own.
class Grammar {
  public:
    explicit Grammar(const std::string& text) : text_(text) {
        while (!peek().empty()) {
            const std::string rule = take();
            REQUIRE(take() == "=");
            names.push_back(rule);
            const std::vector<Symbols> alternatives = choice(rule);
            rules[rule] = alternatives;
            REQUIRE(take() == ";");
        }
    }

    std::map<std::string, std::vector<Symbols>> rules;
    std::vector<std::string> names;

  private:
    void skip_blanks() {
        while (at_ < text_.size()) {
            if (text_.compare(at_, 2, "(*") == 0) {
                at_ = text_.find("*)", at_) + 2;
            } else if (std::isspace(static_cast<unsigned char>(text_[at_])) != 0) {
                ++at_;
            } else {
                return;
            }
        }
    }

    std::string peek() {
        skip_blanks();
        if (at_ == text_.size()) {
            return "";
        }
        std::size_t end = at_ + 1;
        if (text_[at_] == '"') {
            end = text_.find('"', end) + 1;
        } else {
            while (
                std::isalpha(static_cast<unsigned char>(text_[end - 1])) != 0 &&
                (std::isalpha(static_cast<unsigned char>(text_[end])) != 0 || text_[end] == '_')) {
                ++end;
                if (text_[end - 1] == '_') {
                    ++end;
                }
            }
        }
        return text_.substr(at_, end - at_);
    }

    std::string take() {
        std::string token = peek();
        at_ += token.size();
        return token;
    }

    std::vector<Symbols> choice(const std::string& owner) {
        std::vector<Symbols> alternatives{sequence(owner)};
        while (peek() == "|") {
            take();
            alternatives.push_back(sequence(owner));
        }
        return alternatives;
    }

    Symbols sequence(const std::string& owner) {
        Symbols symbols;
        while (true) {
            const std::string token = peek();
            if (token.empty() || token == "|" || token == ";" || token == ")" || token == "]" ||
                token == "}") {
                return symbols;
            }
            take();
            if (token != "(" && token != "[" && token != "{") {
                symbols.push_back(token);
                continue;
            }
            const std::string fresh = owner + "#" + std::to_string(++fresh_);
            std::vector<Symbols> inside = choice(owner);
            take();
            if (token == "{") {
                for (Symbols& alternative : inside) {
                    alternative.push_back(fresh);
                }
            }
            if (token != "(") {
                inside.emplace_back();
            }
            rules[fresh] = inside;
            symbols.push_back(fresh);
        }
    }

    const std::string& text_;
    std::size_t at_ = 0;
    int fresh_ = 0;
};

Symbols cut(Symbols a, const Symbols& b) {
    for (const std::string& symbol : b) {
        if (a.size() == 2) {
            break;
        }
        a.push_back(symbol);
    }
    return a;
}

Strings join(const Strings& heads, const Strings& tails) {
    Strings joined;
    for (const Symbols& head : heads) {
        if (head.size() == 2) {
            joined.insert(head);
            continue;
        }
        for (const Symbols& tail : tails) {
            joined.insert(cut(head, tail));
        }
    }
    return joined;
}

class Sets {
  public:
    explicit Sets(const Grammar& grammar) : grammar_(grammar) {
        follow["file"] = {{"$", "$"}};
        for (bool changed = true; changed;) {
            changed = false;
            for (const auto& [rule, alternatives] : grammar.rules) {
                for (const Symbols& alternative : alternatives) {
                    changed |= add(first[rule], of(alternative, 0));
                }
            }
        }
        for (bool changed = true; changed;) {
            changed = false;
            for (const auto& [rule, alternatives] : grammar.rules) {
                for (const Symbols& alternative : alternatives) {
                    for (std::size_t i = 0; i < alternative.size(); ++i) {
                        if (grammar.rules.contains(alternative[i])) {
                            changed |= add(follow[alternative[i]],
                                           join(of(alternative, i + 1), follow[rule]));
                        }
                    }
                }
            }
        }
    }

    /// The first two terminals of a sequence from `begin` on.
    [[nodiscard]] Strings of(const Symbols& symbols, std::size_t begin) const {
        Strings strings{{}};
        for (std::size_t i = begin; i < symbols.size(); ++i) {
            if (!grammar_.rules.contains(symbols[i])) {
                strings = join(strings, {{symbols[i]}});
            } else if (const auto found = first.find(symbols[i]); found != first.end()) {
                strings = join(strings, found->second);
            } else {
                return {};
            }
        }
        return strings;
    }

    std::map<std::string, Strings> first;
    std::map<std::string, Strings> follow;

  private:
    static bool add(Strings& to, const Strings& from) {
        const std::size_t before = to.size();
        to.insert(from.begin(), from.end());
        return to.size() != before;
    }

    const Grammar& grammar_;
};

bool is_word(const std::string& terminal) {
    return terminal.size() > 2 && terminal[0] == '"' &&
           std::all_of(terminal.begin() + 1, terminal.end() - 1,
                       [](char c) { return c >= 'a' && c <= 'z'; });
}

/// Whether one token can be both terminals.
bool overlap(const std::string& a, const std::string& b, const std::set<std::string>& reserved) {
    const auto contextual = [&](const std::string& terminal) {
        return terminal == "LANG" || (is_word(terminal) && !reserved.contains(terminal));
    };
    return a == b || (a == "LNAME" && contextual(b)) || (b == "LNAME" && contextual(a));
}

/// The rules with a choice that two tokens do not decide.
std::set<std::string> conflicts(const Grammar& grammar, const Sets& sets,
                                const std::set<std::string>& reserved) {
    std::set<std::string> found;
    for (const auto& [rule, alternatives] : grammar.rules) {
        std::vector<Strings> ahead;
        for (const Symbols& alternative : alternatives) {
            ahead.push_back(join(sets.of(alternative, 0), sets.follow.at(rule)));
        }
        for (std::size_t i = 0; i < ahead.size(); ++i) {
            for (std::size_t j = 0; j < i; ++j) {
                for (const Symbols& a : ahead[i]) {
                    for (const Symbols& b : ahead[j]) {
                        if (overlap(a[0], b[0], reserved) && overlap(a[1], b[1], reserved)) {
                            found.insert(rule + ": " + a[0] + " " + a[1] + " or " + b[0] + " " +
                                         b[1]);
                        }
                    }
                }
            }
        }
    }
    return found;
}

std::set<std::string> reserved_words() {
    std::set<std::string> words;
    for (const std::string_view word : lex::reserved_words) {
        words.insert("\"" + std::string(word) + "\"");
    }
    return words;
}

}  // namespace

TEST_CASE("two tokens decide every choice of the grammar") {
    const std::string text =
        parse_test::read_file(std::string(AQD_SOURCE_DIR) + "/docs/grammar.ebnf");
    const Grammar grammar(text);
    CHECK(grammar.names.size() == 81);
    const Sets sets(grammar);
    const std::set<std::string> none;
    CHECK(conflicts(grammar, sets, reserved_words()) == none);
}

TEST_CASE("no word is reserved without need, but then and else") {
    const std::string text =
        parse_test::read_file(std::string(AQD_SOURCE_DIR) + "/docs/grammar.ebnf");
    const Grammar grammar(text);
    const Sets sets(grammar);
    for (const std::string& word : reserved_words()) {
        std::set<std::string> fewer = reserved_words();
        fewer.erase(word);
        CAPTURE(word);
        const bool spare = word == "\"then\"" || word == "\"else\"";
        CHECK(conflicts(grammar, sets, fewer).empty() == spare);
    }
}

TEST_CASE("every symbol of the grammar is a rule, a terminal or a kind of token") {
    const std::string text =
        parse_test::read_file(std::string(AQD_SOURCE_DIR) + "/docs/grammar.ebnf");
    const Grammar grammar(text);
    const std::set<std::string> kinds = {"LNAME",    "UNAME",  "INT",  "DECIMAL", "DATE", "TIME",
                                         "DURATION", "STRING", "LANG", "EOS",     "EOF"};
    for (const auto& [rule, alternatives] : grammar.rules) {
        for (const Symbols& alternative : alternatives) {
            for (const std::string& symbol : alternative) {
                CAPTURE(rule, symbol);
                CHECK(
                    (symbol[0] == '"' || kinds.contains(symbol) || grammar.rules.contains(symbol)));
            }
        }
    }
}
