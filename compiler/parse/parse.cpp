#include "compiler/parse/parse.h"

#include "compiler/lex/lexer.h"
#include "compiler/parse/brackets.h"
#include "compiler/parse/parser.h"

namespace aqd::parse {

ParseResult parse(const source::SourceFile& source, diagnostics::Sink& sink) {
    const std::size_t errors_before = sink.error_count();
    BalancedTokens tokens = balance(lex::lex(source, sink), source, sink);
    ParseResult result;
    if (source.text().size() > source::max_source_bytes) {
        // The file was refused as a whole; what its few tokens lack is no news.
        return result;
    }
    result.file = Parser(source, std::move(tokens), sink).file();
    result.complete = sink.error_count() == errors_before;
    return result;
}

}  // namespace aqd::parse
