#pragma once

#include "compiler/syntax/item.h"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aqd::syntax {

/// Writes the tree as S-expressions. Every function returns one form; a form that holds a block
/// spans lines, indented by the blocks around it.
class Dumper {
  public:
    std::string file(const File& file);
    std::string type(const Type& type);
    std::string expr(const Expr& expr);

  private:
    using Parts = std::vector<std::string>;

    /// `(head part part)`, without the parts that are empty.
    static std::string form(std::string_view head, const Parts& parts);
    static std::string quoted(std::string_view text);
    template <class Range, class Function>
    std::string each(std::string_view head, const Range& range, Function function) {
        Parts parts;
        for (const auto& element : range) {
            parts.push_back(function(element));
        }
        return parts.empty() ? "" : form(head, parts);
    }

    // dump_body.cpp
    static std::string name(const Name& name);
    static std::string names(std::string_view head, const std::vector<Name>& names);
    static std::string maybe(std::string_view head, const std::optional<Name>& name);
    static std::string number(UInt128 value);
    static std::string size(const Size& size);
    static std::string literal(const Literal& literal);
    static std::string duration(const DurationLiteral& duration);
    static std::string duration(const Duration& duration);
    std::string type(const TypePtr& type);
    std::string expr(const ExprPtr& expr);
    std::string arguments(const std::vector<Argument>& arguments);
    std::string arm(const Arm& arm);
    std::string pattern(const PatternPtr& pattern);
    std::string condition(const Condition& condition);
    std::string actor(const Actor& actor);
    std::string target(const Target& target);
    std::string reason(const Reason& reason);
    std::string block(const Block& block);
    std::string statement(const Stmt& stmt);
    std::string node(const LetStmt& let);
    std::string node(const VarStmt& var);
    std::string node(const IfStmt& choice);
    std::string node(const ForStmt& loop);
    std::string node(const WhileStmt& loop);
    std::string node(const ReturnStmt& result);
    std::string node(const GotoStmt& jump);
    std::string node(const RequireStmt& require);
    std::string node(const ExpectStmt& expected);
    std::string node(const ExpectRefusedStmt& expected);
    std::string node(const SendStmt& send);
    std::string node(const AskStmt& ask);
    std::string node(const AnswerStmt& answer);
    std::string node(const ReceiptStmt& receipt);
    std::string node(const NotifyStmt& notify);
    std::string node(const EscalateStmt& escalate);
    std::string node(const ExtendStmt& extend);
    std::string node(const FailStmt& fail);
    std::string node(const ActorStmt& declared);
    std::string node(const AtStmt& moment);
    std::string node(const AfterStmt& after);
    std::string node(const AsStmt& as);
    std::string node(const AssignStmt& assign);
    std::string node(const ExprStmt& value);

    // dump_member.cpp
    std::string param(const Param& param);
    std::string params(const std::vector<Param>& params);
    std::string by(const By& by);
    std::string index(const Index& index);
    std::string texts(const std::vector<LanguageText>& texts);
    std::string clauses(const Clauses& clauses);
    std::string members(const std::vector<Member>& members);
    std::string node(const IncludeMember& include);
    std::string node(const LabelMember& label);
    std::string node(const FeeMember& fee);
    std::string node(const VarMember& var);
    std::string node(const PartyMember& party);
    std::string node(const SecretMember& secret);
    std::string node(const StatesMember& states);
    std::string node(const WaitsMember& waits);
    std::string node(const StartMember& start);
    std::string node(const StepMember& step);
    std::string node(const ReactMember& react);
    std::string node(const DeadlineMember& deadline);
    std::string node(const AccessMember& access);
    std::string node(const InvariantMember& invariant);
    std::string node(const ProveMember& prove);

    // dump.cpp
    std::string doc(const std::string& doc);
    std::string fields(std::string_view head, const std::vector<Field>& fields);
    std::string node(const UseItem& use);
    std::string node(const LegalItem& legal);
    std::string node(const ParameterItem& parameter);
    std::string node(const ConstItem& constant);
    std::string node(const DocumentItem& document);
    std::string node(const AuthorityItem& authority);
    std::string node(const RoleItem& role);
    std::string node(const RecordItem& record);
    std::string node(const EnumItem& choice);
    std::string node(const RegisterItem& table);
    std::string node(const ErrorItem& refusal);
    std::string node(const NoticeItem& notice);
    std::string node(const ExchangeItem& exchange);
    std::string node(const SuspensionItem& suspension);
    std::string node(const FunctionItem& function);
    std::string node(const ActionItem& action);
    std::string node(const ListenerItem& listener);
    std::string node(const ProcedureItem& procedure);
    std::string node(const PartItem& part);
    std::string node(const MigrateItem& migrate);
    std::string node(const TestItem& test);

    /// A line end and the indentation of the blocks around.
    [[nodiscard]] std::string line() const { return "\n" + std::string(2 * indent_, ' '); }

    std::size_t indent_ = 0;
};

}  // namespace aqd::syntax
