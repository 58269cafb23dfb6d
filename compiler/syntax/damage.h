#pragma once

#include "compiler/source/span.h"

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace aqd::syntax {

/// What the parser could not read of a file. Later stages look at the rest all the same, and keep
/// quiet about what only follows from the damage: it was reported already.
class Damage {
  public:
    /// Nothing of `span` was understood; what was before it ends at `after`.
    void add(source::Span span, std::uint32_t after);

    /// A word that stands where nothing was understood: perhaps a declaration of this name.
    void lose_name(std::string name) { names_.insert(std::move(name)); }

    /// Something is declared whose name is missing, so that any unknown name may be its.
    void lose_any_name() { nameless_ = true; }

    /// After the last `add`, before the first question.
    void seal();

    [[nodiscard]] bool empty() const { return regions_.empty() && !nameless_; }

    /// Whether something that was not understood lies in the span or reaches into it.
    [[nodiscard]] bool covers(source::Span span) const;

    /// Whether parts of what stands in the span may be missing: the damage may also adjoin it.
    [[nodiscard]] bool touches(source::Span span) const;

    /// Whether a name that is not declared may be declared in what was not understood.
    [[nodiscard]] bool may_declare(std::string_view name) const;

    /// The regions within a span, which they may adjoin.
    [[nodiscard]] std::vector<source::Span> within(source::Span span) const;

  private:
    struct Region {
        source::Span span;
        std::uint32_t after = 0;
    };
    [[nodiscard]] std::vector<Region>::const_iterator first_up_to(std::uint32_t end) const;

    std::vector<Region> regions_;
    std::set<std::string, std::less<>> names_;
    bool nameless_ = false;
};

}  // namespace aqd::syntax
