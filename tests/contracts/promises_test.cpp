#include <aqd/driver/compile.h>
#include <aqd/driver/frontend.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <string>

// What a reader of the pilots may rely on, read from what the compiled modules say of themselves.

using namespace aqd;

namespace {

abi::Manifest manifest_of(const std::string& file) {
    auto frontend =
        driver::Frontend::open({.file = std::string(AQD_SOURCE_DIR) + "/contracts/" + file});
    REQUIRE(frontend.has_value());
    auto module = driver::compile(*frontend);
    INFO(frontend->report());
    REQUIRE(module.has_value());
    return std::move(module->manifest);
}

std::uint32_t state_of(const abi::Procedure& procedure, const std::string& name) {
    const auto found = std::ranges::find_if(
        procedure.states, [&](const abi::State& state) { return state.name == name; });
    REQUIRE(found != procedure.states.end());
    return static_cast<std::uint32_t>(found - procedure.states.begin());
}

bool has(const std::vector<std::uint32_t>& states, std::uint32_t state) {
    return std::ranges::find(states, state) != states.end();
}

}  // namespace

TEST_CASE(
    "an act is drawn up by an officer of the office, or by the supervisor when it is overdue") {
    const abi::Manifest death = manifest_of("civil_death/civil/death.aqd");
    const abi::Procedure& declaration = *death.procedure("Declaration");
    const std::uint32_t established = state_of(declaration, "established");
    std::set<std::string> ways;
    for (const abi::Entry& entry : death.entries) {
        const bool enters = has(entry.targets, established) && !has(entry.sources, established);
        if (enters) {
            ways.insert(entry.name);
            CHECK_FALSE(entry.from_none);
            CHECK((entry.kind == abi::EntryKind::step));
        }
    }
    CHECK((ways == std::set<std::string>{"Declaration.establish", "Declaration.identify"}));
    CHECK((death.entry("Declaration.establish")->actors ==
           std::vector<std::string>{"Officer of office", "Supervisor of office"}));
    CHECK((death.entry("Declaration.identify")->actors ==
           std::vector<std::string>{"Clerk of office.court"}));
}

TEST_CASE("only a court annuls, and an annulled act stays") {
    const abi::Manifest death = manifest_of("civil_death/civil/death.aqd");
    const abi::Procedure& declaration = *death.procedure("Declaration");
    const std::uint32_t annulled = state_of(declaration, "annulled");
    CHECK(declaration.states[annulled].settled);
    for (const abi::Entry& entry : death.entries) {
        if (has(entry.targets, annulled)) {
            CHECK(entry.name == "Declaration.annul");
            CHECK((entry.actors == std::vector<std::string>{"Clerk of office.court"}));
        }
        CHECK_FALSE(has(entry.sources, annulled));
    }
}

TEST_CASE("every state of the pilots comes to its end if everybody keeps silent, or says why not") {
    std::set<std::string> waiting;
    for (const char* file : {"civil_death/civil/death.aqd", "gov/gov/tender.aqd",
                             "cnss_attestation/cnss/attestation.aqd"}) {
        const abi::Manifest manifest = manifest_of(file);
        for (const abi::Procedure& procedure : manifest.procedures) {
            for (std::uint32_t i = 0; i < procedure.states.size(); ++i) {
                const abi::State& state = procedure.states[i];
                const bool timed = std::ranges::any_of(
                    procedure.deadlines,
                    [&](const abi::Deadline& deadline) { return has(deadline.states, i); });
                const bool answered =
                    std::ranges::any_of(manifest.entries, [&](const abi::Entry& entry) {
                        return entry.kind == abi::EntryKind::reply && has(entry.sources, i);
                    });
                INFO(manifest.path << " " << state.name);
                CHECK((state.settled || timed || answered || !state.waits.empty()));
                if (!state.waits.empty()) {
                    waiting.insert(procedure.name + "." + state.name);
                }
            }
        }
    }
    CHECK((waiting ==
           std::set<std::string>{"Declaration.overdue", "Tender.open", "Tender.unanswered"}));
}

TEST_CASE("what everybody can read of a death is what a judgment or a decision is called") {
    const abi::Manifest death = manifest_of("civil_death/civil/death.aqd");
    for (const std::string& text : death.public_texts) {
        INFO(text);
        CHECK((text.ends_with(".reference") || text.ends_with(".judgment") ||
               text.ends_with(".decision")));
    }
    for (const abi::Secret& secret : death.procedure("Declaration")->secrets) {
        CHECK(secret.held_by == "office");
    }
    for (const abi::Notice& notice : manifest_of("civil_death/civil/notices.aqd").notices) {
        for (const abi::Field& field : notice.fields) {
            INFO(notice.name << "." << field.name);
            CHECK(field.name != "cause");
            CHECK((field.type.kind == abi::TypeKind::date ||
                   field.type.kind == abi::TypeKind::record));
        }
    }
}

TEST_CASE("every term of the law is a dated parameter with its basis") {
    const abi::Manifest death = manifest_of("civil_death/civil/death.aqd");
    std::map<std::string, std::size_t> values;
    for (const abi::Parameter& parameter : death.parameters) {
        values[parameter.name] = parameter.values.size();
        for (const abi::Parameter::Value& value : parameter.values) {
            INFO(parameter.name);
            CHECK_FALSE(value.basis.empty());
        }
    }
    for (const char* name :
         {"declaration_period", "abroad_period", "hospital_period", "examination"}) {
        INFO(name);
        CHECK(values[name] >= 1);
    }
}
