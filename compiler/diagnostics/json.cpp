#include "compiler/diagnostics/render.h"

#include <nlohmann/json.hpp>

namespace aqd::diagnostics {
namespace {

using Json = nlohmann::ordered_json;

Json place(const source::SourceFile& file, std::uint32_t offset) {
    const source::Position position = file.position(offset);
    return {{"offset", offset}, {"line", position.line}, {"column", position.column}};
}

Json range(source::Span span, const source::SourceSet& sources) {
    const source::SourceFile& file = sources.file(span.file);
    return {
        {"path", file.path()}, {"begin", place(file, span.begin)}, {"end", place(file, span.end)}};
}

Json label(const Label& label, const source::SourceSet& sources) {
    Json json = range(label.span, sources);
    json["label"] = label.text;
    return json;
}

}  // namespace

std::string render_json(const Sink& sink, const source::SourceSet& sources) {
    Json array = Json::array();
    for (const Diagnostic& diagnostic : sink.sorted()) {
        Json json = {
            {"code", code_text(diagnostic.code)},
            {"severity", diagnostic.severity == Severity::error ? "error" : "warning"},
            {"message", diagnostic.message},
            {"primary", label(diagnostic.primary, sources)},
            {"secondary", Json::array()},
            {"help", diagnostic.help},
        };
        for (const Label& secondary : diagnostic.secondary) {
            json["secondary"].push_back(label(secondary, sources));
        }
        if (diagnostic.edit) {
            json["edit"] = range(diagnostic.edit->span, sources);
            json["edit"]["replacement"] = diagnostic.edit->replacement;
        }
        array.push_back(std::move(json));
    }
    // A path or a quoted word may hold octets that are not UTF-8; they become U+FFFD.
    return array.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace aqd::diagnostics
