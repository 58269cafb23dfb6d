#include "cli/sources/sources.h"
#include "cli/verbs/verbs.h"

#include <aqd/abi/refusal.h>

#include <memory>
#include <string>

namespace aqd::verbs {
namespace {

using screen::Exit;

/// A refusal of the language or the ledger by name or number; empty if there is none.
std::string explain_refusal(const std::string& word) {
    for (std::uint16_t code = 1; code < abi::first_contract_error; ++code) {
        const std::string_view name = abi::refusal_name(code);
        if (!name.empty() && (word == name || word == std::to_string(code))) {
            return std::string(name) + " (refusal " + std::to_string(code) +
                   "): " + std::string(abi::refusal_text(code)) +
                   "\nNothing was changed; gas and nonce are spent.\n";
        }
    }
    return {};
}

screen::Outcome run(screen::Screen& screen, const std::string& word) {
    std::string text = explain_refusal(word);
    if (text.empty()) {
        text = sources::explain(word).value_or("");
    }
    if (text.empty()) {
        return screen::stop(
            Exit::bad_input,
            "\"" + word + "\" is neither a refusal (NotAuthorised) nor " +
                (sources::has_compiler() ? "a code of the compiler (AQD0412)"
                                         : "known without the compiler, which this build lacks"));
    }
    screen.document({{"code", word}, {"text", text}});
    screen.text(text.ends_with('\n') ? text : text + "\n");
    return Exit::done;
}

}  // namespace

Run explain(Arguments& arguments) {
    const auto word = std::make_shared<std::string>();
    arguments.positional("CODE", *word, "AQD0412, NotAuthorised");
    return [word](screen::Screen& screen) { return run(screen, *word); };
}

}  // namespace aqd::verbs
