#include "tests/vm/ledger/kit/kit_module.h"

#include "tests/custom_section.h"
#include "tests/vm/ledger/kit/layout.h"
#include "tests/vm/ledger/kit/script.h"
#include "tests/vm/wasm/wat.h"

#include <aqd/abi/keys.h>

#include <array>
#include <string_view>

namespace aqd::ledger::testing {
namespace {

struct HostRow {
    std::string_view name;
    std::string_view parameters;
    std::string_view result;
};

constexpr auto host_rows = std::to_array<HostRow>({
#define AQD_HOST(name, parameters, result, gas, gas_per_byte, doc) {#name, parameters, result},
#include <aqd/abi/host_functions.def>
#undef AQD_HOST
});

constexpr auto stored_scripts = std::to_array<std::string_view>(
    {"d1", "d2", "on_n", "P.on_n", "P.on_ask", "P.on_reply", "P.on_ack"});

std::string number(std::int64_t value) {
    return std::to_string(value);
}

std::string import_of(const HostRow& row) {
    std::string text = "(import \"aqd\" \"" + std::string(row.name) + "\" (func $" +
                       std::string(row.name) + " (param";
    for (const char letter : row.parameters) {
        text += letter == 'l' ? " i64" : " i32";
    }
    text += ")";
    if (row.result != "v") {
        text += row.result == "l" ? " (result i64)" : " (result i32)";
    }
    return text + "))\n";
}

/// One operation: the operands from the script, the result to its place.
std::string operation_of(const HostRow& row) {
    std::string call = "(call $" + std::string(row.name);
    for (std::size_t i = 0; i < row.parameters.size(); ++i) {
        const std::string load =
            "(i64.load offset=" + std::to_string(8 + 8 * i) + " (local.get $p))";
        call += row.parameters[i] == 'l' ? load : "(i32.wrap_i64 " + load + ")";
    }
    call += ")";
    if (row.result == "v") {
        return call;
    }
    const std::string wide = row.result == "l" ? call : "(i64.extend_i32_s " + call + ")";
    return "(i64.store (i32.const " + number(layout::result) + ") " + wide + ")";
}

/// What scripts can do besides calling host functions, in the order of their numbers.
std::vector<std::string> extra_operations() {
    const std::string last = "(i64.load (i32.const " + number(layout::result) + "))";
    return {
        // expect
        "(if (i64.ne " + last +
            " (i64.load offset=8 (local.get $p))) (then (call $refuse (i32.wrap_i64 (i64.load "
            "offset=16 (local.get $p))))))",
        // trap
        "(unreachable)",
        // spin
        "(loop $spin (br $spin))",
        // skip_if_zero
        "(if (i64.eqz " + last +
            ") (then (local.set $p (i32.add (local.get $p) (i32.mul (i32.const " +
            std::to_string(layout::operation_size) +
            ") (i32.wrap_i64 (i64.load offset=8 (local.get $p))))))))",
        // expect_memory
        ("(call $same (i32.wrap_i64 (i64.load offset=8 (local.get $p))) (i32.wrap_i64 (i64.load "
         "offset=16 (local.get $p))) (i32.wrap_i64 (i64.load offset=24 (local.get $p))))"),
        // return_last
        "(call $return_value (i32.wrap_i64 (i64.load offset=8 (local.get $p))) (i32.wrap_i64 " +
            last + "))",
    };
}

std::string run_function() {
    std::vector<std::string> operations;
    for (const HostRow& row : host_rows) {
        operations.push_back(operation_of(row));
    }
    for (std::string& extra : extra_operations()) {
        operations.push_back(std::move(extra));
    }
    std::string text =
        "(func $run (local $p i32) (local $n i32)\n(local.set $n (i32.load (i32.const " +
        number(layout::script) + ")))\n(local.set $p (i32.const " + number(layout::script + 8) +
        "))\n(block $end (loop $next\n(br_if $end (i32.eqz (local.get $n)))\n";
    // Skipped operations may lie beyond the last one: there the octets are zero, which would be
    // `args_read`; the end is an address.
    text += "(br_if $end (i32.ge_u (local.get $p) (i32.add (i32.const " +
            number(layout::script + 8) + ") (i32.mul (i32.load (i32.const " +
            number(layout::script) + ")) (i32.const " + std::to_string(layout::operation_size) +
            ")))))\n(block $done\n";
    for (std::size_t i = 0; i < operations.size(); ++i) {
        text += "(block $op" + std::to_string(operations.size() - 1 - i) + "\n";
    }
    text += "(br_table";
    for (std::size_t i = 0; i < operations.size(); ++i) {
        text += " $op" + std::to_string(i);
    }
    text += " (i32.load (local.get $p)))\n";
    for (const std::string& operation : operations) {
        text += ")" + operation + "(br $done)\n";
    }
    text += ")\n(local.set $p (i32.add (local.get $p) (i32.const " +
            std::to_string(layout::operation_size) + ")))(br $next))))\n";
    return text;
}

std::string stored_entry(std::size_t index, std::int64_t key_address) {
    const std::string_view name = stored_scripts[index];
    return "(func (export \"h_" + std::string(name) +
           "\") (param i32)\n(call $args_read (i32.const " + number(Script::arguments) +
           "))\n(if (i32.ne (call $register_get (i32.const 0) (i64.const " +
           number(static_cast<std::int64_t>(abi::id8("scripts"))) + ") (i32.const " +
           number(key_address) + ") (i32.const " + std::to_string(name.size() + 1) +
           ") (i32.const " + number(layout::script - 3) +
           ") (i32.const 30000)) (i32.const -1)) (then (call $run))))\n";
}

std::string kit_text() {
    std::string text = "(module\n";
    for (const HostRow& row : host_rows) {
        text += import_of(row);
    }
    text += "(memory (export \"memory\") 2)\n";
    text +=
        "(func $same (param $a i32) (param $b i32) (param $n i32)\n(block $end (loop $next (br_if "
        "$end (i32.eqz (local.get $n)))\n(if (i32.ne (i32.load8_u (local.get $a)) "
        "(i32.load8_u (local.get $b))) (then (call $refuse (i32.const 257))))\n(local.set $a "
        "(i32.add (local.get $a) (i32.const 1)))(local.set $b (i32.add (local.get $b) "
        "(i32.const 1)))(local.set $n (i32.sub (local.get $n) (i32.const 1)))(br $next))))\n";
    text += run_function();
    // [bstr] has a head of four octets before the script.
    text += "(func (export \"e_run\") (param i32) (call $args_read (i32.const " +
            number(layout::script - 4) + ")) (call $run))\n";
    std::int64_t key_address = 1024;
    for (std::size_t i = 0; i < stored_scripts.size(); ++i) {
        const std::string_view name = stored_scripts[i];
        static constexpr std::string_view digits = "0123456789abcdef";
        const std::size_t head = 0x60 + name.size();
        text += "(data (i32.const " + number(key_address) + ") \"\\" + digits[head / 16] +
                digits[head % 16] + std::string(name) + "\")\n";
        text += stored_entry(i, key_address);
        key_address += 64;
    }
    return text + ")\n";
}

const Bytes& bare_kit() {
    static const Bytes bytes = test::wat(kit_text());
    return bytes;
}

abi::Entry entry_of(abi::EntryKind kind, std::string name, std::string exported) {
    abi::Entry entry;
    entry.kind = kind;
    entry.name = std::move(name);
    entry.exported = std::move(exported);
    if (entry.name.starts_with("P.")) {
        entry.procedure = "P";
    }
    return entry;
}

void add_entries(abi::Manifest& manifest, const KitOptions& options) {
    using abi::EntryKind;
    manifest.entries.push_back(entry_of(EntryKind::action, "run", "e_run"));
    manifest.entries.push_back(entry_of(EntryKind::view, "look", "e_run"));
    manifest.entries.push_back(entry_of(EntryKind::start, "P.open", "e_run"));
    manifest.entries.back().backdated_days = options.backdated_days;
    manifest.entries.push_back(entry_of(EntryKind::step, "P.step", "e_run"));
    const std::string notice = options.declares + ".N";
    const std::string exchange = options.declares + ".X";
    for (const auto& [kind, name, subject] :
         {std::tuple(EntryKind::listener, "on_n", notice),
          std::tuple(EntryKind::case_notice, "P.on_n", notice),
          std::tuple(EntryKind::start_on_ask, "P.on_ask", exchange),
          std::tuple(EntryKind::reply, "P.on_reply", exchange),
          std::tuple(EntryKind::acknowledged, "P.on_ack", notice)}) {
        manifest.entries.push_back(entry_of(kind, name, std::string("h_") + name));
        manifest.entries.back().subject = subject;
    }
}

void add_procedure(abi::Manifest& manifest) {
    abi::Procedure procedure;
    procedure.name = "P";
    procedure.data = {{"x", {abi::TypeKind::unsigned_integer, 32, {}, {}}}};
    procedure.unique = "x";
    procedure.states = {{"a", false, {}, {}}, {"b", false, {}, {}}, {"done", true, {}, {}}};
    for (const char* name : {"d1", "d2"}) {
        abi::Deadline deadline;
        deadline.name = name;
        deadline.exported = std::string("h_") + name;
        procedure.deadlines.push_back(deadline);
    }
    manifest.procedures.push_back(std::move(procedure));
}

void add_shared(abi::Manifest& manifest) {
    abi::Role officer;
    officer.name = "Officer";
    officer.authority = "test.kit.Commune";
    abi::Role citizen;
    citizen.name = "Citizen";
    citizen.form = abi::Role::Form::by_assertion;
    citizen.authority = "test.kit.Dgsn";
    citizen.level = 2;
    manifest.roles = {officer, citizen};
    abi::Notice notice;
    notice.name = "N";
    notice.sent_by = "test.office";
    notice.most_recipients = 4;
    notice.acknowledge_within = abi::Period{2, 0};
    notice.act_within = abi::Period{10, 0};
    notice.reminders = 2;
    notice.remind_every = abi::Period{3, 0};
    notice.escalate_to = "Chief of Commune";
    manifest.notices.push_back(notice);
    abi::Exchange exchange;
    exchange.name = "X";
    exchange.purpose = "to know";
    exchange.basis = "law";
    exchange.within = abi::Period{5, 0};
    manifest.exchanges.push_back(exchange);
}

}  // namespace

abi::Manifest kit_manifest(const KitOptions& options) {
    abi::Manifest manifest;
    manifest.path = options.path;
    manifest.version = options.version;
    manifest.from = options.from;
    manifest.serves = options.serves;
    manifest.modules.push_back({options.path, {}});
    if (options.declares != options.path) {
        manifest.modules.push_back({options.declares, {}});
    }
    manifest.modules.push_back({"test.calendar", {}});
    const abi::Type text{abi::TypeKind::text, 64, {}, {}};
    const abi::Type bytes{abi::TypeKind::bytes, 65'536, {}, {}};
    manifest.registers.push_back({"scripts", text, bytes, {}, {}});
    manifest.registers.push_back({"rows", text, bytes, {}, {}});
    manifest.errors.push_back({"Unexpected", {}});
    manifest.errors.push_back({"OtherMemory", {}});
    add_entries(manifest, options);
    add_procedure(manifest);
    if (options.declares == options.path) {
        add_shared(manifest);
    }
    return manifest;
}

Bytes kit_module(const abi::Manifest& manifest) {
    Bytes module = bare_kit();
    aqd::testing::append_custom_section(module, abi::manifest_section,
                                        abi::encode_manifest(manifest));
    return module;
}

Bytes kit_module(const KitOptions& options) {
    return kit_module(kit_manifest(options));
}

}  // namespace aqd::ledger::testing
