#pragma once

#include <aqd/base/result.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace aqd::keys {

/// Where the passphrase of a key file comes from, in this order: `file`, the environment's
/// AQD_PASSPHRASE, the terminal (without echo). `denied` if there is none of them.
struct PassphraseSource {
    std::optional<std::filesystem::path> file;
};

/// `prompt` is shown on the terminal; `again` asks twice, for a new passphrase. A passphrase is
/// never empty; one trailing newline of a file is not part of it.
Result<std::string> read_passphrase(const PassphraseSource& source, std::string_view prompt,
                                    bool again = false);

}  // namespace aqd::keys
