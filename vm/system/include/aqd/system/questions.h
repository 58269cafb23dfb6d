#pragma once

#include <aqd/abi/keys.h>
#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/state/state_view.h>

#include <cstdint>
#include <optional>
#include <string>

namespace aqd::system {

enum class QuestionStatus : std::uint8_t {
    open = 0,
    answered = 1,
    refused = 2,
    silent = 3,
    cancelled = 4,
};

/// What a case asked a body (semantics 22).
struct QuestionRow {
    std::string exchange;  ///< "module.path.Name"
    Bytes asked;           ///< `Body`
    Bytes asking;          ///< `Body`
    Bytes fields;          ///< CBOR array
    std::int32_t asked_on = 0;
    QuestionStatus status = QuestionStatus::open;
    std::optional<abi::CaseId> answering;  ///< the case that was opened to answer it
    std::optional<Bytes> timer;            ///< key of its timer row

    bool operator==(const QuestionRow&) const = default;
};

Bytes encode_question(const QuestionRow& row);
Result<QuestionRow> decode_question(BytesView bytes);
Result<std::optional<QuestionRow>> read_question(const state::StateView& view,
                                                 const abi::CaseId& case_id, std::uint32_t ordinal);

}  // namespace aqd::system
