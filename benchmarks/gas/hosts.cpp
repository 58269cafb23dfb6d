#define CATCH_CONFIG_RUNNER
#include "benchmarks/gas/hosts.h"

#include "tests/vm/ledger/kit/ledger.h"

#include <aqd/crypto/ecdsa.h>
#include <aqd/system/bodies.h>
#include <aqd/system/mandates.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <limits>
#include <optional>
#include <string>

// The contract of the ledger's tests carries out scripts; a script that repeats a function, less
// one that repeats nothing, is what the function takes. The kit checks itself with Catch, so that
// all of this runs inside a test case.

namespace aqd::benchmarks {
namespace {

using namespace ledger;
using namespace ledger::testing;

constexpr int repeats = 30;  // a script has at most 40 operations
constexpr int rounds = 15;
constexpr std::int64_t out = Script::scratch;

std::vector<Named> results;

struct Setting {
    Ledger ledger;
    std::string entry = "run";
    std::optional<abi::CaseId> case_id;
};

Sample run(Setting& setting, const Script& script) {
    CallOptions options;
    options.case_id = setting.case_id;
    options.gas_limit = 150'000'000;
    const Transaction transaction = setting.ledger.transaction(
        officer_of_anfa(),
        {{"test.kit", setting.entry, setting.case_id, script.as_arguments(), std::nullopt}},
        options);
    Sample best{std::numeric_limits<double>::max(), 0};
    for (int round = 0; round < rounds; ++round) {
        const double begin = thread_ns();
        const auto reports = dry_run(setting.ledger.facts(), setting.ledger.engine(),
                                     setting.ledger.state(), setting.ledger.height() + 1,
                                     setting.ledger.time_ns() + 1'000'000'000, transaction);
        const double took = thread_ns() - begin;
        REQUIRE(reports.has_value());
        INFO("refusal " << reports->front().receipt.refusal);
        REQUIRE(reports->front().receipt.refusal == 0);
        if (took < best.ns) {
            best = {took, static_cast<double>(reports->front().receipt.gas)};
        }
    }
    return best;
}

using Step = std::function<void(Script&)>;

/// `begin` and `end` once, `step` again and again.
void add(std::string name, Setting& setting, const Step& begin, const Step& step, const Step& end,
         int times = repeats) {
    const auto script = [&](bool real) {
        Script made;
        begin(made);
        for (int i = 0; i < times; ++i) {
            if (real) {
                step(made);
            } else {
                made.call("today");
            }
        }
        end(made);
        return made;
    };
    const Sample with = run(setting, script(true));
    const Sample without = run(setting, script(false));
    constexpr double today_ns = 15;
    constexpr double today_gas = 10;
    results.push_back({std::move(name),
                       {(with.ns - without.ns) / times + today_ns,
                        (with.gas - without.gas) / times + today_gas}});
}

void add(std::string name, Setting& setting, const Step& step, int times = repeats) {
    add(std::move(name), setting, [](Script&) {}, step, [](Script&) {}, times);
}

/// Functions of the call, of who acts and of texts.
void measure_plain() {
    Setting plain;
    for (const char* function : {"now", "effective", "block_height"}) {
        add(function, plain, [=](Script& script) { script.call(function); });
    }
    add("args_read", plain, [](Script& script) { script.call("args_read", out - 30'000); }, 20);
    Script::Region item{};
    const auto text = [&](std::size_t size) {
        return [&, size](Script& script) { item = script.data(text_item(std::string(size, 'a'))); };
    };
    const Step nothing = [](Script&) {};
    const auto sized = [&](const std::string& name, const Step& step) {
        add(name + " 10", plain, text(10), step, nothing);
        add(name + " 8000", plain, text(8'000), step, nothing);
    };
    sized("return_value",
          [&](Script& script) { script.call("return_value", item.address, item.size); });
    sized("text_check", [&](Script& script) {
        script.call("text_check", item.address + 3, item.size - 3, 100'000);
    });
    sized("sha256", [&](Script& script) { script.call("sha256", item.address, item.size, out); });
    add("caller_account", plain, [](Script& script) { script.call("caller_account", out); });
    add("caller_person", plain, [](Script& script) { script.call("caller_person", out); });
    add("caller_body", plain, [](Script& script) { script.call("caller_body", out, 100); });
    Script::Region keys{};
    const Step anfa = [&](Script& script) { keys = script.data(array_of({text_item("anfa")})); };
    const auto commune_name = abi::id8("Commune");
    const auto with_keys = [&](const std::string& name, const Step& step) {
        add(name, plain, anfa, step, nothing);
    };
    with_keys("caller_has_role", [&](Script& script) {
        script.call("caller_has_role", 0, abi::id8("Officer"), keys.address, keys.size);
    });
    with_keys("body_exists", [&](Script& script) {
        script.call("body_exists", 0, commune_name, keys.address, keys.size);
    });
    with_keys("body_attributes", [&](Script& script) {
        script.call("body_attributes", 0, commune_name, keys.address, keys.size, out, 100);
    });
    add("authority_tag", plain,
        [&](Script& script) { script.call("authority_tag", 0, commune_name, out); });
    const Step body = [&](Script& script) {
        keys = script.data(commune(plain.ledger.chain(), "anfa"));
    };
    add(
        "any_body_exists", plain, body,
        [&](Script& script) { script.call("any_body_exists", keys.address, keys.size); }, nothing);
    add(
        "caller_is_person", plain,
        [&](Script& script) {
            keys = script.data(system::person_of(officer_of_anfa().account).view());
        },
        [&](Script& script) { script.call("caller_is_person", keys.address); }, nothing);
}

void measure_registers() {
    Setting plain;
    for (const std::size_t size : {std::size_t{10}, std::size_t{8'000}}) {
        const std::string name = " " + std::to_string(size);
        Script::Region key{};
        Script::Region value{};
        const Step data = [&](Script& script) {
            key = script.text("k");
            value = script.data(text_item(std::string(size, 'a')));
            script.call("register_put", abi::id8("rows"), key.address, key.size, value.address,
                        value.size, 0);
        };
        const Step nothing = [](Script&) {};
        add(
            "register_put" + name, plain, data,
            [&](Script& script) {
                script.call("register_put", abi::id8("rows"), key.address, key.size, value.address,
                            value.size, 0);
            },
            nothing);
        add(
            "register_get" + name, plain, data,
            [&](Script& script) {
                script.call("register_get", 0, abi::id8("rows"), key.address, key.size, out,
                            10'000);
            },
            nothing);
        add(
            "register_has" + name, plain, data,
            [&](Script& script) {
                script.call("register_has", 0, abi::id8("rows"), key.address, key.size);
            },
            nothing);
        add(
            "register_put, register_remove" + name, plain, data,
            [&](Script& script) {
                script.call("register_put", abi::id8("rows"), key.address, key.size, value.address,
                            value.size, 0);
                script.call("register_remove", abi::id8("rows"), key.address, key.size);
            },
            nothing, repeats / 2);
    }
}

/// Functions of an open case.
// Longer than seventy lines: a row for each function.
void measure_case() {
    Setting opens;
    opens.entry = "P.open";
    Script::Region region{};
    Script::Region list{};
    const auto begin_with = [&](const Bytes& data) {
        return [&, data](Script& script) {
            script.call("case_create", abi::id8("P"));
            region = script.data(data);
        };
    };
    const Step end = [](Script& script) { store_case(script, 0, 1); };
    const auto of_case = [&](const std::string& name, const Bytes& data, const Step& step,
                             int times = repeats) {
        add(name, opens, begin_with(data), step, end, times);
    };
    of_case("case_id", {}, [](Script& script) { script.call("case_id", out); });
    of_case("case_state", {}, [](Script& script) { script.call("case_state"); });
    of_case("case_opened", {}, [](Script& script) { script.call("case_opened"); });
    of_case("case_data", {}, [](Script& script) { script.call("case_data", out, 100); });
    of_case("case_store", {}, [](Script& script) { store_case(script, 0, 1); }, 20);
    of_case("timer_arm", {},
            [](Script& script) { script.call("timer_arm", 0, first_day, 30, 0, 0, -1); });
    of_case("timer_arm workdays", {},
            [](Script& script) { script.call("timer_arm", 0, first_day, 30, 1, 0, 1); });
    of_case("timer_arm_at", {},
            [](Script& script) { script.call("timer_arm_at", 0, 0, first_day + 30); });
    of_case(
        "timer_arm, timer_disarm", {},
        [](Script& script) {
            script.call("timer_arm", 0, first_day, 30, 0, 0, -1);
            script.call("timer_disarm", 0);
        },
        repeats / 2);
    of_case("due workdays", {}, [](Script& script) { script.call("due", first_day, 30, 1, 0, 1); });
    of_case("due workdays 1000", {},
            [](Script& script) { script.call("due", first_day, 1'000, 1, 0, 1); });
    const Bytes person(32, 3);
    of_case("receipt_to", person,
            [&](Script& script) { script.call("receipt_to", region.address); });
    of_case("notify", text_item("bonjour"), [&](Script& script) {
        script.call("notify", region.address, region.address, region.size);
    });
    of_case("escalate", array_of({text_item("anfa")}), [&](Script& script) {
        script.call("escalate", 0, abi::id8("Officer"), region.address, region.size);
    });
    of_case("breach", commune(opens.ledger.chain(), "anfa"),
            [&](Script& script) { script.call("breach", region.address, region.size); });
    of_case("accessed", text_item("check"), [&](Script& script) {
        script.call("accessed", 5, region.address, region.size, region.address, region.size);
    });
    const Bytes to_one = array_of({commune(opens.ledger.chain(), "anfa")});
    add(
        "notice_send", opens,
        [&](Script& script) {
            script.call("case_create", abi::id8("P"));
            region = script.data(array_of({number_item(5)}));
            list = script.data(to_one);
        },
        [&](Script& script) {
            script.call("notice_send", 0, abi::id8("N"), region.address, region.size, list.address,
                        list.size, -1);
        },
        end, 20);
    add(
        "notice_recipients of 1", opens,
        [&](Script& script) {
            script.call("case_create", abi::id8("P"));
            region = script.data(array_of({number_item(5)}));
            list = script.data(to_one);
            script.call("notice_send", 0, abi::id8("N"), region.address, region.size, list.address,
                        list.size, -1);
        },
        [&](Script& script) { script.call("notice_recipients", 0, abi::id8("N"), out, 1'000); },
        end);
    add(
        "ask", opens,
        [&](Script& script) {
            script.call("case_create", abi::id8("P"));
            region = script.data(array_of({number_item(8)}));
            list = script.data(commune(opens.ledger.chain(), "anfa"));
        },
        [&](Script& script) {
            script.call("ask", abi::id8("X"), region.address, region.size, list.address, list.size,
                        list.address, list.size, -1);
        },
        end, 1);
    Setting joins;
    joins.entry = "P.open";
    joins.ledger.open_case(1);
    add(
        "case_join", joins, [&](Script& script) { region = script.data(number_item(1)); },
        [&](Script& script) {
            script.call("case_join", abi::id8("P"), region.address, region.size);
        },
        [](Script&) {}, 1);
}

/// What the ledger does around a call.
void measure_ledger_work() {
    Setting plain;
    const Sample empty = run(plain, Script());
    results.push_back({"a call of nothing, its signature not checked", empty});
    const auto digest = Hash256();
    const auto signature = crypto::sign(stranger().secret, digest);
    double best = std::numeric_limits<double>::max();
    for (int round = 0; round < rounds * 4; ++round) {
        const double begin = thread_ns();
        REQUIRE(crypto::verify(stranger().key, digest, signature));
        best = std::min(best, thread_ns() - begin);
    }
    results.push_back({"a signature", {best, 15'000}});
    const Bytes module = kit_module();
    engine::Options options;
    options.chain = plain.ledger.chain();
    best = std::numeric_limits<double>::max();
    for (int round = 0; round < rounds; ++round) {
        const auto engine = *engine::Engine::create(options);
        const double begin = thread_ns();
        REQUIRE(engine->compile(module).has_value());
        best = std::min(best, thread_ns() - begin);
    }
    results.push_back(
        {"an octet of a deployment", {best / static_cast<double>(module.size()), 200}});
}

TEST_CASE("host functions") {
    measure_plain();
    measure_registers();
    measure_case();
    measure_ledger_work();
}

}  // namespace

std::vector<Named> measure_hosts() {
    results.clear();
    Catch::Session session;
    const char* const words[] = {"aqd_bench_gas", "--durations", "no"};
    if (session.run(3, words) != 0) {
        results.clear();
    }
    return results;
}

}  // namespace aqd::benchmarks
