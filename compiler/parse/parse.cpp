#include "compiler/parse/parse.h"

#include "compiler/lex/lexer.h"
#include "compiler/parse/brackets.h"
#include "compiler/parse/parser.h"

namespace aqd::parse {

ParseResult parse(const source::SourceFile& source, diagnostics::Sink& sink) {
    const std::size_t errors_before = sink.error_count();
    const std::size_t reports_before = sink.kept().size();
    BalancedTokens tokens = balance(lex::lex(source, sink), source, sink);
    ParseResult result;
    if (source.text().size() > source::max_source_bytes) {
        // The file was refused as a whole; what its few tokens lack is no news.
        result.file.span = source.span(0, source.text().size());
        result.file.damage.add(source.span(0, source.text().size()), 0);
        result.file.damage.lose_any_name();
        result.file.damage.seal();
        return result;
    }
    syntax::Damage damage;
    std::vector<source::Span> structure;
    for (const diagnostics::Diagnostic& report : sink.kept().subspan(reports_before)) {
        const source::Span span = report.primary.span;
        damage.add(span, span.begin);
        if (report.code == diagnostics::Code::unopened_bracket) {
            structure.push_back(span);
        }
        if (report.code == diagnostics::Code::unclosed_bracket) {
            // A brace is closed where the layout says; a parenthesis has swallowed what follows.
            const source::Span end = report.secondary.front().span.start();
            const bool brace = source.text(span) == "{";
            damage.add(brace ? end : join(span, end), brace ? end.begin : span.begin);
            structure.push_back(span);
        }
    }
    result.file =
        Parser(source, std::move(tokens), std::move(damage), std::move(structure), sink).file();
    result.complete = sink.error_count() == errors_before;
    return result;
}

}  // namespace aqd::parse
