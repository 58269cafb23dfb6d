#include "cli/files/files.h"
#include "cli/screen/table.h"
#include "cli/trust/trust_file.h"
#include "cli/values/describe.h"
#include "cli/verbs/verbs.h"

#include <aqd/abi/cbor.h>
#include <aqd/base/hex.h>
#include <aqd/calendar/iso_text.h>
#include <aqd/proof/proof_file.h>

#include <memory>
#include <optional>
#include <string>

namespace aqd::verbs {
namespace {

using screen::Exit;
using screen::Json;
using screen::Style;

constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;

struct Options {
    std::string file;
    std::string trust;
    std::optional<std::uint64_t> min_height;
};

std::string value_text(const Bytes& value) {
    const auto decoded = abi::decode_value(value);
    return decoded ? abi::to_diagnostic(*decoded) : to_hex(value);
}

screen::Outcome run(screen::Screen& screen, const Options& options) {
    AQD_TRY(trust, trust::read_trust(options.trust));
    AQD_TRY(file, files::read(options.file, proof::proof_limit_bytes));
    const auto verified = proof::verify(file, trust.trust);
    if (!verified) {
        return screen::stop(
            Exit::does_not_hold, options.file + ": does not hold: " + verified.error().message,
            {{"holds", false}, {"code", screen::error_name(verified.error().code)}});
    }
    if (options.min_height && verified->height < *options.min_height) {
        return screen::stop(Exit::does_not_hold,
                            options.file + ": is true as of block " +
                                std::to_string(verified->height) + ", and block " +
                                std::to_string(*options.min_height) + " or later was asked for",
                            {{"holds", false}, {"code", "stale"}, {"height", verified->height}});
    }
    const calendar::Seconds seconds = verified->time_ns / nanoseconds_per_second;
    screen.document({{"holds", true},
                     {"chain", trust.trust.name},
                     {"height", verified->height},
                     {"time", calendar::format_time(seconds) + "Z"},
                     {"key", to_hex(verified->key)},
                     {"present", verified->value.has_value()},
                     {"value", verified->value ? Json(to_hex(*verified->value)) : Json()},
                     {"header", to_hex(verified->header.view())},
                     {"bytes", file.size()}});
    screen.line(screen.paint(Style::good, "✓ holds") + "   as of block " +
                std::to_string(verified->height) + " of " + trust.trust.name + ", " +
                values::moment_text(seconds) + " UTC · " + std::to_string(file.size()) + " bytes");
    screen::Table table(10);
    table.row({"key", trust::key_text(verified->key, trust)});
    table.row({"value",
               verified->value ? value_text(*verified->value) : "absent: there was no such entry"});
    table.row(
        {"header", values::short_hash(verified->header.view()) + ", signed by a genesis key"});
    screen.text(table.text());
    return Exit::done;
}

}  // namespace

Run verify(Arguments& arguments) {
    const auto options = std::make_shared<Options>();
    arguments.positional("FILE", options->file, "Proof file");
    arguments.required("--trust", options->trust,
                       "Whom to trust: the chain.json that aqd init writes");
    arguments.option("--min-height", options->min_height,
                     "Refuse a proof that is older than this block");
    return [options](screen::Screen& screen) { return run(screen, *options); };
}

}  // namespace aqd::verbs
