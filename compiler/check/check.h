#pragma once

#include "compiler/diagnostics/sink.h"
#include "compiler/program/program.h"
#include "compiler/syntax/item.h"

#include <aqd/base/bytes.h>

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace aqd::check {

/// A module that others use; the tree must outlive the call of `check`.
struct Import {
    const syntax::File* file = nullptr;
    Hash256 source_hash;
};

/// What the driver found: the hash of the module's own source, and every module that it uses or
/// where a document is held, directly or not, by path. A module that is missing here is reported
/// where it is used.
struct Imports {
    Hash256 source_hash;
    std::map<std::string, Import, std::less<>> modules;
};

/// Names, types, definite assignment, exhaustiveness, and the rules of procedures
/// (docs/language.md). All mistakes are reported in one run, also those of trees that the parser
/// could not complete; what only follows from what it reported is not. If anything was reported, by
/// this or by the parser, the program is for `analyse` alone, which finds more.
program::Program check(const syntax::File& file, const Imports& imports, diagnostics::Sink& sink);

}  // namespace aqd::check
