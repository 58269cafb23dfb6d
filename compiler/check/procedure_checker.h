#pragma once

#include "compiler/check/entries.h"

namespace aqd::check {

/// Where the body of a member stands, if it has one.
std::vector<Span> bodies_of(const syntax::Member& member);

/// Checks one procedure: first its data and states, then its entries.
class ProcedureChecker {
  public:
    ProcedureChecker(Declarations& declarations, const syntax::Item& item);

    void run();

  private:
    program::Procedure& made() { return declarations_->program().procedures[scope_.procedure]; }
    Declarations& d() { return *declarations_; }
    void report(diagnostics::Diagnostic diagnostic) {
        declarations_->report(std::move(diagnostic));
    }

    // data: procedure_data.cpp
    void declare_data();
    void declare_parameters();
    void declare_states();
    void declare_state(const syntax::Name& name, bool settled);
    void declare_waits(const syntax::WaitsMember& node);
    void declare_var(const syntax::VarMember& node);
    void declare_party(const syntax::PartyMember& node);
    void declare_secret(const syntax::SecretMember& node);
    void add_field(program::DataField field);
    void resolve_header();
    void resolve_unique();
    void resolve_parties();
    void label(const syntax::LabelMember& node);
    [[nodiscard]] std::optional<std::uint32_t> state(const syntax::Name& name);

    // entries: procedure_entries.cpp
    program::Entry new_entry(abi::EntryKind kind, const syntax::Name& name, const std::string& doc);
    void start(const syntax::StartMember& node, const std::string& doc);
    void start_by(const syntax::StartMember& node, const syntax::StartBy& by,
                  const std::string& doc);
    void start_on_ask(const syntax::StartMember& node, const syntax::StartOnAsk& ask,
                      const std::string& doc);
    void step(const syntax::StepMember& node, const std::string& doc);
    void react(const syntax::ReactMember& node, const std::string& doc);
    void react_to_reply(const syntax::ReactMember& node, const syntax::OnReply& event,
                        const std::string& doc);
    void react_to_acknowledgement(const syntax::ReactMember& node,
                                  const syntax::OnAcknowledged& event, const std::string& doc);
    void react_to_notice(const syntax::ReactMember& node, const syntax::OnNotice& event,
                         const std::string& doc);
    void deadline(const syntax::DeadlineMember& node, const std::string& doc);
    void term(const syntax::DeadlineMember& node, program::Deadline& deadline);
    void access(const syntax::AccessMember& node, const std::string& doc);
    void invariant(const syntax::InvariantMember& node);

    void parameters(const std::vector<syntax::Param>& params, BodyChecker& body,
                    program::Entry& entry);
    void filling_parameter(const syntax::Param& param, BodyChecker& body, program::Entry& entry);
    program::Group group(const syntax::By& by, const std::vector<syntax::Name>& states,
                         const CaseScope& scope);
    std::optional<std::uint32_t> party(const syntax::Name& name);
    void clauses(const syntax::Clauses& clauses, program::Entry& entry);
    void targets(const std::vector<syntax::Name>& names, EntryScope& scope, program::Entry& entry);
    std::vector<std::uint32_t> state_list(const std::vector<syntax::Name>& names);
    void warn_unused(const EntryScope& scope);
    void look_into(const std::vector<syntax::Name>& goals, const syntax::Name* binder,
                   const syntax::Block& block);
    void finish(program::Entry entry, EntryScope& scope, BodyChecker& body,
                std::uint32_t parameters, const syntax::Block& block);
    void bundle_fields(const std::vector<program::Field>& fields, BodyChecker& body,
                       program::Entry& entry, Binding::Bundle& bundle);
    void bundle_field(const std::string& name, TypeId type, BodyChecker& body,
                      program::Entry& entry, Binding::Bundle& bundle);
    void check_questions();

    Declarations* declarations_;
    const syntax::ProcedureItem* node_;
    CaseScope scope_;
    CaseScope start_scope_;  ///< only the parameters may be read
    std::optional<std::uint32_t> answers_;
    std::set<std::uint32_t> replies_;
    std::string name_;
    bool start_lost_ = false;   ///< a start on a question that does not exist
    bool whole_;                ///< the parser understood all but perhaps bodies
    bool heading_read_ = true;  ///< of the member at hand
};

}  // namespace aqd::check
