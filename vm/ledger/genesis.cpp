#include <aqd/abi/cbor.h>
#include <aqd/crypto/sha256.h>
#include <aqd/ledger/genesis.h>
#include <aqd/system/bodies.h>
#include <aqd/system/calendars.h>
#include <aqd/system/civil_clock.h>
#include <aqd/system/modules.h>

#include <algorithm>

namespace aqd::ledger {
namespace {

constexpr std::uint64_t genesis_fields = 13;
constexpr std::uint64_t rules_fields = 10;

void write_until(abi::Writer& writer, const std::optional<std::int32_t>& until) {
    if (until) {
        writer.write_int(*until);
    } else {
        writer.write_null();
    }
}

Result<std::int32_t> read_day(abi::Reader& reader) {
    const std::uint64_t at = reader.offset();
    AQD_TRY(day, reader.read_int());
    if (!calendar::is_day(day)) {
        return fail(ErrorCode::invalid, "a day outside the years 1600 to 9999", at);
    }
    return static_cast<std::int32_t>(day);
}

Result<std::optional<std::int32_t>> read_until(abi::Reader& reader) {
    AQD_TRY(absent, reader.take_null());
    if (absent) {
        return std::optional<std::int32_t>();
    }
    AQD_TRY(day, read_day(reader));
    return std::optional<std::int32_t>(day);
}

Result<std::string> read_text(abi::Reader& reader) {
    AQD_TRY(text, reader.read_text());
    return std::string(text);
}

Result<Bytes> read_item(abi::Reader& reader) {
    AQD_TRY(item, reader.skip());
    return to_bytes(item);
}

void write_rules(abi::Writer& writer, const Rules& rules) {
    writer.write_array_header(rules_fields);
    writer.write_uint(rules.transaction_gas);
    writer.write_uint(rules.block_gas);
    writer.write_uint(rules.automatic_gas);
    writer.write_uint(rules.timers_per_block);
    writer.write_uint(rules.deliveries_per_block);
    writer.write_uint(rules.calls_per_block);
    writer.write_uint(rules.module_bytes);
    writer.write_uint(rules.memory_pages);
    writer.write_uint(rules.assertion_seconds);
    writer.write_uint(rules.gas_schedule);
}

Result<Rules> read_rules(abi::Reader& reader) {
    Rules rules;
    AQD_CHECK(reader.expect_array(rules_fields));
    for (std::uint64_t* value : {&rules.transaction_gas, &rules.block_gas, &rules.automatic_gas}) {
        AQD_TRY(number, reader.read_uint());
        *value = number;
    }
    for (std::uint32_t* value : {&rules.timers_per_block, &rules.deliveries_per_block,
                                 &rules.calls_per_block, &rules.module_bytes, &rules.memory_pages,
                                 &rules.assertion_seconds, &rules.gas_schedule}) {
        AQD_TRY(number, reader.read_uint_up_to(UINT32_MAX));
        *value = static_cast<std::uint32_t>(number);
    }
    return rules;
}

Result<Genesis::Calendar> read_calendar(abi::Reader& reader) {
    Genesis::Calendar calendar;
    AQD_CHECK(reader.expect_array(3));
    AQD_TRY(path, read_text(reader));
    calendar.path = std::move(path);
    AQD_TRY(weekdays, reader.read_uint_up_to(UINT8_MAX));
    calendar.closed_weekdays = static_cast<std::uint8_t>(weekdays);
    AQD_TRY(count, reader.read_array_header());
    for (std::uint64_t i = 0; i < count; ++i) {
        AQD_TRY(day, read_day(reader));
        calendar.holidays.push_back(day);
    }
    return calendar;
}

Result<Genesis::RegisterRow> read_row(abi::Reader& reader) {
    Genesis::RegisterRow row;
    AQD_CHECK(reader.expect_array(4));
    AQD_TRY(module, read_text(reader));
    row.module = std::move(module);
    AQD_TRY(name, read_text(reader));
    row.name = std::move(name);
    AQD_TRY(key, read_item(reader));
    row.key = std::move(key);
    AQD_TRY(value, read_item(reader));
    row.value = std::move(value);
    return row;
}

/// One list of the file, item by item.
template <class Item, class Read>
Result<> read_list(abi::Reader& reader, std::vector<Item>& items, Read read) {
    AQD_TRY(count, reader.read_array_header());
    for (std::uint64_t i = 0; i < count; ++i) {
        AQD_TRY(item, read(reader));
        items.push_back(std::move(item));
    }
    return {};
}

Result<Genesis::Offset> read_offset(abi::Reader& reader) {
    Genesis::Offset offset;
    AQD_CHECK(reader.expect_array(2));
    AQD_TRY(from, reader.read_int());
    offset.from = from;
    AQD_TRY(seconds, reader.read_int());
    if (seconds < INT32_MIN || seconds > INT32_MAX) {
        return fail(ErrorCode::invalid, "a civil offset out of range", reader.offset());
    }
    offset.seconds = static_cast<std::int32_t>(seconds);
    return offset;
}

Result<Genesis::Module> read_module(abi::Reader& reader) {
    Genesis::Module module;
    AQD_CHECK(reader.expect_array(2));
    AQD_TRY(wasm, reader.read_bytes());
    module.wasm = to_bytes(wasm);
    AQD_TRY(owner, reader.read_fixed<abi::Account>());
    module.owner = owner;
    return module;
}

Result<> check_genesis(const Genesis& genesis) {
    if (genesis.name.empty() || genesis.name.size() > 64) {
        return fail(ErrorCode::invalid, "a chain has a name of 1 to 64 octets");
    }
    if (genesis.header_keys.empty() || genesis.header_keys.size() > proof::signature_limit) {
        return fail(ErrorCode::invalid, "a chain has 1 to 256 block keys");
    }
    if (!std::ranges::is_sorted(genesis.header_keys, std::ranges::less_equal())) {
        return fail(ErrorCode::invalid, "block keys do not ascend");
    }
    for (const crypto::PublicKey& key : genesis.header_keys) {
        AQD_TRY(parsed, crypto::VerifyingKey::parse(key));
        static_cast<void>(parsed);
    }
    const Rules& rules = genesis.rules;
    if (rules.timers_per_block == 0 || rules.deliveries_per_block == 0 ||
        rules.calls_per_block == 0 || rules.transaction_gas == 0 ||
        rules.transaction_gas > rules.block_gas) {
        return fail(ErrorCode::invalid, "rules under which no block could be made");
    }
    for (const Genesis::Calendar& calendar : genesis.calendars) {
        if (calendar.closed_weekdays >= system::every_weekday) {
            return fail(ErrorCode::invalid, "calendar " + calendar.path + " is never open");
        }
    }
    for (const Genesis::Body& body : genesis.bodies) {
        if (!system::split_name(body.authority) || !system::is_array(body.keys) ||
            !system::is_array(body.attributes)) {
            return fail(ErrorCode::invalid,
                        "a body of " + body.authority +
                            ": its name has a module, keys and attributes are arrays");
        }
    }
    for (const Genesis::Mandate& mandate : genesis.mandates) {
        const bool sound = system::split_name(mandate.role) &&
                           (mandate.authority.empty() || (system::split_name(mandate.authority) &&
                                                          system::is_array(mandate.keys)));
        if (!sound) {
            return fail(ErrorCode::invalid, "a mandate of " + mandate.role);
        }
    }
    return {};
}

}  // namespace

void write_body(abi::Writer& writer, const Genesis::Body& body) {
    writer.write_array_header(6);
    writer.write_text(body.authority);
    writer.write_encoded(body.keys);
    writer.write_encoded(body.attributes);
    if (body.assertion_key) {
        writer.write_bytes(body.assertion_key->view());
    } else {
        writer.write_null();
    }
    writer.write_int(body.from);
    write_until(writer, body.until);
}

Result<Genesis::Body> read_body(abi::Reader& reader) {
    Genesis::Body body;
    AQD_CHECK(reader.expect_array(6));
    AQD_TRY(authority, read_text(reader));
    body.authority = std::move(authority);
    AQD_TRY(keys, read_item(reader));
    body.keys = std::move(keys);
    AQD_TRY(attributes, read_item(reader));
    body.attributes = std::move(attributes);
    AQD_TRY(no_key, reader.take_null());
    if (!no_key) {
        AQD_TRY(key, reader.read_fixed<crypto::PublicKey>());
        body.assertion_key = key;
    }
    AQD_TRY(from, read_day(reader));
    body.from = from;
    AQD_TRY(until, read_until(reader));
    body.until = until;
    return body;
}

void write_mandate(abi::Writer& writer, const Genesis::Mandate& mandate) {
    writer.write_array_header(7);
    writer.write_text(mandate.role);
    writer.write_bytes(mandate.account.view());
    if (mandate.authority.empty()) {
        writer.write_null();
        writer.write_null();
    } else {
        writer.write_text(mandate.authority);
        writer.write_encoded(mandate.keys);
    }
    if (mandate.person) {
        writer.write_bytes(mandate.person->view());
    } else {
        writer.write_null();
    }
    writer.write_int(mandate.from);
    write_until(writer, mandate.until);
}

Result<Genesis::Mandate> read_mandate(abi::Reader& reader) {
    Genesis::Mandate mandate;
    AQD_CHECK(reader.expect_array(7));
    AQD_TRY(role, read_text(reader));
    mandate.role = std::move(role);
    AQD_TRY(account, reader.read_fixed<abi::Account>());
    mandate.account = account;
    AQD_TRY(no_body, reader.take_null());
    if (no_body) {
        AQD_CHECK(reader.read_null());
    } else {
        AQD_TRY(authority, read_text(reader));
        mandate.authority = std::move(authority);
        AQD_TRY(keys, read_item(reader));
        mandate.keys = std::move(keys);
    }
    AQD_TRY(no_person, reader.take_null());
    if (!no_person) {
        AQD_TRY(person, reader.read_fixed<abi::Person>());
        mandate.person = person;
    }
    AQD_TRY(from, read_day(reader));
    mandate.from = from;
    AQD_TRY(until, read_until(reader));
    mandate.until = until;
    return mandate;
}

Bytes encode_genesis(const Genesis& genesis) {
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(genesis_fields);
    writer.write_uint(genesis_version);
    writer.write_text(genesis.name);
    writer.write_int(genesis.time_ns);
    writer.write_uint(static_cast<std::uint64_t>(genesis.clock));
    writer.write_array_header(genesis.offsets.size());
    for (const Genesis::Offset& offset : genesis.offsets) {
        writer.write_array_header(2);
        writer.write_int(offset.from);
        writer.write_int(offset.seconds);
    }
    writer.write_array_header(genesis.calendars.size());
    for (const Genesis::Calendar& calendar : genesis.calendars) {
        writer.write_array_header(3);
        writer.write_text(calendar.path);
        writer.write_uint(calendar.closed_weekdays);
        writer.write_array_header(calendar.holidays.size());
        for (const std::int32_t day : calendar.holidays) {
            writer.write_int(day);
        }
    }
    writer.write_array_header(genesis.header_keys.size());
    for (const crypto::PublicKey& key : genesis.header_keys) {
        writer.write_bytes(key.view());
    }
    writer.write_array_header(genesis.operators.size());
    for (const abi::Account& account : genesis.operators) {
        writer.write_bytes(account.view());
    }
    writer.write_array_header(genesis.bodies.size());
    for (const Genesis::Body& body : genesis.bodies) {
        write_body(writer, body);
    }
    writer.write_array_header(genesis.mandates.size());
    for (const Genesis::Mandate& mandate : genesis.mandates) {
        write_mandate(writer, mandate);
    }
    writer.write_array_header(genesis.modules.size());
    for (const Genesis::Module& module : genesis.modules) {
        writer.write_array_header(2);
        writer.write_bytes(module.wasm);
        writer.write_bytes(module.owner.view());
    }
    writer.write_array_header(genesis.rows.size());
    for (const Genesis::RegisterRow& row : genesis.rows) {
        writer.write_array_header(4);
        writer.write_text(row.module);
        writer.write_text(row.name);
        writer.write_encoded(row.key);
        writer.write_encoded(row.value);
    }
    write_rules(writer, genesis.rules);
    return out;
}

Result<Genesis> decode_genesis(BytesView bytes) {
    if (bytes.size() > genesis_limit_bytes) {
        return fail(ErrorCode::too_large, "a genesis of more than a gibibyte");
    }
    Genesis genesis;
    abi::Reader reader(bytes);
    AQD_CHECK(reader.expect_array(genesis_fields));
    AQD_TRY(version, reader.read_uint());
    if (version != genesis_version) {
        return fail(ErrorCode::unsupported, "genesis version " + std::to_string(version));
    }
    AQD_TRY(name, read_text(reader));
    genesis.name = std::move(name);
    AQD_TRY(time_ns, reader.read_int());
    genesis.time_ns = time_ns;
    AQD_TRY(clock, reader.read_uint_up_to(static_cast<std::uint64_t>(Clock::manual)));
    genesis.clock = static_cast<Clock>(clock);
    AQD_CHECK(read_list(reader, genesis.offsets, read_offset));
    AQD_CHECK(read_list(reader, genesis.calendars, read_calendar));
    AQD_CHECK(read_list(reader, genesis.header_keys,
                        [](abi::Reader& in) { return in.read_fixed<crypto::PublicKey>(); }));
    AQD_CHECK(read_list(reader, genesis.operators,
                        [](abi::Reader& in) { return in.read_fixed<abi::Account>(); }));
    AQD_CHECK(read_list(reader, genesis.bodies, read_body));
    AQD_CHECK(read_list(reader, genesis.mandates, read_mandate));
    AQD_CHECK(read_list(reader, genesis.modules, read_module));
    AQD_CHECK(read_list(reader, genesis.rows, read_row));
    AQD_TRY(rules, read_rules(reader));
    genesis.rules = rules;
    AQD_CHECK(reader.finish());
    AQD_CHECK(check_genesis(genesis));
    return genesis;
}

proof::Header genesis_header(const Genesis& genesis) {
    proof::Header header;
    header.time_ns = genesis.time_ns;
    header.transactions_root =
        crypto::sha256({as_bytes("aqd/genesis/v1"), encode_genesis(genesis)});
    return header;
}

Hash256 chain_id(const Genesis& genesis) {
    return proof::header_hash(genesis_header(genesis));
}

proof::Trust trust_of(const Genesis& genesis) {
    return {chain_id(genesis), genesis.header_keys, genesis.name, 1};
}

}  // namespace aqd::ledger
