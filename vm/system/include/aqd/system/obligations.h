#pragma once

#include <aqd/abi/keys.h>
#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/state/overlay.h>
#include <aqd/system/terms.h>

#include <cstdint>
#include <optional>
#include <string>

namespace aqd::system {

/// What a notice asks of one recipient (semantics 20).
struct ObligationRow {
    std::string notice;  ///< "module.path.Name"
    Bytes fields;        ///< CBOR array
    Bytes recipient;     ///< CBOR: a `Body`, or the bstr(20) of a case
    std::int32_t sent_on = 0;
    std::optional<Term> acknowledge;  ///< by when
    std::optional<Term> act;
    std::optional<std::int32_t>
        acknowledge_by;  ///< as last worked out, for people; the term decides
    std::optional<std::int32_t> act_by;
    std::optional<std::int32_t> acknowledged_on;
    std::optional<std::int32_t> acted_on;
    bool acknowledge_overdue = false;
    bool act_overdue = false;
    std::uint32_t reminders = 0;  ///< how many there are to be
    std::uint32_t reminders_sent = 0;
    std::optional<abi::Period> remind_every;
    std::optional<Term> next_reminder;
    std::string escalate_to;
    bool escalated = false;
    std::optional<abi::Lineage> calendar;
    std::optional<Bytes> timer;  ///< key of its timer row

    /// Nothing more is asked of the recipient.
    [[nodiscard]] bool is_met() const {
        return acted_on.has_value() || (!act && acknowledged_on.has_value());
    }
    [[nodiscard]] bool is_to_case() const;
    bool operator==(const ObligationRow& other) const;
};

Bytes encode_obligation(const ObligationRow& row);
Result<ObligationRow> decode_obligation(BytesView bytes);
Result<std::optional<ObligationRow>> read_obligation(const state::StateView& view,
                                                     const abi::CaseId& case_id,
                                                     std::uint32_t ordinal);

/// What an obligation waits for next.
enum class Waiting : std::uint8_t { nothing, acknowledgement, act, reminder };
struct NextTerm {
    Waiting waiting = Waiting::nothing;
    Due due;
    Term term;
};
/// The earliest of its open terms; acknowledgement before act before reminder if they are equal.
Result<NextTerm> next_term(const ObligationRow& row, const state::StateView& view,
                           const CivilClock& clock);

/// Replaces the obligation's timer by one for its next term, in the row and in the state. The row
/// still has to be stored.
Result<> rearm_obligation(state::Overlay& overlay, const CivilClock& clock,
                          const abi::CaseId& case_id, std::uint32_t ordinal, ObligationRow& row,
                          std::uint64_t height, std::uint32_t position,
                          std::uint32_t arming_ordinal);

}  // namespace aqd::system
