#include "tests/vm/store/scratch.h"

#include <csignal>
#include <fstream>
#include <sys/wait.h>
#include <unistd.h>

using namespace aqd;
using namespace aqd::store;
using namespace aqd::store::testing;

namespace {

Bytes read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const std::filesystem::path& path, BytesView bytes) {
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(reinterpret_cast<const char*>(bytes.data()),
              static_cast<std::streamsize>(bytes.size()));
}

constexpr std::uint32_t key_space = 700;
constexpr std::uint32_t rounds = 8;

bool is_damage(const Error& error) {
    return error.code == ErrorCode::corrupt || error.code == ErrorCode::io ||
           error.code == ErrorCode::unsupported;
}

enum class Outcome : int { harmless = 10, detected = 11, wrong = 12 };

/// Whether every answer that a store gives is right or an error.
Outcome read_everything(const StateStore& store, const state::MemoryState& expected) {
    bool detected = false;
    const auto view = store.view();
    for (std::uint32_t i = 0; i < key_space + rounds; ++i) {
        const auto got = view.get(key_of(i));
        if (!got) {
            if (!is_damage(got.error())) {
                return Outcome::wrong;
            }
            detected = true;
        } else if (*got != expected.get(key_of(i)).value()) {
            return Outcome::wrong;
        }
        const auto row = view.next({}, key_of(i));
        if (row && *row != expected.next({}, key_of(i)).value()) {
            return Outcome::wrong;
        }
        detected = detected || !row;
    }
    return detected ? Outcome::detected : Outcome::harmless;
}

/// Opens a damaged store, reads everything, commits once more and reads again.
Outcome use(const std::filesystem::path& path, state::MemoryState expected, const Tip& tip) {
    auto opened = StateStore::open(path, {.create = false, .tables = {"due"}});
    if (!opened) {
        return is_damage(opened.error()) ? Outcome::detected : Outcome::wrong;
    }
    StateStore& store = **opened;
    if (store.tip() != tip || store.meta("pruned") != Bytes{9}) {
        return Outcome::wrong;
    }
    const Outcome first = read_everything(store, expected);
    if (first != Outcome::harmless) {
        return first;
    }
    for (std::uint32_t round = 0; round < 3; ++round) {
        std::vector<state::Write> list;
        for (std::uint32_t i = round; i < key_space; i += 9) {
            list.push_back({key_of(i), Bytes(20 + round, 5)});
        }
        auto staged = store.stage(writes(list), {});
        if (!staged || !store.commit(*std::move(staged), tip.height + 1 + round)) {
            return Outcome::detected;
        }
        expected.apply(writes(list));
    }
    return read_everything(store, expected);
}

struct Sample {
    Scratch scratch;
    state::MemoryState expected;
    Tip tip;
    Bytes good;

    Sample() {
        const auto store = open_store(scratch.path(), {.tables = {"due"}});
        std::mt19937 random(1);
        for (std::uint32_t round = 0; round < rounds; ++round) {
            std::vector<state::Write> list;
            for (std::uint32_t i = 0; i < key_space; ++i) {
                if (i % rounds == round || random() % 16 == 0) {
                    list.push_back({key_of(i), random() % 5 == 0
                                                   ? std::nullopt
                                                   : std::optional(value_of(
                                                         static_cast<std::uint32_t>(random())))});
                }
            }
            // One value on pages of its own.
            list.push_back({key_of(key_space + round), Bytes(9000, 1)});
            commit(*store, writes(list), writes({{key_of(round), Bytes{1}}}),
                   {.meta = {{"pruned", Bytes{9}}}, .tables = {{"due", key_of(round), Bytes{2}}}});
            expected.apply(writes(list));
        }
        tip = store->tip().value();
        good = read_file(scratch.path() / "data.mdb");
    }
};

/// In a child, since a crash is an outcome too.
int outcome_of(const Sample& sample, const Bytes& damaged, const Scratch& copy) {
    std::filesystem::copy(sample.scratch.path(), copy.path(),
                          std::filesystem::copy_options::recursive |
                              std::filesystem::copy_options::overwrite_existing);
    write_file(copy.path() / "data.mdb", damaged);
    const pid_t child = fork();
    if (child == 0) {
        // The test program's own handlers would speak for the child.
        for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL}) {
            std::signal(signal, SIG_DFL);
        }
        _exit(static_cast<int>(use(copy.path(), sample.expected, sample.tip)));
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace

TEST_CASE("a missing, empty, foreign or truncated file is a clear error, not a crash") {
    const Sample sample;
    const auto error_of = [&](const Bytes& bytes) {
        const Scratch copy;
        std::filesystem::copy(sample.scratch.path(), copy.path(),
                              std::filesystem::copy_options::recursive |
                                  std::filesystem::copy_options::overwrite_existing);
        write_file(copy.path() / "data.mdb", bytes);
        const auto opened = StateStore::open(copy.path());
        REQUIRE_FALSE(opened);
        return opened.error();
    };
    CHECK(error_of({}).code == ErrorCode::corrupt);
    CHECK(error_of({}).message.find("missing or empty") != std::string::npos);
    CHECK(error_of(Bytes(20000, 'x')).code == ErrorCode::corrupt);
    CHECK(error_of(to_bytes(BytesView(sample.good).first(100))).code == ErrorCode::corrupt);
    CHECK(error_of(to_bytes(BytesView(sample.good).first(8192))).code == ErrorCode::corrupt);
    CHECK(error_of(to_bytes(BytesView(sample.good).first(sample.good.size() / 2 / 4096 * 4096)))
              .code == ErrorCode::corrupt);
}

TEST_CASE("a file that has gone back to an older commit is refused") {
    const Scratch scratch;
    commit(*open_store(scratch.path()), writes({{key_of(1), Bytes{1}}}));
    const Bytes older = read_file(scratch.path() / "data.mdb");
    commit(*open_store(scratch.path()), writes({{key_of(1), Bytes{2}}}));
    write_file(scratch.path() / "data.mdb", older);
    const auto opened = StateStore::open(scratch.path());
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == ErrorCode::corrupt);
    CHECK(opened.error().message.find("gone back from height 1 to 0") != std::string::npos);

    // Whoever means it, a restored copy say, takes the record away.
    std::filesystem::remove(scratch.path() / "last_commit");
    CHECK(open_store(scratch.path())->tip()->height == 0);
}

TEST_CASE("a flipped bit in the file is detected or harmless, never a wrong answer") {
    const Sample sample;
    std::mt19937 random(99);
    std::map<int, int> outcomes;
    const Scratch copy;
    const int trials = std::getenv("AQD_LONG_TESTS") != nullptr ? 3000 : 160;
    for (int trial = 0; trial < trials; ++trial) {
        Bytes damaged = sample.good;
        // Every fourth in the meta pages or a page's header, where the structure is.
        std::size_t at = random() % damaged.size();
        if (trial % 8 == 0) {
            at = random() % 200 + (random() % 2) * 4096;
        } else if (trial % 8 == 4) {
            at = at / 4096 * 4096 + random() % 64;
        }
        damaged[at] = static_cast<std::uint8_t>(damaged[at] ^ (1U << random() % 8));
        const int outcome = outcome_of(sample, damaged, copy);
        ++outcomes[outcome];
        if (outcome != static_cast<int>(Outcome::harmless) &&
            outcome != static_cast<int>(Outcome::detected)) {
            WARN("octet " << at << " gave outcome " << outcome);
        }
        CHECK(outcome != static_cast<int>(Outcome::wrong));
    }
    INFO("detected " << outcomes[11] << ", harmless " << outcomes[10]);
    CHECK(outcomes[10] + outcomes[11] == trials);
    CHECK(outcomes[11] > trials / 10);
    if (trials > 1000) {
        WARN("detected " << outcomes[11] << ", harmless " << outcomes[10] << ", other "
                         << trials - outcomes[10] - outcomes[11]);
    }
}
