#include "vm/chain/block_log.h"

#include <aqd/crypto/sha256.h>

#include <array>
#include <string_view>

namespace aqd::chain {
namespace {

constexpr std::string_view magic = "aqd block log 1\n";
constexpr std::size_t header_size = BlockLog::empty_bytes;
static_assert(header_size == magic.size() + Hash256::size_bytes);
constexpr std::size_t checksum_size = 12;
/// Length (u32 little-endian), then the first octets of SHA-256(length ‖ record).
constexpr std::size_t frame_size = 4 + checksum_size;
/// Octets behind the last record that look like the beginning of another: more are not tried.
constexpr std::size_t most_checks = 64;

std::array<std::uint8_t, 4> encode_length(std::size_t length) {
    std::array<std::uint8_t, 4> octets{};
    for (unsigned i = 0; i < 4; ++i) {
        octets[i] = static_cast<std::uint8_t>(length >> (8 * i));
    }
    return octets;
}

std::uint32_t decode_length(BytesView octets) {
    std::uint32_t length = 0;
    for (unsigned i = 0; i < 4; ++i) {
        length |= static_cast<std::uint32_t>(octets[i]) << (8 * i);
    }
    return length;
}

bool checksum_fits(BytesView frame, BytesView record) {
    const Hash256 digest = crypto::sha256({frame.first(4), record});
    return equal(frame.subspan(4, checksum_size), digest.view().first(checksum_size));
}

/// Whether what is no record is one but for its length, or holds one that ends where the tail does:
/// then a length was damaged, and what follows it was written as a whole.
bool ends_in_whole_record(BytesView tail) {
    const std::size_t content = tail.size() - frame_size;
    Bytes mended = to_bytes(encode_length(content));
    append(mended, tail.subspan(4, checksum_size));
    if (checksum_fits(mended, tail.subspan(frame_size))) {
        return true;
    }
    std::size_t checks_left = most_checks;
    for (std::size_t at = content; at-- > 1 && checks_left > 0;) {
        const BytesView frame = tail.subspan(at, frame_size);
        const BytesView record = tail.subspan(at + frame_size);
        if (decode_length(frame) == record.size()) {
            --checks_left;
            if (checksum_fits(frame, record)) {
                return true;
            }
        }
    }
    return false;
}

}  // namespace

Result<> BlockLog::create(const std::filesystem::path& path, const Hash256& chain) {
    AQD_TRY(file, File::open(path, File::Mode::create));
    Bytes header = to_bytes(as_bytes(magic));
    aqd::append(header, chain.view());
    AQD_CHECK(file.write(0, header));
    return file.sync();
}

Result<BlockLog> BlockLog::open(const std::filesystem::path& path, const Hash256& chain,
                                bool read_only, std::uint64_t at_least) {
    AQD_TRY(file, File::open(path, read_only ? File::Mode::read : File::Mode::append));
    AQD_TRY(size, file.size());
    Bytes header(header_size);
    AQD_CHECK(file.read(0, header));
    if (!equal(BytesView(header).first(magic.size()), as_bytes(magic))) {
        return fail(ErrorCode::corrupt, path.string() + " is not a block log");
    }
    if (!equal(BytesView(header).subspan(magic.size()), chain.view())) {
        return fail(ErrorCode::denied, path.string() + " belongs to another chain");
    }
    BlockLog log(std::move(file), header_size);
    bool more = true;
    while (more) {
        AQD_TRY(taken, log.take_next(size));
        more = taken;
    }
    if (log.count() < at_least) {
        return fail(ErrorCode::corrupt,
                    "the block log has lost blocks, or is damaged: " + path.string(), log.end_);
    }
    if (log.end_ != size && !read_only) {
        AQD_CHECK(log.check_tail(size));
        AQD_CHECK(log.file_.truncate(log.end_));
        AQD_CHECK(log.file_.sync());
    }
    return log;
}

Result<bool> BlockLog::take_next(std::uint64_t file_size) {
    if (file_size - end_ < frame_size) {
        return false;
    }
    std::array<std::uint8_t, frame_size> frame{};
    AQD_CHECK(file_.read(end_, frame));
    const std::uint64_t length = decode_length(frame);
    const std::uint64_t left = file_size - end_ - frame_size;
    if (length == 0 || length > record_limit_bytes || length > left) {
        return false;
    }
    // Records before the last were whole when the next one was begun: their octets are checked when
    // they are read.
    if (length == left) {
        Bytes record(length);
        AQD_CHECK(file_.read(end_ + frame_size, record));
        if (!checksum_fits(frame, record)) {
            return false;
        }
    }
    offsets_.push_back(end_);
    end_ += frame_size + length;
    return true;
}

Result<> BlockLog::check_tail(std::uint64_t file_size) const {
    // A process that is stopped while it appends leaves the beginning of one record, or a file
    // longer than what reached it (zeros). A length in the middle that no longer leads to the next
    // record is damage instead, and nothing is cut off.
    const std::uint64_t tail = file_size - end_;
    if (tail > frame_size + record_limit_bytes) {
        return fail(ErrorCode::corrupt, "the block log is damaged", end_);
    }
    if (tail < frame_size) {
        return {};
    }
    Bytes rest(tail);
    AQD_CHECK(file_.read(end_, rest));
    if (ends_in_whole_record(rest)) {
        return fail(ErrorCode::corrupt, "the block log is damaged", end_);
    }
    const std::uint64_t length = decode_length(rest);
    if (length != 0 && length <= record_limit_bytes) {
        return {};
    }
    for (const std::uint8_t octet : rest) {
        if (octet != 0) {
            return fail(ErrorCode::corrupt, "the block log is damaged", end_);
        }
    }
    return {};
}

Result<Bytes> BlockLog::read(std::uint64_t index) const {
    if (index >= offsets_.size()) {
        return fail(ErrorCode::not_found, "there is no such block");
    }
    const std::uint64_t offset = offsets_[index];
    std::array<std::uint8_t, frame_size> frame{};
    AQD_CHECK(file_.read(offset, frame));
    const std::uint64_t end = index + 1 < offsets_.size() ? offsets_[index + 1] : end_;
    const std::uint64_t length = decode_length(frame);
    if (length != end - offset - frame_size) {
        return fail(ErrorCode::corrupt, "the block log is damaged", offset);
    }
    Bytes record(length);
    AQD_CHECK(file_.read(offset + frame_size, record));
    if (!checksum_fits(frame, record)) {
        return fail(ErrorCode::corrupt, "a block of the log is not what was written", offset);
    }
    return record;
}

Result<> BlockLog::append(BytesView record) {
    if (record.empty() || record.size() > record_limit_bytes) {
        return fail(ErrorCode::too_large,
                    "a block of " + std::to_string(record.size()) + " octets");
    }
    const auto length = encode_length(record.size());
    const Hash256 digest = crypto::sha256({length, record});
    Bytes framed = to_bytes(length);
    framed.reserve(frame_size + record.size());
    aqd::append(framed, digest.view().first(checksum_size));
    aqd::append(framed, record);
    AQD_CHECK(file_.write(end_, framed));
    AQD_CHECK(file_.sync());
    offsets_.push_back(end_);
    end_ += framed.size();
    return {};
}

}  // namespace aqd::chain
