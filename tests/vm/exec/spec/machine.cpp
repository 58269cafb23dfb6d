#include "tests/vm/exec/spec/machine.h"

#include "tests/vm/exec/oracle/oracle.h"

#include <aqd/exec/store.h>
#include <aqd/wasm/decode.h>

#include <map>

namespace aqd::spec {
namespace {

constexpr std::uint64_t gas_limit = 1'000'000'000;

exec::Trap print(void*, exec::HostCall&) {
    return exec::Trap::none;
}

class Engine : public Machine {
  public:
    Engine() {
        const auto spectest = create(spectest_module());
        initialise(*spectest);
        give_name("spectest", *spectest);
    }
    Result<std::size_t> create(wasm::ValidatedModule module) override {
        AQD_TRY(instance,
                store_.create(prepare::prepare(module, *gas::schedule(1)), spectest_functions()));
        instances_.push_back(instance);
        return instances_.size() - 1;
    }
    exec::Outcome initialise(std::size_t instance) override {
        return instances_[instance]->initialise(gas_limit, nullptr);
    }
    exec::Outcome invoke(std::size_t instance, std::uint32_t function,
                         std::span<const std::uint64_t> arguments) override {
        return instances_[instance]->invoke(function, arguments, gas_limit, nullptr);
    }
    std::uint64_t global(std::size_t instance, std::uint32_t index) override {
        return instances_[instance]->global(index);
    }
    const wasm::Module& module(std::size_t instance) override {
        return instances_[instance]->module().code().module.module();
    }
    void give_name(const std::string& name, std::size_t instance) override {
        store_.give_name(name, instances_[instance]);
    }

  private:
    exec::Store store_;
    std::vector<exec::Instance*> instances_;
};

/// Carries out everything twice and tells where engine and oracle differ, gas and places of traps
/// included. Whether a module fits its imports is for the engine to say.
class Compared : public Machine {
  public:
    explicit Compared(std::vector<std::string>& differences) : differences_(differences) {
        oracles_.push_back(std::make_unique<oracle::Oracle>(spectest_module(), *gas::schedule(1),
                                                            spectest_functions()));
        names_["spectest"] = oracles_.back().get();
    }
    Result<std::size_t> create(wasm::ValidatedModule module) override {
        AQD_TRY(instance, engine_.create(module));
        oracles_.push_back(std::make_unique<oracle::Oracle>(std::move(module), *gas::schedule(1),
                                                            spectest_functions(), names_));
        return instance;
    }
    exec::Outcome initialise(std::size_t instance) override {
        exec::Outcome outcome = engine_.initialise(instance);
        compare("initialise", {}, outcome, oracles_[instance]->initialise(gas_limit, nullptr));
        return outcome;
    }
    exec::Outcome invoke(std::size_t instance, std::uint32_t function,
                         std::span<const std::uint64_t> arguments) override {
        exec::Outcome outcome = engine_.invoke(instance, function, arguments);
        const exec::Outcome other =
            oracles_[instance]->invoke(function, arguments, gas_limit, nullptr);
        compare("function " + std::to_string(function),
                module(instance).type_of_function(function).results, outcome, other);
        return outcome;
    }
    std::uint64_t global(std::size_t instance, std::uint32_t index) override {
        const std::uint64_t value = engine_.global(instance, index);
        const wasm::ValueType type = module(instance).global_types[index].type;
        if (!same(type, value, oracles_[instance]->global(index))) {
            differences_.push_back("global " + std::to_string(index));
        }
        return value;
    }
    const wasm::Module& module(std::size_t instance) override { return engine_.module(instance); }
    void give_name(const std::string& name, std::size_t instance) override {
        engine_.give_name(name, instance);
        names_[name] = oracles_[instance].get();
    }

  private:
    /// Each side has its own words for functions.
    static bool same(wasm::ValueType type, std::uint64_t a, std::uint64_t b) {
        return is_reference(type) && type != wasm::ValueType::externref ? (a == 0) == (b == 0)
                                                                        : a == b;
    }
    void compare(const std::string& what, const std::vector<wasm::ValueType>& results,
                 const exec::Outcome& a, const exec::Outcome& b) {
        bool equal = a.trap == b.trap && a.gas_used == b.gas_used && a.where == b.where &&
                     a.results.size() == b.results.size();
        for (std::size_t i = 0; equal && i < a.results.size(); ++i) {
            equal = same(results[i], a.results[i], b.results[i]);
        }
        if (!equal) {
            differences_.push_back(what + ": engine " + std::string(name_of(a.trap)) + " gas " +
                                   std::to_string(a.gas_used) + ", oracle " +
                                   std::string(name_of(b.trap)) + " gas " +
                                   std::to_string(b.gas_used));
        }
    }

    std::vector<std::string>& differences_;
    Engine engine_;
    std::vector<std::unique_ptr<oracle::Oracle>> oracles_;
    std::map<std::string, oracle::Oracle*> names_;
};

}  // namespace

std::unique_ptr<Machine> engine() {
    return std::make_unique<Engine>();
}

std::unique_ptr<Machine> engine_and_oracle(std::vector<std::string>& differences) {
    return std::make_unique<Compared>(differences);
}

std::vector<exec::HostFunction> spectest_functions() {
    using enum wasm::ValueType;
    return {{"spectest", "print", {{}, {}}, 0, print},
            {"spectest", "print_i32", {{i32}, {}}, 0, print},
            {"spectest", "print_i64", {{i64}, {}}, 0, print},
            {"spectest", "print_f32", {{f32}, {}}, 0, print},
            {"spectest", "print_f64", {{f64}, {}}, 0, print},
            {"spectest", "print_i32_f32", {{i32, f32}, {}}, 0, print},
            {"spectest", "print_f64_f64", {{f64, f64}, {}}, 0, print}};
}

wasm::ValidatedModule spectest_module() {
    // (table (export "table") 10 20 funcref) (table (export "table64") i64 10 20 funcref)
    // (memory (export "memory") 1 2) and four globals, which are 666 or 666.6.
    static constexpr std::uint8_t module[] = {
        0x0,  0x61, 0x73, 0x6d, 0x1,  0x0,  0x0,  0x0,  0x4,  0x9,  0x2,  0x70, 0x1,  0xa,  0x14,
        0x70, 0x5,  0xa,  0x14, 0x5,  0x4,  0x1,  0x1,  0x1,  0x2,  0x6,  0x21, 0x4,  0x7f, 0x0,
        0x41, 0x9a, 0x5,  0xb,  0x7e, 0x0,  0x42, 0x9a, 0x5,  0xb,  0x7d, 0x0,  0x43, 0x66, 0xa6,
        0x26, 0x44, 0xb,  0x7c, 0x0,  0x44, 0xcd, 0xcc, 0xcc, 0xcc, 0xcc, 0xd4, 0x84, 0x40, 0xb,
        0x7,  0x50, 0x7,  0x5,  0x74, 0x61, 0x62, 0x6c, 0x65, 0x1,  0x0,  0x7,  0x74, 0x61, 0x62,
        0x6c, 0x65, 0x36, 0x34, 0x1,  0x1,  0x6,  0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 0x2,  0x0,
        0xa,  0x67, 0x6c, 0x6f, 0x62, 0x61, 0x6c, 0x5f, 0x69, 0x33, 0x32, 0x3,  0x0,  0xa,  0x67,
        0x6c, 0x6f, 0x62, 0x61, 0x6c, 0x5f, 0x69, 0x36, 0x34, 0x3,  0x1,  0xa,  0x67, 0x6c, 0x6f,
        0x62, 0x61, 0x6c, 0x5f, 0x66, 0x33, 0x32, 0x3,  0x2,  0xa,  0x67, 0x6c, 0x6f, 0x62, 0x61,
        0x6c, 0x5f, 0x66, 0x36, 0x34, 0x3,  0x3};
    return *wasm::validate(*wasm::decode(module, wasm::Limits::widest()));
}

}  // namespace aqd::spec
