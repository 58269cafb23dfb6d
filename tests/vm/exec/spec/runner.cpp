#include "tests/vm/exec/spec/runner.h"

#include "tests/vm/exec/spec/script.h"

#include <aqd/wasm/decode.h>
#include <aqd/wasm/validate.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>

namespace aqd::spec {
namespace {

/// The number of an instance in the machine; nothing for one that is not supported.
using Instance = std::optional<std::size_t>;

struct Loaded {
    Instance instance;
    Error error;  ///< if there is none
    exec::Trap trap = exec::Trap::none;
};

class Runner {
  public:
    explicit Runner(Machine& machine) : machine_(machine) {}
    Report run(std::string_view text) {
        auto script = read_script(text);
        if (!script) {
            report_.failures.push_back(script.error().message);
            return report_;
        }
        for (const Expression& command : *script) {
            line_ = command.line;
            carry_out(command);
        }
        return report_;
    }

  private:
    void pass() { ++report_.passed; }
    void skip() { ++report_.skipped; }
    void failure(const std::string& what) {
        report_.failures.push_back("line " + std::to_string(line_) + ": " + what);
    }
    void check(bool good, const std::string& what) {
        if (good) {
            pass();
        } else {
            failure(what);
        }
    }

    void carry_out(const Expression& command) {
        if (command.is("module")) {
            module(command);
        } else if (command.is("register")) {
            const std::string name =
                command.items.size() > 2 ? command.items[2].text : std::string();
            registered_.push_back(instances_[name]);
            if (instances_[name]) {
                machine_.give_name(command.items[1].text, *instances_[name]);
                missing_.erase(command.items[1].text);
            } else {
                missing_.insert(command.items[1].text);
            }
        } else if (command.is("invoke")) {
            invoke(command);
        } else if (command.is("assert_return")) {
            assert_return(command);
        } else if (command.is("assert_trap") || command.is("assert_exhaustion")) {
            assert_trap(command);
        } else if (command.is("assert_invalid") || command.is("assert_malformed")) {
            assert_refused(command);
        } else if (command.is("assert_unlinkable")) {
            assert_unlinkable(command);
        } else {
            skip();
        }
    }

    // ---- modules ----

    static Bytes binary(const Expression& module) {
        Bytes bytes;
        for (const Expression& item : module.items) {
            if (item.kind == Expression::Kind::text) {
                append(bytes, as_bytes(item.text));
            }
        }
        return bytes;
    }
    static std::string identifier(const Expression& module, std::size_t from) {
        for (std::size_t i = from; i < module.items.size(); ++i) {
            const Expression& item = module.items[i];
            if (item.kind == Expression::Kind::word && item.text.starts_with('$')) {
                return item.text;
            }
        }
        return {};
    }

    static Result<wasm::ValidatedModule> check_module(const Bytes& bytes) {
        AQD_TRY(decoded, wasm::decode(bytes, wasm::Limits::widest()));
        return wasm::validate(std::move(decoded));
    }

    Loaded load(const Bytes& bytes) {
        Loaded loaded;
        auto validated = check_module(bytes);
        if (!validated) {
            loaded.error = validated.error();
            return loaded;
        }
        const auto instance = machine_.create(*std::move(validated));
        if (!instance) {
            loaded.error = instance.error();
            return loaded;
        }
        loaded.instance = *instance;
        loaded.trap = machine_.initialise(*instance).trap;
        if (loaded.trap != exec::Trap::none) {
            loaded.instance.reset();
        }
        return loaded;
    }

    /// Whether not having the module is what we say about ourselves, rather than a mistake.
    bool excused(const Error& error) const {
        return error.code == ErrorCode::unsupported ||
               (error.code == ErrorCode::not_found && !missing_.empty());
    }

    void module(const Expression& command) {
        const std::string form = command.items.size() > 1 ? command.items[1].text : "";
        if (form == "definition") {
            definitions_[identifier(command, 2)] = definitions_[""] = binary(command);
            return;
        }
        Bytes bytes;
        std::string name;
        if (form == "instance") {
            name = identifier(command, 2);
            const bool named = command.items.size() > 3;
            bytes = definitions_[named ? command.items[3].text : ""];
        } else {
            name = identifier(command, 1);
            bytes = binary(command);
        }
        const Loaded loaded = load(bytes);
        if (loaded.trap != exec::Trap::none) {
            failure("a module traps: " + std::string(name_of(loaded.trap)));
        } else if (!loaded.instance && !excused(loaded.error)) {
            failure("a valid module is refused: " + loaded.error.message);
        }
        if (!loaded.instance) {
            forget_registered();
        }
        instances_[name] = instances_[""] = loaded.instance;
    }

    /// A module that cannot be loaded would have changed what others let it import: nothing is
    /// known of those any more.
    void forget_registered() {
        for (auto& [name, instance] : instances_) {
            if (instance && std::ranges::count(registered_, instance) != 0) {
                instance.reset();
            }
        }
    }

    // ---- values and actions ----

    static std::optional<std::uint64_t> integer(std::string text) {
        std::erase(text, '_');
        const bool negative = text.starts_with('-');
        if (negative || text.starts_with('+')) {
            text.erase(0, 1);
        }
        const bool hexadecimal = text.starts_with("0x");
        const char* const first = text.data() + (hexadecimal ? 2 : 0);
        std::uint64_t value = 0;
        const auto [end, status] =
            std::from_chars(first, text.data() + text.size(), value, hexadecimal ? 16 : 10);
        if (status != std::errc() || end != text.data() + text.size()) {
            return std::nullopt;
        }
        return negative ? 0 - value : value;
    }

    /// The bits of a float; a NaN that the specification leaves open is the canonical one here,
    /// with a plus sign.
    template <class Bits>
    static std::uint64_t float_bits(std::string text) {
        constexpr Bits infinity = sizeof(Bits) == 4 ? static_cast<Bits>(0x7f80'0000U)
                                                    : static_cast<Bits>(0x7ff0'0000'0000'0000U);
        constexpr Bits quiet =
            sizeof(Bits) == 4 ? Bits{1} << 22U : static_cast<Bits>(std::uint64_t{1} << 51U);
        constexpr Bits sign = Bits{1} << (sizeof(Bits) * 8 - 1);
        std::erase(text, '_');
        const bool negative = text.starts_with('-');
        if (const std::size_t nan = text.find("nan"); nan != std::string::npos) {
            const auto payload = text.substr(nan + 3).starts_with(":0x")
                                     ? integer(text.substr(nan + 4))
                                     : std::optional<std::uint64_t>(quiet);
            return infinity | static_cast<Bits>(*payload) | (negative ? sign : Bits{0});
        }
        if constexpr (sizeof(Bits) == 4) {
            return std::bit_cast<Bits>(std::strtof(text.c_str(), nullptr));
        } else {
            return std::bit_cast<Bits>(std::strtod(text.c_str(), nullptr));
        }
    }

    /// Nothing for a type that the engine does not have.
    static std::optional<std::uint64_t> value(const Expression& expression) {
        if (expression.is("ref.null")) {
            return 0;
        }
        if (expression.items.size() < 2) {
            return std::nullopt;
        }
        if (expression.is("ref.extern")) {
            // 0 is null.
            return *integer(expression.items[1].text) + 1;
        }
        if (expression.is("f32.const")) {
            return float_bits<std::uint32_t>(expression.items[1].text);
        }
        if (expression.is("f64.const")) {
            return float_bits<std::uint64_t>(expression.items[1].text);
        }
        const auto number = integer(expression.items[1].text);
        if (expression.is("i32.const") && number) {
            return static_cast<std::uint32_t>(*number);
        }
        return expression.is("i64.const") ? number : std::nullopt;
    }

    /// Nothing if the module or an argument is not supported.
    std::optional<exec::Outcome> invoke(const Expression& action) {
        std::size_t next = 1;
        std::string name;
        if (action.items[next].kind == Expression::Kind::word) {
            name = action.items[next++].text;
        }
        const Instance instance = instances_[name];
        if (!instance) {
            return std::nullopt;
        }
        const std::string& entry = action.items[next++].text;
        const wasm::Export* const exported = machine_.module(*instance).find_export(entry);
        if (exported == nullptr) {
            failure("no export " + entry);
            return std::nullopt;
        }
        if (action.is("get")) {
            exec::Outcome outcome;
            outcome.results = {machine_.global(*instance, exported->index)};
            return outcome;
        }
        std::vector<std::uint64_t> arguments;
        for (; next < action.items.size(); ++next) {
            const auto argument = value(action.items[next]);
            if (!argument) {
                return std::nullopt;
            }
            arguments.push_back(*argument);
        }
        return machine_.invoke(*instance, exported->index, arguments);
    }

    /// Whether a result is the expected one; nothing if the engine has no such values.
    static std::optional<bool> is_expected(const Expression& expected, std::uint64_t result) {
        if (expected.is("ref.func") || (expected.is("ref.extern") && expected.items.size() == 1)) {
            return result != 0;
        }
        const auto bits = value(expected);
        return bits ? std::optional(*bits == result) : std::nullopt;
    }

    void assert_return(const Expression& command) {
        const auto outcome = invoke(command.items[1]);
        if (!outcome) {
            return skip();
        }
        if (outcome->trap != exec::Trap::none) {
            return failure("trap: " + std::string(name_of(outcome->trap)));
        }
        if (outcome->results.size() != command.items.size() - 2) {
            return failure("a different number of results");
        }
        for (std::size_t i = 0; i < outcome->results.size(); ++i) {
            const auto good = is_expected(command.items[i + 2], outcome->results[i]);
            if (!good) {
                return skip();
            }
            if (!*good) {
                return failure("result " + std::to_string(outcome->results[i]) + ", expected " +
                               command.items[i + 2].items.back().text);
            }
        }
        pass();
    }

    static exec::Trap trap_of(std::string_view text) {
        using exec::Trap;
        const std::pair<std::string_view, Trap> known[] = {
            {"unreachable", Trap::unreachable},
            {"out of bounds memory access", Trap::memory_out_of_bounds},
            {"out of bounds table access", Trap::table_out_of_bounds},
            {"uninitialized element", Trap::uninitialized_element},
            {"undefined element", Trap::undefined_element},
            {"integer divide by zero", Trap::integer_divide_by_zero},
            {"integer overflow", Trap::integer_overflow},
            {"invalid conversion to integer", Trap::invalid_conversion},
            {"indirect call type mismatch", Trap::indirect_call_type},
            {"call stack exhausted", Trap::stack_exhausted},
            {"null", Trap::null_reference},
        };
        for (const auto& [prefix, trap] : known) {
            if (text.starts_with(prefix)) {
                return trap;
            }
        }
        return Trap::none;
    }

    void assert_trap(const Expression& command) {
        const exec::Trap expected = trap_of(command.items.back().text);
        exec::Trap actual = exec::Trap::none;
        if (command.items[1].is("module")) {
            const Loaded loaded = load(module_bytes(command.items[1]));
            if (!loaded.instance && loaded.trap == exec::Trap::none) {
                forget_registered();
                return excused(loaded.error) ? skip() : failure(loaded.error.message);
            }
            actual = loaded.trap;
        } else {
            const auto outcome = invoke(command.items[1]);
            if (!outcome) {
                return skip();
            }
            actual = outcome->trap;
        }
        check(actual == expected,
              "trap " + std::string(name_of(actual)) + ", expected " + command.items.back().text);
    }

    Bytes module_bytes(const Expression& module) {
        if (module.items.size() > 1 && module.items[1].text == "instance") {
            return definitions_[module.items.size() > 3 ? module.items[3].text
                                                        : identifier(module, 2)];
        }
        return binary(module);
    }

    void assert_refused(const Expression& command) {
        const auto validated = check_module(binary(command.items[1]));
        if (!validated && validated.error().code == ErrorCode::unsupported) {
            return skip();
        }
        check(!validated, "accepted, but: " + command.items.back().text);
    }

    void assert_unlinkable(const Expression& command) {
        const Loaded loaded = load(module_bytes(command.items[1]));
        if (!loaded.instance && loaded.error.code == ErrorCode::unsupported) {
            forget_registered();
            return skip();
        }
        check(!loaded.instance, "linked, but: " + command.items.back().text);
    }

    Machine& machine_;
    Report report_;
    std::size_t line_ = 0;
    std::map<std::string, Bytes> definitions_;
    std::map<std::string, Instance> instances_;
    std::vector<Instance> registered_;
    std::set<std::string> missing_;  ///< names of instances that are not supported
};

}  // namespace

Report run_script(std::string_view script, Machine& machine) {
    return Runner(machine).run(script);
}

}  // namespace aqd::spec
