#pragma once

#include "cli/files/json.h"
#include "cli/screen/failure.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace aqd::screen {

using files::Json;

enum class Style : std::uint8_t { plain, bold, faint, good, bad, name };

/// Where a verb writes: words for people, or one JSON document on standard output, never both.
class Screen {
  public:
    struct Options {
        bool json = false;
        bool colour = false;    ///< ANSI escapes
        bool terminal = false;  ///< a person watches: progress bars move
    };

    explicit Screen(Options options) : options_(options) {}

    /// Colour only on a terminal, and not if NO_COLOR is set or TERM is "dumb".
    static Options detect(bool json);

    [[nodiscard]] bool is_json() const { return options_.json; }
    [[nodiscard]] bool has_colour() const { return options_.colour; }

    [[nodiscard]] std::string paint(Style style, std::string_view text) const;

    /// A line for people; nothing in JSON mode.
    void line(std::string_view text = {});
    /// A text with its own line ends, for people.
    void text(std::string_view text);
    /// The document for programs; nothing otherwise. At most one a run.
    void document(const Json& json);
    /// On standard error in words, and in JSON mode as {"error": {…}, "exit": N} on standard
    /// output, unless a document was already written.
    void failure(const Failure& failure);
    /// Shows how far something has come, on standard error and only to a person who watches; at
    /// most ten times a second. `done == total` erases it.
    void progress(std::string_view what, std::uint64_t done, std::uint64_t total);

  private:
    Options options_;
    bool wrote_document_ = false;
    std::int64_t last_progress_ms_ = 0;
    bool shows_progress_ = false;
};

/// A bar of 20 blocks for a finished share.
std::string bar(std::uint64_t done, std::uint64_t total);

}  // namespace aqd::screen
