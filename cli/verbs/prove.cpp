#include "cli/files/files.h"
#include "cli/ledgers/call_making.h"
#include "cli/values/type_table.h"
#include "cli/verbs/ledger_options.h"
#include "cli/verbs/verbs.h"

#include <aqd/base/hex.h>
#include <aqd/proof/proof_file.h>
#include <aqd/system/store_keys.h>

#include <memory>

namespace aqd::verbs {
namespace {

using screen::Exit;
using screen::Style;

struct Options {
    LedgerOptions where;
    std::optional<std::string> register_name;
    std::optional<std::string> key;
    std::optional<std::string> case_word;
    std::optional<std::string> raw;
    std::string out = "aqd.proof";
};

/// The store key of a register's row.
Result<Bytes> register_key(const ledgers::Ledger& ledger, const std::string& name,
                           const std::string& key_text) {
    const std::string path(values::module_part(name));
    AQD_TRY(code, ledger.module(path));
    for (const abi::Register& one : code->manifest().registers) {
        if (one.name != values::last_part(name)) {
            continue;
        }
        values::Surroundings around;
        around.types = &ledger.types();
        around.names = [&](std::string_view word) { return ledger.word(word); };
        around.directory = ".";
        AQD_TRY(json, values::argument_from_text(key_text, one.key));
        AQD_TRY(key, values::to_cbor(json, one.key, around, files::JsonPath("--key")));
        return abi::store_key(abi::KeyKind::register_row,
                              abi::lineage_of(ledger.chain().id(), path), abi::id8(one.name), key);
    }
    return fail(ErrorCode::not_found,
                path + " has no register \"" + std::string(values::last_part(name)) + "\"");
}

Result<Bytes> store_key(const ledgers::Ledger& ledger, const Options& options) {
    if (options.register_name) {
        return register_key(ledger, *options.register_name, *options.key);
    }
    if (options.case_word) {
        AQD_TRY(id, ledger.case_named(*options.case_word));
        return system::case_key(id);
    }
    return from_hex(*options.raw);
}

screen::Outcome run(screen::Screen& screen, const Options& options) {
    const int ways =
        (options.register_name ? 1 : 0) + (options.case_word ? 1 : 0) + (options.raw ? 1 : 0);
    if (ways != 1 || options.register_name.has_value() != options.key.has_value()) {
        return screen::stop(Exit::usage,
                            "say what to prove: --register with --key, --case, or --store-key");
    }
    AQD_TRY(ledger, options.where.open(false));
    AQD_TRY(key, store_key(*ledger, options));
    AQD_TRY(proof, ledger->chain().prove(key));
    AQD_TRY(decoded, proof::decode_proof(proof));
    AQD_CHECK(files::write(options.out, proof));
    const bool present = decoded.value.has_value();
    screen.document({{"file", options.out},
                     {"bytes", proof.size()},
                     {"height", decoded.header.height},
                     {"key", to_hex(key)},
                     {"present", present}});
    screen.line("proof     " + screen.paint(Style::bold, options.out) + "   " +
                std::to_string(proof.size()) + " bytes · " +
                (present ? "this entry is there" : "there is no such entry") + " as of block " +
                std::to_string(decoded.header.height));
    screen.line("          aqd verify " + options.out + " --trust " +
                (ledger->folder() / "chain.json").string());
    return Exit::done;
}

}  // namespace

Run prove(Arguments& arguments) {
    const auto options = std::make_shared<Options>();
    arguments.option("-r,--register", options->register_name, "Register, \"civil.death.in_force\"");
    arguments.option("-k,--key", options->key, "Its key, as an argument is written");
    arguments.option("-c,--case", options->case_word, "A case instead");
    arguments.option("--store-key", options->raw, "A key of the store, in hexadecimal digits");
    arguments.option("-o,--out", options->out, "File to write");
    options->where.declare(arguments, false);
    return [options](screen::Screen& screen) { return run(screen, *options); };
}

}  // namespace aqd::verbs
