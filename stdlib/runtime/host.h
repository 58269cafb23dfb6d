#pragma once

#include <stdint.h>  // NOLINT(modernize-deprecated-headers)

// The host functions that the runtime itself calls. The rest of the table is declared by
// `compiler/lower` where a contract needs it. Names in the bitcode are `aqd_host_` and the name of
// the row, so that both meet at the same symbol.

#define AQD_IMPORT(name) __attribute__((import_module("aqd"), import_name(#name))) extern "C"

AQD_IMPORT(args_read) void aqd_host_args_read(uint8_t* out);
AQD_IMPORT(refuse) [[noreturn]] void aqd_host_refuse(int32_t code);
AQD_IMPORT(text_check)
int32_t aqd_host_text_check(const uint8_t* data, uint32_t size, uint32_t most);
AQD_IMPORT(register_get)
int32_t aqd_host_register_get(int32_t module, int64_t name, const uint8_t* key, uint32_t key_size,
                              uint8_t* out, uint32_t capacity);
AQD_IMPORT(body_attributes)
int32_t aqd_host_body_attributes(int32_t module, int64_t authority, const uint8_t* keys,
                                 uint32_t keys_size, uint8_t* out, uint32_t capacity);
AQD_IMPORT(authority_tag)
void aqd_host_authority_tag(int32_t module, int64_t authority, uint8_t* out);
AQD_IMPORT(caller_body) int32_t aqd_host_caller_body(uint8_t* out, uint32_t capacity);
AQD_IMPORT(case_data) int32_t aqd_host_case_data(uint8_t* out, uint32_t capacity);
AQD_IMPORT(notice_recipients)
int32_t aqd_host_notice_recipients(int32_t module, int64_t notice, uint8_t* out, uint32_t capacity);

#undef AQD_IMPORT

namespace aqd::runtime {

/// The refusals that the runtime gives by itself; the numbers are those of `refusals.def`.
inline constexpr int32_t refusal_decode = 1;
inline constexpr int32_t refusal_too_long = 20;
inline constexpr int32_t refusal_out_of_memory = 65;

}  // namespace aqd::runtime
