#pragma once

#include "tests/tidy/source_file.h"

#include <string_view>

namespace aqd::tidy {

/// Files and folders named after no idea: `util`, `common`, `helper`, `manager` and their plurals,
/// as a whole name or as a part of one.
Findings check_name(std::string_view path);

/// Words that mark something as unfinished, and paths of somebody's machine: home directories, and
/// the directory that this checkout itself lies in.
Findings check_words(const SourceFile& file, std::string_view checkout);

}  // namespace aqd::tidy
