#include "cli/verbs/call_options.h"
#include "cli/verbs/sending.h"
#include "cli/verbs/verbs.h"

#include <memory>

namespace aqd::verbs {
namespace {

struct Options {
    LedgerOptions where;
    EntryOptions entry;
    SendOptions send;
    std::optional<std::string> assert_by;
    std::string subject;
    std::optional<std::uint64_t> level;
};

screen::Outcome run(screen::Screen& screen, const Options& options) {
    const bool writes = !options.send.dry_run && !options.send.profile && !options.send.pending;
    AQD_TRY(ledger, options.where.open(writes));
    AQD_TRY(wish, options.entry.wish(*ledger));
    if (options.assert_by) {
        if (options.subject.empty() || !options.level || *options.level > UINT8_MAX) {
            return screen::stop(screen::Exit::usage,
                                "--assert-by needs --subject and --level (0 to 255)");
        }
        AQD_TRY(key, ledger->key(*options.assert_by, options.where.passphrase()));
        wish.assertion = ledgers::AssertionWish{std::move(key), options.subject,
                                                static_cast<std::uint8_t>(*options.level)};
    }
    return send(screen, *ledger, options.where, options.send, {std::move(wish)});
}

}  // namespace

Run call(Arguments& arguments) {
    const auto options = std::make_shared<Options>();
    options->entry.declare(arguments);
    options->send.declare(arguments);
    arguments.option("--assert-by", options->assert_by,
                     "Key file of the body that vouches for the caller");
    arguments.option("--subject", options->subject, "By what name that body knows the caller");
    arguments.option("--level", options->level, "How sure it is");
    options->where.declare(arguments, true);
    return [options](screen::Screen& screen) { return run(screen, *options); };
}

}  // namespace aqd::verbs
