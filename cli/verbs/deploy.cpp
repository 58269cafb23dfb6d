#include "cli/files/files.h"
#include "cli/sources/sources.h"
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
    AQD_TRY(wasm, sources::read_module(options.file));
    AQD_TRY(ledger, options.where.open(!options.send.dry_run && !options.send.pending));
    // The ledger's own entry takes a file, so that a compiled source goes through one, too.
    const std::filesystem::path compiled = ledger->folder() / "deploy.wasm";
    AQD_CHECK(files::write(compiled, wasm));
    ledgers::CallWish wish;
    wish.module = "aqd.system";
    wish.entry = "deploy";
    wish.arguments = {{"file", compiled.filename().string()}};
    wish.directory = ledger->folder();
    auto outcome = send(screen, *ledger, options.where, options.send, {std::move(wish)});
    std::error_code ignored;
    std::filesystem::remove(compiled, ignored);
    return outcome;
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
