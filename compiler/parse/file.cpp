#include "compiler/parse/parser.h"
#include "compiler/parse/words.h"

/// A file as a whole, and how its declarations are told apart.
namespace aqd::parse {

using diagnostics::error;

syntax::File Parser::file() {
    file_.doc = doc_here();
    header();
    std::uint32_t before = at_;
    while (!at(TokenKind::end)) {
        const std::uint32_t first = at_;
        const std::uint32_t broken = now().newline_before ? first : before;
        const bool misplaced = at(TokenKind::lname) && is_member_word(text()) &&
                               (!is_item_word(text()) || (misplaced_reported_ && is_indented()));
        if (at(TokenKind::semicolon)) {
            report(error(Code::stray_semicolon, now().span, "a declaration ends by itself")
                       .with_help("delete the semicolon")
                       .with_edit(now().span, ""));
            skip();
        } else if (misplaced) {
            misplaced_member();
        } else {
            item();
        }
        before = at_ == first ? before : first;
        if (stopped_) {
            resume_at_item(first, at_ == first ? broken : first);
        } else if (at_ == first) {
            skip();
        }
    }
    file_.span = source_.span(0, source_.text().size());
    file_.damage.seal();
    return std::move(file_);
}

void Parser::header() {
    const std::uint32_t first = at_;
    if (!take_word("module")) {
        stop(error(Code::missing_header, now().span.start(),
                   "a file begins with its module and version")
                 .with_help("write `module a.name version 1` on the first line"));
    }
    file_.module = path("a module");
    expect_word("version", "and the version of the module");
    file_.version = integer("a version");
    if (take_word("from")) {
        file_.from = date("when the version takes effect");
    }
    if (take_word("serves")) {
        file_.serves = postfix();
    }
    file_.header = source_.span(0, last_end_);
    if (!stopped_) {
        return;
    }
    if (starts_item(std::span(input_.tokens).subspan(at_), source_)) {
        const Resuming resuming(*this, first);
    } else {
        resume_at_item(first, first);
    }
}

void Parser::item() {
    syntax::Item item;
    item.doc = doc_here();
    const std::uint32_t first = begin();
    const std::uint32_t first_token = at_;
    const std::uint32_t outer = std::exchange(heading_, at_);
    renamed_ = false;
    const bool known = item_of_word(item);
    heading_ = outer;
    if (!known) {
        unknown_item();
        return;
    }
    item.span = since(first);
    note_missing_name(item.node);
    if (item.as<syntax::ProcedureItem>() == nullptr && item.as<syntax::PartItem>() == nullptr) {
        note_broken_structure(first_token);
    }
    file_.items.push_back(std::move(item));
}

bool Parser::item_of_word(syntax::Item& item) {
    struct Row {
        std::string_view word;
        void (Parser::*read)(syntax::Item&);
    };
    static constexpr Row rows[] = {
        {"use", &Parser::use_item},
        {"legal", &Parser::legal_item},
        {"parameter", &Parser::parameter_item},
        {"const", &Parser::const_item},
        {"document", &Parser::document_item},
        {"authority", &Parser::authority_item},
        {"role", &Parser::role_item},
        {"record", &Parser::record_item},
        {"enum", &Parser::enum_item},
        {"register", &Parser::register_item},
        {"error", &Parser::error_item},
        {"notice", &Parser::notice_item},
        {"exchange", &Parser::exchange_item},
        {"suspension", &Parser::suspension_item},
        {"fn", &Parser::function_item},
        {"view", &Parser::function_item},
        {"action", &Parser::action_item},
        {"on", &Parser::listener_item},
        {"procedure", &Parser::procedure_item},
        {"part", &Parser::part_item},
        {"migrate", &Parser::migrate_item},
        {"test", &Parser::test_item},
    };
    if (!at(TokenKind::lname)) {
        return false;
    }
    const std::string_view word = text();
    for (const Row& row : rows) {
        if (row.word == word) {
            (this->*row.read)(item);
            return true;
        }
    }
    return false;
}

/// A member outside any procedure: usually a brace too many above it. It is read all the same, so
/// that what is wrong inside it comes out too.
void Parser::misplaced_member() {
    if (!misplaced_reported_) {
        misplaced_reported_ = true;
        report(error(Code::misplaced_declaration, now().span,
                     "`" + std::string(text()) + "` stands outside of a procedure")
                   .with_help("move it into the braces of a procedure; perhaps a `}` above closes "
                              "the procedure too early"));
    }
    const std::uint32_t first = at_;
    std::vector<syntax::Member> discarded;
    member(discarded);
    damaged(first, first);
}

void Parser::unknown_item() {
    const std::string word(text());
    if (at(TokenKind::lname) && !for_foreign_word(word).empty()) {
        stop(
            error(Code::foreign_keyword, now().span, "`" + word + "` is not a word of the language")
                .with_help(std::string(for_foreign_word(word))));
        return;
    }
    auto diagnostic = error(Code::expected_item, now().span,
                            "expected a declaration, found `" + word.substr(0, 40) + "`");
    const std::string nearest(at(TokenKind::lname) ? nearest_item_word(word) : "");
    if (!nearest.empty()) {
        diagnostic = std::move(diagnostic)
                         .with_help("did you mean `" + nearest + "`?")
                         .with_edit(now().span, nearest);
    }
    stop(std::move(diagnostic));
}

/// The body after a heading, found again if the heading was not understood.
syntax::Block Parser::body(std::string_view what) {
    if (!at(TokenKind::lbrace)) {
        stop(unexpected(Code::missing_block, "`{` and the body of " + std::string(what)));
        if (!resume_at_body()) {
            // The brace that ends this body now ends the procedure: what follows is no news.
            misplaced_reported_ = true;
            return {{}, place()};
        }
    }
    return block(what);
}

}  // namespace aqd::parse
