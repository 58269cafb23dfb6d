#include <aqd/abi/cbor.h>
#include <aqd/calendar/civil_date.h>
#include <aqd/crypto/sha256.h>
#include <aqd/ledger/transaction.h>

#include <array>

namespace aqd::ledger {
namespace {

constexpr std::uint64_t assertion_fields = 5;
constexpr std::uint64_t call_fields = 5;
constexpr std::uint64_t transaction_fields = 9;

std::array<std::uint8_t, 8> big_endian(std::uint64_t value) {
    std::array<std::uint8_t, 8> octets{};
    for (std::size_t i = 0; i < octets.size(); ++i) {
        octets[i] = static_cast<std::uint8_t>(value >> (56 - 8 * i));
    }
    return octets;
}

void write_assertion(abi::Writer& writer, const Assertion& assertion) {
    writer.write_array_header(assertion_fields);
    writer.write_bytes(assertion.body);
    writer.write_bytes(assertion.subject.view());
    writer.write_uint(assertion.level);
    writer.write_int(assertion.time);
    writer.write_bytes(assertion.signature.view());
}

Bytes encode(const Transaction& transaction, bool with_assertions) {
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(transaction_fields);
    writer.write_uint(transaction_version);
    writer.write_bytes(transaction.chain.view());
    writer.write_bytes(transaction.sender.view());
    writer.write_uint(transaction.nonce);
    writer.write_uint(transaction.gas_limit);
    writer.write_uint(transaction.valid_until);
    writer.write_bool(transaction.atomic);
    if (transaction.signed_on) {
        writer.write_int(*transaction.signed_on);
    } else {
        writer.write_null();
    }
    writer.write_array_header(transaction.calls.size());
    for (const Call& call : transaction.calls) {
        writer.write_array_header(call_fields);
        writer.write_text(call.module);
        writer.write_text(call.entry);
        if (call.case_id) {
            writer.write_bytes(call.case_id->view());
        } else {
            writer.write_null();
        }
        writer.write_bytes(call.arguments);
        if (call.assertion && with_assertions) {
            write_assertion(writer, *call.assertion);
        } else {
            writer.write_null();
        }
    }
    return out;
}

Hash256 id_of(BytesView encoded_body) {
    return crypto::sha256({as_bytes("aqd/transaction/v1"), encoded_body});
}

Result<Assertion> read_assertion(abi::Reader& reader) {
    Assertion assertion;
    AQD_CHECK(reader.expect_array(assertion_fields));
    AQD_TRY(body, reader.read_bytes());
    assertion.body = to_bytes(body);
    AQD_TRY(subject, reader.read_fixed<abi::Person>());
    assertion.subject = subject;
    AQD_TRY(level, reader.read_uint_up_to(UINT8_MAX));
    assertion.level = static_cast<std::uint8_t>(level);
    AQD_TRY(time, reader.read_int());
    assertion.time = time;
    AQD_TRY(signature, reader.read_fixed<crypto::Signature>());
    assertion.signature = signature;
    return assertion;
}

Result<std::string> read_name(abi::Reader& reader) {
    const std::uint64_t at = reader.offset();
    AQD_TRY(text, reader.read_text());
    if (text.empty() || text.size() > name_limit_bytes) {
        return fail(ErrorCode::invalid, "a module path or entry name must have 1 to 128 octets",
                    at);
    }
    return std::string(text);
}

Result<Call> read_call(abi::Reader& reader) {
    Call call;
    AQD_CHECK(reader.expect_array(call_fields));
    AQD_TRY(module, read_name(reader));
    call.module = std::move(module);
    AQD_TRY(entry, read_name(reader));
    call.entry = std::move(entry);
    AQD_TRY(no_case, reader.take_null());
    if (!no_case) {
        AQD_TRY(case_id, reader.read_fixed<abi::CaseId>());
        call.case_id = case_id;
    }
    AQD_TRY(arguments, reader.read_bytes());
    call.arguments = to_bytes(arguments);
    AQD_TRY(no_assertion, reader.take_null());
    if (!no_assertion) {
        AQD_TRY(assertion, read_assertion(reader));
        call.assertion = std::move(assertion);
    }
    return call;
}

Result<Transaction> read_transaction(abi::Reader& reader) {
    Transaction transaction;
    AQD_CHECK(reader.expect_array(transaction_fields));
    AQD_TRY(version, reader.read_uint());
    if (version != transaction_version) {
        return fail(ErrorCode::unsupported, "transaction version " + std::to_string(version));
    }
    AQD_TRY(chain, reader.read_fixed<Hash256>());
    transaction.chain = chain;
    AQD_TRY(sender, reader.read_fixed<crypto::PublicKey>());
    transaction.sender = sender;
    AQD_TRY(nonce, reader.read_uint());
    transaction.nonce = nonce;
    AQD_TRY(gas_limit, reader.read_uint());
    transaction.gas_limit = gas_limit;
    AQD_TRY(valid_until, reader.read_uint());
    transaction.valid_until = valid_until;
    AQD_TRY(atomic, reader.read_bool());
    transaction.atomic = atomic;
    AQD_TRY(undated, reader.take_null());
    if (!undated) {
        const std::uint64_t at = reader.offset();
        AQD_TRY(day, reader.read_int());
        if (!calendar::is_day(day)) {
            return fail(ErrorCode::invalid, "a signing date outside the years 1600 to 9999", at);
        }
        transaction.signed_on = static_cast<std::int32_t>(day);
    }
    const std::uint64_t at = reader.offset();
    AQD_TRY(count, reader.read_array_header());
    if (count == 0 || count > calls_limit) {
        return fail(ErrorCode::invalid, "a transaction has 1 to 256 calls", at);
    }
    transaction.calls.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i) {
        AQD_TRY(call, read_call(reader));
        transaction.calls.push_back(std::move(call));
    }
    return transaction;
}

struct Decoded {
    SignedTransaction transaction;
    BytesView body;
};

Result<Decoded> decode(BytesView bytes) {
    if (bytes.size() > transaction_limit_bytes) {
        return fail(ErrorCode::too_large, "a transaction of more than " +
                                              std::to_string(transaction_limit_bytes) + " octets");
    }
    abi::Reader reader(bytes);
    AQD_CHECK(reader.expect_array(2));
    const std::size_t begin = reader.offset();
    Decoded decoded;
    AQD_TRY(body, read_transaction(reader));
    decoded.transaction.body = std::move(body);
    decoded.body = bytes.subspan(begin, reader.offset() - begin);
    AQD_TRY(signature, reader.read_fixed<crypto::Signature>());
    decoded.transaction.signature = signature;
    AQD_CHECK(reader.finish());
    return decoded;
}

}  // namespace

Bytes encode_transaction(const Transaction& transaction) {
    return encode(transaction, true);
}

Hash256 transaction_id(const Transaction& transaction) {
    return id_of(encode_transaction(transaction));
}

SignedTransaction sign_transaction(Transaction transaction, const crypto::SecretKey& secret) {
    const crypto::Signature signature = crypto::sign(secret, transaction_id(transaction));
    return {std::move(transaction), signature};
}

Bytes encode_signed(const SignedTransaction& transaction) {
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(2);
    writer.write_encoded(encode_transaction(transaction.body));
    writer.write_bytes(transaction.signature.view());
    return out;
}

Result<SignedTransaction> decode_signed(BytesView bytes) {
    AQD_TRY(decoded, decode(bytes));
    return std::move(decoded.transaction);
}

Hash256 bare_digest(const Transaction& transaction) {
    return crypto::sha256({as_bytes("aqd/bare-transaction/v1"), encode(transaction, false)});
}

Hash256 audience_of(const Hash256& chain, const abi::Lineage& lineage, std::string_view entry,
                    const Hash256& bare, std::uint64_t nonce, std::uint32_t call_index) {
    const Hash256 entry_hash = crypto::sha256(as_bytes(entry));
    return crypto::sha256({as_bytes("aqd/audience/v1"), chain.view(), lineage.view(),
                           entry_hash.view(), bare.view(), big_endian(nonce),
                           big_endian(call_index)});
}

Hash256 assertion_digest(const Hash256& audience, const Assertion& assertion) {
    const std::array<std::uint8_t, 1> level{assertion.level};
    return crypto::sha256({as_bytes("aqd/assertion/v1"), audience.view(), assertion.subject.view(),
                           level, big_endian(static_cast<std::uint64_t>(assertion.time))});
}

Result<Admitted> readmit(BytesView encoded, const Hash256& chain) {
    AQD_TRY(decoded, decode(encoded));
    if (decoded.transaction.body.chain != chain) {
        return fail(ErrorCode::denied, "the transaction was signed for another chain");
    }
    Admitted admitted;
    admitted.id_ = id_of(decoded.body);
    admitted.encoded_ = to_bytes(encoded);
    admitted.sender_ = abi::account_of(decoded.transaction.body.sender.view());
    admitted.signature_ = decoded.transaction.signature;
    admitted.body_ = std::move(decoded.transaction.body);
    return admitted;
}

Result<Admitted> admit(BytesView encoded, const Hash256& chain) {
    AQD_TRY(admitted, readmit(encoded, chain));
    if (!crypto::verify(admitted.body_.sender, admitted.id_, admitted.signature_)) {
        return fail(ErrorCode::denied, "the signature does not fit the transaction and its sender");
    }
    return admitted;
}

Admitted suppose(const Transaction& transaction) {
    Admitted admitted;
    admitted.body_ = transaction;
    admitted.id_ = transaction_id(transaction);
    admitted.sender_ = abi::account_of(transaction.sender.view());
    admitted.encoded_ = encode_signed({transaction, {}});
    return admitted;
}

}  // namespace aqd::ledger
