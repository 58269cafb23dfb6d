#include "compiler/check/unsupported.h"

namespace aqd::check {

namespace {

void report(Declarations& declarations, Code code, Span span, const std::string& what) {
    declarations.report(
        diagnostics::error(code, span, what + " not supported yet", "not supported yet"));
}

void report_indexes(Declarations& declarations, const std::vector<syntax::Index>& indexes) {
    for (const syntax::Index& index : indexes) {
        report(declarations, Code::unsupported_index, index.field.span, "indexes are");
    }
}

}  // namespace

void report_unsupported(Declarations& d, const syntax::Item& item) {
    std::visit(syntax::Overloaded{
                   [&](const syntax::SuspensionItem& node) {
                       report(d, Code::unsupported_suspension, node.name.span, "suspensions are");
                   },
                   [&](const syntax::PartItem& node) {
                       report(d, Code::unsupported_part, node.name.span, "parts are");
                   },
                   [&](const syntax::MigrateItem& node) {
                       report(d, Code::unsupported_migrate, node.procedure.span, "`migrate` is");
                   },
                   [&](const syntax::RoleItem& node) {
                       if (node.delegable) {
                           report(d, Code::unsupported_delegable, node.delegable->span,
                                  "delegation is");
                       }
                   },
                   [&](const syntax::RegisterItem& node) { report_indexes(d, node.indexes); },
                   [&](const syntax::ActionItem& node) { report_unsupported(d, node.by); },
                   [&](const syntax::ProcedureItem& node) {
                       report_indexes(d, node.indexes);
                       for (const syntax::Member& member : node.members) {
                           report_unsupported(d, member);
                       }
                   },
                   [](const auto&) {},
               },
               item.node);
}

void report_unsupported(Declarations& d, const syntax::By& by) {
    if (by.quorum) {
        report(d, Code::unsupported_quorum, by.quorum->span, "`quorum` is");
    }
}

void report_unsupported(Declarations& d, const syntax::Member& member) {
    std::visit(
        syntax::Overloaded{
            [&](const syntax::IncludeMember& node) {
                report(d, Code::unsupported_part, node.part.span, "parts are");
            },
            [&](const syntax::FeeMember& node) {
                report(d, Code::unsupported_fee, node.name.span, "fees are");
            },
            [&](const syntax::StartMember& node) {
                if (const auto* by = std::get_if<syntax::StartBy>(&node.opening)) {
                    report_unsupported(d, by->by);
                }
            },
            [&](const syntax::StepMember& node) {
                for (const syntax::StepGroup& group : node.groups) {
                    report_unsupported(d, group.by);
                }
            },
            [&](const syntax::AccessMember& node) { report_unsupported(d, node.by); },
            [&](const syntax::ReactMember& node) {
                const auto* notice = std::get_if<syntax::OnNotice>(&node.event);
                if (notice != nullptr && notice->each) {
                    report(d, Code::unsupported_each, notice->each->span, "`each` is");
                }
            },
            [&](const syntax::DeadlineMember& node) {
                if (!node.pauses.empty()) {
                    report(d, Code::unsupported_pauses, node.pauses.front().span, "`pauses` is");
                }
                if (node.extend_once) {
                    report(d, Code::unsupported_extend, node.extend_once->span, "`extend` is");
                }
                if (!node.suspended_by.empty()) {
                    report(d, Code::unsupported_suspension, node.suspended_by.front().span,
                           "suspensions are");
                }
            },
            [&](const syntax::ProveMember& node) {
                if (node.property.text != "settles") {
                    d.report(diagnostics::error(
                        Code::unsupported_property, node.property.span,
                        "`prove " + node.property.text + "` is not supported yet",
                        "only `settles` is"));
                }
            },
            [](const auto&) {},
        },
        member.node);
}

}  // namespace aqd::check
