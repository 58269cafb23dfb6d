#pragma once

#include "compiler/check/check.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace aqd::check {

using source::Span;

/// What a name stands for in a module: a declaration of it or of a module that it uses.
struct Symbol {
    std::uint32_t module = 0;            ///< that declares it; of an alias: that it stands for
    const syntax::Item* item = nullptr;  ///< null: the alias of a module
    std::string name;
    Span span;  ///< where it became known to the module that was asked
    bool missing =
        false;  ///< could not be taken from its module: reported, and silent from then on
};

/// The name that an item declares; null for tests, listeners, uses and migrations.
const syntax::Name* declared_name(const syntax::Item& item);

/// Where an item heads its body, as opposed to the body itself; the whole item if it has none.
Span heading(const syntax::Item& item);

/// "a record", "a register": for messages.
std::string_view kind_of(const syntax::Item& item);

/// The graph of modules and what each name means in each of them.
class Modules {
  public:
    explicit Modules(diagnostics::Sink& sink) : sink_(&sink) {}

    /// Loads the module and all it uses; index 0 is the module itself.
    void load(const syntax::File& file, const Imports& imports);

    [[nodiscard]] std::size_t size() const { return modules_.size(); }
    [[nodiscard]] const syntax::File& file(std::uint32_t module) const {
        return *modules_[module].file;
    }
    [[nodiscard]] const std::string& path(std::uint32_t module) const {
        return modules_[module].path;
    }
    [[nodiscard]] const Hash256& hash(std::uint32_t module) const { return modules_[module].hash; }
    [[nodiscard]] const std::map<std::string, Symbol, std::less<>>& names(
        std::uint32_t module) const {
        return modules_[module].names;
    }

    /// Null if the name means nothing at the top of this module.
    [[nodiscard]] const Symbol* find(std::uint32_t module, std::string_view name) const;

    /// Whether names that the module wanted could not be found: an unknown name may be one of them.
    [[nodiscard]] bool incomplete(std::uint32_t module) const {
        return modules_[module].incomplete;
    }

    /// Reports, unless it only follows from what the parser could not read.
    void report(diagnostics::Diagnostic diagnostic) const {
        if (!covered(diagnostic.primary.span)) {
            sink_->report(std::move(diagnostic));
        }
    }

    /// Whether something in the span was not understood by the parser.
    [[nodiscard]] bool covered(Span span) const {
        const syntax::Damage* damage = damage_of(span);
        return damage != nullptr && damage->covers(span);
    }

    /// Whether parts of what stands in the span may be missing for that reason.
    [[nodiscard]] bool broken(Span span) const {
        const syntax::Damage* damage = damage_of(span);
        return damage != nullptr && damage->touches(span);
    }

    /// Whether a heading may lack something: of what stands in `whole` all but the bodies.
    [[nodiscard]] bool heading_broken(Span whole, const std::vector<Span>& bodies) const;

    /// Whether a name that means nothing may be declared where the parser understood nothing.
    [[nodiscard]] bool lost(std::uint32_t module, std::string_view name) const {
        return file(module).damage.may_declare(name);
    }

    /// The file of a module, also of one that is mentioned and not used; null if there is none.
    [[nodiscard]] const syntax::File* source(std::string_view path) const;

    /// Index of a loaded module, by path.
    [[nodiscard]] std::optional<std::uint32_t> module(std::string_view path) const;

  private:
    struct Loaded {
        const syntax::File* file = nullptr;
        std::string path;
        Hash256 hash;
        bool incomplete = false;
        bool complete = false;  ///< false while the modules that it uses are being loaded
        std::map<std::string, Symbol, std::less<>> names;
    };

    std::uint32_t load_one(const syntax::File& file, std::string path, const Hash256& hash,
                           const Imports& imports);
    void use(std::uint32_t module, const syntax::UseItem& use, const Imports& imports);
    void miss_names(std::uint32_t module, const syntax::UseItem& use);
    void take_names(std::uint32_t module, std::uint32_t from, const syntax::UseItem& use);
    void declare(std::uint32_t module, Symbol symbol);

    [[nodiscard]] const syntax::Damage* damage_of(Span span) const;

    diagnostics::Sink* sink_;
    const Imports* imports_ = nullptr;
    std::vector<Loaded> modules_;
    std::vector<const syntax::File*> damaged_;  ///< the files in which something was not read
};

}  // namespace aqd::check
