#include "compiler/lower/case_data.h"

#include "compiler/lower/function.h"

#include <aqd/base/assert.h>

// The data of a case between two calls, its timers and its invariants.

namespace aqd::lower {

using program::Kind;
using program::Procedure;
using program::TypeId;

namespace {

// docs/abi.md: timer_arm_at.
constexpr std::uint32_t moment_is_date = 0;
constexpr std::uint32_t moment_is_time = 1;

class LoadFunction : public Emitter {
  public:
    using Emitter::Emitter;

    void make(std::uint32_t index) {
        const Procedure& procedure = unit.program.procedures[index];
        llvm::StructType* const type = unit.case_data(index);
        llvm::Value* const data = function->getArg(0);
        llvm::Value* const stored = temporary(unit.layouts.slice(), "stored");
        // A case that is loaded was stored before.
        refuse_unless(support("aqd_case_data", {stored}), abi::Refusal::NoCase);
        const Region region = load_slice(stored);
        support("aqd_read_begin", {region.data, region.size});
        support("aqd_read_array", {i32(procedure.data.size())});
        for (std::uint32_t i = 0; i < procedure.data.size(); ++i) {
            read(procedure.data[i].type, field(type, data, i));
        }
        support("aqd_read_end");
        b.CreateRetVoid();
    }
};

class StoreFunction : public FunctionLowering {
  public:
    StoreFunction(Unit& owner, llvm::Function* made, std::uint32_t index)
        : FunctionLowering(owner, made, owner.program.procedures[index].span, index),
          index_(index),
          procedure_(owner.program.procedures[index]) {
        set_case_data(function->getArg(0));
    }

    void make() {
        before_ = function->getArg(1);
        llvm::Value* const target = function->getArg(2);
        after_ = b.CreateSelect(b.CreateICmpEQ(target, i32(stay)), before_, target);
        store_case();
        for (std::uint32_t i = 0; i < procedure_.deadlines.size(); ++i) {
            disarm(i);
        }
        for (std::uint32_t i = 0; i < procedure_.deadlines.size(); ++i) {
            arm(i);
        }
        check_invariants();
        b.CreateRetVoid();
    }

  private:
    llvm::Value* is_in(llvm::Value* state, const std::vector<std::uint32_t>& states) {
        llvm::Value* found = i1(false);
        for (const std::uint32_t each : states) {
            found = b.CreateOr(found, b.CreateICmpEQ(state, i32(each)));
        }
        return found;
    }

    // An option that is none claims nothing.
    Region unique() {
        if (!procedure_.unique) {
            return {null_pointer(), i32(0)};
        }
        const TypeId type = procedure_.data[*procedure_.unique].type;
        llvm::Value* const address = case_field(*procedure_.unique);
        if (kind(type) != Kind::option) {
            return encode(type, value_at(type, address));
        }
        const TypeId item = unit.program.types.item(type);
        return written([&] {
            if_then(is_present(type, address),
                    [&] { write(item, value_at(item, field(type, address, 1))); });
        });
    }

    void store_case() {
        std::vector<std::uint32_t> settled;
        for (std::uint32_t i = 0; i < procedure_.states.size(); ++i) {
            if (procedure_.states[i].settled) {
                settled.push_back(i);
            }
        }
        llvm::Value* const mark = support("aqd_heap_mark");
        const Region claimed = unique();
        const Region data = written([&] {
            write_array(procedure_.data.size());
            for (std::uint32_t i = 0; i < procedure_.data.size(); ++i) {
                const TypeId type = procedure_.data[i].type;
                write(type, value_at(type, case_field(i)));
            }
        });
        host("case_store", {after_, b.CreateZExt(is_in(after_, settled), b.getInt32Ty()),
                            claimed.data, claimed.size, data.data, data.size});
        support("aqd_heap_release", {mark});
    }

    void disarm(std::uint32_t index) {
        const program::Deadline& deadline = procedure_.deadlines[index];
        llvm::Value* const left = b.CreateAnd(is_in(before_, deadline.states),
                                              b.CreateNot(is_in(after_, deadline.states)));
        if_then(left, [&] { host("timer_disarm", {i32(index)}); });
    }

    void arm(std::uint32_t index) {
        const program::Deadline& deadline = procedure_.deadlines[index];
        at(deadline.span);
        llvm::Value* const inside = is_in(after_, deadline.states);
        llvm::Value* const entered =
            b.CreateAnd(inside, b.CreateNot(is_in(before_, deadline.states)));
        if (deadline.at_field) {
            arm_at(index, inside, entered);
            return;
        }
        if_then(entered, [&] {
            const Term of = term(*deadline.term, deadline.clear, deadline.exact);
            refuse_if(b.CreateICmpSLT(of.amount, i64(0)), abi::Refusal::OutOfRange);
            host("timer_arm", {i32(index), host("effective"), of.amount, of.unit, of.flags,
                               calendar_index(procedure_.calendar)});
        });
    }

    // Assigning the variable arms again, none disarms.
    void arm_at(std::uint32_t index, llvm::Value* inside, llvm::Value* entered) {
        const std::optional<std::uint32_t>& at_variable = procedure_.deadlines[index].at_field;
        AQD_ASSERT(at_variable.has_value());
        const std::uint32_t at_field = *at_variable;
        const TypeId type = procedure_.data[at_field].type;
        llvm::Value* const address = case_field(at_field);
        llvm::Value* const old = moment_before(unit, index_, index);
        llvm::Value* const changed =
            b.CreateNot(equal(type, value_at(type, old), value_at(type, address)));
        const auto arm_value = [&](TypeId moment, llvm::Value* where) {
            const bool is_date = kind(moment) == Kind::date;
            llvm::Value* const value = b.CreateSExt(value_at(moment, where), b.getInt64Ty());
            host("timer_arm_at",
                 {i32(index), i32(is_date ? moment_is_date : moment_is_time), value});
        };
        if_then(b.CreateAnd(inside, b.CreateOr(entered, changed)), [&] {
            if (kind(type) != Kind::option) {
                arm_value(type, address);
                return;
            }
            if_else(
                is_present(type, address),
                [&] { arm_value(unit.program.types.item(type), field(type, address, 1)); },
                [&] { host("timer_disarm", {i32(index)}); });
        });
    }

    void check_invariants() {
        if (procedure_.invariants.empty()) {
            return;
        }
        b.CreateStore(after_, unit.case_state());
        for (const program::Invariant& invariant : procedure_.invariants) {
            at(invariant.span);
            llvm::Value* const holds = call(unit.function(invariant.function), {case_data()});
            at(invariant.span);
            refuse_unless(holds, abi::Refusal::InvariantBroken);
        }
    }

    std::uint32_t index_;
    const Procedure& procedure_;
    llvm::Value* before_ = nullptr;
    llvm::Value* after_ = nullptr;
};

}  // namespace

llvm::GlobalVariable* moment_before(Unit& unit, std::uint32_t procedure, std::uint32_t deadline) {
    const Procedure& source = unit.program.procedures[procedure];
    const std::optional<std::uint32_t>& at_field = source.deadlines[deadline].at_field;
    AQD_ASSERT(at_field.has_value());
    const TypeId type = source.data[*at_field].type;
    return unit.static_value(unit.layouts[type].type,
                             "before." + source.name + "." + source.deadlines[deadline].name);
}

llvm::Function* load_case_function(Unit& unit, std::uint32_t procedure) {
    llvm::Function*& made = unit.load_case[procedure];
    if (made == nullptr) {
        llvm::Type* const pointer = llvm::PointerType::getUnqual(unit.context);
        made = unit.make_function(
            llvm::FunctionType::get(llvm::Type::getVoidTy(unit.context), {pointer}, false),
            "load." + unit.program.procedures[procedure].name);
        LoadFunction(unit, made, std::nullopt).make(procedure);
    }
    return made;
}

llvm::Function* store_case_function(Unit& unit, std::uint32_t procedure) {
    llvm::Function*& made = unit.store_case[procedure];
    if (made == nullptr) {
        llvm::Type* const pointer = llvm::PointerType::getUnqual(unit.context);
        llvm::Type* const i32 = llvm::Type::getInt32Ty(unit.context);
        made = unit.make_function(llvm::FunctionType::get(llvm::Type::getVoidTy(unit.context),
                                                          {pointer, i32, i32}, false),
                                  "store." + unit.program.procedures[procedure].name);
        StoreFunction(unit, made, procedure).make();
    }
    return made;
}

}  // namespace aqd::lower
