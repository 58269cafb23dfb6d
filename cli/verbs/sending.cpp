#include "cli/verbs/sending.h"

#include "cli/files/files.h"
#include "cli/genesis/moment.h"
#include "cli/ledgers/profile_text.h"
#include "cli/ledgers/receipt_text.h"
#include "cli/values/number_text.h"

#include <aqd/base/hex.h>
#include <aqd/calendar/iso_text.h>
#include <aqd/crypto/random.h>

#include <algorithm>
#include <chrono>

namespace aqd::verbs {
namespace {

using screen::Exit;
using screen::Json;
using screen::Outcome;
using screen::Screen;

std::int64_t system_seconds() {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

std::filesystem::path pending_folder(const ledgers::Ledger& ledger) {
    return ledger.folder() / "pending";
}

/// How many waiting transactions this sender has: they use nonces of their own.
Result<std::uint64_t> waiting_of(const ledgers::Ledger& ledger, const crypto::PublicKey& sender) {
    std::uint64_t count = 0;
    AQD_TRY(waiting, pending_files(ledger));
    for (const std::filesystem::path& path : waiting) {
        AQD_TRY(encoded, files::read(path));
        AQD_TRY(transaction, ledger::decode_signed(encoded));
        count += transaction.body.sender == sender ? 1 : 0;
    }
    return count;
}

Result<std::filesystem::path> keep_for_later(const ledgers::Ledger& ledger, const Bytes& encoded) {
    AQD_CHECK(files::make_folder(pending_folder(ledger)));
    AQD_TRY(waiting, pending_files(ledger));
    std::uint64_t number = 1;
    if (!waiting.empty()) {
        AQD_TRY(last, values::parse_unsigned(waiting.back().stem().string()));
        number = static_cast<std::uint64_t>(last) + 1;
    }
    std::string name = std::to_string(number);
    name.insert(0, name.size() < 9 ? 9 - name.size() : 0, '0');
    std::filesystem::path path = pending_folder(ledger) / (name + ".tx");
    AQD_CHECK(files::write(path, encoded));
    return path;
}

Outcome show_dry_run(Screen& screen, ledgers::Ledger& ledger,
                     const ledger::Transaction& transaction,
                     const std::optional<std::int64_t>& time_ns, bool profile) {
    std::optional<engine::Profiler> profiler;
    if (profile) {
        profiler.emplace(ledger.chain().engine());
    }
    AQD_TRY(reports, ledger.chain().dry_run(transaction, time_ns));
    ledgers::ProfileReport profiled;
    Json calls = Json::array();
    bool refused = false;
    // The last report has what the whole transaction would write.
    const std::size_t writes = reports.empty() ? 0 : reports.back().writes.size();
    const std::string where =
        "only tried; " + std::to_string(writes) + (writes == 1 ? " write" : " writes");
    for (const ledger::CallReport& report : reports) {
        refused = refused || report.receipt.refusal != 0;
        profiled.gas += report.receipt.gas;
        AQD_TRY(json, ledgers::receipt_json(ledger, report.receipt));
        json["site"] = Json();
        if (report.site) {
            json["site"] = {{"file", report.site->file},
                            {"line", report.site->line},
                            {"column", report.site->column},
                            {"code_offset", report.site->code_offset},
                            {"trap", report.site->trap}};
        }
        calls.push_back(std::move(json));
        AQD_TRY(text, ledgers::receipt_text(ledger, screen, report.receipt, report.site, where));
        screen.text(text);
    }
    Json document = {{"dry_run", true}, {"writes", writes}, {"calls", calls}};
    if (profiler) {
        profiled.runs = profiler->take();
        document["profile"] = ledgers::profile_json(profiled);
        screen.text(ledgers::profile_text(profiled));
    }
    screen.document(document);
    return refused ? Exit::refused : Exit::done;
}

/// Puts the secrets of a call where their holder keeps them, before anybody hears of the call.
Result<void> store_secrets(const ledgers::Ledger& ledger, const LedgerOptions& where,
                           const SendOptions& options, const ledgers::SecretCollector& secrets,
                           crypto::RandomSource& random) {
    if (secrets.records().empty()) {
        return {};
    }
    AQD_TRY(passphrase, where.private_passphrase(ledger));
    AQD_TRY(store, ledgers::open_private_store(private_folder(ledger, options.private_store),
                                               passphrase, random));
    return store->put(secrets.records());
}

Outcome show_placement(Screen& screen, ledgers::Ledger& ledger, const SendOptions& options,
                       const Hash256& id, const chain::Placement& placement) {
    AQD_TRY(receipts, ledger.chain().receipts(placement.height));
    Json calls = Json::array();
    bool refused = false;
    for (const std::uint32_t index : placement.receipts) {
        if (index >= receipts.size()) {
            return screen::stop(Exit::store, "the block has fewer receipts than calls");
        }
        const ledger::Receipt& receipt = receipts[index];
        refused = refused || receipt.refusal != 0;
        AQD_TRY(json, ledgers::receipt_json(ledger, receipt));
        calls.push_back(std::move(json));
        const std::string where = "block " + std::to_string(placement.height) + ", receipt " +
                                  ledgers::receipt_name(receipt);
        AQD_TRY(text, ledgers::receipt_text(ledger, screen, receipt, std::nullopt, where));
        screen.text(text);
        if (options.save && receipt.refusal == 0 && receipt.case_id) {
            ledger.names().cases[*options.save] = *receipt.case_id;
            AQD_CHECK(ledger.save_names());
        }
    }
    screen.document(
        {{"transaction", to_hex(id.view())}, {"height", placement.height}, {"calls", calls}});
    return refused ? Exit::refused : Exit::done;
}

}  // namespace

void SendOptions::declare(arguments::Arguments& arguments) {
    arguments.required("--as", as, "Key file of who calls, or an actor of a seeded ledger");
    arguments.option("--at", at, "Time of the block on the civil clock (manual chains)");
    arguments.option("--signed-on", signed_on, "Day of signing, for a backdated start");
    arguments.option("--private", private_store, "Folder of the private store (LEDGER/private)");
    arguments.option("--save", save, "Keep the case's number under this name");
    arguments.option("--gas", gas_limit, "Most gas to spend (the chain's limit)");
    arguments.option("--nonce", nonce, "Nonce (the next one)");
    arguments.option("--valid-until", valid_until, "Last block that may include it");
    arguments.flag("--pending", pending, "Sign and keep it; the next tick includes it");
    arguments.flag("--dry-run", dry_run, "Try it on the last block and keep nothing");
    arguments.flag("--profile", profile, "Try it and show the gas of each line of the sources");
}

Result<std::optional<std::int64_t>> block_time(const ledgers::Ledger& ledger,
                                               const std::optional<std::string>& at) {
    const bool manual = ledger.chain().genesis().clock == ledger::Clock::manual;
    if (!manual) {
        return at ? Result<std::optional<std::int64_t>>(
                        fail(ErrorCode::invalid,
                             "this chain follows the system clock; --at is only for "
                             "chains with a manual clock"))
                  : std::optional<std::int64_t>();
    }
    if (!at) {
        return std::optional<std::int64_t>(ledger.chain().tip().time_ns +
                                           genesis::nanoseconds_per_second);
    }
    AQD_TRY(seconds, genesis::parse_moment(*at, ledger.clock()));
    return std::optional<std::int64_t>(seconds * genesis::nanoseconds_per_second);
}

Result<std::vector<std::filesystem::path>> pending_files(const ledgers::Ledger& ledger) {
    std::vector<std::filesystem::path> paths;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(pending_folder(ledger), error)) {
        if (entry.path().extension() == ".tx") {
            paths.push_back(entry.path());
        }
    }
    std::ranges::sort(paths);
    return paths;
}

Outcome send(Screen& screen, ledgers::Ledger& ledger, const LedgerOptions& where,
             const SendOptions& options, std::vector<ledgers::CallWish> calls) {
    AQD_TRY(key, ledger.key(options.as, where.passphrase()));
    AQD_TRY(time_ns, block_time(ledger, options.at));
    ledgers::TransactionWish wish;
    wish.calls = std::move(calls);
    AQD_TRY(next, ledger.chain().next_nonce(key.shown.account));
    AQD_TRY(waiting, waiting_of(ledger, key.shown.key));
    wish.nonce = options.nonce.value_or(next + waiting);
    wish.gas_limit = options.gas_limit;
    wish.valid_until = options.valid_until;
    if (options.signed_on) {
        AQD_TRY(day, calendar::parse_date(*options.signed_on));
        wish.signed_on = day;
    }
    crypto::SystemRandom random;
    ledgers::SecretCollector secrets(ledger.chain().id(), random);
    const std::int64_t now =
        time_ns ? *time_ns / genesis::nanoseconds_per_second : system_seconds();
    AQD_TRY(transaction, ledgers::make_transaction(ledger, key, wish, now, secrets));
    if (options.dry_run || options.profile) {
        return show_dry_run(screen, ledger, transaction, time_ns, options.profile);
    }
    AQD_CHECK(store_secrets(ledger, where, options, secrets, random));
    const Hash256 id = ledger::transaction_id(transaction);
    const Bytes encoded =
        ledger::encode_signed(ledger::sign_transaction(std::move(transaction), key.secret));
    if (options.pending) {
        AQD_TRY(path, keep_for_later(ledger, encoded));
        screen.document({{"transaction", to_hex(id.view())}, {"pending", path.string()}});
        screen.line("signed    waits in " + path.string() + " for the next tick");
        return Exit::done;
    }
    AQD_TRY(made, ledger.chain().make_block({&encoded, 1}, time_ns));
    if (!made.transactions.front()) {
        const Error& error = made.transactions.front().error();
        return screen::stop(
            Exit::not_admitted, "not admitted: " + error.message,
            {{"code", screen::error_name(error.code)}, {"transaction", to_hex(id.view())}});
    }
    return show_placement(screen, ledger, options, id, *made.transactions.front());
}

}  // namespace aqd::verbs
