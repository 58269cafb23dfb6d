#include "benchmarks/sequences/pair_encoding.h"

#include <aqd/prepare/sequences.h>

#include <algorithm>
#include <map>
#include <queue>
#include <set>
#include <unordered_map>
#include <utility>

namespace aqd::mining {
namespace {

using Symbol = std::uint32_t;
using Pair = std::uint64_t;

constexpr Pair pair_of(Symbol a, Symbol b) {
    return Pair{a} << 32U | b;
}

struct Token {
    Symbol symbol;
    double weight;
};

class Encoder {
  public:
    explicit Encoder(std::span<const Run> runs) {
        for (const Run& run : runs) {
            runs_.emplace_back();
            for (std::size_t i = 0; i < run.forms.size(); ++i) {
                const prepare::Form form = prepare::form_of(run.forms[i]);
                if (form.operation == prepare::Operation::op_jump_table) {
                    runs_.emplace_back();
                    continue;
                }
                runs_.back().push_back({symbol_of({run.forms[i]}), run.weights[i]});
                if (prepare::is_transfer(form.operation)) {
                    runs_.emplace_back();
                }
            }
        }
        for (std::uint32_t run = 0; run < runs_.size(); ++run) {
            count(run, 1);
        }
        for (const auto& [pair, entry] : pairs_) {
            candidates_.push({entry.weight, pair});
        }
    }

    std::vector<Forms> encode(std::size_t merges) {
        std::vector<Forms> made;
        while (made.size() < merges && !candidates_.empty()) {
            const Candidate best = candidates_.top();
            candidates_.pop();
            auto found = pairs_.find(best.pair);
            if (found == pairs_.end() || found->second.weight <= least_weight) {
                continue;
            }
            if (found->second.weight != best.weight) {
                // It lost occurrences since it was noted.
                candidates_.push({found->second.weight, best.pair});
                continue;
            }
            merge(best.pair, made);
        }
        return made;
    }

  private:
    struct Entry {
        double weight = 0;
        std::vector<std::uint32_t> runs{};
    };
    struct Candidate {
        double weight;
        Pair pair;
        bool operator<(const Candidate& other) const {
            return weight != other.weight ? weight < other.weight : pair > other.pair;
        }
    };
    static constexpr double least_weight = 1e-6;

    Symbol symbol_of(const Forms& forms) {
        const auto [at, is_new] = symbols_.try_emplace(forms, static_cast<Symbol>(forms_.size()));
        if (is_new) {
            forms_.push_back(forms);
        }
        return at->second;
    }

    void count(std::uint32_t run, double sign) {
        const auto& tokens = runs_[run];
        for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
            const auto [a, a_weight] = tokens[i];
            const auto [b, b_weight] = tokens[i + 1];
            if (forms_[a].size() + forms_[b].size() > prepare::longest_sequence) {
                continue;
            }
            Entry& entry = pairs_[pair_of(a, b)];
            entry.weight += sign * std::min(a_weight, b_weight);
            if (sign > 0) {
                if (entry.runs.empty() || entry.runs.back() != run) {
                    entry.runs.push_back(run);
                }
                changed_.push_back(pair_of(a, b));
            }
        }
    }

    void merge(Pair pair, std::vector<Forms>& made) {
        const auto a = static_cast<Symbol>(pair >> 32U);
        const auto b = static_cast<Symbol>(pair);
        Forms forms = forms_[a];
        forms.insert(forms.end(), forms_[b].begin(), forms_[b].end());
        const bool is_new = !symbols_.contains(forms);
        const Symbol symbol = symbol_of(forms);
        if (is_new) {
            made.push_back(forms);
        }
        std::vector<std::uint32_t> where = std::move(pairs_[pair].runs);
        std::ranges::sort(where);
        const auto rest = std::ranges::unique(where);
        where.erase(rest.begin(), rest.end());
        changed_.clear();
        for (const std::uint32_t run : where) {
            count(run, -1);
            auto& tokens = runs_[run];
            std::size_t kept = 0;
            for (std::size_t i = 0; i < tokens.size(); ++i) {
                if (i + 1 < tokens.size() && tokens[i].symbol == a && tokens[i + 1].symbol == b) {
                    tokens[kept++] = {symbol, std::min(tokens[i].weight, tokens[i + 1].weight)};
                    ++i;
                } else {
                    tokens[kept++] = tokens[i];
                }
            }
            tokens.resize(kept);
            count(run, 1);
        }
        pairs_.erase(pair);
        for (const Pair one : changed_) {
            if (const auto found = pairs_.find(one); found != pairs_.end()) {
                candidates_.push({found->second.weight, one});
            }
        }
    }

    std::vector<std::vector<Token>> runs_{};
    std::vector<Forms> forms_{};
    std::map<Forms, Symbol> symbols_{};
    std::unordered_map<Pair, Entry> pairs_{};
    std::priority_queue<Candidate> candidates_{};
    std::vector<Pair> changed_{};
};

/// The kinds of a form: its code without the operation, with the shape and the width.
std::uint32_t kinds_of(std::uint16_t code) {
    const prepare::Form form = prepare::form_of(code);
    const prepare::OperationFacts& facts = prepare::facts_of(form.operation);
    const std::uint32_t kinds =
        prepare::code_of({prepare::Operation{}, form.x, form.y, form.destination});
    return (static_cast<std::uint32_t>(facts.shape) << 8U | facts.width) << 8U | kinds;
}

/// See `likely_sequences`.
class Likelihood {
  public:
    explicit Likelihood(std::span<const Run> runs) {
        for (const Run& run : runs) {
            for (std::size_t i = 0; i < run.forms.size(); ++i) {
                add(run, i);
            }
        }
        for (auto& [kinds, forms] : forms_) {
            double sum = 0;
            for (const auto& [form, weight] : forms) {
                sum += weight;
            }
            for (auto& [form, weight] : forms) {
                weight /= sum;
            }
        }
    }

    std::vector<Forms> best(const std::vector<Forms>& known, std::size_t count) {
        const std::set<Forms> have(known.begin(), known.end());
        for (const auto& [kinds, weight] : kinds_) {
            extend(kinds, {}, weight * static_cast<double>(kinds.size() - 1));
        }
        std::ranges::sort(found_);
        std::vector<Forms> chosen;
        for (auto& [worth, forms] : found_) {
            if (chosen.size() < count && !have.contains(forms)) {
                chosen.push_back(std::move(forms));
            }
        }
        return chosen;
    }

  private:
    static constexpr std::size_t longest = 2;
    /// Of all forms: what is rarer is not looked at.
    static constexpr double least_share = 2e-6;

    void add(const Run& run, std::size_t at) {
        std::vector<std::uint32_t> kinds;
        double weight = run.weights[at];
        all_ += weight;
        for (std::size_t i = at; i < std::min(at + longest, run.forms.size()); ++i) {
            const prepare::Form form = prepare::form_of(run.forms[i]);
            if (form.operation == prepare::Operation::op_jump_table) {
                return;
            }
            weight = std::min(weight, run.weights[i]);
            kinds.push_back(kinds_of(run.forms[i]));
            if (i == at) {
                forms_[kinds[0]][run.forms[i]] += weight;
            } else {
                kinds_[kinds] += weight;
            }
            if (prepare::is_transfer(form.operation)) {
                return;
            }
        }
    }

    void extend(const std::vector<std::uint32_t>& kinds, const Forms& forms, double worth) {
        if (worth < least_share * all_) {
            return;
        }
        if (forms.size() == kinds.size()) {
            found_.emplace_back(-worth, forms);
            return;
        }
        for (const auto& [form, share] : forms_[kinds[forms.size()]]) {
            const bool last = forms.size() + 1 == kinds.size();
            if (!last && prepare::is_transfer(prepare::form_of(form).operation)) {
                continue;
            }
            Forms longer = forms;
            longer.push_back(form);
            extend(kinds, longer, worth * share);
        }
    }

    double all_ = 0;
    std::map<std::uint32_t, std::map<std::uint16_t, double>> forms_{};
    std::map<std::vector<std::uint32_t>, double> kinds_{};
    std::vector<std::pair<double, Forms>> found_{};
};

}  // namespace

std::vector<Forms> likely_sequences(std::span<const Run> runs, const std::vector<Forms>& known,
                                    std::size_t count) {
    return Likelihood(runs).best(known, count);
}

std::vector<Forms> encode_pairs(std::span<const Run> runs, std::size_t merges) {
    return Encoder(runs).encode(merges);
}

Coverage cover(std::span<const Run> runs, const std::vector<Forms>& sequences) {
    // A tree by (node, form); node 0 is the root.
    std::unordered_map<std::uint64_t, std::uint32_t> edges;
    std::vector<std::uint32_t> ends{0};
    for (std::uint32_t i = 0; i < sequences.size(); ++i) {
        std::uint32_t node = 0;
        for (const std::uint16_t form : sequences[i]) {
            const auto next = static_cast<std::uint32_t>(ends.size());
            const auto [at, is_new] = edges.try_emplace(std::uint64_t{node} << 16U | form, next);
            if (is_new) {
                ends.push_back(0);
            }
            node = at->second;
        }
        ends[node] = i + 1;
    }
    Coverage result;
    result.saved.resize(sequences.size());
    std::vector<std::uint32_t> left;
    std::vector<std::uint32_t> chosen;
    for (const Run& run : runs) {
        const std::size_t size = run.forms.size();
        left.assign(size + 1, 0);
        chosen.assign(size, 0);
        for (std::size_t i = size; i-- > 0;) {
            left[i] = left[i + 1] + 1;
            std::uint32_t node = 0;
            for (std::size_t end = i; end < size; ++end) {
                const auto at = edges.find(std::uint64_t{node} << 16U | run.forms[end]);
                if (at == edges.end()) {
                    break;
                }
                node = at->second;
                if (ends[node] != 0 && left[end + 1] + 1 < left[i]) {
                    left[i] = left[end + 1] + 1;
                    chosen[i] = ends[node];
                }
            }
        }
        for (std::size_t i = 0; i < size;) {
            const std::size_t length = chosen[i] == 0 ? 1 : sequences[chosen[i] - 1].size();
            result.instructions += run.weights[i];
            for (std::size_t j = i; j < i + length; ++j) {
                result.forms += run.weights[j];
                if (j != i) {
                    result.saved[chosen[i] - 1] += run.weights[j];
                }
            }
            i += length;
        }
    }
    return result;
}

}  // namespace aqd::mining
