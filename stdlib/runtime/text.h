#pragma once

#include <stdint.h>  // NOLINT(modernize-deprecated-headers)

namespace aqd::runtime {

/// Whether octets are a text of the language (semantics 30) of at most `most` code points: UTF-8 in
/// Normalization Form C, without controls other than the newline and without bidirectional
/// embeddings, overrides and isolates.
///
/// Unicode 14. Never accepts a text that is not in form C. It also refuses the few texts in form C
/// that leave a composing mark (the Maybe of NFC_Quick_Check) behind a character with which it
/// has no composed form, unless that character is an Arabic letter, and conjoining Hangul vowels
/// and finals: none of Arabic, French or Tifinagh needs them.
bool is_good_text(const uint8_t* data, uint32_t size, uint32_t most);

}  // namespace aqd::runtime
