#include "cli/files/csv.h"

#include "cli/files/files.h"

#include <algorithm>

namespace aqd::files {
namespace {

Result<std::vector<std::string>> cells_of(std::string_view line, const std::string& where) {
    std::vector<std::string> cells;
    std::size_t at = 0;
    while (true) {
        std::string cell;
        if (at < line.size() && line[at] == '"') {
            ++at;
            while (true) {
                const std::size_t quote = line.find('"', at);
                if (quote == std::string_view::npos) {
                    return fail(ErrorCode::malformed, where + ": a quoted cell does not end");
                }
                cell += line.substr(at, quote - at);
                at = quote + 1;
                if (at >= line.size() || line[at] != '"') {
                    break;
                }
                cell += '"';
                ++at;
            }
        } else {
            const std::size_t end = std::min(line.find(',', at), line.size());
            cell = line.substr(at, end - at);
            at = end;
        }
        cells.push_back(std::move(cell));
        if (at == line.size()) {
            return cells;
        }
        if (line[at] != ',') {
            return fail(ErrorCode::malformed, where + ": text behind a quoted cell");
        }
        ++at;
    }
}

Result<std::string> cell_of(std::string_view column, const Table& table, std::size_t row,
                            const JsonPath& path) {
    const auto found = std::ranges::find(table.columns, column);
    if (found == table.columns.end()) {
        return path.fail("the table has no column \"" + std::string(column) + "\"");
    }
    return table.rows[row][static_cast<std::size_t>(found - table.columns.begin())];
}

Json split_list(std::string_view cell) {
    Json list = Json::array();
    while (!cell.empty()) {
        const std::size_t end = std::min(cell.find(';'), cell.size());
        list.push_back(std::string(cell.substr(0, end)));
        cell.remove_prefix(std::min(end + 1, cell.size()));
    }
    return list;
}

Result<Json> fill_in_text(const std::string& text, const Table& table, std::size_t row,
                          const JsonPath& path) {
    std::string filled;
    std::size_t at = 0;
    while (true) {
        const std::size_t open = text.find('{', at);
        const std::size_t close = open == std::string::npos ? open : text.find('}', open);
        if (close == std::string::npos) {
            return Json(filled + text.substr(at));
        }
        std::string_view column = std::string_view(text).substr(open + 1, close - open - 1);
        const bool is_whole = open == 0 && close + 1 == text.size();
        const bool is_list = is_whole && column.ends_with("[]");
        column.remove_suffix(is_list ? 2 : 0);
        AQD_TRY(cell, cell_of(column, table, row, path));
        if (is_list) {
            return split_list(cell);
        }
        if (is_whole) {
            return cell.empty() ? Json() : Json(cell);
        }
        filled += text.substr(at, open - at) + cell;
        at = close + 1;
    }
}

}  // namespace

Result<Table> parse_csv(std::string_view text, std::string_view name) {
    Table table;
    std::size_t number = 0;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        ++number;
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        if (line.empty()) {
            continue;
        }
        const std::string where = std::string(name) + ":" + std::to_string(number);
        AQD_TRY(cells, cells_of(line, where));
        if (table.columns.empty()) {
            table.columns = std::move(cells);
            continue;
        }
        if (cells.size() != table.columns.size()) {
            return fail(ErrorCode::malformed,
                        where + ": has " + std::to_string(cells.size()) + " cells, not " +
                            std::to_string(table.columns.size()) + " as the first line");
        }
        table.rows.push_back(std::move(cells));
    }
    if (table.columns.empty()) {
        return fail(ErrorCode::malformed, std::string(name) + ": has no line of column names");
    }
    return table;
}

Result<Table> read_csv(const std::filesystem::path& path) {
    AQD_TRY(content, read(path));
    return parse_csv(as_text(content), path.string());
}

Result<Json> fill_in(const Json& pattern, const Table& table, std::size_t row,
                     const JsonPath& path) {
    if (pattern.is_string()) {
        return fill_in_text(pattern.get_ref<const std::string&>(), table, row, path);
    }
    if (pattern.is_array()) {
        Json list = Json::array();
        for (std::size_t i = 0; i < pattern.size(); ++i) {
            AQD_TRY(item, fill_in(pattern[i], table, row, path.element(i)));
            list.push_back(std::move(item));
        }
        return list;
    }
    if (pattern.is_object()) {
        Json object = Json::object();
        for (const auto& [name, value] : pattern.items()) {
            AQD_TRY(filled, fill_in(value, table, row, path.member(name)));
            object[name] = std::move(filled);
        }
        return object;
    }
    return pattern;
}

Result<std::vector<Json>> expand_each(const Json& list, const std::filesystem::path& directory,
                                      const JsonPath& path) {
    std::vector<Json> out;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const JsonPath here = path.element(i);
        if (!list[i].is_object() || !list[i].contains("each")) {
            out.push_back(list[i]);
            continue;
        }
        if (!list[i]["each"].is_string()) {
            return here.member("each").fail("is not the name of a CSV file");
        }
        const auto table = read_csv(directory / list[i]["each"].get<std::string>());
        if (!table) {
            return here.member("each").fail(table.error());
        }
        Json pattern = list[i];
        pattern.erase("each");
        for (std::size_t row = 0; row < table->rows.size(); ++row) {
            AQD_TRY(filled, fill_in(pattern, *table, row, here));
            out.push_back(std::move(filled));
        }
    }
    return out;
}

}  // namespace aqd::files
