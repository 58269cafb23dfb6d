#include "cli/sources/sources.h"
#include "cli/verbs/verbs.h"

#include <memory>

namespace aqd::verbs {
namespace {

using screen::Exit;
using screen::Json;

screen::Outcome run(screen::Screen& screen, const std::vector<std::string>& files) {
    std::size_t errors = 0;
    Json all = Json::array();
    for (const std::string& file : files) {
        AQD_TRY(compiled, sources::compile(file, {screen.has_colour(), true}));
        errors += compiled.errors;
        all.push_back({{"file", file}, {"diagnostics", compiled.json}});
        screen.text(compiled.diagnostics);
        if (compiled.errors == 0) {
            screen.line(screen.paint(screen::Style::good, "✓") + " " + file);
        }
    }
    screen.document({{"errors", errors}, {"files", all}});
    return errors == 0 ? Exit::done : Exit::bad_input;
}

}  // namespace

Run check(Arguments& arguments) {
    const auto files = std::make_shared<std::vector<std::string>>();
    arguments.positionals("FILE", *files, "Sources to check");
    return [files](screen::Screen& screen) { return run(screen, *files); };
}

}  // namespace aqd::verbs
