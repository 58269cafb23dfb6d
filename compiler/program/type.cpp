#include "compiler/program/type.h"

namespace aqd::program {

TypeId TypeTable::intern(Type type) {
    const auto found = ids_.find(type);
    if (found != ids_.end()) {
        return found->second;
    }
    const auto id = static_cast<TypeId>(types_.size());
    types_.push_back(type);
    ids_.emplace(std::move(type), id);
    return id;
}

}  // namespace aqd::program
