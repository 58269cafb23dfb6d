#include "compiler/check/modules.h"

#include <algorithm>

namespace aqd::check {

using diagnostics::Code;
using diagnostics::error;

const syntax::Name* declared_name(const syntax::Item& item) {
    return std::visit(
        []<class Node>(const Node& node) -> const syntax::Name* {
            if constexpr (requires { node.name; }) {
                return &node.name;
            } else {
                return nullptr;
            }
        },
        item.node);
}

std::string_view kind_of(const syntax::Item& item) {
    return std::visit(
        syntax::Overloaded{
            [](const syntax::LegalItem&) { return std::string_view("a legal text"); },
            [](const syntax::ParameterItem&) { return std::string_view("a parameter"); },
            [](const syntax::ConstItem&) { return std::string_view("a constant"); },
            [](const syntax::DocumentItem&) { return std::string_view("a kind of document"); },
            [](const syntax::AuthorityItem&) { return std::string_view("an authority"); },
            [](const syntax::RoleItem&) { return std::string_view("a role"); },
            [](const syntax::RecordItem&) { return std::string_view("a record"); },
            [](const syntax::EnumItem&) { return std::string_view("an enumeration"); },
            [](const syntax::RegisterItem&) { return std::string_view("a register"); },
            [](const syntax::ErrorItem&) { return std::string_view("an error"); },
            [](const syntax::NoticeItem&) { return std::string_view("a notice"); },
            [](const syntax::ExchangeItem&) { return std::string_view("an exchange"); },
            [](const syntax::SuspensionItem&) { return std::string_view("a suspension"); },
            [](const syntax::FunctionItem& node) {
                return node.view ? std::string_view("a view") : std::string_view("a function");
            },
            [](const syntax::ActionItem&) { return std::string_view("an action"); },
            [](const syntax::ProcedureItem&) { return std::string_view("a procedure"); },
            [](const syntax::PartItem&) { return std::string_view("a part"); },
            [](const auto&) { return std::string_view("something else"); },
        },
        item.node);
}

Span heading(const syntax::Item& item) {
    return std::visit(
        [&]<class Node>(const Node& node) -> Span {
            if constexpr (requires { node.body.span; }) {
                return {item.span.file, item.span.begin,
                        std::max(item.span.begin, node.body.span.begin)};
            } else {
                return item.span;
            }
        },
        item.node);
}

const syntax::Damage* Modules::damage_of(Span span) const {
    for (const syntax::File* const file : damaged_) {
        if (file->span.file == span.file) {
            return &file->damage;
        }
    }
    return nullptr;
}

bool Modules::heading_broken(Span whole, const std::vector<Span>& bodies) const {
    const syntax::Damage* const damage = damage_of(whole);
    if (damage == nullptr) {
        return false;
    }
    return std::ranges::any_of(damage->within(whole), [&](Span region) {
        return std::ranges::none_of(
            bodies, [&](Span body) { return body.begin < region.begin && region.end < body.end; });
    });
}

void Modules::load(const syntax::File& file, const Imports& imports) {
    imports_ = &imports;
    load_one(file, file.module.text(), imports.source_hash, imports);
}

const syntax::File* Modules::source(std::string_view path) const {
    if (path == modules_[0].path) {
        return modules_[0].file;
    }
    const auto import = imports_->modules.find(path);
    return import != imports_->modules.end() ? import->second.file : nullptr;
}

const Symbol* Modules::find(std::uint32_t module, std::string_view name) const {
    const auto found = modules_[module].names.find(name);
    return found == modules_[module].names.end() ? nullptr : &found->second;
}

std::optional<std::uint32_t> Modules::module(std::string_view path) const {
    for (std::size_t i = 0; i < modules_.size(); ++i) {
        if (modules_[i].path == path) {
            return static_cast<std::uint32_t>(i);
        }
    }
    return std::nullopt;
}

std::uint32_t Modules::load_one(const syntax::File& file, std::string path, const Hash256& hash,
                                const Imports& imports) {
    const auto index = static_cast<std::uint32_t>(modules_.size());
    modules_.push_back({&file, std::move(path), hash, false, false, {}});
    if (!file.damage.empty()) {
        damaged_.push_back(&file);
    }
    for (const syntax::Item& item : file.items) {
        const syntax::Name* name = declared_name(item);
        if (name != nullptr && !name->text.empty()) {
            declare(index, {index, &item, name->text, name->span, false});
        }
    }
    for (const syntax::Item& item : file.items) {
        if (const auto* node = item.as<syntax::UseItem>()) {
            use(index, *node, imports);
        }
    }
    modules_[index].complete = true;
    return index;
}

void Modules::use(std::uint32_t index, const syntax::UseItem& use, const Imports& imports) {
    const std::string path = use.path.text();
    std::optional<std::uint32_t> target = module(path);
    if (target && !modules_[*target].complete) {
        std::string circle = path;
        for (std::size_t i = *target + 1; i < modules_.size(); ++i) {
            circle += modules_[i].complete ? "" : " -> " + modules_[i].path;
        }
        report(error(Code::module_circle, use.path.span,
                     "modules use each other in a circle: " + circle + " -> " + path,
                     "closes the circle")
                   .with_help("move what both need into a module of its own"));
        miss_names(index, use);
        return;
    }
    if (!target) {
        const auto import = imports.modules.find(path);
        if (import == imports.modules.end() || import->second.file == nullptr) {
            if (!broken(use.path.span)) {
                report(error(Code::unknown_module, use.path.span,
                             "there is no module `" + path + "`", "not found")
                           .with_help("modules are looked for below the roots in aqd.toml"));
            }
            miss_names(index, use);
            return;
        }
        target = load_one(*import->second.file, path, import->second.source_hash, imports);
    }
    if (use.alias) {
        declare(index, {*target, nullptr, use.alias->text, use.alias->span, false});
    }
    take_names(index, *target, use);
}

void Modules::take_names(std::uint32_t index, std::uint32_t from, const syntax::UseItem& use) {
    for (const syntax::Name& name : use.names) {
        const Symbol* symbol = find(from, name.text);
        if (symbol != nullptr && symbol->module == from && symbol->item != nullptr) {
            declare(index, {from, symbol->item, name.text, name.span, false});
            continue;
        }
        const bool maybe = lost(from, name.text) || name.text.empty();
        auto diagnostic =
            error(Code::not_declared_there, name.span,
                  "module `" + modules_[from].path + "` does not declare `" + name.text + "`",
                  "not declared there");
        if (name.text == "Body" || name.text == "CaseId" || name.text == "Account" ||
            name.text == "Person") {
            diagnostic.help.push_back("`" + name.text +
                                      "` is part of the language: leave it out here");
        } else if (symbol != nullptr && symbol->item != nullptr) {
            diagnostic.help.push_back("take it from `" + modules_[symbol->module].path +
                                      "`, which declares it");
        }
        if (!maybe) {
            report(std::move(diagnostic));
        }
        declare(index, {from, nullptr, name.text, name.span, true});
        modules_[index].incomplete = true;
    }
}

void Modules::miss_names(std::uint32_t index, const syntax::UseItem& use) {
    modules_[index].incomplete = true;
    for (const syntax::Name& name : use.names) {
        declare(index, {index, nullptr, name.text, name.span, true});
    }
    if (use.alias) {
        declare(index, {index, nullptr, use.alias->text, use.alias->span, true});
    }
}

void Modules::declare(std::uint32_t index, Symbol symbol) {
    if (symbol.name.empty()) {
        return;
    }
    auto& names = modules_[index].names;
    const auto [place, fresh] = names.try_emplace(symbol.name, symbol);
    if (!fresh) {
        report(error(Code::duplicate_name, symbol.span, "`" + symbol.name + "` is declared twice",
                     "again here")
                   .with(place->second.span, "first declared here"));
    }
}

}  // namespace aqd::check
