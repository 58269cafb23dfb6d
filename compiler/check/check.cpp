#include "compiler/check/check.h"

#include "compiler/check/entries.h"

namespace aqd::check {

namespace {

void check_item(Declarations& declarations, const syntax::Item& item) {
    std::visit(syntax::Overloaded{
                   [&](const syntax::FunctionItem&) { check_view(declarations, item); },
                   [&](const syntax::ActionItem&) { check_action(declarations, item); },
                   [&](const syntax::ListenerItem&) { check_listener(declarations, item); },
                   [&](const syntax::ProcedureItem&) { check_procedure(declarations, item); },
                   [](const auto&) {},
               },
               item.node);
}

}  // namespace

program::Program check(const syntax::File& file, const Imports& imports, diagnostics::Sink& sink) {
    program::Program program;
    Modules modules(sink);
    modules.load(file, imports);
    Declarations declarations(modules, program, sink);
    declarations.resolve_own();
    for (const syntax::Item& item : file.items) {
        check_item(declarations, item);
    }
    declarations.finish_functions();
    return program;
}

}  // namespace aqd::check
