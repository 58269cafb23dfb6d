#pragma once

#include "benchmarks/sequences/runs.h"

#include <cstdint>
#include <span>
#include <vector>

namespace aqd::mining {

using Forms = std::vector<std::uint16_t>;

/// Finds sequences that occur often, by byte-pair encoding: the commonest pair of neighbours
/// becomes one symbol, again and again. Ties are decided by the order of symbols, so that the same
/// corpus gives the same list.
std::vector<Forms> encode_pairs(std::span<const Run> runs, std::size_t merges);

/// Pairs of forms that are likely in code that nobody has seen, best first,
/// without those in `known`. Which kinds of operands follow one another is learnt from the corpus,
/// and how common an operation is among those with its kinds: the same expression with another
/// operation in it is as likely as that operation.
std::vector<Forms> likely_sequences(std::span<const Run> runs, const std::vector<Forms>& known,
                                    std::size_t count);

/// What a list of sequences is worth: chosen by the fewest instructions, how many remain.
struct Coverage {
    double forms = 0;
    double instructions = 0;
    std::vector<double> saved;  ///< instructions saved, by sequence
};
Coverage cover(std::span<const Run> runs, const std::vector<Forms>& sequences);

}  // namespace aqd::mining
