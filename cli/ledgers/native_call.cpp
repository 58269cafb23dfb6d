#include "cli/ledgers/native_call.h"

#include "cli/genesis/bodies.h"
#include "cli/genesis/moment.h"
#include "cli/ledgers/obligation_list.h"
#include "cli/sources/sources.h"

#include <aqd/abi/cbor.h>
#include <aqd/base/hex.h>
#include <aqd/calendar/iso_text.h>
#include <aqd/ledger/genesis.h>

#include <optional>

namespace aqd::ledgers {
namespace {

using files::Json;
using files::JsonObject;

/// What the parts of a genesis JSON need, on a chain that exists.
Result<genesis::Reading> reading_of(const Ledger& ledger, const CallWish& wish) {
    genesis::Reading reading;
    reading.directory = wish.directory;
    for (const std::string& path : ledger.module_paths()) {
        AQD_TRY(code, ledger.module(path));
        reading.manifests.push_back(code->manifest());
    }
    reading.types = ledger.types();
    reading.key_of = [&ledger](const std::string& word) -> Result<crypto::PublicKey> {
        if (word.size() == 2 * crypto::PublicKey::size_bytes) {
            return fixed_from_hex<crypto::PublicKey>(word);
        }
        AQD_TRY(key, ledger.key(word, {}));
        return key.shown.key;
    };
    reading.account_of = [&ledger](const std::string& word) -> Result<abi::Account> {
        if (word.size() == 2 * abi::Account::size_bytes) {
            return fixed_from_hex<abi::Account>(word);
        }
        const auto account = ledger.word("$" + word);
        if (!account) {
            return fail(ErrorCode::not_found,
                        "\"" + word + "\" is neither an actor of this ledger nor an account");
        }
        return fixed_from_hex<abi::Account>(account->get<std::string>());
    };
    reading.around.names = [&ledger](std::string_view word) { return ledger.word(word); };
    reading.around.directory = wish.directory;
    return reading;
}

Result<Bytes> deploy(const Ledger&, const CallWish& wish) {
    AQD_TRY(object, JsonObject::of(wish.arguments, wish.place));
    AQD_TRY(file, object.text("file"));
    AQD_CHECK(object.finish());
    AQD_TRY(wasm, sources::read_module(wish.directory / file));
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(1);
    writer.write_bytes(wasm);
    return out;
}

Result<Bytes> register_body(const Ledger& ledger, const CallWish& wish) {
    AQD_TRY(reading, reading_of(ledger, wish));
    reading.around.types = &reading.types;
    AQD_TRY(object, JsonObject::of(wish.arguments, wish.place));
    AQD_TRY(name, object.text("authority"));
    const auto authority = ledger.types().authority(name);
    if (!authority) {
        return object.at("authority").fail(authority.error());
    }
    Json rest = wish.arguments;
    rest.erase("authority");
    std::string label;
    AQD_TRY(body, genesis::read_body(rest, wish.place, **authority, reading, label));
    Bytes out;
    abi::Writer writer(out);
    ledger::write_body(writer, body);
    return out;
}

Result<ledger::Genesis::Mandate> mandate_of(const Ledger& ledger, const CallWish& wish) {
    AQD_TRY(reading, reading_of(ledger, wish));
    reading.around.types = &reading.types;
    return genesis::read_mandate(wish.arguments, wish.place, reading);
}

Result<Bytes> grant(const Ledger& ledger, const CallWish& wish) {
    AQD_TRY(mandate, mandate_of(ledger, wish));
    Bytes out;
    abi::Writer writer(out);
    ledger::write_mandate(writer, mandate);
    return out;
}

Result<Bytes> revoke(const Ledger& ledger, const CallWish& wish) {
    AQD_TRY(mandate, mandate_of(ledger, wish));
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(3);
    writer.write_text(mandate.role);
    writer.write_bytes(mandate.account.view());
    if (mandate.authority.empty()) {
        writer.write_null();
    } else {
        writer.write_encoded(mandate.keys);
    }
    return out;
}

Result<Bytes> close_day(const Ledger&, const CallWish& wish) {
    AQD_TRY(object, JsonObject::of(wish.arguments, wish.place));
    AQD_TRY(calendar_path, object.text("calendar"));
    AQD_TRY(day_text, object.text("day"));
    AQD_CHECK(object.finish());
    const auto day = calendar::parse_date(day_text);
    if (!day) {
        return object.at("day").fail(day.error());
    }
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(2);
    writer.write_text(calendar_path);
    writer.write_int(*day);
    return out;
}

Result<Bytes> set_offset(const Ledger& ledger, const CallWish& wish) {
    AQD_TRY(object, JsonObject::of(wish.arguments, wish.place));
    AQD_TRY(from_text, object.text("from"));
    AQD_TRY(offset_text, object.text("offset"));
    AQD_CHECK(object.finish());
    const auto from = genesis::parse_moment(from_text, ledger.clock());
    if (!from) {
        return object.at("from").fail(from.error());
    }
    AQD_TRY(seconds, genesis::parse_offset(offset_text, object.at("offset")));
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(2);
    writer.write_int(*from);
    writer.write_int(seconds);
    return out;
}

Result<Bytes> meet_obligation(const Ledger& ledger, const CallWish& wish) {
    AQD_TRY(object, JsonObject::of(wish.arguments, wish.place));
    AQD_TRY(case_word, object.text("case"));
    const auto case_id = ledger.case_named(case_word);
    if (!case_id) {
        return object.at("case").fail(case_id.error());
    }
    std::uint64_t ordinal = 0;
    if (const Json* recipient = object.find("recipient"); recipient != nullptr) {
        AQD_TRY(notice, object.text_or("notice", ""));
        values::Surroundings around;
        around.types = &ledger.types();
        const abi::Type body{abi::TypeKind::body, 0, "", {}};
        AQD_TRY(encoded, values::to_cbor(*recipient, body, around, object.at("recipient")));
        const auto found = find_obligation(ledger, *case_id, encoded, notice);
        if (!found) {
            return object.path().fail(found.error());
        }
        ordinal = *found;
    } else {
        AQD_TRY(given, object.number("ordinal"));
        ordinal = given;
    }
    AQD_CHECK(object.finish());
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(2);
    writer.write_bytes(case_id->view());
    writer.write_uint(ordinal);
    return out;
}

struct NativeEntry {
    std::string_view name;
    Result<Bytes> (*make)(const Ledger&, const CallWish&);
};

constexpr NativeEntry entries[] = {
    {"deploy", deploy},
    {"register_body", register_body},
    {"grant", grant},
    {"revoke", revoke},
    {"close_day", close_day},
    {"set_offset", set_offset},
    {"acknowledge", meet_obligation},
    {"act", meet_obligation},
};

}  // namespace

Result<std::uint32_t> find_obligation(const Ledger& ledger, const abi::CaseId& case_id,
                                      BytesView recipient, std::string_view notice) {
    AQD_TRY(list, list_obligations(ledger, case_id));
    std::optional<std::uint32_t> found;
    for (const Obligation& one : list) {
        const bool named = notice.empty() || one.row.notice == notice ||
                           values::last_part(one.row.notice) == notice;
        if (!named || !equal(one.row.recipient, recipient) || one.row.acted_on) {
            continue;
        }
        if (found) {
            return fail(ErrorCode::invalid,
                        "several obligations of the case fit; say which \"notice\"");
        }
        found = one.ordinal;
    }
    if (!found) {
        return fail(ErrorCode::not_found,
                    "the case has no open obligation of " + ledger.body_label(recipient));
    }
    return *found;
}

Result<Bytes> native_arguments(const Ledger& ledger, const CallWish& wish) {
    std::string known;
    for (const NativeEntry& entry : entries) {
        if (entry.name == wish.entry) {
            return entry.make(ledger, wish);
        }
        known += (known.empty() ? "" : ", ") + std::string(entry.name);
    }
    return fail(ErrorCode::not_found,
                "the ledger itself has no entry \"" + wish.entry + "\"; there are " + known);
}

}  // namespace aqd::ledgers
