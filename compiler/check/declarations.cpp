#include "compiler/check/declarations.h"

#include "compiler/check/body_checker.h"
#include "compiler/check/fold.h"
#include "compiler/check/unsupported.h"

#include <aqd/calendar/civil_date.h>

#include <algorithm>

namespace aqd::check {

using diagnostics::error;

namespace {

/// Edit distance, cut off: names that differ more are not near.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) {
        row[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] =
                std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
            diagonal = above;
        }
    }
    return row[b.size()];
}

}  // namespace

std::string Declarations::closest(std::string_view name,
                                  const std::vector<std::string>& others) const {
    // What is not shown needs no advice, and names of this length are no slips: both bound the
    // time.
    constexpr std::size_t longest = 64;
    std::string best;
    if (sink_->is_full() || name.size() > longest) {
        return best;
    }
    std::size_t least = name.size() / 3 + 2;
    for (const std::string& other : others) {
        const std::size_t longer = std::max(name.size(), other.size());
        if (longer - std::min(name.size(), other.size()) >= least) {
            continue;
        }
        const std::size_t d = distance(name, other);
        if (d < least) {
            least = d;
            best = other;
        }
    }
    return best;
}

const Symbol* Declarations::find(std::uint32_t module, const syntax::Name& name,
                                 std::string_view wanted) {
    if (const Symbol* symbol = look_up(module, name.text)) {
        return symbol->missing ? nullptr : symbol;
    }
    if (lost(module, name.text)) {
        return nullptr;
    }
    auto diagnostic =
        error(Code::unknown_name, name.span,
              "there is no " + std::string(wanted) + " `" + name.text + "` here", "unknown name");
    std::vector<std::string> others;
    for (const auto& [other, symbol] : modules_->names(module)) {
        others.push_back(other);
    }
    if (const std::string near = closest(name.text, others); !near.empty()) {
        diagnostic.help.push_back("did you mean `" + near + "`?");
    } else {
        diagnostic.help.push_back("declare it, or take it from another module with `use`");
    }
    report(std::move(diagnostic));
    return nullptr;
}

void Declarations::wrong_kind(const syntax::Name& name, const Symbol& symbol,
                              std::string_view wanted) {
    if (symbol.missing) {
        return;
    }
    const std::string is = symbol.item != nullptr ? std::string(kind_of(*symbol.item)) : "a module";
    report(error(Code::wrong_kind_of_name, name.span,
                 "`" + name.text + "` is " + is + ", but a name of a " + std::string(wanted) +
                     " is wanted here",
                 "this is " + is)
               .with(symbol.span, "declared here"));
}

std::string Declarations::qualified(std::uint32_t module, std::string_view name) const {
    return modules_->path(module) + "." + std::string(name);
}

std::pair<std::uint32_t, bool> Declarations::place(const syntax::Item* item, std::size_t next) {
    const auto [where, fresh] = places_.try_emplace(item, static_cast<std::uint32_t>(next));
    return {where->second, fresh};
}

// The whole module

void Declarations::resolve_own() {
    for (std::size_t i = 0; i < modules_->size(); ++i) {
        const auto index = static_cast<std::uint32_t>(i);
        program_->modules.push_back({modules_->path(index), modules_->hash(index)});
    }
    resolve_header();
    for (const syntax::Item& item : modules_->file(0).items) {
        report_unsupported(*this, item);
        resolve_item(item);
    }
}

void Declarations::resolve_header() {
    const syntax::File& file = modules_->file(0);
    program_->path = modules_->path(0);
    program_->doc = file.doc;
    if (modules_->broken(file.header)) {
        ++trouble_;
    } else if (file.version.value == 0 || file.version.value > 0xffffffff) {
        report(error(Code::literal_out_of_range, file.version.span,
                     "a version is a number from 1 to 4294967295", "not a version"));
    }
    program_->version = static_cast<std::uint32_t>(file.version.value);
    program_->from = file.from ? days_of(file.from->value) : calendar::min_day;
    if (file.serves) {
        const auto* node = file.serves->as<syntax::NameExpr>();
        const Symbol* symbol =
            node != nullptr ? find_as<syntax::AuthorityItem>(0, node->name, "authority") : nullptr;
        if (node == nullptr) {
            report(error(Code::wrong_kind_of_name, file.serves->span, "`serves` names an authority",
                         "not an authority"));
        }
        if (symbol != nullptr) {
            program_->serves = named(*symbol);
        }
    }
}

void Declarations::resolve_item(const syntax::Item& item) {
    const syntax::Name* name = declared_name(item);
    const Symbol* symbol = name != nullptr ? look_up(0, name->text) : nullptr;
    if (symbol == nullptr || symbol->item != &item) {
        return;
    }
    const auto with = syntax::Overloaded{
        [&](const syntax::RecordItem&) { named(*symbol); },
        [&](const syntax::EnumItem&) { named(*symbol); },
        [&](const syntax::AuthorityItem&) { named(*symbol); },
        [&](const syntax::RoleItem&) { role(*symbol); },
        [&](const syntax::RegisterItem&) { reg(*symbol); },
        [&](const syntax::ParameterItem&) { parameter(*symbol); },
        [&](const syntax::ConstItem&) { constant(*symbol, symbol->span); },
        [&](const syntax::ErrorItem&) { error_text(*symbol); },
        [&](const syntax::NoticeItem&) { notice(*symbol); },
        [&](const syntax::ExchangeItem&) { exchange(*symbol); },
        [&](const syntax::DocumentItem&) { document(*symbol); },
        [&](const syntax::FunctionItem&) { function(*symbol); },
        [](const auto&) {},
    };
    std::visit(with, item.node);
}

void Declarations::finish_functions() {
    while (!pending_.empty()) {
        const Pending next = pending_.front();
        pending_.pop_front();
        check_function(*this, next.module, *next.item->as<syntax::FunctionItem>(), next.function);
    }
}
// Texts, dates, periods

std::string Declarations::basis(std::uint32_t module, const syntax::Name& name) {
    const Symbol* symbol = find_as<syntax::LegalItem>(module, name, "legal text");
    if (symbol == nullptr) {
        return {};
    }
    const auto& item = *symbol->item->as<syntax::LegalItem>();
    return item.kind.text + " " + item.reference.value +
           (item.article ? " article " + item.article->value : "");
}

std::string Declarations::basis(std::uint32_t module, const std::vector<syntax::Name>& names) {
    std::string out;
    for (const syntax::Name& name : names) {
        out += (out.empty() ? "" : ", ") + basis(module, name);
    }
    return out;
}

std::optional<abi::Period> Declarations::period(std::uint32_t module,
                                                const syntax::Duration& duration) {
    ExprPtr term = check_term(*this, module, duration);
    if (term == nullptr) {
        return std::nullopt;
    }
    ExprPtr value = fold(*this, std::move(term));
    if (value == nullptr) {
        return std::nullopt;
    }
    const Kind kind = types().kind(value->type);
    if (const auto* months = value->as<program::MonthsLiteral>()) {
        return abi::Period{months->count, 2};
    }
    const auto amount = static_cast<std::uint64_t>(value->as<program::NumberLiteral>()->magnitude);
    const auto unit = static_cast<std::uint8_t>(
        kind == Kind::days ? 0 : (kind == Kind::workdays ? 1 : (kind == Kind::hours ? 3 : 4)));
    return abi::Period{amount, unit};
}

std::int32_t Declarations::days_of(const syntax::DateLiteral& date) {
    return calendar::day_from_civil({date.year, date.month, date.day});
}

std::string Declarations::text(const syntax::Duration& duration) {
    if (const auto* name = std::get_if<syntax::Name>(&duration.value)) {
        return name->text;
    }
    const auto& literal = std::get<syntax::DurationLiteral>(duration.value);
    std::string out =
        std::to_string(literal.count) + " " + std::string(lex::unit_text(literal.unit));
    out += literal.count == 1 ? "" : "s";
    if (literal.rounding != syntax::Rounding::unsaid) {
        out += literal.rounding == syntax::Rounding::up ? " round up" : " round down";
    }
    return out;
}

std::vector<abi::Label> Declarations::labels(const std::vector<syntax::LanguageText>& texts) {
    static constexpr std::string_view names[] = {"fr", "ar", "en", "zgh"};
    std::vector<abi::Label> out;
    out.reserve(texts.size());
    for (const syntax::LanguageText& text : texts) {
        out.push_back(
            {std::string(names[static_cast<std::size_t>(text.language)]), text.text.value});
    }
    return out;
}

}  // namespace aqd::check
