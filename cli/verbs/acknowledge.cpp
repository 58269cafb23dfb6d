#include "cli/verbs/sending.h"
#include "cli/verbs/verbs.h"

#include <memory>

namespace aqd::verbs {
namespace {

struct Options {
    LedgerOptions where;
    SendOptions send;
    std::string case_word;
    std::string body;
    std::string notice;
    bool acted = false;
};

screen::Outcome run(screen::Screen& screen, const Options& options) {
    AQD_TRY(ledger, options.where.open(!options.send.dry_run && !options.send.pending));
    ledgers::CallWish wish;
    wish.module = "aqd.system";
    wish.entry = options.acted ? "act" : "acknowledge";
    wish.arguments = {{"case", options.case_word}, {"recipient", options.body}};
    if (!options.notice.empty()) {
        wish.arguments["notice"] = options.notice;
    }
    return send(screen, *ledger, options.where, options.send, {std::move(wish)});
}

}  // namespace

Run acknowledge(Arguments& arguments) {
    const auto options = std::make_shared<Options>();
    arguments.positional("CASE", options->case_word, "The case that sent the notice");
    arguments.positional("BODY", options->body, "Who received it, \"Commune:16.01\"");
    arguments.option("--notice", options->notice, "Which notice, if there are several");
    arguments.flag("--acted", options->acted, "It has not only received it, it has acted");
    options->send.declare(arguments);
    options->where.declare(arguments, true);
    return [options](screen::Screen& screen) { return run(screen, *options); };
}

}  // namespace aqd::verbs
