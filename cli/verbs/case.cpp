#include "cli/ledgers/case_view.h"
#include "cli/verbs/ledger_options.h"
#include "cli/verbs/verbs.h"

#include <memory>

namespace aqd::verbs {
namespace {

struct Options {
    LedgerOptions where;
    std::string case_word;
};

screen::Outcome run(screen::Screen& screen, const Options& options) {
    AQD_TRY(ledger, options.where.open(false));
    AQD_TRY(id, ledger->case_named(options.case_word));
    AQD_TRY(view, ledgers::read_case_view(*ledger, id));
    AQD_TRY(json, ledgers::case_json(*ledger, view));
    screen.document(json);
    AQD_TRY(text, ledgers::case_text(*ledger, screen, view));
    screen.text(text);
    return screen::Exit::done;
}

}  // namespace

Run show_case(Arguments& arguments) {
    const auto options = std::make_shared<Options>();
    arguments.positional("CASE", options->case_word, "Its 40 digits or a saved name");
    options->where.declare(arguments, false);
    return [options](screen::Screen& screen) { return run(screen, *options); };
}

}  // namespace aqd::verbs
