#include "cli/screen/screen.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

namespace aqd::screen {
namespace {

constexpr std::int64_t progress_interval_ms = 100;

std::int64_t milliseconds_now() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

void put(std::FILE* file, std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), file);
}

}  // namespace

Screen::Options Screen::detect(bool json) {
    const char* term = std::getenv("TERM");
    const bool is_dumb = term == nullptr || std::strcmp(term, "dumb") == 0;
    const char* no_colour = std::getenv("NO_COLOR");
    Options options;
    options.json = json;
    options.terminal = ::isatty(STDERR_FILENO) == 1 && !is_dumb;
    options.colour = !json && ::isatty(STDOUT_FILENO) == 1 && !is_dumb &&
                     (no_colour == nullptr || *no_colour == '\0');
    return options;
}

std::string Screen::paint(Style style, std::string_view text) const {
    const char* code = nullptr;
    switch (style) {
        case Style::plain:
            break;
        case Style::bold:
            code = "1";
            break;
        case Style::faint:
            code = "2";
            break;
        case Style::good:
            code = "32";
            break;
        case Style::bad:
            code = "31";
            break;
        case Style::name:
            code = "36";
            break;
    }
    if (!options_.colour || code == nullptr) {
        return std::string(text);
    }
    return "\033[" + std::string(code) + "m" + std::string(text) + "\033[0m";
}

void Screen::line(std::string_view text) {
    if (!options_.json) {
        put(stdout, text);
        put(stdout, "\n");
        std::fflush(stdout);
    }
}

void Screen::text(std::string_view text) {
    if (!options_.json) {
        put(stdout, text);
        std::fflush(stdout);
    }
}

void Screen::document(const Json& json) {
    if (options_.json) {
        put(stdout, json.dump(2, ' ', false, Json::error_handler_t::replace));
        put(stdout, "\n");
        std::fflush(stdout);
        wrote_document_ = true;
    }
}

void Screen::failure(const Failure& failure) {
    put(stderr, "aqd: " + failure.message + "\n");
    if (options_.json && !wrote_document_) {
        Json error = failure.details.is_object() ? failure.details : Json::object();
        error["message"] = failure.message;
        document(Json{{"error", error}, {"exit", static_cast<int>(failure.exit)}});
    }
}

void Screen::progress(std::string_view what, std::uint64_t done, std::uint64_t total) {
    if (!options_.terminal) {
        return;
    }
    if (done >= total) {
        if (shows_progress_) {
            put(stderr, "\r\033[K");
            shows_progress_ = false;
        }
        return;
    }
    const std::int64_t now = milliseconds_now();
    if (now - last_progress_ms_ < progress_interval_ms) {
        return;
    }
    last_progress_ms_ = now;
    shows_progress_ = true;
    put(stderr, "\r\033[K" + std::string(what) + "  " + bar(done, total) + " " +
                    std::to_string(total == 0 ? 100 : done * 100 / total) + " %");
    std::fflush(stderr);
}

std::string bar(std::uint64_t done, std::uint64_t total) {
    constexpr std::uint64_t width = 20;
    const std::uint64_t full = total == 0 ? width : done * width / total;
    std::string text;
    for (std::uint64_t i = 0; i < width; ++i) {
        text += i < full ? "█" : "░";
    }
    return text;
}

}  // namespace aqd::screen
