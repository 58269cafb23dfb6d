#include "tests/vm/wasm/wat.h"

#include <aqd/prepare/arithmetic.h>
#include <aqd/prepare/instruction.h>
#include <aqd/prepare/prepare.h>
#include <aqd/prepare/sequences.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <set>
#include <string>
#include <vector>

using namespace aqd;

namespace {

prepare::PreparedCode prepared(const std::string& text) {
    return prepare::prepare(test::valid_module(test::wat("(module (memory 1) " + text + ")")),
                            *gas::schedule(1));
}

/// Every form, those in sequences too.
std::vector<prepare::Form> forms_in(const prepare::PreparedCode& code) {
    std::vector<prepare::Form> all;
    while (all.size() < code.origins.size()) {
        std::uint32_t number = 0;
        std::memcpy(&number, code.words.data() + code.origins[all.size()].word, sizeof number);
        for (const std::uint16_t form : prepare::forms_of(number)) {
            all.push_back(prepare::form_of(form));
        }
    }
    return all;
}

/// The names of all forms, with the kinds of their operands: `add_32 slot constant -> a`.
std::vector<std::string> listing(const std::string& text) {
    static const char* const kinds[] = {"", " a", " b", " slot", " constant"};
    const prepare::PreparedCode code = prepared(text);
    std::vector<std::string> lines;
    for (const prepare::Form form : forms_in(code)) {
        std::string line(facts_of(form.operation).name);
        line += kinds[static_cast<int>(form.x)];
        line += kinds[static_cast<int>(form.y)];
        if (form.destination != prepare::Kind::none) {
            line += std::string(" ->") + kinds[static_cast<int>(form.destination)];
        }
        lines.push_back(line);
    }
    return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("reading locals and constants emits nothing by itself") {
    CHECK(listing("(func (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))") ==
          Lines{"add_32 slot constant -> a", "return -> a"});
}

TEST_CASE("a result goes straight to the local that it is for") {
    CHECK(listing("(func (param i32 i32) (local.set 0 (i32.mul (local.get 0) (local.get 1))))") ==
          Lines{"mul_32 slot slot -> slot", "return"});
}

TEST_CASE("a value just computed is read from the accumulator") {
    CHECK(listing("(func (param i32 i32) (result i32)"
                  " (local.set 0 (i32.mul (local.get 0) (local.get 1)))"
                  " (i32.xor (local.get 0) (local.get 1)))") ==
          Lines{"mul_32 slot slot -> slot", "xor_32 a slot -> a", "return -> a"});
}

TEST_CASE("two computed sides meet in the accumulators") {
    CHECK(
        listing("(func (param i64 i64) (result i64) (i64.sub"
                " (i64.mul (local.get 0) (local.get 1)) (i64.and (local.get 0) (local.get 1))))") ==
        Lines{"mul_64 slot slot -> b", "and_64 slot slot -> a", "sub_64 b a -> a", "return -> a"});
}

TEST_CASE("a comparison and the branch on it are one instruction") {
    CHECK(listing("(func (param i32) (block (br_if 0 (i32.eqz (i32.lt_u (local.get 0)"
                  " (i32.const 5)))) (local.set 0 (i32.const 1))))") ==
          Lines{"branch_ge_u_32 slot constant", "move constant -> slot", "return"});
}

TEST_CASE("an addition in an address is part of the access") {
    CHECK(listing("(func (param i32 i32) (result i32)"
                  " (i32.load offset=8 (i32.add (local.get 0) (local.get 1))))") ==
          Lines{"load32_u slot slot -> a", "return -> a"});
}

TEST_CASE("constants are folded, but a division that traps stays") {
    CHECK(listing("(func (result i32) (i32.shl (i32.const 3) (i32.add (i32.const 1)"
                  " (i32.const 2))))") == Lines{"return -> constant"});
    CHECK(listing("(func (result i32) (i32.div_u (i32.const 3) (i32.const 0)))") ==
          Lines{"move constant -> a", "div_u_32 a constant -> a", "return -> a"});
}

TEST_CASE("code that cannot be reached is not translated") {
    CHECK(listing("(func return (block (loop br 0)) unreachable)") == Lines{"return"});
}

TEST_CASE("every form that is written has a number, and each number one form") {
    const std::set<std::uint32_t> codes(prepare::base_forms.begin(), prepare::base_forms.end());
    CHECK(codes.size() == prepare::base_form_count);
    for (const std::uint32_t code : codes) {
        CHECK(prepare::code_of(prepare::form_of(code)) == code);
    }
}

TEST_CASE("a sequence has forms that are written, and nothing behind what leaves for good") {
    REQUIRE(prepare::sequence_count() > 0);
    std::set<std::vector<std::uint16_t>> seen;
    for (std::uint32_t number = 1; number <= prepare::sequence_count(); ++number) {
        const auto forms =
            prepare::forms_of(static_cast<std::uint32_t>(prepare::form_code_count) + number);
        bool sound = forms.size() > 1 && forms.size() <= prepare::longest_sequence;
        for (std::size_t i = 0; i < forms.size(); ++i) {
            const prepare::Form form = prepare::form_of(forms[i]);
            sound = sound && is_base_form(form) &&
                    form.operation != prepare::Operation::op_jump_table &&
                    (!prepare::is_transfer(form.operation) || i + 1 == forms.size());
        }
        sound = sound && seen.emplace(forms.begin(), forms.end()).second;
        INFO("sequence " << number);
        CHECK(sound);
    }
}

TEST_CASE("neighbours become one instruction, but not over a label") {
    // Both lists of sequences have an addition and the branch on it.
    const std::string loop =
        "(local.set 0 (i32.add (local.get 0) (i32.const 1)))"
        " (br_if 0 (i32.ne (local.get 0) (i32.const 9)))";
    const auto instructions = [](const std::string& text) {
        const prepare::PreparedCode code = prepared(text);
        std::set<std::uint32_t> starts;
        for (const prepare::Origin& origin : code.origins) {
            starts.insert(origin.word);
        }
        return code.origins.size() - starts.size();
    };
    CHECK(instructions("(func (param i32) (loop " + loop + "))") >= 1);
    CHECK(instructions("(func (param i32) (local.set 0 (i32.add (local.get 0) (i32.const 1)))"
                       " (loop (br_if 0 (i32.ne (local.get 0) (i32.const 9)))))") == 0);
}

TEST_CASE("an instruction that can trap remembers where it came from") {
    const prepare::PreparedCode code = prepared(
        "(func (param i32) (result i32) (i32.add (local.get 0)"
        " (i32.load8_u (local.get 0))))");
    const Bytes& bytes = code.module->bytes;
    const auto load = std::ranges::find_if(code.origins, [&](const prepare::Origin& origin) {
        return bytes[origin.code_offset] == 0x2d;
    });
    REQUIRE(load != code.origins.end());
    const auto first = std::ranges::find(code.origins, load->word, &prepare::Origin::word);
    const auto form = static_cast<std::uint32_t>(load - first);
    CHECK(prepare::origin_of(code, load->word, form) == load->code_offset);
}

TEST_CASE("types of one structure share a number") {
    const prepare::PreparedCode code =
        prepared("(type (func (param i32))) (type (func)) (type (func (param i32)))");
    CHECK(code.type_ids[0] == code.type_ids[2]);
    CHECK(code.type_ids[0] != code.type_ids[1]);
}

TEST_CASE("only locals that may be read before they are set are zeroed") {
    const auto zeroed = [](const std::string& function) {
        const prepare::PreparedCode code = prepared(function);
        return code.functions[0].zeroed_end - code.functions[0].first_zeroed;
    };
    CHECK(zeroed("(func (param i32) (local i32 i32) (local.set 1 (local.get 0))"
                 " (local.set 2 (local.get 1)))") == 0);
    CHECK(zeroed("(func (local i32 i32) (drop (local.get 1)))") == 1);
    CHECK(zeroed("(func (param i32) (local i32) (if (local.get 0) (then (local.set 1"
                 " (i32.const 1)))) (drop (local.get 1)))") == 1);
}

TEST_CASE("a frame too large for the whole stack is prepared but can never be entered") {
    std::string locals = "(func (local";
    for (int i = 0; i < 9'000; ++i) {
        locals += " i64";
    }
    const prepare::PreparedCode code = prepared(locals + "))");
    CHECK(code.functions[0].frame_cost_bytes > prepare::max_frame_bytes);
}

TEST_CASE("translation of hostile shapes stays linear") {
    // Many operands that wait, each of which reads a local that is set over and over.
    std::string waiting = "(func (param i32)";
    for (int i = 0; i < 4'000; ++i) {
        waiting += " local.get 0 i32.const 1 i32.add";
    }
    for (int i = 0; i < 4'000; ++i) {
        waiting += " i32.const 7 local.set 0";
    }
    for (int i = 0; i < 4'000; ++i) {
        waiting += " drop";
    }
    // A deep tree of selects, and one long chain of additions.
    std::string deep = "(func (param i32) (result i32)";
    for (int i = 0; i < 4'000; ++i) {
        deep += " local.get 0 local.get 0";
    }
    for (int i = 0; i < 3'999; ++i) {
        deep += " select";
    }
    deep += " drop)";
    const auto begin = std::chrono::steady_clock::now();
    const prepare::PreparedCode first = prepared(waiting + ")");
    const prepare::PreparedCode second = prepared(deep);
    const auto elapsed = std::chrono::steady_clock::now() - begin;
    CHECK(first.words.size() < 200'000);
    CHECK(second.words.size() < 200'000);
    CHECK(std::chrono::duration_cast<std::chrono::seconds>(elapsed).count() < 5);
}
