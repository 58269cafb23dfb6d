#include "tests/vm/embed/counter_contract.h"

#include <aqd/vm.h>

#include <catch2/catch.hpp>

#include <string>

using namespace aqd;

namespace {

struct Contract {
    aqd_contract_engine* engine = nullptr;
    aqd_contract* contract = nullptr;
    aqd_memory_state* memory = nullptr;
    aqd_state state{};
    aqd_receiver receiver{};
    std::uint8_t result[8] = {};
    char words[64] = {};
    aqd_message message{sizeof message, words, sizeof words, 0};
    aqd_contract_outcome outcome{};

    Contract() {
        const Bytes wasm = test::counter_contract();
        REQUIRE(aqd_contract_engine_create(nullptr, &engine, nullptr) == AQD_OK);
        REQUIRE(aqd_contract_compile(engine, wasm.data(), wasm.size(), &contract, nullptr) ==
                AQD_OK);
        REQUIRE(aqd_memory_state_create(&memory, nullptr) == AQD_OK);
        state.struct_size = sizeof state;
        receiver.struct_size = sizeof receiver;
        REQUIRE(aqd_memory_state_view(memory, &state) == AQD_OK);
        REQUIRE(aqd_memory_state_receiver(memory, &receiver) == AQD_OK);
        outcome.struct_size = sizeof outcome;
        outcome.result = result;
        outcome.result_capacity = sizeof result;
    }
    Contract(const Contract&) = delete;
    Contract& operator=(const Contract&) = delete;
    ~Contract() {
        aqd_memory_state_destroy(memory);
        aqd_contract_destroy(contract);
        aqd_contract_engine_destroy(engine);
    }

    aqd_status run(const char* entry) {
        aqd_contract_call call{};
        call.struct_size = sizeof call;
        call.entry = entry;
        call.gas_limit = 1'000'000;
        call.height = 1;
        return aqd_contract_run(engine, contract, &state, &call, &receiver, &outcome, &message);
    }
    [[nodiscard]] std::size_t rows() const {
        std::size_t count = 0;
        REQUIRE(aqd_memory_state_count(memory, &count, nullptr) == AQD_OK);
        return count;
    }
};

}  // namespace

TEST_CASE("a contract runs over a state in memory, which receives its writes") {
    Contract contract;
    for (std::uint8_t round = 1; round <= 2; ++round) {
        REQUIRE(contract.run("count") == AQD_OK);
        CHECK(contract.outcome.refusal == 0);
        CHECK(contract.outcome.has_result == 1);
        CHECK(contract.outcome.result_size == 1);
        CHECK(contract.result[0] == round);
        CHECK(contract.outcome.gas_used > 0);
    }
    CHECK(contract.rows() == 1);
    std::uint8_t value = 0;
    std::size_t size = 0;
    const Bytes key = test::counter_key();
    REQUIRE(aqd_memory_state_get(contract.memory, key.data(), key.size(), &value, 1, &size,
                                 nullptr) == AQD_OK);
    CHECK(value == 2);
    CHECK(aqd_memory_state_remove(contract.memory, key.data(), key.size(), nullptr) == AQD_OK);
    CHECK(aqd_memory_state_get(contract.memory, key.data(), key.size(), &value, 1, &size,
                               nullptr) == AQD_NOT_FOUND);
    CHECK(aqd_contract_manifest(contract.contract, nullptr, 0, &size, nullptr) ==
          AQD_BUFFER_TOO_SMALL);
    CHECK(size > 20);
}

TEST_CASE("a refused call tells nothing, a trap its place; the wrong name is no call") {
    Contract contract;
    REQUIRE(contract.run("fail") == AQD_OK);
    CHECK(contract.outcome.refusal == 256);
    REQUIRE(contract.run("crash") == AQD_OK);
    CHECK(contract.outcome.refusal != 0);
    CHECK(contract.outcome.has_place == 1);
    CHECK(contract.outcome.code_offset != 0);
    CHECK(std::string(contract.words) == "unreachable");
    CHECK(contract.rows() == 0);
    CHECK(contract.run("nothing") == AQD_NOT_FOUND);
    CHECK(contract.run(nullptr) == AQD_BAD_ARGUMENT);
    // Too little room for the result: nothing was told, and it can be asked for again.
    contract.outcome.result_capacity = 0;
    CHECK(contract.run("count") == AQD_BUFFER_TOO_SMALL);
    CHECK(contract.outcome.result_size == 1);
    CHECK(contract.rows() == 0);
}

TEST_CASE("what a host's state answers is checked") {
    Contract contract;
    enum Answer { absent, unreadable, yes_without_row, null_row };
    static Answer answer;
    contract.state.get = [](void*, const std::uint8_t* key, std::size_t key_size,
                            aqd_row_sink* sink) -> aqd_status {
        switch (answer) {
            case absent:
                return AQD_NOT_FOUND;
            case unreadable:
                return AQD_IO;
            case yes_without_row:
                return AQD_OK;
            default:
                aqd_row_sink_put(sink, key, key_size, nullptr, 5);
                return AQD_OK;
        }
    };
    answer = absent;
    CHECK(contract.run("count") == AQD_OK);
    answer = unreadable;
    CHECK(contract.run("count") == AQD_IO);
    answer = yes_without_row;
    CHECK(contract.run("count") == AQD_CORRUPT);
    answer = null_row;
    CHECK(contract.run("count") == AQD_CORRUPT);
    contract.state.get = nullptr;
    CHECK(contract.run("count") == AQD_BAD_ARGUMENT);
}

TEST_CASE("a receiver that says no ends the telling; a contract of another chain is refused") {
    Contract contract;
    contract.receiver.write = [](void*, const std::uint8_t*, std::size_t, const std::uint8_t*,
                                 std::size_t) -> aqd_status { return AQD_DENIED; };
    CHECK(contract.run("count") == AQD_DENIED);
    CHECK(contract.rows() == 0);

    const std::uint8_t chain[32] = {1};
    const aqd_contract_options options{sizeof options, chain, 0};
    aqd_contract_engine* other = nullptr;
    REQUIRE(aqd_contract_engine_create(&options, &other, nullptr) == AQD_OK);
    std::swap(other, contract.engine);
    CHECK(contract.run("look") == AQD_INVALID);
    std::swap(other, contract.engine);
    aqd_contract_engine_destroy(other);
}
