#include "tests/vm/store/scratch.h"

#include <chrono>
#include <csignal>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace aqd;
using namespace aqd::store;
using namespace aqd::store::testing;

namespace {

/// What the state holds at a height: a pure function, so that the reopened store can be compared
/// with it.
state::WriteSet block(std::uint64_t height) {
    std::mt19937 random(static_cast<std::uint32_t>(height));
    std::map<Bytes, std::optional<Bytes>> rows;
    for (int i = 0; i < 50; ++i) {
        const Bytes key = key_of(below(400, random));
        rows[key] = random() % 4 == 0
                        ? std::nullopt
                        : std::optional(value_of(static_cast<std::uint32_t>(random())));
    }
    std::vector<state::Write> list;
    list.reserve(rows.size());
    for (auto& [key, value] : rows) {
        list.push_back({key, value});
    }
    return writes(list);
}

[[noreturn]] void commit_for_ever(const std::filesystem::path& path) {
    auto store = StateStore::open(path);
    if (!store) {
        _exit(1);
    }
    for (std::uint64_t height = (*store)->tip() ? (*store)->tip()->height + 1 : 0;; ++height) {
        auto staged = (*store)->stage(block(height), {});
        const Bytes mark = {static_cast<std::uint8_t>(height)};
        if (!staged || !(*store)->commit(*std::move(staged), height, {.meta = {{"mark", mark}}})) {
            _exit(2);
        }
    }
}

}  // namespace

TEST_CASE("a store opens for reading while another process commits") {
    const Scratch scratch;
    commit(*open_store(scratch.path()), block(0));
    const pid_t child = fork();
    if (child == 0) {
        commit_for_ever(scratch.path());
    }
    std::uint64_t height = 0;
    for (int i = 0; i < 2000 && height < 20; ++i) {
        const auto store = open_store(scratch.path(), {.read_only = true});
        REQUIRE(store->tip()->height >= height);
        height = store->tip()->height;
    }
    kill(child, SIGKILL);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
    CHECK(height >= 20);
}

TEST_CASE("a writer killed at any moment leaves the state of some whole block") {
    const Scratch scratch;
    std::uint64_t height = 0;
    bool has_height = false;
    std::mt19937 random(3);
    for (int round = 0; round < 12; ++round) {
        const pid_t child = fork();
        if (child == 0) {
            commit_for_ever(scratch.path());
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10 + random() % 60));
        kill(child, SIGKILL);
        int status = 0;
        REQUIRE(waitpid(child, &status, 0) == child);
        REQUIRE(WIFSIGNALED(status));

        const auto store = open_store(scratch.path());
        const auto tip = store->tip();
        if (!tip) {
            REQUIRE_FALSE(has_height);
            continue;
        }
        REQUIRE((!has_height || tip->height >= height));
        height = tip->height;
        has_height = true;
        state::MemoryState expected;
        for (std::uint64_t i = 0; i <= height; ++i) {
            expected.apply(block(i));
        }
        REQUIRE((tip->state_root == root_of(expected)));
        REQUIRE((store->meta("mark") == Bytes{static_cast<std::uint8_t>(height)}));
        REQUIRE(store->verify_all());
    }
    CHECK(has_height);
}
