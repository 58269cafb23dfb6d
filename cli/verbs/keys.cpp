#include "cli/files/files.h"
#include "cli/keys/key_file.h"
#include "cli/keys/passphrase.h"
#include "cli/screen/table.h"
#include "cli/verbs/verbs.h"

#include <aqd/base/hex.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace aqd::verbs {
namespace {

using screen::Exit;
using screen::Json;
using screen::Outcome;
using screen::Screen;

Json public_json(const aqd::keys::PublicPart& shown, const std::string& file) {
    return {{"name", shown.name},
            {"account", to_hex(shown.account.view())},
            {"public", to_hex(shown.key.view())},
            {"file", file}};
}

void show_key(Screen& screen, const aqd::keys::PublicPart& shown, const std::string& file) {
    screen.document(public_json(shown, file));
    screen::Table table;
    table.row({"name", shown.name});
    table.row({"account", to_hex(shown.account.view())});
    table.row({"public key", to_hex(shown.key.view())});
    table.row({"file", file});
    screen.text(table.text());
}

Run new_key(Arguments& arguments) {
    struct Options {
        std::string name;
        std::optional<std::string> file;
        std::optional<std::string> seed;
        std::optional<std::string> passphrase_file;
    };
    const auto options = std::make_shared<Options>();
    arguments.positional("NAME", options->name, "What the key is called");
    arguments.option("-o,--out", options->file, "File to write (NAME.json)");
    arguments.option("--seed", options->seed,
                     "Derive the key as the scenario of this seed does; anybody can do the same");
    arguments.option("--passphrase-file", options->passphrase_file,
                     "File of the passphrase (else AQD_PASSPHRASE, else the terminal)");
    return [options](Screen& screen) -> Outcome {
        aqd::keys::PassphraseSource source;
        if (options->passphrase_file) {
            source.file = *options->passphrase_file;
        }
        const std::string file = options->file.value_or(options->name + ".json");
        AQD_TRY(passphrase,
                aqd::keys::read_passphrase(source, "passphrase for " + file + ": ", true));
        crypto::SystemRandom random;
        const aqd::keys::Key key = options->seed
                                       ? aqd::keys::scenario_key(*options->seed, options->name)
                                       : aqd::keys::random_key(options->name, random);
        AQD_CHECK(aqd::keys::write_key_file(file, key, passphrase, random));
        show_key(screen, key.shown, file);
        return Exit::done;
    };
}

Run show(Arguments& arguments) {
    const auto file = std::make_shared<std::string>();
    arguments.positional("FILE", *file, "Key file");
    return [file](Screen& screen) -> Outcome {
        AQD_TRY(shown, aqd::keys::read_public_part(*file));
        show_key(screen, shown, *file);
        return Exit::done;
    };
}

Run list(Arguments& arguments) {
    const auto folder = std::make_shared<std::string>("keys");
    arguments.option("--folder", *folder, "Folder of key files");
    return [folder](Screen& screen) -> Outcome {
        std::vector<std::string> files;
        std::error_code error;
        for (const auto& entry : std::filesystem::directory_iterator(*folder, error)) {
            if (entry.path().extension() == ".json") {
                files.push_back(entry.path().string());
            }
        }
        if (error) {
            return screen::stop(Exit::bad_input, *folder + ": " + error.message());
        }
        std::ranges::sort(files);
        Json all = Json::array();
        screen::Table table;
        for (const std::string& file : files) {
            AQD_TRY(shown, aqd::keys::read_public_part(file));
            all.push_back(public_json(shown, file));
            table.row({shown.name, to_hex(shown.account.view()), file});
        }
        screen.document({{"keys", all}});
        screen.text(table.text());
        return Exit::done;
    };
}

constexpr std::array children = {
    arguments::Verb{"new", "Make a key and write it, sealed with a passphrase", new_key},
    arguments::Verb{"show", "Show the account and the public key of a key file", show},
    arguments::Verb{"list", "List the key files of a folder", list},
};

}  // namespace

Run keys(Arguments& arguments) {
    arguments.children(children);
    return nullptr;
}

}  // namespace aqd::verbs
