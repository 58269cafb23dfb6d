#include "cli/ledgers/profile_text.h"
#include "cli/ledgers/receipt_text.h"
#include "cli/values/describe.h"
#include "cli/values/from_cbor.h"
#include "cli/verbs/call_options.h"
#include "cli/verbs/verbs.h"

#include <memory>

namespace aqd::verbs {
namespace {

using screen::Exit;
using screen::Json;

struct Options {
    LedgerOptions where;
    EntryOptions entry;
    std::optional<std::string> as;
    bool profile = false;
};

screen::Outcome run(screen::Screen& screen, const Options& options) {
    AQD_TRY(ledger, options.where.open(false));
    AQD_TRY(wish, options.entry.wish(*ledger));
    AQD_TRY(code, ledger->module(wish.module));
    AQD_TRY(entry, ledgers::callable_entry(code->manifest(), wish.entry));
    if (entry->kind != abi::EntryKind::view) {
        return screen::stop(Exit::bad_input,
                            wish.module + " " + wish.entry + " changes the ledger: use aqd call");
    }
    ledger::ViewRequest request;
    request.module = wish.module;
    request.entry = wish.entry;
    request.case_id = wish.case_id;
    AQD_TRY(encoded, ledgers::make_arguments(*ledger, wish.module, *entry, wish, nullptr));
    request.arguments = std::move(encoded);
    if (options.as) {
        AQD_TRY(key, ledger->key(*options.as, options.where.passphrase()));
        request.caller = key.shown.account;
    }
    std::optional<engine::Profiler> profiler;
    if (options.profile) {
        profiler.emplace(ledger->chain().engine());
    }
    AQD_TRY(report, ledger->chain().view(request));
    AQD_TRY(json, ledgers::receipt_json(*ledger, report.receipt));
    const std::uint64_t height = ledger->chain().tip().height;
    Json document = {{"result", json["result"]},
                     {"refused", json["refused"]},
                     {"gas", report.receipt.gas},
                     {"height", height}};
    std::string profile;
    if (profiler) {
        const ledgers::ProfileReport profiled{report.receipt.gas, profiler->take()};
        document["profile"] = ledgers::profile_json(profiled);
        profile = ledgers::profile_text(profiled);
    }
    screen.document(document);
    if (report.receipt.refusal != 0) {
        AQD_TRY(text, ledgers::receipt_text(*ledger, screen, report.receipt, report.site,
                                            "as of block " + std::to_string(height)));
        screen.text(text);
        screen.text(profile);
        return Exit::refused;
    }
    AQD_TRY(result, ledgers::result_json(*ledger, report.receipt));
    screen.line(values::describe(result, entry->result));
    screen.text(profile);
    return Exit::done;
}

}  // namespace

Run view(Arguments& arguments) {
    const auto options = std::make_shared<Options>();
    options->entry.declare(arguments);
    arguments.option("--as", options->as, "Who asks: a key file or an actor");
    arguments.flag("--profile", options->profile, "Show the gas of each line of the sources");
    options->where.declare(arguments, false);
    return [options](screen::Screen& screen) { return run(screen, *options); };
}

}  // namespace aqd::verbs
