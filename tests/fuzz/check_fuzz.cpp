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

// Any text that parses is checked without a crash; what passes has a manifest that decodes.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace aqd;
    source::SourceSet sources;
    diagnostics::Sink sink;
    const source::FileId id =
        sources.add("t.aqd", std::string(reinterpret_cast<const char*>(data), size));
    const parse::ParseResult parsed = parse::parse(sources.file(id), sink);
    if (!parsed.complete) {
        return 0;
    }
    const auto program = check::check(parsed.file, {}, sink);
    AQD_ASSERT(program.has_value() || sink.has_errors());
    if (!program || !analyse::analyse(*program, sink)) {
        return 0;
    }
    AQD_ASSERT(!program::dump(*program).empty());
    AQD_ASSERT(
        abi::decode_manifest(abi::encode_manifest(program::manifest_of(*program))).has_value());
    return 0;
}
