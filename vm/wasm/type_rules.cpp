#include "vm/wasm/type_rules.h"

#include <map>

namespace aqd::wasm {
namespace {

/// Stands for a type itself where it refers to itself.
constexpr std::uint32_t itself = 0x3f'ffff;

struct Less {
    bool operator()(const FunctionType& a, const FunctionType& b) const {
        return a.parameters != b.parameters ? a.parameters < b.parameters : a.results < b.results;
    }
};

}  // namespace

TypeRules::TypeRules(const Module& module) {
    std::map<FunctionType, std::uint32_t, Less> known;
    canonical_.reserve(module.types.size());
    for (std::uint32_t i = 0; i < module.types.size(); ++i) {
        FunctionType type = module.types[i];
        for (std::vector<ValueType>* types : {&type.parameters, &type.results}) {
            for (ValueType& value : *types) {
                if (!is_indexed(value)) {
                    continue;
                }
                const std::uint32_t index = type_index_of(value);
                broken_ |= index > i;
                const ValueType named = reference_to(index < i ? canonical_[index] : itself);
                value = is_non_null(value) ? non_null(named) : named;
            }
        }
        canonical_.push_back(known.try_emplace(std::move(type), i).first->second);
    }
}

bool TypeRules::matches(ValueType actual, ValueType expected) const {
    if (actual == expected || actual == unknown_type || expected == unknown_type) {
        return true;
    }
    if (actual == unknown_reference) {
        return is_reference(expected);
    }
    const auto named = [this](ValueType type) {
        if (!is_indexed(type)) {
            return type;
        }
        const ValueType same = reference_to(canonical_[type_index_of(type)]);
        return is_non_null(type) ? non_null(same) : same;
    };
    return is_subtype(named(actual), named(expected));
}

}  // namespace aqd::wasm
