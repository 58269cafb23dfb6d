#include "tests/vm/store/scratch.h"

#include <aqd/state/overlay.h>
#include <aqd/store/state_store.h>

#include <csignal>
#include <fstream>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace aqd;
using namespace aqd::store;
using namespace aqd::store::testing;

TEST_CASE("a second writer is refused, in another process too") {
    const Scratch scratch;
    const auto store = open_store(scratch.path());
    const auto second = StateStore::open(scratch.path());
    REQUIRE_FALSE(second);
    CHECK(second.error().code == ErrorCode::conflict);
    CHECK(second.error().message.find("somebody else is writing") != std::string::npos);

    const pid_t child = fork();
    if (child == 0) {
        const auto third = StateStore::open(scratch.path());
        _exit(!third && third.error().code == ErrorCode::conflict ? 0 : 1);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(status == 0);
}

TEST_CASE("a store that is not there is not made unless asked") {
    const Scratch scratch;
    CHECK(StateStore::open(scratch.path() / "none", {.create = false}).error().code ==
          ErrorCode::not_found);
    CHECK(StateStore::open(scratch.path() / "none", {.read_only = true}).error().code ==
          ErrorCode::not_found);
    CHECK(StateStore::open(scratch.path(), {.read_only = true}).error().code ==
          ErrorCode::not_found);
    CHECK_FALSE(std::filesystem::exists(scratch.path() / "none"));
}

TEST_CASE("a read-only store refuses to commit and shows the commit it was opened on") {
    const Scratch scratch;
    commit(*open_store(scratch.path()), writes({{key_of(1), Bytes{1}}}));
    const auto reader = open_store(scratch.path(), {.read_only = true});
    auto staged = reader->stage(writes({{key_of(2), Bytes{2}}}), {});
    REQUIRE(staged);
    CHECK(reader->commit(*std::move(staged), 9).error().code == ErrorCode::denied);

    // The writer is another process, as LMDB wants it.
    const pid_t child = fork();
    if (child == 0) {
        auto writer = StateStore::open(scratch.path());
        if (!writer) {
            _exit(1);
        }
        auto change = (*writer)->stage(writes({{key_of(1), Bytes{7}}}), {});
        _exit(change && (*writer)->commit(*std::move(change), 5) ? 0 : 2);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    REQUIRE(status == 0);
    CHECK((reader->view().get(key_of(1)).value() == Bytes{1}));
    CHECK(reader->tip()->height == 0);
}

TEST_CASE("a stage is good for one commit on the tip it was made on, at a greater height") {
    const Scratch scratch;
    const auto store = open_store(scratch.path());
    CHECK_FALSE(store->tip().has_value());
    auto first = store->stage(writes({{key_of(1), Bytes{1}}}), {}).value();
    auto second = store->stage(writes({{key_of(1), Bytes{2}}}), {}).value();
    auto third = store->stage(writes({{key_of(1), Bytes{3}}}), {}).value();
    CHECK((first.state_root() != second.state_root()));
    REQUIRE(store->commit(std::move(second), 5));
    CHECK(store->commit(std::move(first), 6).error().code == ErrorCode::conflict);
    CHECK((store->view().get(key_of(1)).value() == Bytes{2}));
    auto lower = store->stage(writes({{key_of(1), Bytes{4}}}), {}).value();
    CHECK(store->commit(std::move(lower), 5).error().code == ErrorCode::invalid);
    CHECK(store->tip()->height == 5);
}

TEST_CASE("a stage of one store is not good for another") {
    const Scratch scratch;
    const auto one = open_store(scratch.path() / "one");
    const auto other = open_store(scratch.path() / "other");
    commit(*one, writes({{key_of(1), Bytes{1}}}));
    commit(*other, writes({{key_of(2), Bytes{2}}}));
    auto staged = one->stage(writes({{key_of(3), Bytes{3}}}), {}).value();
    CHECK(other->commit(std::move(staged), 1).error().code == ErrorCode::conflict);
    CHECK(other->verify_all());
}

TEST_CASE("a prefix longer than any key finds nothing, and a longer `after` its successor") {
    const Scratch scratch;
    const auto store = open_store(scratch.path(), {.tables = {"due"}});
    REQUIRE(store->table_write({{"due", Bytes(480, 7), Bytes{1}}, {"due", Bytes{8}, Bytes{2}}}));
    CHECK_FALSE(store->table_next("due", Bytes(600, 7), {}).value().has_value());
    CHECK_FALSE(store->table_next("due", Bytes{7}, Bytes(600, 7)).value().has_value());
    CHECK((store->table_next("due", {}, Bytes(600, 7)).value().value().key == Bytes{8}));
    CHECK((store->table_next("due", {}, Bytes(600, 6)).value().value().key == Bytes(480, 7)));
}

TEST_CASE("meta rows and derived tables are bounded and named beforehand") {
    const Scratch scratch;
    const auto store = open_store(scratch.path(), {.tables = {"due"}});
    const auto refused = [&](const CommitRows& rows) {
        auto staged = store->stage({}, {}).value();
        const auto committed = store->commit(std::move(staged), 1, rows);
        REQUIRE_FALSE(committed);
        return committed.error().code;
    };
    CHECK(refused({.meta = {{"", Bytes{1}}}}) == ErrorCode::invalid);
    CHECK(refused({.meta = {{"large", Bytes(5000)}}}) == ErrorCode::too_large);
    CHECK(refused({.tables = {{"other", Bytes{1}, Bytes{1}}}}) == ErrorCode::not_found);
    CHECK(refused({.tables = {{"due", Bytes{}, Bytes{1}}}}) == ErrorCode::invalid);
    CHECK(store->table_get("other", Bytes{1}).error().code == ErrorCode::not_found);
    CHECK(StateStore::open(scratch.path() / "x", {.tables = {"a", "a"}}).error().code ==
          ErrorCode::invalid);
    CHECK(StateStore::open(scratch.path() / "x", {.readers = 0}).error().code ==
          ErrorCode::invalid);
    CHECK_FALSE(store->tip().has_value());
}

TEST_CASE("after a commit that failed on disk the store refuses every later write") {
    const Scratch scratch;
    const pid_t child = fork();
    if (child == 0) {
        // A file-size limit stands for a full disk; only this process has it.
        std::signal(SIGXFSZ, SIG_IGN);
        auto store = StateStore::open(scratch.path());
        if (!store) {
            _exit(1);
        }
        const rlimit before = [] {
            rlimit limit{};
            getrlimit(RLIMIT_FSIZE, &limit);
            return limit;
        }();
        const rlimit tight{64 << 10, before.rlim_max};
        setrlimit(RLIMIT_FSIZE, &tight);
        std::vector<state::Write> many;
        for (std::uint32_t i = 0; i < 4000; ++i) {
            many.push_back({key_of(i), Bytes(100)});
        }
        auto staged = (*store)->stage(writes(many), {});
        const auto failed = (*store)->commit(*std::move(staged), 1);
        setrlimit(RLIMIT_FSIZE, &before);
        if (failed || failed.error().code != ErrorCode::io || (*store)->tip()) {
            _exit(2);
        }
        staged = (*store)->stage(writes({{key_of(1), Bytes{1}}}), {});
        const auto later = (*store)->commit(*std::move(staged), 1);
        const bool told = !later && later.error().message.find("reopen") != std::string::npos;
        _exit(told && !(*store)->table_write({}) ? 0 : 3);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
    const auto store = open_store(scratch.path());
    CHECK_FALSE(store->tip().has_value());
    commit(*store, writes({{key_of(1), Bytes{1}}}));
}

TEST_CASE("what was committed is there after reopening: rows, roots, meta and tables") {
    const Scratch scratch;
    const Options options{.tables = {"due"}};
    Tip tip;
    {
        const auto store = open_store(scratch.path(), options);
        commit(*store, writes({{key_of(1), Bytes{1}}, {key_of(2), Bytes{}}}),
               writes({{key_of(3), Bytes{3}}}),
               {.meta = {{"pruned", Bytes{9}}, {"gone", Bytes{1}}},
                .tables = {{"due", Bytes{4}, Bytes{5}}, {"due", Bytes{4, 4}, Bytes{}}}});
        commit(*store, writes({{key_of(1), {}}}), {}, {.meta = {{"gone", {}}, {"never", {}}}});
        REQUIRE(store->table_write({{"due", Bytes{4, 5}, Bytes{7}}}));
        tip = store->tip().value();
    }
    const auto store = open_store(scratch.path(), options);
    CHECK((store->tip().value() == tip));
    CHECK((!store->view().get(key_of(1)).value()));
    CHECK((store->view().get(key_of(2)).value() == Bytes{}));
    CHECK((!store->view().get(key_of(3)).value()));
    CHECK((store->view(Trie::replay).get(key_of(3)).value() == Bytes{3}));
    CHECK((!store->view().get({}).value()));
    CHECK((!store->view().get(Bytes(600)).value()));
    CHECK(store->key_count(Trie::state) == 1);
    CHECK((store->meta("pruned") == Bytes{9}));
    CHECK((!store->meta("gone").has_value()));
    CHECK((store->table_get("due", Bytes{4}).value() == Bytes{5}));
    CHECK((!store->table_get("due", Bytes{5}).value()));
    const auto row = store->table_next("due", Bytes{4}, Bytes{4}).value();
    REQUIRE((row.has_value()));
    CHECK((row->key == Bytes{4, 4}));
    CHECK((store->table_next("due", Bytes{4}, Bytes{4, 4}).value()->key == Bytes{4, 5}));
    CHECK((!store->table_next("due", Bytes{4}, Bytes{4, 5}).value()));
    CHECK(store->verify_all());
}

TEST_CASE("a table that a read-only store was not written with reads as empty") {
    const Scratch scratch;
    commit(*open_store(scratch.path()), {});
    const auto store = open_store(scratch.path(), {.read_only = true, .tables = {"late"}});
    CHECK((!store->table_get("late", Bytes{1}).value()));
    CHECK((!store->table_next("late", {}, {}).value()));
}

TEST_CASE("a store outgrows its map by itself") {
    const Scratch scratch;
    const Options options{.map_size_bytes = 256 << 10};
    const auto store = open_store(scratch.path(), options);
    state::MemoryState expected;
    for (std::uint32_t round = 0; round < 4; ++round) {
        std::vector<state::Write> batch;
        for (std::uint32_t i = 0; i < 2000; ++i) {
            batch.push_back({key_of(round * 2000 + i), Bytes(200, 7)});
        }
        commit(*store, writes(batch));
        expected.apply(writes(batch));
    }
    commit(*store, writes({{key_of(1), Bytes(std::size_t{3} << 20, 1)}}));
    expected.apply(writes({{key_of(1), Bytes(std::size_t{3} << 20, 1)}}));
    CHECK((store->root(Trie::state) == root_of(expected)));
    CHECK(store->verify_all());
}

TEST_CASE("a proof from the store is believed") {
    const Scratch scratch;
    const auto store = open_store(scratch.path());
    std::vector<state::Write> batch;
    for (std::uint32_t i = 0; i < 3000; i += 3) {
        batch.push_back({key_of(i), value_of(i)});
    }
    commit(*store, writes(batch), writes({{key_of(7), Bytes{7}}}));
    CHECK(store->prove({}).error().code == ErrorCode::invalid);
    for (std::uint32_t i = 0; i < 3000; ++i) {
        const auto proved = store->prove(key_of(i)).value();
        REQUIRE((proved.value.has_value() == (i % 3 == 0)));
        std::optional<Hash256> hash;
        if (proved.value) {
            hash = proof::value_hash(*proved.value);
        }
        REQUIRE((proof::root_from(proved.path, proof::trie_key(key_of(i)), hash).value() ==
                 store->root(Trie::state)));
    }
    const auto replay = store->prove(key_of(7), Trie::replay).value();
    CHECK((replay.value == Bytes{7}));
    CHECK(replay.path.siblings.empty());
}

TEST_CASE("readers that wait for a place all get one") {
    const Scratch scratch;
    const auto store = open_store(scratch.path(), {.readers = 2});
    std::vector<state::Write> rows;
    rows.reserve(400);
    for (std::uint32_t i = 0; i < 400; ++i) {
        rows.push_back({key_of(i), Bytes{1}});
    }
    commit(*store, writes(rows));
    std::atomic<int> verified = 0;
    // Whoever is forgotten sleeps for ever once the others have gone.
    for (int round = 0; round < 60; ++round) {
        std::vector<std::thread> readers;
        readers.reserve(8);
        for (int i = 0; i < 8; ++i) {
            readers.emplace_back([&] { verified += store->verify_all() ? 1 : 0; });
        }
        for (std::thread& reader : readers) {
            reader.join();
        }
    }
    CHECK(verified == 60 * 8);
}

TEST_CASE("many threads read while one commits, and each sees whole commits") {
    const Scratch scratch;
    const auto store = open_store(scratch.path(), {.readers = 3});
    const auto both = [](std::uint8_t value) {
        return writes({{key_of(1), Bytes{value}}, {key_of(2), Bytes{value}}});
    };
    commit(*store, both(0));
    std::atomic<bool> done = false;
    std::atomic<int> failures = 0;
    std::vector<std::thread> readers;
    for (int i = 0; i < 5; ++i) {
        readers.emplace_back([&] {
            const StoreView view = store->view();
            while (!done) {
                const auto first = view.get(key_of(1));
                const auto row = view.next(key_of(2), {});
                const auto missing = view.get(key_of(3));
                if (!first || !*first || !row || !*row || !missing || *missing ||
                    (*first)->front() > (*row)->value.front()) {
                    ++failures;
                }
            }
        });
    }
    for (std::uint8_t i = 1; i < 40; ++i) {
        commit(*store, both(i));
    }
    done = true;
    for (std::thread& reader : readers) {
        reader.join();
    }
    CHECK(failures == 0);
}
