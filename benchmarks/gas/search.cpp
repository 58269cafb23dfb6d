#include "benchmarks/gas/search.h"

#include <algorithm>
#include <chrono>
#include <random>

namespace aqd::benchmarks {
namespace {

using Genome = std::vector<const Fragment*>;

constexpr std::size_t longest = 24;
constexpr int patience = 40;  ///< steps without progress before another start
constexpr Effort quick{2e5, 2};
constexpr Effort careful{2e6, 5};

class Search {
  public:
    Search(const gas::Schedule& schedule, std::uint64_t seed)
        : schedule_(schedule), pool_(fragments(false)), random_(seed) {}

    double cost(const Genome& genome, const Effort& effort) {
        ++tried_;
        const bool chase =
            std::ranges::any_of(genome, [](const Fragment* fragment) { return fragment->chase; });
        const auto sample = measure(module_of(sequence(genome)), schedule_, chase, effort);
        return sample ? sample->ns_per_gas() : 0;
    }

    Genome start() {
        Genome genome(1 + below(8));
        for (const Fragment*& gene : genome) {
            gene = any();
        }
        return genome;
    }

    Genome changed(Genome genome) {
        for (std::size_t times = 1 + below(3); times != 0; --times) {
            const std::size_t at = below(genome.size());
            switch (below(4)) {
                case 0:
                    genome.insert(genome.begin() + static_cast<std::ptrdiff_t>(at), any());
                    break;
                case 1:
                    genome.insert(genome.begin() + static_cast<std::ptrdiff_t>(at), genome[at]);
                    break;
                case 2:
                    genome[at] = any();
                    break;
                default:
                    if (genome.size() > 1) {
                        genome.erase(genome.begin() + static_cast<std::ptrdiff_t>(at));
                    }
            }
        }
        genome.resize(std::min(genome.size(), longest));
        return genome;
    }

    [[nodiscard]] std::uint64_t tried() const { return tried_; }

  private:
    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }
    const Fragment* any() { return &pool_[below(pool_.size())]; }

    const gas::Schedule& schedule_;
    std::vector<Fragment> pool_;
    std::mt19937_64 random_;
    std::uint64_t tried_ = 0;
};

std::vector<std::string> names_of(const Genome& genome) {
    std::vector<std::string> names;
    names.reserve(genome.size());
    for (const Fragment* fragment : genome) {
        names.push_back(fragment->name);
    }
    return names;
}

}  // namespace

Worst search_worst(const gas::Schedule& schedule, double seconds, std::uint64_t seed,
                   const std::function<void(const Worst&)>& progress) {
    const auto begin = std::chrono::steady_clock::now();
    const auto over = [&] {
        const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin;
        return passed.count() >= seconds;
    };
    Search search(schedule, seed);
    Worst worst;
    while (!over()) {
        Genome best = search.start();
        double cost = search.cost(best, quick);
        for (int idle = 0; idle < patience && !over(); ++idle) {
            const Genome next = search.changed(best);
            const double next_cost = search.cost(next, quick);
            if (next_cost > cost) {
                best = next;
                cost = next_cost;
                idle = 0;
            }
        }
        // A quick look can be disturbed: only a careful one counts.
        if (cost > worst.ns_per_gas) {
            cost = search.cost(best, careful);
            if (cost > worst.ns_per_gas) {
                worst = {cost, names_of(best), search.tried()};
                progress(worst);
            }
        }
    }
    worst.tried = search.tried();
    return worst;
}

}  // namespace aqd::benchmarks
