#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace aqd::abi {

/// The version whose tables `check_text` uses. Part of the agreement of compiler and machine.
inline constexpr std::string_view unicode_version = "15.0.0";

/// Why octets are not a text of the language (semantics 30).
enum class TextFault : std::uint8_t {
    none,
    not_utf8,
    control,       ///< a control character other than the newline
    reorders,      ///< a bidirectional embedding, override or isolate
    too_long,      ///< more code points than asked for
    not_composed,  ///< not in Normalization Form C
};

/// "not UTF-8", "is not in Unicode's form C" …: the rest of a sentence about the text.
std::string_view text_fault_text(TextFault fault);

struct TextReport {
    TextFault fault = TextFault::none;
    std::size_t offset = 0;  ///< of the fault, in octets
    /// The characters alone do not say whether the text is composed: ask `check_composed`.
    bool is_settled = true;
};

/// All of semantics 30 but that last question, in one pass: linear, no memory. At most `most` code
/// points. Faults are those of `NFC_Quick_Check` (UAX #15, section 9) and of the order of marks.
TextReport scan_text(std::string_view text, std::uint64_t most);

/// Whether a text in which `scan_text` found no fault is in Normalization Form C: linear, and takes
/// memory for the longest run of marks.
TextReport check_composed(std::string_view text);

/// Both.
TextReport check_text(std::string_view text, std::uint64_t most = UINT64_MAX);

}  // namespace aqd::abi
