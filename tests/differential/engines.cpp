// engines [--first N] [--modules N] [--batch N] [--peers none|all|NAME] [--ttf EVERY] [--keep
// FOLDER]
//
// Random modules, mutants of them, and those of `wasm-opt -ttf`: our engine against the naive
// interpreter on all of them, metered tightly; and against other engines on those that end by
// themselves. Ends with 1 after a difference, with 77 if a peer was asked for that is not there.

#include "tests/differential/mutate.h"
#include "tests/differential/peers.h"
#include "tests/vm/exec/oracle/compare.h"

#include <aqd/wasm/decode.h>
#include <aqd/wasm/validate.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace aqd::differential {
namespace {

struct Settings {
    std::uint64_t first = 1;
    std::uint64_t modules = 300;
    std::uint64_t batch = 500;
    std::uint64_t ttf_every = 0;  ///< one in so many modules is made by `wasm-opt`; 0 is none
    std::string peers = "none";
    std::string keep;  ///< where modules go that make a difference or are refused
};

struct Candidate {
    std::string origin;
    Bytes module;
    bool for_peers = false;
    bool for_every_peer = false;
    Job job;
};

class Session {
  public:
    explicit Session(Settings settings) : settings_(std::move(settings)) {}

    int run() {
        if (settings_.peers != "none") {
            for (Peer& peer : peers_on_path(AQD_SOURCE_DIR "/tests/differential")) {
                if (settings_.peers == "all" || settings_.peers == peer.name) {
                    peers_.push_back(std::move(peer));
                }
            }
            if (peers_.empty()) {
                std::puts("Skipped: no such engine is on the path.");
                return 77;
            }
        }
        const std::uint64_t end = settings_.first + settings_.modules;
        for (std::uint64_t seed = settings_.first; seed < end;) {
            std::vector<Candidate> batch;
            for (std::uint64_t n = 0; n < settings_.batch && seed < end; ++n, ++seed) {
                one(seed, batch);
            }
            for (const Peer& peer : peers_) {
                compare_with(peer, batch);
            }
        }
        report();
        return differences_ == 0 ? 0 : 1;
    }

  private:
    [[nodiscard]] std::string scratch(const std::string& name) const {
        return (std::filesystem::temp_directory_path() /
                ("aqd_differential_" + std::to_string(getpid()) + "_" + name))
            .string();
    }

    void different(const std::string& what, const Candidate& candidate) {
        ++differences_;
        std::cout << "DIFFERENCE " << candidate.origin << ": " << what << "\n" << std::flush;
        keep(candidate);
    }

    void keep(const Candidate& candidate) const {
        if (!settings_.keep.empty()) {
            std::string name = candidate.origin;
            std::ranges::replace(name, ' ', '_');
            std::ofstream(settings_.keep + "/" + name + ".wasm", std::ios::binary)
                << as_text(candidate.module);
        }
    }

    /// What `wasm-opt -ttf` makes of random octets; empty if it makes nothing.
    Bytes translated(oracle::Random& random) const {
        const std::string seed = scratch("seed");
        const std::string out = scratch("ttf.wasm");
        Bytes octets(500 + random.below(4'000));
        for (std::uint8_t& octet : octets) {
            octet = static_cast<std::uint8_t>(random.next() >> 40U);
        }
        std::ofstream(seed, std::ios::binary) << as_text(octets);
        const std::string command =
            "wasm-opt -ttf --denan --enable-bulk-memory --enable-mutable-globals "
            "--enable-nontrapping-float-to-int --enable-sign-ext --enable-multivalue "
            "--enable-tail-call " +
            std::string(random.one_in(2) ? "-O2 " : "") + seed + " -o " + out + " >/dev/null 2>&1";
        Bytes module;
        if (std::system(command.c_str()) == 0) {
            std::ifstream file(out, std::ios::binary);
            module.assign(std::istreambuf_iterator<char>(file), {});
        }
        std::filesystem::remove(seed);
        std::filesystem::remove(out);
        return module;
    }

    /// The module of a seed.
    Candidate make(std::uint64_t seed, oracle::Random& random) {
        Candidate candidate;
        if (settings_.ttf_every != 0 &&
            random.below(static_cast<std::uint32_t>(settings_.ttf_every)) == 0) {
            candidate.origin = "ttf " + std::to_string(seed);
            candidate.module = translated(random);
            candidate.for_peers = candidate.for_every_peer = true;
            return candidate;
        }
        oracle::Shape shape = oracle::random_shape(random);
        shape.ends = shape.one_nan = !random.one_in(4);
        const bool mutant = random.one_in(5);
        candidate.origin = (mutant ? "mutant " : "random ") + std::to_string(seed);
        candidate.module = oracle::random_module(random, shape);
        const wasm::Features& features = shape.features;
        // A mutant may compute any NaN.
        candidate.for_peers = shape.ends && !(mutant && features.floats);
        candidate.for_every_peer =
            !features.multi_memory && !features.typed_references && !shape.wide_tables;
        if (mutant) {
            candidate.module = valid_mutant(candidate.module, random);
        }
        return candidate;
    }

    /// Many mutants are not valid: the first that is, or the module itself.
    static Bytes valid_mutant(const Bytes& module, oracle::Random& random) {
        for (int tries = 0; tries < 20; ++tries) {
            Bytes mutant = mutate_gently(module, random);
            auto decoded = wasm::decode(mutant, wasm::Limits::widest());
            if (decoded && wasm::validate(*std::move(decoded)) && mutant != module) {
                return mutant;
            }
        }
        return module;
    }

    void one(std::uint64_t seed, std::vector<Candidate>& batch) {
        oracle::Random random(seed);
        Candidate candidate = make(seed, random);
        if (!distinct_.insert(std::hash<std::string_view>{}(as_text(candidate.module))).second) {
            ++discards_["the same as another"];
            return;
        }
        const oracle::Comparison tight = oracle::compare(candidate.module, random);
        if (!tight.refusal.empty()) {
            const std::string kind = candidate.origin.substr(0, candidate.origin.find(' '));
            ++discards_[kind + ", refused by us: " + tight.refusal];
            return keep(candidate);
        }
        calls_ += tight.calls;
        traps_ += tight.traps;
        ++origins_[candidate.origin.substr(0, candidate.origin.find(' '))];
        if (!tight.difference.empty()) {
            return different("with the oracle: " + tight.difference, candidate);
        }
        if (!candidate.for_peers || peers_.empty()) {
            return;
        }
        oracle::Manner manner;
        manner.metered = false;
        manner.rounds = 2;
        manner.observer = [&](const oracle::Observation& seen) { candidate.job.observe(seen); };
        const oracle::Comparison free = oracle::compare(candidate.module, random, manner);
        calls_ += free.calls;
        traps_ += free.traps;
        if (!free.difference.empty()) {
            return different("with the oracle: " + free.difference, candidate);
        }
        if (free.met_a_bound) {
            ++discards_["met a bound of gas or stack: not for peers"];
            return;
        }
        batch.push_back(std::move(candidate));
    }

    void compare_with(const Peer& peer, const std::vector<Candidate>& batch) {
        std::vector<const Candidate*> asked;
        const std::string file = scratch("batch");
        std::ofstream out(file);
        for (const Candidate& candidate : batch) {
            if (candidate.for_every_peer || peer.has_everything) {
                asked.push_back(&candidate);
                out << candidate.job.line(candidate.module);
            }
        }
        out.close();
        const std::vector<std::string> answers = ask(peer, file);
        std::filesystem::remove(file);
        for (std::size_t i = 0; i < asked.size(); ++i) {
            if (i >= answers.size()) {
                ++discards_[peer.name + " ended early"];
                continue;
            }
            std::string refusal;
            const std::string difference = asked[i]->job.difference(answers[i], refusal);
            if (!refusal.empty()) {
                ++discards_[peer.name + " " + refusal.substr(0, 100)];
                continue;
            }
            ++peer_modules_[peer.name];
            peer_calls_[peer.name] += asked[i]->job.calls();
            if (!difference.empty()) {
                different("with " + peer.name + ": " + difference, *asked[i]);
            }
        }
    }

    void report() const {
        std::cout << "modules " << distinct_.size() << " distinct:";
        for (const auto& [origin, count] : origins_) {
            std::cout << " " << count << " " << origin;
        }
        std::cout << "\ncalls on the engine and the oracle " << calls_ << ", of which " << traps_
                  << " trapped\n";
        for (const Peer& peer : peers_) {
            const auto modules = peer_modules_.find(peer.name);
            const auto calls = peer_calls_.find(peer.name);
            std::cout << "with " << peer.name << " "
                      << (modules == peer_modules_.end() ? 0 : modules->second) << " modules, "
                      << (calls == peer_calls_.end() ? 0 : calls->second) << " calls\n";
        }
        std::uint64_t discards = 0;
        for (const auto& [cause, count] : discards_) {
            std::cout << "discarded " << count << ": " << cause << "\n";
            discards += count;
        }
        std::cout << "discarded in all " << discards << "\n"
                  << "differences " << differences_ << "\n";
    }

    Settings settings_;
    std::vector<Peer> peers_;
    std::set<std::size_t> distinct_;
    std::map<std::string, std::uint64_t> origins_;
    std::map<std::string, std::uint64_t> discards_;
    std::map<std::string, std::uint64_t> peer_modules_;
    std::map<std::string, std::uint64_t> peer_calls_;
    std::uint64_t calls_ = 0;
    std::uint64_t traps_ = 0;
    std::uint64_t differences_ = 0;
};

bool set(Settings& settings, std::string_view option, const char* value) {
    const std::uint64_t number = std::strtoull(value, nullptr, 10);
    if (option == "--first") {
        settings.first = number;
    } else if (option == "--modules") {
        settings.modules = number;
    } else if (option == "--batch") {
        settings.batch = number;
    } else if (option == "--ttf") {
        settings.ttf_every = number;
    } else if (option == "--peers") {
        settings.peers = value;
    } else if (option == "--keep") {
        settings.keep = value;
    } else {
        return false;
    }
    return true;
}

}  // namespace
}  // namespace aqd::differential

int main(int count, char** arguments) {
    aqd::differential::Settings settings;
    for (int i = 1; i + 1 < count; i += 2) {
        if (!aqd::differential::set(settings, arguments[i], arguments[i + 1])) {
            std::fprintf(stderr, "unknown option %s\n", arguments[i]);
            return 2;
        }
    }
    return aqd::differential::Session(std::move(settings)).run();
}
