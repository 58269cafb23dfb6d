#include "compiler/check/coverage.h"

#include <algorithm>

namespace aqd::check {

namespace {

bool same_head(const Shape& a, const Shape& b) {
    return a.kind == b.kind && a.ordinal == b.ordinal && a.literal == b.literal;
}

}  // namespace

/// Every constructor of the type, or nothing if there is no complete list (numbers, texts).
std::vector<Shape> Coverage::heads(TypeId id) {
    const program::Type type = declarations_->types()[id];
    switch (type.kind) {
        case Kind::boolean:
            return {{Shape::Kind::truth, 0, {}, {}}, {Shape::Kind::truth, 1, {}, {}}};
        case Kind::option:
            return {{Shape::Kind::none, 0, {}, {}}, {Shape::Kind::some, 0, {}, {}}};
        case Kind::tuple:
            return {{Shape::Kind::tuple, 0, {}, {}}};
        case Kind::enumeration: {
            std::vector<Shape> out;
            const auto& variants =
                declarations_->program().named[static_cast<std::size_t>(type.named)].variants;
            out.reserve(variants.size());
            for (std::size_t i = 0; i < variants.size(); ++i) {
                out.push_back({Shape::Kind::variant, static_cast<std::uint32_t>(i), {}, {}});
            }
            return out;
        }
        default:
            return {};
    }
}

std::vector<TypeId> Coverage::parts(const Shape& head, TypeId id) {
    const program::Type type = declarations_->types()[id];
    if (head.kind == Shape::Kind::some || head.kind == Shape::Kind::tuple) {
        return type.items;
    }
    std::vector<TypeId> out;
    if (head.kind == Shape::Kind::variant) {
        const program::NamedType& named =
            declarations_->program().named[static_cast<std::size_t>(type.named)];
        for (const program::Field& field : named.variants[head.ordinal].fields) {
            out.push_back(field.type);
        }
    }
    return out;
}

std::vector<Coverage::Row> Coverage::specialise(const std::vector<Row>& rows, const Shape& head,
                                                std::size_t width) {
    std::vector<Row> out;
    for (const Row& row : rows) {
        Row made;
        if (row.front().kind == Shape::Kind::any) {
            made.resize(width);
        } else if (same_head(row.front(), head)) {
            made = row.front().items;
            made.resize(width);
        } else {
            continue;
        }
        made.insert(made.end(), row.begin() + 1, row.end());
        out.push_back(std::move(made));
    }
    return out;
}

std::vector<Coverage::Row> Coverage::without_head(const std::vector<Row>& rows) {
    std::vector<Row> out;
    for (const Row& row : rows) {
        if (row.front().kind == Shape::Kind::any) {
            out.emplace_back(row.begin() + 1, row.end());
        }
    }
    return out;
}

std::optional<Coverage::Row> Coverage::uncovered_head(const std::vector<Row>& rows,
                                                      const std::vector<TypeId>& types,
                                                      const Shape& head,
                                                      const std::vector<TypeId>& part_types) {
    std::vector<TypeId> inner = part_types;
    inner.insert(inner.end(), types.begin() + 1, types.end());
    auto found = uncovered(specialise(rows, head, part_types.size()), inner);
    if (!found) {
        return std::nullopt;
    }
    Shape whole = head;
    const auto split = found->begin() + static_cast<std::ptrdiff_t>(part_types.size());
    whole.items.assign(found->begin(), split);
    Row row{std::move(whole)};
    row.insert(row.end(), split, found->end());
    return row;
}

std::optional<Coverage::Row> Coverage::uncovered(const std::vector<Row>& rows,
                                                 const std::vector<TypeId>& types) {
    if (types.empty()) {
        return rows.empty() ? std::optional<Row>(Row{}) : std::nullopt;
    }
    if (++steps_ > most_steps) {
        return Row(types.size());
    }
    const std::vector<Shape> all = heads(types.front());
    const bool some_head = std::ranges::any_of(
        rows, [](const Row& row) { return row.front().kind != Shape::Kind::any; });
    if (some_head && !all.empty()) {
        for (const Shape& head : all) {
            if (auto found = uncovered_head(rows, types, head, parts(head, types.front()))) {
                return found;
            }
        }
        return std::nullopt;
    }
    auto found = uncovered(without_head(rows), {types.begin() + 1, types.end()});
    if (found) {
        found->insert(found->begin(), Shape{});
    }
    return found;
}

bool Coverage::useful_row(const std::vector<Row>& rows, const Row& row,
                          const std::vector<TypeId>& types) {
    if (types.empty()) {
        return rows.empty();
    }
    if (++steps_ > most_steps) {
        return true;
    }
    const Shape& head = row.front();
    const auto specialised = [&](const Shape& one) {
        const std::vector<TypeId> part_types = parts(one, types.front());
        std::vector<TypeId> inner = part_types;
        inner.insert(inner.end(), types.begin() + 1, types.end());
        const std::vector<Row> own = specialise({row}, one, part_types.size());
        return useful_row(specialise(rows, one, part_types.size()), own.front(), inner);
    };
    if (head.kind != Shape::Kind::any) {
        return specialised(head);
    }
    const std::vector<Shape> all = heads(types.front());
    if (!all.empty()) {
        return std::ranges::any_of(all, specialised);
    }
    return useful_row(without_head(rows), {row.begin() + 1, row.end()},
                      {types.begin() + 1, types.end()});
}

std::optional<std::string> Coverage::missing(const std::vector<Shape>& shapes, TypeId type) {
    std::vector<Row> rows;
    rows.reserve(shapes.size());
    for (const Shape& shape : shapes) {
        rows.push_back({shape});
    }
    const auto found = uncovered(rows, {type});
    return found ? std::optional(text(found->front(), type)) : std::nullopt;
}

bool Coverage::useful(const std::vector<Shape>& before, const Shape& shape, TypeId type) {
    std::vector<Row> rows;
    rows.reserve(before.size());
    for (const Shape& one : before) {
        rows.push_back({one});
    }
    return useful_row(rows, {shape}, {type});
}

std::string Coverage::text(const Shape& shape, TypeId id) {
    const program::Type type = declarations_->types()[id];
    const std::vector<TypeId> part_types = parts(shape, id);
    std::string inner;
    for (std::size_t i = 0; i < part_types.size(); ++i) {
        inner += (i == 0 ? "" : ", ") +
                 (i < shape.items.size() ? text(shape.items[i], part_types[i]) : "…");
    }
    switch (shape.kind) {
        case Shape::Kind::none:
            return "none";
        case Shape::Kind::some:
            return "some(" + inner + ")";
        case Shape::Kind::truth:
            return shape.ordinal == 1 ? "true" : "false";
        case Shape::Kind::tuple:
            return "(" + inner + ")";
        case Shape::Kind::variant: {
            const program::NamedType& named =
                declarations_->program().named[static_cast<std::size_t>(type.named)];
            const std::string& name = named.variants[shape.ordinal].name;
            const bool plain = std::ranges::all_of(
                shape.items, [](const Shape& item) { return item.kind == Shape::Kind::any; });
            return plain ? name : name + "(" + inner + ")";
        }
        default:
            return "…";
    }
}

}  // namespace aqd::check
