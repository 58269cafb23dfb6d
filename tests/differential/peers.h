#pragma once

#include "tests/vm/exec/oracle/compare.h"

#include <aqd/base/bytes.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace aqd::differential {

/// What one module is asked to do and what our engine answered. A batch is a file with a line of
/// JSON for each:
///
///     {"wasm": "<hexadecimal>", "globals": [["g0", "i"], …], "calls": [["f0", ["i2a", …], "iF"],
///     …]}
///
/// A letter is a type: i, I, f, F as in the opcode table, e for a reference of the host, r for one
/// to a function. A value is its bits in hexadecimal; `nan` is any NaN, and a reference to a
/// function is 0 or 1. A peer writes a line for each module, a list of texts: what was seen after
/// the instantiation and after each call, `ok 2a 3ff0000000000000 ; <CRC-32 of the memory>
/// <globals>`, or `trap:<word> ; …`; or the one text `refused <why>`.
class Job {
  public:
    /// For `oracle::Manner::observer`.
    void observe(const oracle::Observation& seen);
    [[nodiscard]] std::string line(BytesView module) const;
    [[nodiscard]] std::size_t calls() const { return expected_.size(); }
    /// Empty if the peer's line says the same. A refusal is given back in `refusal`.
    [[nodiscard]] std::string difference(const std::string& answer, std::string& refusal) const;

  private:
    struct Expected {
        exec::Trap trap = exec::Trap::none;
        bool initial = false;
        std::string results;
        std::string state;
    };
    std::string globals_;
    std::string calls_;
    std::vector<Expected> expected_;
};

/// Another engine, as a command that is given the name of a batch.
struct Peer {
    std::string name;
    std::string command;
    bool has_everything = false;  ///< also several memories, typed references and 64-bit tables
};

/// Those that are there of `node` and `wasmtime` (a package of Python).
std::vector<Peer> peers_on_path(const std::string& scripts);

/// The lines that the peer answers, or nothing if it failed.
std::vector<std::string> ask(const Peer& peer, const std::string& batch_file);

}  // namespace aqd::differential
