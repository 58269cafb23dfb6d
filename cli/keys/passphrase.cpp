#include "cli/keys/passphrase.h"

#include "cli/files/files.h"

#include <cstdlib>
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace aqd::keys {
namespace {

constexpr std::size_t limit_bytes = 4096;

Result<void> say(int terminal, std::string_view text) {
    return ::write(terminal, text.data(), text.size()) == static_cast<ssize_t>(text.size())
               ? Result<void>()
               : fail(ErrorCode::io, "the terminal cannot be written to");
}

/// One line, with the echo off and on again whatever happens.
Result<std::string> ask(int terminal, std::string_view prompt) {
    AQD_CHECK(say(terminal, prompt));
    struct termios before{};
    if (::tcgetattr(terminal, &before) != 0) {
        return fail(ErrorCode::io, "the terminal's echo cannot be switched off");
    }
    struct termios quiet = before;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    if (::tcsetattr(terminal, TCSAFLUSH, &quiet) != 0) {
        return fail(ErrorCode::io, "the terminal's echo cannot be switched off");
    }
    std::string line;
    char c = 0;
    while (line.size() < limit_bytes && ::read(terminal, &c, 1) == 1 && c != '\n') {
        line += c;
    }
    ::tcsetattr(terminal, TCSAFLUSH, &before);
    AQD_CHECK(say(terminal, "\n"));
    return line;
}

Result<std::string> from_terminal(std::string_view prompt, bool again) {
    const int terminal = ::open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (terminal < 0) {
        return fail(ErrorCode::denied,
                    "a passphrase is needed, and there is no terminal to ask at; set "
                    "AQD_PASSPHRASE or give --passphrase-file");
    }
    auto first = ask(terminal, prompt);
    if (first && again) {
        const auto second = ask(terminal, "once more: ");
        if (!second || *second != *first) {
            first = fail(ErrorCode::invalid, "the two passphrases differ");
        }
    }
    ::close(terminal);
    return first;
}

}  // namespace

Result<std::string> read_passphrase(const PassphraseSource& source, std::string_view prompt,
                                    bool again) {
    std::string passphrase;
    if (source.file) {
        AQD_TRY(content, files::read_private(*source.file, limit_bytes));
        passphrase = std::string(as_text(content));
        if (passphrase.ends_with('\n')) {
            passphrase.pop_back();
        }
    } else if (const char* set = std::getenv("AQD_PASSPHRASE"); set != nullptr) {
        passphrase = set;
    } else {
        AQD_TRY(typed, from_terminal(prompt, again));
        passphrase = std::move(typed);
    }
    if (passphrase.empty()) {
        return fail(ErrorCode::invalid, "the passphrase is empty");
    }
    return passphrase;
}

}  // namespace aqd::keys
