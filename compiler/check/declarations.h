#pragma once

#include "compiler/check/modules.h"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace aqd::check {

using diagnostics::Code;
using program::ExprPtr;
using program::Kind;
using program::NamedId;
using program::TypeId;

/// Where nothing is known of the wanted type.
inline constexpr TypeId no_type{0xffffffff};

/// A parameter or field as an argument list sees it.
struct Wanted {
    std::string name;
    TypeId type{};
    const syntax::Expr* initial =
        nullptr;  ///< what a left-out argument becomes; null: it must be given
};

/// Resolves what stands at the top of modules, each thing when it is first needed, so that a
/// program holds what it uses and no more. Everything of this module is resolved by `resolve_own`.
class Declarations {
  public:
    Declarations(Modules& modules, program::Program& program, diagnostics::Sink& sink)
        : modules_(&modules), program_(&program), sink_(&sink) {}

    void resolve_own();

    /// Checks the bodies of the functions that were asked for, until none is left.
    void finish_functions();

    [[nodiscard]] const Modules& modules() const { return *modules_; }
    [[nodiscard]] program::Program& program() { return *program_; }
    [[nodiscard]] program::TypeTable& types() { return program_->types; }
    diagnostics::Sink& sink() { return *sink_; }

    /// Where the first entry of this name was declared; `span` becomes it if there is none yet.
    Span entry_name(const std::string& name, Span span) {
        return entry_names_.try_emplace(name, span).first->second;
    }

    /// Reports, unless it only follows from what the parser could not read.
    void report(diagnostics::Diagnostic diagnostic) {
        ++trouble_;
        modules_->report(std::move(diagnostic));
    }

    /// Grows with everything that is wrong, also where nothing is reported because the parser
    /// reported its cause: what was checked since may be incomplete.
    [[nodiscard]] std::size_t trouble() const { return trouble_; }

    /// True if the unknown name may be declared where the parser understood nothing, so that
    /// nothing more is said about it.
    bool lost(std::uint32_t module, std::string_view name) {
        const bool maybe = modules_->lost(module, name);
        trouble_ += maybe ? 1U : 0U;
        return maybe;
    }

    /// True if parts of a declaration may be missing, so that nothing is said about their lack.
    bool broken(const Symbol& symbol) {
        const bool maybe = symbol.item != nullptr && modules_->broken(heading(*symbol.item));
        trouble_ += maybe ? 1U : 0U;
        return maybe;
    }
    bool broken(NamedId named) {
        const bool maybe = broken_.contains(named);
        trouble_ += maybe ? 1U : 0U;
        return maybe;
    }

    // Types

    TypeId unit() { return types().of(Kind::unit); }
    TypeId boolean() { return types().of(Kind::boolean); }
    TypeId unsigned_type(std::uint32_t bits) { return types().of(Kind::unsigned_integer, bits); }
    TypeId error_type() { return types().of(Kind::error); }
    TypeId option_of(TypeId type) { return types().of(Kind::option, type); }
    /// Whether the type is not known, or not in all its parts.
    bool unknown(TypeId type);
    std::string text(TypeId type) { return program::type_text(*program_, type); }

    /// The type as written in this module; `error_type()` after a report.
    TypeId type(std::uint32_t module, const syntax::Type& type);

    /// The types without brackets: `u32`, `date`, `CaseId`; nothing for other names.
    std::optional<TypeId> plain_type(std::string_view name);

    /// A size between 1 and 2^20.
    std::optional<std::uint32_t> size(std::uint32_t module, const syntax::Size& size);

    // Lookup. A report and nothing if the name is unknown or stands for something else.

    const Symbol* find(std::uint32_t module, const syntax::Name& name, std::string_view wanted);
    [[nodiscard]] const Symbol* look_up(std::uint32_t module, std::string_view name) const {
        return modules_->find(module, name);
    }
    void wrong_kind(const syntax::Name& name, const Symbol& symbol, std::string_view wanted);

    /// A name that was declared and lies near; empty if none does.
    [[nodiscard]] std::string closest(std::string_view name,
                                      const std::vector<std::string>& others) const;

    template <class Node>
    const Symbol* find_as(std::uint32_t module, const syntax::Name& name, std::string_view wanted) {
        const Symbol* symbol = find(module, name, wanted);
        if (symbol != nullptr && (symbol->item == nullptr || symbol->item->as<Node>() == nullptr)) {
            wrong_kind(name, *symbol, wanted);
            return nullptr;
        }
        return symbol;
    }

    // Indices into the program's tables

    NamedId named(const Symbol& symbol);
    std::uint32_t role(const Symbol& symbol);
    std::uint32_t reg(const Symbol& symbol);
    std::uint32_t parameter(const Symbol& symbol);
    std::uint32_t notice(const Symbol& symbol);
    std::uint32_t exchange(const Symbol& symbol);
    std::uint32_t document(const Symbol& symbol);
    std::uint32_t error_text(const Symbol& symbol);
    std::uint32_t unnamed_error(const std::string& words);
    std::uint32_t function(const Symbol& symbol);

    /// The value of a constant, to be copied; null after a report.
    ExprPtr constant(const Symbol& symbol, Span span);

    /// The enumeration `exchange`.reply.
    TypeId reply_type(std::uint32_t exchange);
    [[nodiscard]] bool is_reply(NamedId named) const { return replies_.contains(named); }

    /// Variants of this name of the enumerations that the module can name.
    std::vector<std::pair<NamedId, std::uint32_t>> variants(std::uint32_t module,
                                                            std::string_view name);

    /// Fields with their defaults, for building a value.
    std::vector<Wanted> record_fields(NamedId named);
    std::uint32_t module_of(NamedId named) {
        return program_->named[static_cast<std::size_t>(named)].module;
    }

    /// `law 37-99 article 24`; empty after a report.
    std::string basis(std::uint32_t module, const syntax::Name& name);
    std::string basis(std::uint32_t module, const std::vector<syntax::Name>& names);

    /// A literal duration, or a constant one, where the amount must be known.
    std::optional<abi::Period> period(std::uint32_t module, const syntax::Duration& duration);

    /// As written: "30 days", "examination".
    static std::string text(const syntax::Duration& duration);
    static std::string text(const syntax::Actor& actor);
    static std::string text(const syntax::Expr& expr);
    static std::vector<abi::Label> labels(const std::vector<syntax::LanguageText>& texts);
    static std::int32_t days_of(const syntax::DateLiteral& date);

    /// A constant expression of this type; null after a report.
    ExprPtr constant_expr(std::uint32_t module, const syntax::Expr& expr, TypeId type);

    /// The same where the expression gives the type.
    ExprPtr constant_expr(std::uint32_t module, const syntax::Expr& expr);

    /// Whether values of the type may be compared and stored openly: it holds no secret.
    bool holds_secret(TypeId type);

  private:
    struct Pending {
        std::uint32_t function = 0;
        std::uint32_t module = 0;
        const syntax::Item* item = nullptr;
    };

    TypeId named_type(std::uint32_t module, const syntax::Type& whole,
                      const syntax::NamedType& type);
    std::optional<TypeId> bounded_type(std::uint32_t module, const syntax::Type& whole,
                                       const syntax::NamedType& type);
    std::optional<std::uint32_t> first_size(std::uint32_t module,
                                            const syntax::TypeArguments& arguments);
    TypeId sized(Kind kind, TypeId item, std::uint32_t size, Span span);
    std::optional<std::uint32_t> checked_size(UInt128 value, Span span);

    std::vector<program::Field> fields(std::uint32_t module,
                                       const std::vector<syntax::Field>& fields, bool secrets);
    std::vector<program::Field> fields(std::uint32_t module,
                                       const std::vector<syntax::Param>& params);
    void fill_record(std::uint32_t module, const syntax::RecordItem& item, std::size_t at);
    void fill_enumeration(std::uint32_t module, const syntax::EnumItem& item, std::size_t at);
    void fill_authority(std::uint32_t module, const syntax::AuthorityItem& item, std::size_t at);
    void fill_register(std::uint32_t module, const syntax::Item& whole, std::size_t at);
    void refuse_bodies(const program::Expr& value);
    void fill_parameter(std::uint32_t module, const syntax::ParameterItem& item, std::size_t at);
    void fill_notice(std::uint32_t module, const syntax::NoticeItem& item, std::size_t at);
    void fill_exchange(std::uint32_t module, const syntax::ExchangeItem& item, std::size_t at);
    void check_held(const std::string& document, const syntax::Path& where);
    void resolve_header();
    void resolve_item(const syntax::Item& item);
    void unsupported_parts(const syntax::Item& item);
    void check_storable(TypeId type, Span span, std::string_view what);

    /// False, and a report, where types or constants need each other too deeply.
    bool deep_enough(NamedId named);
    unsigned depth(TypeId type);
    void finish_attributes();

    /// Index of an item in its table; the second is true if it was just given.
    std::pair<std::uint32_t, bool> place(const syntax::Item* item, std::size_t next);
    [[nodiscard]] std::string qualified(std::uint32_t module, std::string_view name) const;

    Modules* modules_;
    program::Program* program_;
    diagnostics::Sink* sink_;
    std::map<const syntax::Item*, std::uint32_t> places_;
    std::set<const syntax::Item*> open_;  ///< whose fields are being resolved
    std::map<NamedId, const syntax::RecordItem*> records_;
    std::map<NamedId, unsigned> depths_;  ///< of records and enumerations within each other
    std::deque<NamedId> attributes_;      ///< authorities whose attributes are not resolved yet
    std::map<NamedId, const syntax::AuthorityItem*> authorities_;
    std::map<
        std::uint32_t,
        std::map<std::string, std::vector<std::pair<const Symbol*, std::uint32_t>>, std::less<>>>
        variants_;  ///< by module and name
    std::set<NamedId> replies_;
    std::map<std::uint32_t, TypeId> reply_types_;
    std::map<const syntax::Item*, ExprPtr> constants_;
    std::map<std::string, std::uint32_t> unnamed_errors_;
    std::deque<Pending> pending_;
    std::map<std::string, Span> entry_names_;
    std::set<NamedId> broken_;  ///< of whose declarations the parser did not understand all
    std::size_t trouble_ = 0;
};

}  // namespace aqd::check
