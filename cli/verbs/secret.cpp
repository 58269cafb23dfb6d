#include "cli/files/files.h"
#include "cli/ledgers/private_records.h"
#include "cli/screen/table.h"
#include "cli/values/describe.h"
#include "cli/values/from_cbor.h"
#include "cli/verbs/ledger_options.h"
#include "cli/verbs/verbs.h"

#include <aqd/base/hex.h>
#include <aqd/calendar/iso_text.h>
#include <aqd/crypto/random.h>

#include <array>
#include <memory>

namespace aqd::verbs {
namespace {

using screen::Exit;
using screen::Json;
using screen::Outcome;
using screen::Screen;
using screen::Style;

/// A private store and the ledger it belongs to, open together.
struct Opened {
    std::unique_ptr<crypto::SystemRandom> random;
    std::unique_ptr<ledgers::Ledger> ledger;
    std::unique_ptr<store::PrivateStore> store;
};

struct Options {
    LedgerOptions where;
    std::optional<std::string> folder;
    std::string commitment;
    std::string file;
    std::optional<std::string> expected;
    std::string as;
    std::string reason;

    void declare(Arguments& arguments) {
        arguments.option("--private", folder, "Folder of the private store (LEDGER/private)");
        where.declare(arguments, false);
    }

    [[nodiscard]] Result<Opened> open() const {
        Opened opened;
        opened.random = std::make_unique<crypto::SystemRandom>();
        AQD_TRY(ledger, where.open(false));
        opened.ledger = std::move(ledger);
        AQD_TRY(passphrase, where.private_passphrase(*opened.ledger));
        AQD_TRY(store, ledgers::open_private_store(private_folder(*opened.ledger, folder),
                                                   passphrase, *opened.random));
        opened.store = std::move(store);
        return opened;
    }
};

/// The value by the type of its slot, where the module is known.
Json value_json(const ledgers::Ledger& ledger, const std::string& module, const std::string& slot,
                BytesView value) {
    const auto code = ledger.module(module);
    const std::string procedure_name = slot.substr(0, slot.find('.'));
    const abi::Procedure* procedure =
        code ? (*code)->manifest().procedure(procedure_name) : nullptr;
    if (procedure != nullptr) {
        for (const abi::Secret& secret : procedure->secrets) {
            if (procedure_name + "." + secret.name == slot) {
                const auto json = values::from_cbor(value, secret.type, ledger.types());
                return json ? *json : values::untyped_from_cbor(value);
            }
        }
    }
    return values::untyped_from_cbor(value);
}

Run export_copy(Arguments& arguments) {
    const auto options = std::make_shared<Options>();
    arguments.positional("COMMITMENT", options->commitment, "64 digits, as the case shows them");
    arguments.required("-o,--out", options->file,
                       "File to write; whoever has it can read the secret");
    options->declare(arguments);
    return [options](Screen& screen) -> Outcome {
        AQD_TRY(commitment, fixed_from_hex<Hash256>(options->commitment));
        AQD_TRY(opened, options->open());
        AQD_TRY(record, opened.store->get(commitment));
        const ledgers::Disclosure disclosure{opened.ledger->chain().id(), record.module,
                                             record.slot, record.salt, record.value};
        const std::string text = ledgers::encode_disclosure(disclosure);
        AQD_CHECK(files::create_private(options->file, as_bytes(text)));
        screen.document({{"file", options->file},
                         {"commitment", options->commitment},
                         {"module", record.module},
                         {"slot", record.slot}});
        screen.line("copy      " + screen.paint(Style::bold, options->file) + "   " +
                    record.module + " " + record.slot + ", commitment " +
                    values::short_hash(commitment.view()));
        return Exit::done;
    };
}

/// Needs no ledger: the copy says all that goes into its commitment.
Run check(Arguments& arguments) {
    const auto options = std::make_shared<Options>();
    arguments.positional("FILE", options->file, "A copy that its holder handed out");
    arguments.option("--commitment", options->expected,
                     "What the ledger has: a copy of something else is refused");
    return [options](Screen& screen) -> Outcome {
        const auto disclosure = ledgers::read_disclosure(options->file);
        if (!disclosure && disclosure.error().code == ErrorCode::denied) {
            return screen::stop(Exit::does_not_hold, disclosure.error().message,
                                {{"holds", false}});
        }
        if (!disclosure) {
            return std::unexpected(screen::Failure(disclosure.error()));
        }
        const std::string commitment = to_hex(ledgers::commitment_of(*disclosure).view());
        if (options->expected && *options->expected != commitment) {
            return screen::stop(Exit::does_not_hold,
                                options->file + ": is not a copy of what the ledger committed to",
                                {{"holds", false}, {"commitment", commitment}});
        }
        const Json value = values::untyped_from_cbor(disclosure->value);
        screen.document({{"holds", true},
                         {"commitment", commitment},
                         {"module", disclosure->module},
                         {"slot", disclosure->slot},
                         {"value", value}});
        screen.line(screen.paint(Style::good, "✓") + " " + disclosure->module + " " +
                    disclosure->slot + " = " + value.dump());
        screen.line("  commitment " + commitment);
        return Exit::done;
    };
}

Run erase(Arguments& arguments) {
    const auto options = std::make_shared<Options>();
    arguments.positional("COMMITMENT", options->commitment, "64 digits, as the case shows them");
    arguments.required("--as", options->as, "Key file of the holder, who signs the erasure");
    arguments.required("--reason", options->reason, "Why, for the record that stays");
    options->declare(arguments);
    return [options](Screen& screen) -> Outcome {
        AQD_TRY(commitment, fixed_from_hex<Hash256>(options->commitment));
        AQD_TRY(opened, options->open());
        AQD_TRY(key, opened.ledger->key(options->as, options->where.passphrase()));
        constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;
        const std::int64_t now = opened.ledger->chain().tip().time_ns / nanoseconds_per_second;
        AQD_TRY(erasure, opened.store->erase(commitment, now, options->reason, key.secret));
        screen.document({{"commitment", options->commitment},
                         {"time", calendar::format_time(erasure.time) + "Z"},
                         {"reason", erasure.reason},
                         {"signer", to_hex(erasure.signer.view())},
                         {"signature", to_hex(erasure.signature.view())}});
        screen.line("erased    " + values::short_hash(commitment.view()) +
                    "   key, salt and content are destroyed; the commitment on the ledger stays");
        return Exit::done;
    };
}

Run list(Arguments& arguments) {
    const auto options = std::make_shared<Options>();
    options->declare(arguments);
    return [options](Screen& screen) -> Outcome {
        AQD_TRY(opened, options->open());
        AQD_TRY(commitments, opened.store->list());
        AQD_TRY(erasures, opened.store->erasures());
        Json records = Json::array();
        Json gone = Json::array();
        screen::Table table;
        for (const Hash256& commitment : commitments) {
            AQD_TRY(record, opened.store->get(commitment));
            const Json value = value_json(*opened.ledger, record.module, record.slot, record.value);
            records.push_back({{"commitment", to_hex(commitment.view())},
                               {"module", record.module},
                               {"slot", record.slot},
                               {"holder", record.holder},
                               {"value", value}});
            table.row({values::short_hash(commitment.view()), record.module + " " + record.slot,
                       "held by " + record.holder, value.dump().substr(0, 60)});
        }
        for (const store::Erasure& erasure : erasures) {
            gone.push_back({{"commitment", to_hex(erasure.commitment.view())},
                            {"time", calendar::format_time(erasure.time) + "Z"},
                            {"reason", erasure.reason},
                            {"valid", store::verify_erasure(erasure)}});
            table.row(
                {values::short_hash(erasure.commitment.view()), "erased", erasure.reason, ""});
        }
        screen.document({{"records", records}, {"erased", gone}});
        screen.text(table.text());
        return Exit::done;
    };
}

constexpr std::array verbs_of_secret = {
    arguments::Verb{"export", "Write a copy of a secret that others can check", export_copy},
    arguments::Verb{"check", "Compute the commitment of a copy, and compare it", check},
    arguments::Verb{"erase", "Destroy a secret: key, salt and content", erase},
    arguments::Verb{"list", "List what the private store holds", list},
};

}  // namespace

Run secret(Arguments& arguments) {
    arguments.children(verbs_of_secret);
    return nullptr;
}

}  // namespace aqd::verbs
