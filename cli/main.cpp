#include "cli/arguments/arguments.h"
#include "cli/screen/screen.h"
#include "cli/verbs/verbs.h"

#include <array>
#include <cstdio>
#include <exception>

namespace {

using aqd::arguments::Verb;

// In the order in which people need them.
constexpr std::array verbs = {
    Verb{"check", "Find the mistakes in contracts", aqd::verbs::check},
    Verb{"build", "Compile contracts to WebAssembly", aqd::verbs::build},
    Verb{"explain", "Explain a code of the compiler or a refusal", aqd::verbs::explain},
    Verb{"inspect", "Show what a compiled contract is: entries, states, code, gas",
         aqd::verbs::inspect},
    Verb{"keys", "Make and look at key files", aqd::verbs::keys},
    Verb{"init", "Begin a ledger from a genesis file", aqd::verbs::init},
    Verb{"deploy", "Deploy a contract, or a new version of one", aqd::verbs::deploy},
    Verb{"call", "Sign a call and put it into a block, or only try it", aqd::verbs::call},
    Verb{"view", "Ask a contract something; nothing changes", aqd::verbs::view},
    Verb{"acknowledge", "Say that a body has received a notice, or has acted on it",
         aqd::verbs::acknowledge},
    Verb{"tick", "Make a block: what waits, and the deadlines that are due", aqd::verbs::tick},
    Verb{"case", "Show one case", aqd::verbs::show_case},
    Verb{"obligations", "List what bodies have to do, and who is late", aqd::verbs::obligations},
    Verb{"blocks", "List the blocks", aqd::verbs::blocks},
    Verb{"receipts", "Show the receipts of a block or a transaction", aqd::verbs::receipts},
    Verb{"secret", "Hand out, check and erase what stands behind commitments", aqd::verbs::secret},
    Verb{"prove", "Write a proof of what the ledger holds, or does not hold", aqd::verbs::prove},
    Verb{"verify", "Check a proof, without a ledger", aqd::verbs::verify},
    Verb{"replay", "Execute every block again and compare every root", aqd::verbs::replay},
    Verb{"run", "Play a scenario: people, calls, the calendar, what is expected", aqd::verbs::run},
};

int run(int argc, char** argv) {
    const aqd::arguments::Parsed parsed = aqd::arguments::parse(
        argc, argv, "Aqd: contracts for administrative procedures, on a ledger of one's own.",
        verbs);
    if (!parsed.run) {
        return static_cast<int>(parsed.exit);
    }
    aqd::screen::Screen::Options options = aqd::screen::Screen::detect(parsed.json);
    options.colour = options.colour && !parsed.no_colour;
    aqd::screen::Screen screen(options);
    const aqd::screen::Outcome outcome = parsed.run(screen);
    if (!outcome) {
        screen.failure(outcome.error());
        return static_cast<int>(outcome.error().exit);
    }
    return static_cast<int>(*outcome);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        // Mistakes of people are values: only the machine throws, when it runs out of something.
        std::fprintf(stderr, "aqd: %s\n", error.what());
        return static_cast<int>(aqd::screen::Exit::store);
    }
}
