#pragma once

#include "benchmarks/gas/program.h"

#include <optional>
#include <string>
#include <vector>

namespace aqd::benchmarks {

/// A short piece of code that leaves the stack as it was.
struct Fragment {
    std::string name;
    wasm::Opcode opcode;  ///< what it is about
    Code code;
    bool chase = false;  ///< it wants memory to be a cycle of addresses
};

/// For each opcode that a program can repeat, the fragments in which it costs the least gas for
/// what it does. Floats only if asked for: contracts have none.
std::vector<Fragment> fragments(bool floats);

/// Adversaries by name: whole programs.
struct Adversary {
    std::string name;
    Program program;
    bool chase = false;
    bool fresh_instances = false;  ///< each round is an instance of its own
};
std::vector<Adversary> adversaries();

/// A program that repeats a fragment, with locals set up so that nothing traps.
Program repeated(const Fragment& fragment, int times);
/// One that runs through the fragments.
Program sequence(const std::vector<const Fragment*>& list);

}  // namespace aqd::benchmarks
