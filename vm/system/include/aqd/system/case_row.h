#pragma once

#include <aqd/abi/keys.h>
#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/state/overlay.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace aqd::system {

/// The question that a case was opened to answer.
struct QuestionLink {
    abi::CaseId asking;
    std::uint32_t ordinal = 0;

    bool operator==(const QuestionLink&) const = default;
};

struct ArmedTimer {
    std::uint32_t deadline = 0;  ///< index in the procedure
    Bytes key;                   ///< of its timer row

    bool operator==(const ArmedTimer&) const = default;
};

struct OpenQuestion {
    std::uint64_t exchange = 0;  ///< id8 of its name
    std::uint32_t ordinal = 0;

    bool operator==(const OpenQuestion&) const = default;
};

/// One case of a procedure.
struct CaseRow {
    abi::Lineage lineage;
    std::string procedure;
    std::uint32_t version = 0;  ///< pinned for life
    std::optional<std::uint32_t> state;
    bool settled = false;
    bool faulted = false;
    std::int32_t opened = 0;
    std::optional<std::int32_t> settled_on;  ///< last entry into a settled state
    std::optional<Bytes> unique;             ///< CBOR of the value that it holds
    std::uint32_t next_ordinal = 0;          ///< of obligations, questions and breaches
    std::vector<ArmedTimer> timers;          ///< rising by deadline
    std::optional<QuestionLink> question;
    std::vector<OpenQuestion> open_questions;
    std::optional<std::int32_t> fired_on;  ///< day on which a deadline of it fired last
    std::uint32_t fired = 0;               ///< deadlines that fired on that day
    std::optional<Bytes> data;             ///< one CBOR item

    bool operator==(const CaseRow&) const = default;
};

Bytes encode_case(const CaseRow& row);
Result<CaseRow> decode_case(BytesView bytes);
Result<std::optional<CaseRow>> read_case(const state::StateView& view, const abi::CaseId& case_id);

/// The open case that holds a unique value of a procedure.
Bytes unique_key(const abi::Lineage& lineage, std::string_view procedure, BytesView unique);
Result<std::optional<abi::CaseId>> read_unique(const state::StateView& view, BytesView key);
Bytes encode_unique(const abi::CaseId& case_id);

}  // namespace aqd::system
