// validators [--first N] [--mutants N] [--keep FOLDER]
//
// Mutants of random modules, judged by our decoder and validator and by wabt's, with the features
// that both have. Ends with 1 after a disagreement that is not listed here with its reason.

#include "tests/differential/mutate.h"

#include <aqd/base/assert.h>
#include <aqd/wasm/decode.h>
#include <aqd/wasm/validate.h>

#include <wabt/binary-reader-ir.h>
#include <wabt/binary-reader.h>
#include <wabt/error.h>
#include <wabt/ir.h>
#include <wabt/validator.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace aqd::differential {
namespace {

struct Verdict {
    enum class Kind : std::uint8_t { valid, refused, not_ours };
    Kind kind = Kind::valid;
    std::string why;
    std::uint64_t offset = 0;  ///< in the module, where it is ours
};

wasm::Limits limits() {
    wasm::Limits limits = wasm::Limits::widest();
    limits.features.typed_references = false;
    return limits;
}

Verdict our_verdict(BytesView module) {
    const auto refused = [](const Error& error) {
        const bool not_ours =
            error.code == ErrorCode::unsupported || error.code == ErrorCode::too_large;
        return Verdict{not_ours ? Verdict::Kind::not_ours : Verdict::Kind::refused, error.message,
                       error.offset.value_or(0)};
    };
    auto decoded = wasm::decode(module, limits());
    if (!decoded) {
        return refused(decoded.error());
    }
    const auto validated = wasm::validate(*std::move(decoded));
    return validated ? Verdict{} : refused(validated.error());
}

Verdict verdict_of_wabt(BytesView module) {
    wabt::Features features;
    features.disable_simd();
    features.enable_tail_call();
    features.enable_memory64();
    features.enable_multi_memory();
    features.enable_extended_const();
    wabt::ReadBinaryOptions options;
    options.features = features;
    options.fail_on_custom_section_error = false;
    wabt::Errors errors;
    wabt::Module read;
    wabt::Result result =
        wabt::ReadBinaryIr("mutant", module.data(), module.size(), options, &errors, &read);
    if (wabt::Succeeded(result)) {
        result = wabt::ValidateModule(&read, &errors, wabt::ValidateOptions(features));
    }
    if (wabt::Succeeded(result)) {
        return {};
    }
    return {Verdict::Kind::refused, errors.empty() ? "no reason" : errors.front().message};
}

/// wabt stops the program on some mutants: it judges in a process of its own, and what it says of
/// each lies in memory that both see.
class WabtJudge {
  public:
    static constexpr std::size_t most = 200;

    WabtJudge()
        : slots_(static_cast<Slot*>(mmap(nullptr, sizeof(Slot) * most, PROT_READ | PROT_WRITE,
                                         MAP_SHARED | MAP_ANONYMOUS, -1, 0))) {
        AQD_ASSERT(slots_ != MAP_FAILED);
    }

    /// At most `most` modules; nothing for one that wabt stopped at.
    std::vector<std::optional<Verdict>> judge(const std::vector<Bytes>& modules) {
        std::fill_n(slots_, most, Slot{});
        for (std::size_t from = 0; from < modules.size();) {
            const pid_t child = fork();
            if (child == 0) {
                // What it has to say before it stops helps nobody.
                close(STDERR_FILENO);
                for (std::size_t i = from; i < modules.size(); ++i) {
                    write(slots_[i], verdict_of_wabt(modules[i]));
                }
                _exit(0);
            }
            AQD_ASSERT(child > 0);
            int status = 0;
            waitpid(child, &status, 0);
            while (from < modules.size() && slots_[from].done) {
                ++from;
            }
            ++from;
        }
        std::vector<std::optional<Verdict>> verdicts;
        for (std::size_t i = 0; i < modules.size(); ++i) {
            verdicts.push_back(slots_[i].done
                                   ? std::optional(Verdict{slots_[i].kind, slots_[i].why.data(), 0})
                                   : std::nullopt);
        }
        return verdicts;
    }

  private:
    struct Slot {
        bool done = false;
        Verdict::Kind kind = Verdict::Kind::valid;
        std::array<char, 200> why{};
    };
    static void write(Slot& slot, const Verdict& verdict) {
        slot.kind = verdict.kind;
        verdict.why.copy(slot.why.data(), slot.why.size() - 1);
        slot.done = true;
    }

    Slot* slots_;
};

/// A disagreement where the specification is on our side, by parts of the reasons; an empty part
/// stands for acceptance.
struct Known {
    std::string_view ours;
    std::string_view wabts;
    std::string_view why;
};

// By the core specification 3.0; wabt is that of Debian 12, 1.0.32.
constexpr std::array<Known, 12> known_disagreements{{
    {"unexpected end", "",
     "wabt lets a body or an initial value end before its last `end` (section 5.4.9)"},
    {"alignment must not be larger than natural", "",
     "wabt shifts an alignment of 2^32 and more out of its word (section 3.4.11)"},
    {"integer too large", "",
     "wabt ignores what does not fit of the tenth octet of a number (section 5.2.2)"},
    {"constant expression required", "",
     "wabt accepts an initial value without instructions (section 3.4.13)"},
    {"type mismatch: a table without functions", "",
     "wabt lets an indirect call use a table of host references (section 3.4.8)"},
    {"type mismatch", "",
     "wabt takes what a `select` with a type gives for any type (section 3.4.5)"},
    {"a selection of other than one type", "",
     "wabt accepts a `select` with several types (section 3.4.5)"},
    {"unknown form of data segment", "",
     "wabt takes the flags of a data segment for single bits (section 5.5.14)"},
    {"unknown value type", "", "wabt accepts a type in more than one octet (section 5.3)"},
    {"malformed block type", "", "wabt accepts a type in more than one octet (section 5.3)"},
    {"", "unable to read u32 leb128: load offset",
     "wabt reads the offset into any memory as the first memory needs it (section 5.4.7)"},
    {"", "unable to read u32 leb128: store offset",
     "wabt reads the offset into any memory as the first memory needs it (section 5.4.7)"},
}};

bool agrees_with(std::string_view part, const Verdict& verdict) {
    return part.empty() ? verdict.kind == Verdict::Kind::valid
                        : verdict.why.find(part) != std::string::npos;
}

class Trial {
  public:
    explicit Trial(std::string keep) : keep_(std::move(keep)) {}

    void add(Bytes module) {
        if (!distinct_.insert(std::hash<std::string_view>{}(as_text(module))).second) {
            return;
        }
        Verdict ours = our_verdict(module);
        if (ours.kind == Verdict::Kind::not_ours) {
            ++outside_;
            return;
        }
        modules_.push_back(std::move(module));
        ours_.push_back(std::move(ours));
        if (modules_.size() == WabtJudge::most) {
            finish();
        }
    }

    void finish() {
        const auto theirs = wabt_.judge(modules_);
        for (std::size_t i = 0; i < modules_.size(); ++i) {
            if (theirs[i]) {
                judge(modules_[i], ours_[i], *theirs[i]);
            } else {
                ++stopped_;
            }
        }
        modules_.clear();
        ours_.clear();
    }

    int report() const {
        std::cout << "compared " << compared_ << " distinct mutants, " << valid_
                  << " of them valid for us; outside of what both have " << outside_
                  << "; wabt stopped the program at " << stopped_ << "\n";
        for (const auto& [why, count] : known_) {
            std::cout << "known disagreement " << count << ": " << why << "\n";
        }
        for (const auto& [what, unknown] : unknown_) {
            std::cout << "DISAGREEMENT " << unknown.count << ", first " << unknown.number
                      << ".wasm at " << unknown.offset << ": " << what << "\n";
        }
        std::cout << "disagreements without a reason " << unknown_.size() << "\n";
        return unknown_.empty() ? 0 : 1;
    }

  private:
    void judge(const Bytes& module, const Verdict& ours, const Verdict& wabts) {
        ++compared_;
        valid_ += ours.kind == Verdict::Kind::valid;
        if (ours.kind == wabts.kind) {
            return;
        }
        for (const Known& known : known_disagreements) {
            if (agrees_with(known.ours, ours) && agrees_with(known.wabts, wabts)) {
                ++known_[known.why];
                return;
            }
        }
        const std::string what = "ours: " + (ours.why.empty() ? "valid" : ours.why) +
                                 ", wabt: " + (wabts.why.empty() ? "valid" : wabts.why);
        Unknown& unknown = unknown_[what];
        if (unknown.count++ == 0) {
            unknown.number = unknown_.size();
            unknown.offset = ours.offset;
            if (!keep_.empty()) {
                std::ofstream(keep_ + "/" + std::to_string(unknown.number) + ".wasm",
                              std::ios::binary)
                    << as_text(module);
            }
        }
    }

    WabtJudge wabt_;
    std::vector<Bytes> modules_;
    std::vector<Verdict> ours_;
    std::uint64_t stopped_ = 0;
    std::string keep_;
    std::set<std::size_t> distinct_;
    std::uint64_t compared_ = 0;
    std::uint64_t valid_ = 0;
    std::uint64_t outside_ = 0;
    std::map<std::string_view, std::uint64_t> known_;
    struct Unknown {
        std::uint64_t count = 0;
        std::size_t number = 0;    ///< by which the first of them is kept
        std::uint64_t offset = 0;  ///< in the first of them
    };
    std::map<std::string, Unknown> unknown_;
};

void run(Trial& trial, std::uint64_t first, std::uint64_t mutants) {
    constexpr std::uint64_t mutants_of_one = 50;
    for (std::uint64_t seed = first; seed < first + mutants / mutants_of_one; ++seed) {
        oracle::Random random(seed);
        oracle::Shape shape = oracle::random_shape(random);
        shape.features.typed_references = false;
        shape.wide_tables = false;
        const Bytes module = oracle::random_module(random, shape);
        for (std::uint64_t i = 0; i < mutants_of_one; ++i) {
            Bytes mutant =
                random.one_in(3) ? mutate_gently(module, random) : mutate(module, random);
            while (random.one_in(3)) {
                mutant = mutate(mutant, random);
            }
            trial.add(std::move(mutant));
        }
    }
    trial.finish();
}

}  // namespace
}  // namespace aqd::differential

int main(int count, char** arguments) {
    std::uint64_t first = 1;
    std::uint64_t mutants = 10'000;
    std::string keep;
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string_view option = arguments[i];
        if (option == "--first") {
            first = std::strtoull(arguments[i + 1], nullptr, 10);
        } else if (option == "--mutants") {
            mutants = std::strtoull(arguments[i + 1], nullptr, 10);
        } else if (option == "--keep") {
            keep = arguments[i + 1];
        } else {
            std::fprintf(stderr, "unknown option %s\n", arguments[i]);
            return 2;
        }
    }
    aqd::differential::Trial trial(std::move(keep));
    aqd::differential::run(trial, first, mutants);
    return trial.report();
}
