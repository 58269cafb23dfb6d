#include "compiler/analyse/sizes.h"

#include <aqd/abi/keys.h>

#include <algorithm>

namespace aqd::analyse {

using diagnostics::Code;
using diagnostics::error;
using program::Kind;
using program::Program;
using program::TypeId;
using source::Span;

namespace {

constexpr std::uint64_t limit = std::uint64_t{1} << 40;

/// Kind, lineage and name in front of every key.
constexpr std::uint64_t key_prefix = 1 + 32 + 8;

std::uint64_t capped(std::uint64_t value) {
    return std::min(value, limit);
}

std::uint64_t head(std::uint64_t count) {
    return count < 24 ? 1 : (count < 256 ? 2 : (count < 65536 ? 3 : 5));
}

std::uint64_t fields(const Program& program, const std::vector<program::Field>& list) {
    std::uint64_t total = head(list.size());
    for (const program::Field& field : list) {
        total = capped(total + largest_encoding(program, field.type));
    }
    return total;
}

std::uint64_t enumeration(const Program& program, const program::NamedType& type) {
    std::uint64_t most = 1;
    for (const program::Variant& variant : type.variants) {
        most = std::max(most, fields(program, variant.fields) + 5);
    }
    return most;
}

std::uint64_t integer(std::uint32_t bits) {
    switch (bits) {
        case 8:
            return 2;
        case 16:
            return 3;
        case 32:
            return 5;
        case 64:
            return 9;
        default:
            return 18;  // tag, head, sixteen octets
    }
}

}  // namespace

std::uint64_t largest_encoding(const Program& program, TypeId id) {
    const program::Type& type = program.types[id];
    switch (type.kind) {
        case Kind::unit:
        case Kind::boolean:
            return 1;
        case Kind::unsigned_integer:
        case Kind::signed_integer:
            return integer(type.size);
        case Kind::decimal:
            return 18;
        case Kind::date:
            return 5;
        case Kind::months:
            return 11;
        case Kind::text:
            return capped(head(std::uint64_t{4} * type.size) + std::uint64_t{4} * type.size);
        case Kind::bytes:
            return head(type.size) + type.size;
        case Kind::hash:
        case Kind::secret:
        case Kind::person:
            return 34;
        case Kind::case_id:
        case Kind::account:
            return 21;
        case Kind::body:
            return 1 + 42 + largest_body_key;
        case Kind::option:
            return largest_encoding(program, type.items[0]);
        case Kind::list:
        case Kind::array:
            return capped(head(type.size) + type.size * largest_encoding(program, type.items[0]));
        case Kind::tuple: {
            std::uint64_t total = head(type.items.size());
            for (const TypeId item : type.items) {
                total = capped(total + largest_encoding(program, item));
            }
            return total;
        }
        case Kind::record:
        case Kind::authority:
            return fields(program, program.named_type(id).fields);
        case Kind::enumeration:
            return enumeration(program, program.named_type(id));
        default:
            return 9;
    }
}

void check_sizes(const Program& program, diagnostics::Sink& sink) {
    const std::uint64_t most = abi::largest_store_key - key_prefix;
    const auto check = [&](TypeId type, Span span, const std::string& what) {
        const std::uint64_t size = largest_encoding(program, type);
        if (size > most) {
            sink.report(
                error(Code::key_too_large, span,
                      what + " may take " + std::to_string(size) +
                          " octets, but a key has at most " + std::to_string(most),
                      "too large")
                    .with_help("use a shorter key, such as a number, or a hash of the long value"));
        }
    };
    for (const program::Register& reg : program.registers) {
        if (reg.module == 0) {
            check(reg.key, reg.span, "the key of register `" + reg.name + "`");
        }
    }
    for (const program::Procedure& procedure : program.procedures) {
        if (procedure.unique) {
            const program::DataField& field = procedure.data[*procedure.unique];
            check(field.type, field.span, "the unique value `" + field.name + "`");
        }
    }
    for (const program::NamedType& type : program.named) {
        if (type.module == 0 && type.form == abi::NamedType::Form::authority &&
            fields(program, type.fields) > largest_body_key) {
            sink.report(error(Code::key_too_large, type.span,
                              "the key of authority `" + type.name + "` may take " +
                                  std::to_string(fields(program, type.fields)) +
                                  " octets, but a body's key has at most " +
                                  std::to_string(largest_body_key),
                              "too large")
                            .with_help("name a body by a short code"));
        }
    }
}

}  // namespace aqd::analyse
