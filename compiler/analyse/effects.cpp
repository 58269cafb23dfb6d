#include "compiler/analyse/effects.h"

#include "compiler/program/walk.h"

namespace aqd::analyse {

using diagnostics::Code;
using diagnostics::error;
using program::Expr;
using program::Stmt;

namespace {

/// Walks the call graph depth first; the parser bounds how deep calls nest in a source, not how
/// long a chain of functions is, so the walk keeps its own stack.
class Graph {
  public:
    Graph(const program::Program& program, diagnostics::Sink& sink)
        : program_(&program),
          sink_(&sink),
          effects_(program.functions.size()),
          marks_(program.functions.size(), Mark::fresh) {}

    std::optional<std::vector<Effects>> run() {
        bool good = true;
        for (std::uint32_t i = 0; i < program_->functions.size(); ++i) {
            good = visit(i) && good;
        }
        return good ? std::optional(std::move(effects_)) : std::nullopt;
    }

  private:
    enum class Mark : std::uint8_t { fresh, open, done };
    struct CallSite {
        std::uint32_t callee = 0;
        Span span;
    };
    struct Frame {
        std::uint32_t function = 0;
        std::vector<CallSite> calls;
        std::size_t next = 0;
    };

    Frame enter(std::uint32_t index) {
        marks_[index] = Mark::open;
        Frame frame{index, {}, 0};
        program::Visitor visitor;
        visitor.on_expr = [&](const Expr& expr) {
            if (const auto* call = expr.as<program::Call>()) {
                frame.calls.push_back({call->function, expr.span});
            }
            note(effects_[index], expr);
        };
        visitor.on_stmt = [&](const Stmt& stmt) { note(effects_[index], stmt); };
        program::walk(program_->functions[index].body, visitor);
        return frame;
    }

    bool visit(std::uint32_t root) {
        if (marks_[root] == Mark::done) {
            return true;
        }
        std::vector<Frame> stack;
        stack.push_back(enter(root));
        bool good = true;
        while (!stack.empty()) {
            Frame& frame = stack.back();
            if (frame.next == frame.calls.size()) {
                for (const CallSite& call : frame.calls) {
                    take_over(effects_[frame.function], effects_[call.callee], call.span);
                }
                marks_[frame.function] = Mark::done;
                stack.pop_back();
                continue;
            }
            const CallSite call = frame.calls[frame.next++];
            if (marks_[call.callee] == Mark::open) {
                report_circle(stack, call);
                good = false;
            } else if (marks_[call.callee] == Mark::fresh) {
                stack.push_back(enter(call.callee));
            }
        }
        return good;
    }

    void report_circle(const std::vector<Frame>& stack, const CallSite& call) {
        std::string circle;
        bool inside = false;
        for (const Frame& frame : stack) {
            inside = inside || frame.function == call.callee;
            if (inside) {
                circle += "`" + program_->functions[frame.function].name + "` -> ";
            }
        }
        circle += "`" + program_->functions[call.callee].name + "`";
        sink_->report(error(Code::recursion, call.span,
                            "functions call each other in a circle: " + circle, "closes the circle")
                          .with_help("use a loop with a bound"));
    }

    static void note(Effects& effects, const Expr& expr) {
        if (const auto* next = expr.as<program::RegisterNext>()) {
            effects.writes.try_emplace(next->reg, expr.span);
        }
        const auto* fact = expr.as<program::FactRead>();
        if (fact != nullptr && !effects.caller &&
            (fact->fact == program::Fact::caller_account ||
             fact->fact == program::Fact::caller_person ||
             fact->fact == program::Fact::caller_body)) {
            effects.caller = expr.span;
        }
    }

    static void note(Effects& effects, const Stmt& stmt) {
        const program::Place* place = nullptr;
        if (const auto* put = stmt.as<program::RegisterPut>()) {
            effects.writes.try_emplace(put->reg, stmt.span);
        } else if (const auto* remove = stmt.as<program::RegisterRemove>()) {
            effects.writes.try_emplace(remove->reg, stmt.span);
        } else if (const auto* assign = stmt.as<program::Assign>()) {
            place = &assign->place;
        } else if (const auto* push = stmt.as<program::Push>()) {
            place = &push->place;
        } else if (stmt.as<program::Require>() != nullptr || stmt.as<program::Fail>() != nullptr) {
            effects.own_refusal =
                effects.own_refusal ? effects.own_refusal : std::optional(stmt.span);
        }
        if (place != nullptr) {
            if (const auto* element = std::get_if<program::ElementRoot>(&place->root)) {
                effects.writes.try_emplace(element->reg, stmt.span);
            }
        }
    }

    static void take_over(Effects& effects, const Effects& inner, Span call) {
        for (const auto& [reg, span] : inner.writes) {
            effects.writes.try_emplace(reg, call);
        }
        if (inner.caller && !effects.caller) {
            effects.caller = call;
        }
        if ((inner.refuses || inner.own_refusal) && !effects.refuses) {
            effects.refuses = call;
        }
    }

    const program::Program* program_;
    diagnostics::Sink* sink_;
    std::vector<Effects> effects_;
    std::vector<Mark> marks_;
};

}  // namespace

std::optional<std::vector<Effects>> effects_of(const program::Program& program,
                                               diagnostics::Sink& sink) {
    return Graph(program, sink).run();
}

}  // namespace aqd::analyse
