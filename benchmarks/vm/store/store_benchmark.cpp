#include <aqd/abi/cbor.h>
#include <aqd/crypto/sha256.h>
#include <aqd/proof/proof_file.h>
#include <aqd/state/write_set.h>
#include <aqd/store/state_store.h>

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

using namespace aqd;
using namespace aqd::store;

namespace {

constexpr std::size_t batch_size = 2000;

Bytes key_of(std::uint64_t number) {
    Bytes key(41, 1);
    for (unsigned i = 0; i < 8; ++i) {
        key.push_back(static_cast<std::uint8_t>(number >> (56 - 8 * i)));
    }
    return key;
}

Bytes value_of(std::uint64_t seed) {
    Bytes value(64);
    std::memcpy(value.data(), &seed, sizeof seed);
    return value;
}

template <class T>
T sure(Result<T> result) {
    if (!result) {
        std::fprintf(stderr, "%s\n", result.error().message.c_str());
        std::exit(1);
    }
    if constexpr (!std::is_void_v<T>) {
        return *std::move(result);
    }
}

/// A store of `count` keys, filled once and shared by all measurements of that size.
StateStore& store_of(std::uint64_t count) {
    struct Filled {
        std::filesystem::path path;
        std::unique_ptr<StateStore> store;
        Filled() = default;
        Filled(Filled&&) = default;
        ~Filled() {
            store.reset();
            std::filesystem::remove_all(path);
        }
    };
    static std::map<std::uint64_t, Filled> stores;
    Filled& filled = stores[count];
    if (!filled.store) {
        std::string name = (std::filesystem::temp_directory_path() / "aqd-bench-XXXXXX").string();
        filled.path = mkdtemp(name.data());
        filled.store = sure(StateStore::open(filled.path));
        constexpr std::uint64_t step = 100000;
        for (std::uint64_t begin = 0; begin < count; begin += step) {
            std::vector<state::Write> writes;
            for (std::uint64_t i = begin; i < std::min(begin + step, count); ++i) {
                writes.push_back({key_of(i), value_of(i)});
            }
            auto staged = sure(filled.store->stage(sure(state::WriteSet::from(writes)), {}));
            sure(filled.store->commit(std::move(staged), begin + 1));
        }
    }
    return *filled.store;
}

/// The yardstick of the same run.
void hash_64_octets(benchmark::State& state) {
    Bytes input(64);
    for (auto _ : state) {
        input[0] = crypto::sha256(input).octets[0];
    }
    state.SetItemsProcessed(state.iterations());
}

void update_with_root(benchmark::State& state) {
    StateStore& store = store_of(static_cast<std::uint64_t>(state.range(0)));
    std::mt19937_64 random(1);
    for (auto _ : state) {
        state.PauseTiming();
        std::map<Bytes, Bytes> batch;
        while (batch.size() < batch_size) {
            batch[key_of(random() % static_cast<std::uint64_t>(state.range(0)))] =
                value_of(random());
        }
        std::vector<state::Write> writes;
        for (auto& [key, value] : batch) {
            writes.push_back({key, value});
        }
        auto set = sure(state::WriteSet::from(writes));
        state.ResumeTiming();
        auto staged = sure(store.stage(std::move(set), {}));
        sure(store.commit(std::move(staged), store.tip()->height + 1));
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batch_size));
}

void stage_only(benchmark::State& state) {
    StateStore& store = store_of(static_cast<std::uint64_t>(state.range(0)));
    std::mt19937_64 random(2);
    for (auto _ : state) {
        state.PauseTiming();
        std::map<Bytes, Bytes> batch;
        while (batch.size() < batch_size) {
            batch[key_of(random() % static_cast<std::uint64_t>(state.range(0)))] =
                value_of(random());
        }
        std::vector<state::Write> writes;
        for (auto& [key, value] : batch) {
            writes.push_back({key, value});
        }
        auto set = sure(state::WriteSet::from(writes));
        state.ResumeTiming();
        benchmark::DoNotOptimize(sure(store.stage(std::move(set), {})).state_root());
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batch_size));
}

void read_row(benchmark::State& state) {
    StateStore& store = store_of(static_cast<std::uint64_t>(state.range(0)));
    const StoreView view = store.view();
    std::mt19937_64 random(3);
    for (auto _ : state) {
        benchmark::DoNotOptimize(
            sure(view.get(key_of(random() % static_cast<std::uint64_t>(state.range(0))))));
    }
    state.SetItemsProcessed(state.iterations());
}

void walk_rows(benchmark::State& state) {
    StateStore& store = store_of(static_cast<std::uint64_t>(state.range(0)));
    const StoreView view = store.view();
    Bytes after;
    for (auto _ : state) {
        const auto row = sure(view.next({}, after));
        after = row ? row->key : Bytes{};
    }
    state.SetItemsProcessed(state.iterations());
}

void make_proof(benchmark::State& state) {
    StateStore& store = store_of(static_cast<std::uint64_t>(state.range(0)));
    std::mt19937_64 random(4);
    for (auto _ : state) {
        benchmark::DoNotOptimize(
            sure(store.prove(key_of(random() % static_cast<std::uint64_t>(state.range(0))))));
    }
    state.SetItemsProcessed(state.iterations());
}

/// Present and absent keys by turns; counts the octets of the path as well.
void verify_path(benchmark::State& state) {
    StateStore& store = store_of(static_cast<std::uint64_t>(state.range(0)));
    struct Sample {
        Hash256 key;
        std::optional<Hash256> value;
        proof::Path path;
    };
    std::vector<Sample> samples;
    std::size_t octets = 0;
    std::mt19937_64 random(5);
    for (std::uint64_t i = 0; i < 2048; ++i) {
        const Bytes key = key_of(random() % (2 * static_cast<std::uint64_t>(state.range(0))));
        auto proved = sure(store.prove(key));
        Bytes encoded;
        abi::Writer out(encoded);
        proof::write_path(out, proved.path);
        octets += encoded.size();
        std::optional<Hash256> value;
        if (proved.value) {
            value = proof::value_hash(*proved.value);
        }
        samples.push_back({proof::trie_key(key), value, std::move(proved.path)});
    }
    std::size_t at = 0;
    for (auto _ : state) {
        const Sample& sample = samples[at++ % samples.size()];
        if (sure(proof::root_from(sample.path, sample.key, sample.value)) !=
            store.root(Trie::state)) {
            std::abort();
        }
    }
    state.SetItemsProcessed(state.iterations());
    state.counters["octets"] = static_cast<double>(octets) / static_cast<double>(samples.size());
}

BENCHMARK(hash_64_octets);
BENCHMARK(update_with_root)->Arg(1 << 20)->Unit(benchmark::kMillisecond);
BENCHMARK(stage_only)->Arg(1 << 20)->Unit(benchmark::kMillisecond);
BENCHMARK(read_row)->Arg(1 << 20);
BENCHMARK(walk_rows)->Arg(1 << 20);
BENCHMARK(make_proof)->Arg(1 << 20);
BENCHMARK(verify_path)->Arg(1 << 20);

}  // namespace

BENCHMARK_MAIN();
