#pragma once

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>

#include <cstdint>

namespace aqd::store {

/// Checks the structure of an LMDB 0.9 file (64-bit, little-endian) as its own format has it,
/// without LMDB: LMDB trusts its pages, and a wrong page number or offset makes it crash, loop or
/// write into pages in use, often only at a later commit. `transaction` says which of the two meta
/// pages speaks. Checked are: the meta pages; every page's own number and kind; that each page is
/// used once or free once, and none is lost; bounds and sizes of nodes; depth; order of keys within
/// the bounds that the branches above give; and all counts. Values are not looked at: they have
/// hashes. Reads each page once; `corrupt` names what it found. For any octets, however hostile.
Result<> check_pages(BytesView file, std::uint64_t transaction);

}  // namespace aqd::store
