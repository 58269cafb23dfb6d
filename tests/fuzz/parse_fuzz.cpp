#include "compiler/diagnostics/render.h"
#include "compiler/parse/parse.h"
#include "compiler/syntax/dump.h"

#include <aqd/base/assert.h>

#include <cstddef>
#include <cstdint>
#include <string>

/// Any octets parse to a tree or to diagnostics that can be shown, and never to neither.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace aqd;
    source::SourceSet sources;
    const source::FileId id =
        sources.add("fuzz.aqd", std::string(reinterpret_cast<const char*>(data), size));
    diagnostics::Sink sink;
    const parse::ParseResult result = parse::parse(sources.file(id), sink);
    AQD_ASSERT(result.complete == !sink.has_errors());
    AQD_ASSERT(!syntax::dump(result.file).empty());
    for (const diagnostics::Diagnostic& diagnostic : sink.sorted()) {
        AQD_ASSERT(!diagnostic.message.empty());
        AQD_ASSERT(diagnostic.primary.span.begin <= diagnostic.primary.span.end);
        AQD_ASSERT(diagnostic.primary.span.end <= sources.file(id).text().size());
    }
    AQD_ASSERT(diagnostics::render_text(sink, sources).empty() == !sink.has_errors());
    AQD_ASSERT(diagnostics::render_json(sink, sources).size() >= 3);
    return 0;
}
