#include "compiler/lower/layout.h"

#include <algorithm>

namespace aqd::lower {

using program::Kind;
using program::TypeId;

namespace {

constexpr std::uint64_t largest_value = std::uint64_t{1} << 20;

std::vector<TypeId> field_types(const std::vector<program::Field>& fields) {
    std::vector<TypeId> types;
    types.reserve(fields.size());
    for (const program::Field& field : fields) {
        types.push_back(field.type);
    }
    return types;
}

}  // namespace

std::vector<TypeId> part_types(const program::Program& program, TypeId type) {
    const program::Type& shape = program.types[type];
    if (shape.kind == Kind::tuple) {
        return shape.items;
    }
    return field_types(program.named_type(type).fields);
}

Layouts::Layouts(const program::Program& program, llvm::LLVMContext& context,
                 const llvm::DataLayout& data)
    : program_(program),
      context_(context),
      data_(data),
      slice_(llvm::StructType::get(
          context, {llvm::PointerType::getUnqual(context), llvm::Type::getInt32Ty(context)})) {}

const Layout& Layouts::operator[](TypeId type) {
    const auto found = layouts_.find(type);
    if (found != layouts_.end()) {
        return found->second;
    }
    const Layout layout = make(program_.types[type], type);
    return layouts_.emplace(type, layout).first->second;
}

std::uint32_t Layouts::fixed_size(Kind kind) {
    switch (kind) {
        case Kind::hash:
        case Kind::person:
        case Kind::secret:
            return 32;
        case Kind::case_id:
        case Kind::account:
            return 20;
        default:
            return 0;
    }
}

std::uint32_t Layouts::bits(const program::Type& type) {
    switch (type.kind) {
        case Kind::unit:
        case Kind::boolean:
            return 1;
        case Kind::unsigned_integer:
        case Kind::signed_integer:
            return type.size;
        case Kind::decimal:
            return 128;
        case Kind::date:
        case Kind::enumeration:
            return 32;
        default:
            return 64;
    }
}

Layout Layouts::scalar(llvm::Type* type, bool refers) {
    return {true, type, data_.getTypeAllocSize(type).getFixedValue(), refers, false};
}

Layout Layouts::memory(llvm::Type* type, bool refers, bool has_body) {
    const std::uint64_t size = data_.getTypeAllocSize(type).getFixedValue();
    too_large_ = too_large_ || size > largest_value;
    return {false, type, size, refers, has_body};
}

Layout Layouts::make(const program::Type& type, TypeId id) {
    switch (type.kind) {
        case Kind::hash:
        case Kind::person:
        case Kind::secret:
        case Kind::case_id:
        case Kind::account:
            return scalar(llvm::PointerType::getUnqual(context_), true);
        case Kind::text:
        case Kind::bytes:
        case Kind::recipients:
            return memory(slice_, true, false);
        case Kind::body:
            return memory(slice_, true, true);
        case Kind::months:
            return memory(llvm::StructType::get(context_, {llvm::Type::getInt64Ty(context_),
                                                           llvm::Type::getInt32Ty(context_)}),
                          false, false);
        case Kind::option:
            return make_option(type);
        case Kind::list:
            return make_list(type);
        case Kind::array: {
            const Layout item = (*this)[type.items[0]];
            return memory(llvm::ArrayType::get(item.type, type.size), item.refers, item.has_body);
        }
        case Kind::tuple:
        case Kind::record:
            return make_struct(part_types(program_, id), false);
        case Kind::authority:
            return make_struct(part_types(program_, id), true);
        case Kind::enumeration:
            return make_enumeration(id);
        default:
            return scalar(llvm::IntegerType::get(context_, bits(type)));
    }
}

llvm::StructType* Layouts::make_fields(const std::vector<TypeId>& parts) {
    std::vector<llvm::Type*> types;
    types.reserve(parts.size());
    for (const TypeId part : parts) {
        types.push_back((*this)[part].type);
    }
    // A value takes room even if it says nothing.
    if (types.empty()) {
        types.push_back(llvm::Type::getInt8Ty(context_));
    }
    return llvm::StructType::get(context_, types);
}

Layout Layouts::make_struct(const std::vector<TypeId>& parts, bool has_body) {
    bool refers = false;
    for (const TypeId part : parts) {
        refers = refers || (*this)[part].refers;
        has_body = has_body || (*this)[part].has_body;
    }
    return memory(make_fields(parts), refers, has_body);
}

Layout Layouts::make_option(const program::Type& type) {
    const Layout item = (*this)[type.items[0]];
    return memory(llvm::StructType::get(context_, {llvm::Type::getInt1Ty(context_), item.type}),
                  item.refers, item.has_body);
}

Layout Layouts::make_list(const program::Type& type) {
    const Layout item = (*this)[type.items[0]];
    return memory(llvm::StructType::get(context_, {llvm::Type::getInt32Ty(context_),
                                                   llvm::ArrayType::get(item.type, type.size)}),
                  item.refers, item.has_body);
}

bool Layouts::is_plain(TypeId enumeration) const {
    const program::NamedType& named = program_.named_type(enumeration);
    return std::ranges::all_of(
        named.variants, [](const program::Variant& variant) { return variant.fields.empty(); });
}

llvm::StructType* Layouts::variant(TypeId enumeration, std::uint32_t variant) {
    return make_fields(field_types(program_.named_type(enumeration).variants[variant].fields));
}

Layout Layouts::make_enumeration(TypeId id) {
    if (is_plain(id)) {
        return scalar(llvm::Type::getInt32Ty(context_));
    }
    const program::NamedType& named = program_.named_type(id);
    std::uint64_t size = 0;
    std::uint64_t alignment = 1;
    bool refers = false;
    bool has_body = false;
    for (std::uint32_t i = 0; i < named.variants.size(); ++i) {
        llvm::StructType* const fields = variant(id, i);
        size = std::max(size, data_.getTypeAllocSize(fields).getFixedValue());
        alignment = std::max(alignment, data_.getABITypeAlign(fields).value());
        for (const program::Field& field : named.variants[i].fields) {
            refers = refers || (*this)[field.type].refers;
            has_body = has_body || (*this)[field.type].has_body;
        }
    }
    auto* const word = llvm::IntegerType::get(context_, static_cast<unsigned>(8 * alignment));
    auto* const payload = llvm::ArrayType::get(word, (size + alignment - 1) / alignment);
    return memory(llvm::StructType::get(context_, {llvm::Type::getInt32Ty(context_), payload}),
                  refers, has_body);
}

}  // namespace aqd::lower
