#include "cli/files/files.h"
#include "cli/verbs/sending.h"
#include "cli/verbs/verbs.h"

#include <aqd/abi/cbor.h>

#include <memory>

namespace aqd::verbs {
namespace {

struct Options {
    LedgerOptions where;
    SendOptions send;
    std::string file;
};

screen::Outcome run(screen::Screen& screen, const Options& options) {
    AQD_TRY(ledger, options.where.open(!options.send.dry_run && !options.send.pending));
    ledgers::CallWish wish;
    wish.module = "aqd.system";
    wish.entry = "deploy";
    wish.arguments = {{"file", options.file}};
    wish.directory = ".";
    return send(screen, *ledger, options.where, options.send, {std::move(wish)});
}

}  // namespace

Run deploy(Arguments& arguments) {
    const auto options = std::make_shared<Options>();
    arguments.positional("FILE", options->file, "Contract, .aqd or .wasm");
    options->send.declare(arguments);
    options->where.declare(arguments, true);
    return [options](screen::Screen& screen) { return run(screen, *options); };
}

}  // namespace aqd::verbs
