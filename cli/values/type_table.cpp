#include "cli/values/type_table.h"

namespace aqd::values {

std::string_view last_part(std::string_view full_name) {
    const std::size_t dot = full_name.rfind('.');
    return dot == std::string_view::npos ? full_name : full_name.substr(dot + 1);
}

std::string_view module_part(std::string_view full_name) {
    const std::size_t dot = full_name.rfind('.');
    return dot == std::string_view::npos ? std::string_view() : full_name.substr(0, dot);
}

void TypeTable::add(const abi::Manifest& manifest) {
    for (const abi::NamedType& type : manifest.types) {
        const bool is_new = types_.emplace(type.name, type).second;
        if (is_new && type.form == abi::NamedType::Form::authority) {
            tags_.emplace(tag_of(type.name), type.name);
        }
    }
}

const abi::NamedType* TypeTable::find(std::string_view full_name) const {
    const auto found = types_.find(full_name);
    return found == types_.end() ? nullptr : &found->second;
}

Result<const abi::NamedType*> TypeTable::authority(std::string_view name) const {
    const abi::NamedType* found = nullptr;
    std::string fitting;
    for (const auto& [full_name, type] : types_) {
        if (type.form != abi::NamedType::Form::authority) {
            continue;
        }
        if (full_name == name) {
            return &type;
        }
        if (last_part(full_name) == name) {
            fitting += (fitting.empty() ? "" : ", ") + full_name;
            found = found == nullptr ? &type : found;
        }
    }
    if (found == nullptr) {
        return fail(ErrorCode::not_found,
                    "no module declares an authority \"" + std::string(name) + "\"");
    }
    if (found->name != fitting) {
        return fail(ErrorCode::invalid, "\"" + std::string(name) + "\" may be one of " + fitting);
    }
    return found;
}

const abi::NamedType* TypeTable::authority_of_tag(BytesView tag) const {
    const auto found = tags_.find(to_bytes(tag));
    return found == tags_.end() ? nullptr : find(found->second);
}

Bytes TypeTable::tag_of(std::string_view full_name) const {
    return abi::authority_tag(abi::lineage_of(chain_, module_part(full_name)),
                              abi::id8(last_part(full_name)));
}

namespace {

std::string joined(const std::vector<abi::Type>& items) {
    std::string text;
    for (const abi::Type& item : items) {
        text += (text.empty() ? "" : ", ") + type_text(item);
    }
    return text;
}

}  // namespace

std::string type_text(const abi::Type& type) {
    const std::string size = std::to_string(type.size);
    switch (type.kind) {
        case abi::TypeKind::unit:
            return "()";
        case abi::TypeKind::boolean:
            return "bool";
        case abi::TypeKind::unsigned_integer:
            return "u" + size;
        case abi::TypeKind::signed_integer:
            return "i" + size;
        case abi::TypeKind::decimal:
            return "decimal[" + size + "]";
        case abi::TypeKind::date:
            return "date";
        case abi::TypeKind::time:
            return "time";
        case abi::TypeKind::days:
            return "days";
        case abi::TypeKind::workdays:
            return "workdays";
        case abi::TypeKind::months:
            return "months";
        case abi::TypeKind::hours:
            return "hours";
        case abi::TypeKind::text:
            return "text[" + size + "]";
        case abi::TypeKind::bytes:
            return "bytes[" + size + "]";
        case abi::TypeKind::hash:
            return "hash";
        case abi::TypeKind::case_id:
            return "CaseId";
        case abi::TypeKind::account:
            return "Account";
        case abi::TypeKind::body:
            return "Body";
        case abi::TypeKind::option:
            return joined(type.items) + "?";
        case abi::TypeKind::list:
            return "list[" + joined(type.items) + ", " + size + "]";
        case abi::TypeKind::array:
            return "[" + joined(type.items) + "; " + size + "]";
        case abi::TypeKind::tuple:
            return "(" + joined(type.items) + ")";
        case abi::TypeKind::record:
        case abi::TypeKind::enumeration:
        case abi::TypeKind::authority:
            return std::string(last_part(type.name));
        case abi::TypeKind::secret:
            return "secret " + joined(type.items);
        case abi::TypeKind::person:
            return "person";
        case abi::TypeKind::seconds:
            return "seconds";
    }
    return "?";
}

}  // namespace aqd::values
