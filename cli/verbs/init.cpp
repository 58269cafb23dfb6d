#include "cli/sources/sources.h"
#include "cli/values/describe.h"
#include "cli/verbs/ledger_options.h"
#include "cli/verbs/start_ledger.h"
#include "cli/verbs/verbs.h"

#include <aqd/base/hex.h>

#include <map>
#include <memory>

namespace aqd::verbs {
namespace {

using screen::Json;
using screen::Style;

struct Options {
    LedgerOptions where;
    std::string genesis;
};

/// "14 Commune, 5 Fund": how many bodies of each kind.
std::map<std::string, std::size_t> count_bodies(const ledger::Genesis& genesis) {
    std::map<std::string, std::size_t> counts;
    for (const ledger::Genesis::Body& body : genesis.bodies) {
        ++counts[std::string(values::last_part(body.authority))];
    }
    return counts;
}

screen::Outcome run(screen::Screen& screen, const Options& options) {
    AQD_TRY(file, genesis::read_genesis(options.genesis, sources::read_module));
    AQD_TRY(ledger, start_ledger(options.where, file));
    const auto counts = count_bodies(file.genesis);
    Json bodies = Json::object();
    std::string words;
    for (const auto& [name, count] : counts) {
        bodies[name] = count;
        words += std::to_string(count) + " " + name + ", ";
    }
    screen.document({{"ledger", options.where.folder},
                     {"name", file.genesis.name},
                     {"chain", to_hex(ledger->chain().id().view())},
                     {"state_root", to_hex(ledger->chain().state_root().view())},
                     {"modules", ledger->module_paths()},
                     {"bodies", bodies},
                     {"mandates", file.genesis.mandates.size()},
                     {"rows", file.genesis.rows.size()}});
    screen.line("ledger    " + screen.paint(Style::bold, options.where.folder) + "   genesis " +
                values::short_hash(ledger->chain().id().view()) + "   " +
                std::to_string(ledger->module_paths().size()) + " modules, " + words +
                std::to_string(file.genesis.mandates.size()) + " mandates, " +
                std::to_string(file.genesis.rows.size()) + " rows");
    return screen::Exit::done;
}

}  // namespace

Run init(Arguments& arguments) {
    const auto options = std::make_shared<Options>();
    arguments.positional("GENESIS", options->genesis,
                         "Genesis file (docs/formats/genesis_json.md)");
    options->where.declare(arguments, true);
    return [options](screen::Screen& screen) { return run(screen, *options); };
}

}  // namespace aqd::verbs
