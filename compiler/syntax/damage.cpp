#include "compiler/syntax/damage.h"

#include <algorithm>

namespace aqd::syntax {

using source::Span;

void Damage::add(Span span, std::uint32_t after) {
    regions_.push_back({span, std::min(after, span.begin)});
}

void Damage::seal() {
    std::ranges::sort(regions_, {}, &Region::span);
    std::vector<Region> merged;
    for (const Region& region : regions_) {
        if (!merged.empty() && region.span.begin <= merged.back().span.end) {
            merged.back().span = join(merged.back().span, region.span);
            merged.back().after = std::min(merged.back().after, region.after);
        } else {
            merged.push_back(region);
        }
    }
    regions_ = std::move(merged);
}

/// The first region that ends at `begin` or later.
std::vector<Damage::Region>::const_iterator Damage::first_up_to(std::uint32_t begin) const {
    return std::ranges::lower_bound(regions_, begin, {},
                                    [](const Region& region) { return region.span.end; });
}

bool Damage::covers(Span span) const {
    auto region = first_up_to(span.begin);
    if (span.size() == 0) {
        return region != regions_.end() && region->after <= span.begin;
    }
    if (region != regions_.end() && region->span.end == span.begin) {
        ++region;
    }
    return region != regions_.end() && region->span.begin < span.end;
}

bool Damage::touches(Span span) const {
    const auto region = first_up_to(span.begin);
    return region != regions_.end() && region->after <= span.end;
}

bool Damage::may_declare(std::string_view name) const {
    return name.empty() || nameless_ || names_.contains(name);
}

std::vector<Span> Damage::within(Span span) const {
    std::vector<Span> out;
    for (auto region = first_up_to(span.begin);
         region != regions_.end() && region->after <= span.end; ++region) {
        out.push_back(region->span);
    }
    return out;
}

}  // namespace aqd::syntax
