#include <aqd/base/assert.h>
#include <aqd/host/declarations.h>

#include <algorithm>

namespace aqd::host {
namespace {

using Index = std::vector<std::pair<std::uint64_t, std::uint32_t>>;

template <class List>
Index index_of(const List& list) {
    Index index;
    index.reserve(list.size());
    for (std::uint32_t i = 0; i < list.size(); ++i) {
        index.emplace_back(abi::id8(list[i].name), i);
    }
    std::ranges::sort(index);
    return index;
}

template <class List>
auto find(const List& list, const Index& index, std::uint64_t name) -> decltype(list.data()) {
    const auto found = std::ranges::lower_bound(index, std::pair(name, std::uint32_t{0}));
    return found != index.end() && found->first == name ? &list[found->second] : nullptr;
}

}  // namespace

Declarations::Declarations(const Hash256& chain, abi::Manifest manifest)
    : manifest_(std::move(manifest)),
      roles_(index_of(manifest_.roles)),
      procedures_(index_of(manifest_.procedures)),
      registers_(index_of(manifest_.registers)),
      notices_(index_of(manifest_.notices)),
      exchanges_(index_of(manifest_.exchanges)) {
    AQD_ASSERT(!manifest_.modules.empty());
    for (const abi::Dependency& module : manifest_.modules) {
        lineages_.push_back(abi::lineage_of(chain, module.path));
    }
}

const abi::Lineage* Declarations::lineage_of(std::uint32_t module) const {
    return module < lineages_.size() ? &lineages_[module] : nullptr;
}

const abi::Role* Declarations::role(std::uint64_t name) const {
    return find(manifest_.roles, roles_, name);
}

const abi::Procedure* Declarations::procedure(std::uint64_t name) const {
    return find(manifest_.procedures, procedures_, name);
}

const abi::Register* Declarations::register_of(std::uint64_t name) const {
    return find(manifest_.registers, registers_, name);
}

const abi::Notice* Declarations::notice(std::uint64_t name) const {
    return find(manifest_.notices, notices_, name);
}

const abi::Exchange* Declarations::exchange(std::uint64_t name) const {
    return find(manifest_.exchanges, exchanges_, name);
}

const abi::Entry* Declarations::entry_for(abi::EntryKind kind, std::string_view subject,
                                          std::string_view procedure) const {
    for (const abi::Entry& entry : manifest_.entries) {
        if (entry.kind == kind && entry.subject == subject &&
            (procedure.empty() || entry.procedure == procedure)) {
            return &entry;
        }
    }
    return nullptr;
}

}  // namespace aqd::host
