#include "cli/ledgers/receipt_text.h"

#include "cli/ledgers/event_text.h"
#include "cli/screen/table.h"
#include "cli/values/describe.h"
#include "cli/values/from_cbor.h"
#include "cli/values/number_text.h"

#include <aqd/abi/refusal.h>
#include <aqd/base/hex.h>
#include <aqd/calendar/iso_text.h>
#include <aqd/crypto/sha256.h>

#include <array>

namespace aqd::ledgers {
namespace {

using files::Json;
using screen::Style;

std::shared_ptr<const engine::Code> code_of(const Ledger& ledger, const ledger::Receipt& receipt) {
    if (receipt.module.empty() || receipt.version == 0) {
        return nullptr;
    }
    auto code = ledger.module_version(abi::lineage_of(ledger.chain().id(), receipt.module),
                                      receipt.version);
    return code ? *code : nullptr;
}

std::string_view origin_name(ledger::Origin origin) {
    constexpr std::array<std::string_view, 5> names = {"transaction", "deadline", "obligation",
                                                       "question", "delivery"};
    return names[static_cast<std::size_t>(origin)];
}

/// Who may act, as the contract writes it: what a `NotAuthorised` leaves open.
std::string who_may(const abi::Manifest& manifest, const ledger::Receipt& receipt) {
    const abi::Entry* entry = manifest.entry(receipt.entry);
    std::string who;
    for (const std::string& actor : entry == nullptr ? std::vector<std::string>() : entry->actors) {
        who += (who.empty() ? "" : " | ") + actor;
    }
    return who;
}

std::string site_text(const engine::Site& site) {
    if (!site.file.empty()) {
        return site.file + ":" + std::to_string(site.line) + ":" + std::to_string(site.column);
    }
    return site.module + ", function " + std::to_string(site.function_index) + ", octet " +
           std::to_string(site.code_offset);
}

}  // namespace

RefusalText refusal_of(const Ledger& ledger, const ledger::Receipt& receipt) {
    RefusalText refusal;
    refusal.name = abi::refusal_name(receipt.refusal);
    refusal.text = abi::refusal_text(receipt.refusal);
    const auto code = code_of(ledger, receipt);
    if (receipt.refusal >= abi::first_contract_error) {
        const std::size_t index = receipt.refusal - abi::first_contract_error;
        refusal.name = "#" + std::to_string(receipt.refusal);
        if (code != nullptr && index < code->manifest().errors.size()) {
            const abi::ErrorText& error = code->manifest().errors[index];
            refusal.name = error.name.empty() ? "Refused" : error.name;
            refusal.labels = error.texts;
            refusal.text = error.texts.empty() ? "" : error.texts.front().text;
        }
        return refusal;
    }
    const bool about_people =
        receipt.refusal == static_cast<std::uint16_t>(abi::Refusal::NotAuthorised);
    if (about_people && code != nullptr) {
        if (const std::string who = who_may(code->manifest(), receipt); !who.empty()) {
            refusal.text =
                "no live mandate as `" + who + "` on " + values::date_text(receipt.effective);
        }
    }
    return refusal;
}

std::string receipt_name(const ledger::Receipt& receipt) {
    return values::short_hash(crypto::sha256(ledger::encode_receipt(receipt)).view());
}

Result<Json> result_json(const Ledger& ledger, const ledger::Receipt& receipt) {
    const auto code = code_of(ledger, receipt);
    const abi::Entry* entry = code == nullptr ? nullptr : code->manifest().entry(receipt.entry);
    if (!receipt.result) {
        return Json();
    }
    return entry == nullptr ? values::untyped_from_cbor(*receipt.result)
                            : values::from_cbor(*receipt.result, entry->result, ledger.types());
}

Result<Json> receipt_json(const Ledger& ledger, const ledger::Receipt& receipt) {
    Json json;
    json["origin"] = origin_name(receipt.origin);
    json["transaction"] = receipt.origin == ledger::Origin::transaction
                              ? Json(to_hex(receipt.transaction.view()))
                              : Json();
    json["call_index"] = receipt.call_index;
    json["caller"] = receipt.caller ? Json(to_hex(receipt.caller->view())) : Json();
    json["module"] = receipt.module;
    json["version"] = receipt.version;
    json["code"] = to_hex(receipt.code.view());
    json["entry"] = receipt.entry;
    json["case"] = receipt.case_id ? Json(to_hex(receipt.case_id->view())) : Json();
    json["effective"] = calendar::is_day(receipt.effective)
                            ? Json(calendar::format_date(receipt.effective))
                            : Json();
    json["refused"] = Json();
    if (receipt.refusal != 0) {
        const RefusalText refusal = refusal_of(ledger, receipt);
        Json texts = Json::object();
        for (const abi::Label& label : refusal.labels) {
            texts[label.language] = label.text;
        }
        json["refused"] = {{"code", receipt.refusal},
                           {"name", refusal.name},
                           {"text", refusal.text},
                           {"texts", texts}};
    }
    json["gas"] = receipt.gas;
    AQD_TRY(result, result_json(ledger, receipt));
    json["result"] = std::move(result);
    json["events"] = Json::array();
    for (const system::Event& event : receipt.events) {
        AQD_TRY(one, event_json(ledger, event));
        json["events"].push_back(std::move(one));
    }
    return json;
}

Result<std::string> receipt_text(const Ledger& ledger, const screen::Screen& screen,
                                 const ledger::Receipt& receipt,
                                 const std::optional<engine::Site>& site,
                                 const std::string& where) {
    std::string out;
    const std::string gas = "gas " + values::with_commas(std::to_string(receipt.gas));
    if (receipt.refusal != 0) {
        const RefusalText refusal = refusal_of(ledger, receipt);
        out += screen.paint(Style::bad, "refused") + "   " +
               screen.paint(Style::bold, refusal.name) + "   " + refusal.text + "\n";
        for (std::size_t i = 1; i < refusal.labels.size(); ++i) {
            out += "          " + std::string(refusal.name.size(), ' ') + "   " +
                   refusal.labels[i].text + "\n";
        }
        if (site) {
            out += "          at " + site_text(*site) + "\n";
        }
        return out + "          nothing was changed · " + gas + " · " + where + "\n";
    }
    out += screen.paint(Style::good, "done") + "      " + receipt.module + " " +
           screen.paint(Style::bold, receipt.entry) +
           (receipt.case_id ? "   case " + ledger.case_text(*receipt.case_id) : "") + "\n";
    const auto code = code_of(ledger, receipt);
    const abi::Entry* entry = code == nullptr ? nullptr : code->manifest().entry(receipt.entry);
    AQD_TRY(result, result_json(ledger, receipt));
    if (!result.is_null() && entry != nullptr) {
        out += "          result " + values::describe(result, entry->result) + "\n";
    }
    for (const system::Event& event : receipt.events) {
        AQD_TRY(line, event_line(ledger, event));
        if (!line.empty()) {
            out += "          " + line + "\n";
        }
    }
    return out + "          " + gas + " · " + where + "\n";
}

}  // namespace aqd::ledgers
