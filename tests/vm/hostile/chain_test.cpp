#include "tests/vm/chain/scratch_chain.h"

#include <aqd/crypto/sha256.h>

#include <csignal>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

// A chain's files in bad hands, on bad disks, and read while they are written.

namespace {

using namespace aqd;
using namespace aqd::chain;
using namespace aqd::chain::testing;

Bytes read_all(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    return to_bytes(as_bytes(text));
}

void write_all(const std::filesystem::path& path, BytesView bytes) {
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(reinterpret_cast<const char*>(bytes.data()),
              static_cast<std::streamsize>(bytes.size()));
}

/// A chain of a few blocks, closed again.
void make_chain(const std::filesystem::path& folder, int blocks) {
    const auto chain = value_of(Chain::create(folder, kit_genesis(), writing()));
    for (int i = 0; i < blocks; ++i) {
        const std::vector<Bytes> wish{
            signed_call(*chain, stranger(), {put_row("k", static_cast<std::uint64_t>(i))})};
        value_of(chain->make_block(wish, at_noon(first_day + i)));
    }
}

std::vector<std::size_t> record_starts(const Bytes& log) {
    std::vector<std::size_t> starts;
    std::size_t at = 48;
    while (at < log.size()) {
        starts.push_back(at);
        std::uint32_t length = 0;
        std::memcpy(&length, log.data() + at, 4);
        at += 16 + length;
    }
    return starts;
}

}  // namespace

TEST_CASE("a damaged log never loses a block that the state has seen") {
    const Scratch scratch;
    make_chain(scratch.chain(), 4);
    const std::filesystem::path path = scratch.chain() / "blocks.log";
    const Bytes whole = read_all(path);
    for (const std::size_t start : record_starts(whole)) {
        for (std::size_t at = start; at < start + 20; ++at) {
            for (const unsigned bit : {0U, 3U, 7U}) {
                Bytes damaged = whole;
                damaged[at] = static_cast<std::uint8_t>(damaged[at] ^ 1U << bit);
                write_all(path, damaged);
                const auto opened = Chain::open(scratch.chain(), writing());
                // Either the damage is met now, or when the block is read; no octet is cut off.
                CHECK((read_all(path) == damaged));
                if (opened) {
                    bool met = false;
                    for (std::uint64_t height = 1; height <= 4; ++height) {
                        met = met || !(*opened)->block(height).has_value();
                    }
                    CHECK(met);
                }
            }
        }
    }
    write_all(path, whole);
    CHECK(value_of(Chain::open(scratch.chain(), writing()))->replay().has_value());
}

TEST_CASE("a log cut anywhere below what the state has seen is refused and left as it is") {
    const Scratch scratch;
    make_chain(scratch.chain(), 3);
    const std::filesystem::path path = scratch.chain() / "blocks.log";
    const Bytes whole = read_all(path);
    for (std::size_t size = 48; size < whole.size(); size += 173) {
        const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        write_all(path, cut);
        CHECK_FALSE(Chain::open(scratch.chain(), writing()).has_value());
        CHECK((read_all(path) == cut));
    }
}

TEST_CASE("a whole block behind damage is not taken for an unfinished one") {
    // The state is an older copy, so nothing but the log itself can tell.
    const Scratch scratch;
    make_chain(scratch.chain(), 1);
    const std::filesystem::path state = scratch.chain() / "state";
    const std::filesystem::path older = scratch.chain() / "older";
    std::filesystem::copy(state, older);
    {
        const auto chain = value_of(Chain::open(scratch.chain(), writing()));
        for (int i = 1; i < 4; ++i) {
            const std::vector<Bytes> wish{signed_call(*chain, stranger(), {put_row("k", 9)})};
            value_of(chain->make_block(wish, at_noon(first_day + i)));
        }
    }
    std::filesystem::remove_all(state);
    std::filesystem::rename(older, state);
    const std::filesystem::path path = scratch.chain() / "blocks.log";
    Bytes log = read_all(path);
    const std::vector<std::size_t> starts = record_starts(log);
    log[starts[2] + 2] ^= 0x10;  // the length of the third block, now far over what follows
    write_all(path, log);
    CHECK_FALSE(Chain::open(scratch.chain(), writing()).has_value());
    CHECK((read_all(path) == log));
    log[starts[2] + 2] ^= 0x10;
    write_all(path, log);
    CHECK(value_of(Chain::open(scratch.chain(), writing()))->tip().height == 4);
}

TEST_CASE("acknowledgements that nobody listens to fill blocks, and making them ends") {
    const Scratch scratch;
    ledger::Genesis genesis = kit_genesis();
    genesis.rules.deliveries_per_block = 1;
    abi::Manifest manifest = kit_manifest({});
    std::erase_if(manifest.entries, [](const abi::Entry& entry) {
        return entry.kind == abi::EntryKind::acknowledged;
    });
    genesis.modules = {{kit_module(manifest), operator_actor().account}};
    const auto chain = value_of(Chain::create(scratch.chain(), genesis, writing()));
    Script script;
    script.call("case_create", abi::id8("P"));
    const Script::Region fields = script.data(array_of({}));
    const Script::Region list =
        script.data(array_of({commune(chain->id(), "anfa"), commune(chain->id(), "taza")}));
    script.call("notice_send", 0, abi::id8("N"), fields.address, fields.size, list.address,
                list.size, -1);
    store_case(script, 0, 1);
    const std::vector<Bytes> opening{
        signed_call(*chain, stranger(), {{"test.kit", "P.open", {}, script.as_arguments(), {}}})};
    value_of(chain->make_block(opening, at_noon(first_day)));
    const abi::CaseId id = *value_of(chain->receipts(1)).front().case_id;
    const auto acknowledge = [&](std::uint64_t ordinal) -> ledger::Call {
        return {"aqd.system",
                "acknowledge",
                {},
                array_of({bytes_item(id.view()), number_item(ordinal)}),
                {}};
    };
    const std::vector<Bytes> both{signed_call(*chain, officer_of_anfa(), {acknowledge(0)}),
                                  signed_call(*chain, officer_of_taza(), {acknowledge(1)})};
    const Made met = value_of(chain->make_block(both, at_noon(first_day) + 1));
    REQUIRE(met.transactions[0].has_value());
    REQUIRE(value_of(chain->receipts(met.first_height)).front().refusal == 0);
    // Two deliveries without a receipt are queued, one finds a place in a block.
    const std::vector<Bytes> wish{signed_call(*chain, stranger(), {put_row("k", 1)})};
    const Made made = value_of(chain->make_block(wish, at_noon(first_day + 1)));
    CHECK(made.transactions[0].has_value());
    CHECK(value_of(chain->replay()).blocks == chain->tip().height);
}

TEST_CASE("a full disk stops the chain and harms nothing") {
    const Scratch scratch;
    make_chain(scratch.chain(), 2);
    const auto before = std::filesystem::file_size(scratch.chain() / "blocks.log");
    for (const std::size_t room : {1U, 15U, 16U, 17U, 400U}) {
        const pid_t child = fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            // In a process of its own: the limit is for good.
            auto opened = Chain::open(scratch.chain(), writing());
            if (!opened) {
                _exit(2);
            }
            Chain& chain = **opened;
            const std::vector<Bytes> wish{signed_call(chain, stranger(), {put_row("k", 5)})};
            std::signal(SIGXFSZ, SIG_IGN);
            const rlimit limit{before + room, before + room};
            setrlimit(RLIMIT_FSIZE, &limit);
            const bool refused = !chain.make_block(wish, at_noon(first_day + 5)).has_value();
            const bool stays = !chain.make_block(wish, at_noon(first_day + 6)).has_value();
            _exit(refused && stays ? 0 : 1);
        }
        int status = 0;
        REQUIRE(waitpid(child, &status, 0) == child);
        CHECK(WIFEXITED(status));
        CHECK(WEXITSTATUS(status) == 0);
        const auto chain = value_of(Chain::open(scratch.chain(), writing()));
        CHECK(chain->tip().height == 2);
        CHECK(chain->replay().has_value());
    }
}

TEST_CASE("readers of other processes see whole blocks while one writes") {
    const Scratch scratch;
    make_chain(scratch.chain(), 1);
    const pid_t reader = fork();
    REQUIRE(reader >= 0);
    if (reader == 0) {
        OpenOptions options;
        options.read_only = true;
        options.check_structure = false;
        for (int i = 0; i < 60; ++i) {
            const auto opened = Chain::open(scratch.chain(), options);
            if (!opened) {
                std::fputs((opened.error().message + "\n").c_str(), stderr);
                _exit(1);
            }
            const Chain& chain = **opened;
            for (std::uint64_t height = 1; height <= chain.tip().height; ++height) {
                if (!chain.block(height) || !chain.receipts(height)) {
                    _exit(2);
                }
            }
            if (!chain.next_nonce(stranger().account) || !chain.prove(Bytes{1, 2, 3})) {
                _exit(3);
            }
        }
        _exit(0);
    }
    {
        const auto chain = value_of(Chain::open(scratch.chain(), writing()));
        int status = 0;
        for (int i = 2; waitpid(reader, &status, WNOHANG) == 0; ++i) {
            const std::vector<Bytes> wish{signed_call(*chain, stranger(), {put_row("k", 1)})};
            value_of(chain->make_block(wish, at_noon(first_day) + i));
        }
        CHECK(WIFEXITED(status));
        CHECK(WEXITSTATUS(status) == 0);
    }
}

TEST_CASE("a replay and the making of blocks do not disturb one another") {
    const Scratch scratch;
    make_chain(scratch.chain(), 3);
    const auto chain = value_of(Chain::open(scratch.chain(), writing()));
    bool good = true;
    std::jthread replaying([&] {
        for (int i = 0; i < 5; ++i) {
            good = good && chain->replay().has_value();
        }
    });
    for (int i = 1; i < 40; ++i) {
        const std::vector<Bytes> wish{signed_call(*chain, stranger(), {put_row("k", 1)})};
        value_of(chain->make_block(wish, at_noon(first_day + 10) + i));
    }
    replaying.join();
    CHECK(good);
}

TEST_CASE("an edited genesis, another chain's log and another chain's key are refused") {
    const Scratch scratch;
    make_chain(scratch.chain(), 1);
    const Bytes genesis = read_all(scratch.chain() / "genesis.cbor");
    for (std::size_t at = 0; at < genesis.size(); at += 1 + genesis.size() / 97) {
        Bytes edited = genesis;
        edited[at] ^= 1;
        write_all(scratch.chain() / "genesis.cbor", edited);
        CHECK_FALSE(Chain::open(scratch.chain(), writing()).has_value());
    }
    write_all(scratch.chain() / "genesis.cbor", genesis);
    OpenOptions stranger_key = writing();
    stranger_key.block_key = stranger().secret;
    CHECK_FALSE(Chain::open(scratch.chain(), stranger_key).has_value());
    CHECK(Chain::open(scratch.chain(), writing()).has_value());
}

TEST_CASE("the last instant of time is no place for a block") {
    const Scratch scratch;
    const auto chain = value_of(Chain::create(scratch.chain(), kit_genesis(), writing()));
    CHECK_FALSE(chain->advance_to(INT64_MAX).has_value());
    CHECK(chain->advance_to(at_noon(first_day)).has_value());
}

TEST_CASE("blocks whose genesis has gone are not written over") {
    const Scratch scratch;
    make_chain(scratch.chain(), 2);
    const std::filesystem::path genesis = scratch.chain() / "genesis.cbor";
    const Bytes before = read_all(genesis);
    std::filesystem::remove(genesis);
    CHECK_FALSE(Chain::create(scratch.chain(), kit_genesis(), writing()).has_value());
    write_all(genesis, before);
    CHECK(value_of(Chain::open(scratch.chain(), writing()))->tip().height == 2);
}
