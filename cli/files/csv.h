#pragma once

#include "cli/files/json.h"

#include <aqd/base/result.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace aqd::files {

/// A table of texts: RFC 4180 without line breaks inside a cell, the first line naming the columns.
struct Table {
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows;
};

Result<Table> parse_csv(std::string_view text, std::string_view name);
Result<Table> read_csv(const std::filesystem::path& path);

/// A pattern filled in from one row: every "{column}" inside a text becomes the cell, and a text
/// that is only "{column[]}" becomes the list of what stands between semicolons. A text that is
/// only
/// "{column}" of an empty cell becomes null. An unknown column is an error.
Result<Json> fill_in(const Json& pattern, const Table& table, std::size_t row,
                     const JsonPath& path);

/// The elements of a list, each object with a member "each": "FILE.csv" repeated for every row of
/// that file (beside `directory`) with its columns filled in.
Result<std::vector<Json>> expand_each(const Json& list, const std::filesystem::path& directory,
                                      const JsonPath& path);

}  // namespace aqd::files
