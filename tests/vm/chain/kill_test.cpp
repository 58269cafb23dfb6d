#include "tests/vm/chain/scratch_chain.h"

#include <array>
#include <chrono>
#include <random>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace aqd;
using namespace aqd::chain;
using namespace aqd::chain::testing;

namespace {

constexpr std::uint64_t last_height = 60;

/// What the block after this tip holds depends on its height alone.
void make_next(Chain& chain) {
    const std::uint64_t height = chain.tip().height + 1;
    const auto day = first_day + static_cast<calendar::Day>(height);
    std::vector<Bytes> transactions;
    for (std::uint64_t i = 0; i < 4; ++i) {
        transactions.push_back(signed_call(
            chain, stranger(),
            {open_case(height * 10 + i, day, 3), put_row("row " + std::to_string(height % 7), i)},
            i));
    }
    const Made made = value_of(chain.make_block(transactions, at_noon(day)));
    REQUIRE(made.last_height == height);
}

/// In a child: blocks until the end or a kill, an octet to `progress` after each. Exit 0 when all
/// are made.
[[noreturn]] void make_blocks_and_exit(const std::filesystem::path& folder, int progress) {
    auto chain = Chain::open(folder, writing());
    if (!chain) {
        _exit(2);
    }
    while ((*chain)->tip().height < last_height) {
        make_next(**chain);
        if (write(progress, "", 1) != 1) {
            _exit(3);
        }
    }
    _exit(0);
}

/// Returns after so many octets, or when the other end is gone.
void wait_for(int progress, std::uint64_t octets) {
    char one = 0;
    while (octets > 0 && read(progress, &one, 1) == 1) {
        --octets;
    }
}

}  // namespace

TEST_CASE("a chain that is killed at any moment goes on as if nothing had happened") {
    const Scratch undisturbed;
    auto reference = value_of(Chain::create(undisturbed.chain(), kit_genesis(), writing()));
    while (reference->tip().height < last_height) {
        make_next(*reference);
    }
    const proof::Header wanted = reference->tip();

    const Scratch scratch;
    value_of(Chain::create(scratch.chain(), kit_genesis(), writing())).reset();
    std::mt19937 random(7);
    std::uint64_t height = 0;
    int kills = 0;
    bool finished = false;
    while (!finished) {
        std::array<int, 2> progress{};
        REQUIRE(pipe(progress.data()) == 0);
        const pid_t child = fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            close(progress[0]);
            make_blocks_and_exit(scratch.chain(), progress[1]);
        }
        close(progress[1]);
        // Some blocks later, at any moment within the next one: opening takes a few milliseconds
        // and so does a block.
        wait_for(progress[0], random() % 8);
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 8'000));
        kill(child, SIGKILL);
        close(progress[0]);
        int status = 0;
        REQUIRE(waitpid(child, &status, 0) == child);
        finished = WIFEXITED(status);
        if (finished) {
            REQUIRE(WEXITSTATUS(status) == 0);
        } else {
            ++kills;
        }
        // What had been made is still there.
        const auto chain = value_of(Chain::open(scratch.chain(), writing()));
        REQUIRE(chain->tip().height >= height);
        height = chain->tip().height;
        REQUIRE(
            (chain->tip().state_root ==
                 value_of(reference->block(std::max<std::uint64_t>(height, 1))).header.state_root ||
             height == 0));
    }
    INFO(kills << " kills");
    CHECK(kills >= 5);
    const auto chain = value_of(Chain::open(scratch.chain(), writing()));
    CHECK((chain->tip() == wanted));
    CHECK(value_of(chain->replay()).blocks == last_height);
}
