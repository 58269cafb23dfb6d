#include "compiler/analyse/analyse.h"
#include "compiler/check/check.h"
#include "compiler/parse/parse.h"
#include "compiler/program/dump.h"
#include "compiler/program/manifest.h"

#include <aqd/abi/manifest.h>
#include <aqd/base/assert.h>

#include <cstddef>
#include <cstdint>
#include <string>

// Any text is parsed, checked and analysed without a crash; what passes has a manifest that
// decodes.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace aqd;
    source::SourceSet sources;
    diagnostics::Sink sink;
    const source::FileId id =
        sources.add("t.aqd", std::string(reinterpret_cast<const char*>(data), size));
    const parse::ParseResult parsed = parse::parse(sources.file(id), sink);
    AQD_ASSERT(parsed.complete == !sink.has_errors());
    const program::Program program = check::check(parsed.file, {}, sink);
    analyse::analyse(program, sink);
    if (sink.has_errors()) {
        return 0;
    }
    AQD_ASSERT(!program::dump(program).empty());
    AQD_ASSERT(
        abi::decode_manifest(abi::encode_manifest(program::manifest_of(program))).has_value());
    return 0;
}
