#include "compiler/program/program.h"

namespace aqd::program {

namespace {

std::string items_text(const Program& program, const std::vector<TypeId>& items) {
    std::string out;
    for (const TypeId item : items) {
        out += (out.empty() ? "" : ", ") + type_text(program, item);
    }
    return out;
}

std::string_view plain_name(Kind kind) {
    switch (kind) {
        case Kind::unit:
            return "nothing";
        case Kind::boolean:
            return "bool";
        case Kind::date:
            return "date";
        case Kind::time:
            return "time";
        case Kind::days:
            return "days";
        case Kind::workdays:
            return "workdays";
        case Kind::months:
            return "months";
        case Kind::hours:
            return "hours";
        case Kind::hash:
            return "hash";
        case Kind::case_id:
            return "CaseId";
        case Kind::account:
            return "Account";
        case Kind::body:
            return "Body";
        case Kind::person:
            return "Person";
        case Kind::seconds:
            return "seconds";
        case Kind::minutes:
            return "minutes";
        case Kind::recipients:
            return "recipients";
        default:
            return "?";
    }
}

}  // namespace

std::string type_text(const Program& program, TypeId id) {
    const Type& type = program.types[id];
    const std::string size = std::to_string(type.size);
    switch (type.kind) {
        case Kind::unsigned_integer:
            return "u" + size;
        case Kind::signed_integer:
            return "i" + size;
        case Kind::decimal:
            return "decimal[" + size + "]";
        case Kind::text:
            return "text[" + size + "]";
        case Kind::bytes:
            return "bytes[" + size + "]";
        case Kind::option:
            return type_text(program, type.items[0]) + "?";
        case Kind::list:
            return "list[" + type_text(program, type.items[0]) + ", " + size + "]";
        case Kind::array:
            return "[" + type_text(program, type.items[0]) + "; " + size + "]";
        case Kind::tuple:
            return "(" + items_text(program, type.items) + ")";
        case Kind::record:
        case Kind::enumeration:
        case Kind::authority:
            return program.named_type(id).name;
        case Kind::secret:
            return "secret " + type_text(program, type.items[0]);
        default:
            return std::string(plain_name(type.kind));
    }
}

}  // namespace aqd::program
