#include "cli/ledgers/obligation_list.h"
#include "cli/screen/table.h"
#include "cli/values/describe.h"
#include "cli/values/from_cbor.h"
#include "cli/values/type_table.h"
#include "cli/verbs/ledger_options.h"
#include "cli/verbs/verbs.h"

#include <aqd/calendar/iso_text.h>

#include <algorithm>
#include <memory>

namespace aqd::verbs {
namespace {

using screen::Json;

struct Options {
    LedgerOptions where;
    bool overdue = false;
    std::optional<std::string> body;
    std::optional<std::string> case_word;
    std::optional<std::string> on;
};

/// The CBOR of the body asked for, if one was.
Result<std::optional<Bytes>> wanted_body(const ledgers::Ledger& ledger, const Options& options) {
    if (!options.body) {
        return std::optional<Bytes>();
    }
    values::Surroundings around;
    around.types = &ledger.types();
    const abi::Type type{abi::TypeKind::body, 0, "", {}};
    AQD_TRY(body, values::to_cbor(Json(*options.body), type, around, files::JsonPath("--body")));
    return std::optional<Bytes>(std::move(body));
}

screen::Outcome run(screen::Screen& screen, const Options& options) {
    AQD_TRY(ledger, options.where.open(false));
    std::optional<abi::CaseId> of_case;
    if (options.case_word) {
        AQD_TRY(id, ledger->case_named(*options.case_word));
        of_case = id;
    }
    calendar::Day day = ledger->today();
    if (options.on) {
        AQD_TRY(given, calendar::parse_date(*options.on));
        day = given;
    }
    AQD_TRY(body, wanted_body(*ledger, options));
    AQD_TRY(list, ledgers::list_obligations(*ledger, of_case));
    std::erase_if(list, [&](const ledgers::Obligation& one) {
        return one.row.sent_on > day || (body && one.row.recipient != *body) ||
               (options.overdue &&
                ledgers::standing_on(one.row, day) != ledgers::Standing::overdue);
    });
    // By recipient, then by the day: what a body reads as its list.
    std::ranges::sort(list, [](const auto& a, const auto& b) {
        return std::pair(a.row.recipient, a.row.sent_on) <
               std::pair(b.row.recipient, b.row.sent_on);
    });
    Json all = Json::array();
    screen::Table table;
    for (const ledgers::Obligation& one : list) {
        all.push_back(ledgers::obligation_json(*ledger, one, day));
        const bool late = ledgers::standing_on(one.row, day) == ledgers::Standing::overdue;
        table.row({ledger->recipient_label(one.row.recipient),
                   std::string(values::last_part(one.row.notice)),
                   "case " + ledger->case_text(one.case_id),
                   "sent " + values::date_text(one.row.sent_on),
                   screen.paint(late ? screen::Style::bad : screen::Style::plain,
                                ledgers::standing_text(one.row, day))});
    }
    screen.document({{"on", calendar::format_date(day)}, {"obligations", all}});
    screen.text(table.text());
    screen.line(std::to_string(list.size()) + (options.overdue ? " overdue" : "") + " on " +
                values::date_text(day));
    return screen::Exit::done;
}

}  // namespace

Run obligations(Arguments& arguments) {
    const auto options = std::make_shared<Options>();
    arguments.flag("--overdue", options->overdue, "Only those that are late");
    arguments.option("--body", options->body, "Only of this body, \"Commune:16.01\"");
    arguments.option("-c,--case", options->case_word, "Only of this case");
    arguments.option("--on", options->on, "As of this day (the ledger's today)");
    options->where.declare(arguments, false);
    return [options](screen::Screen& screen) { return run(screen, *options); };
}

}  // namespace aqd::verbs
