#pragma once

#include <aqd/base/result.h>
#include <aqd/wasm/module.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace aqd::prepare {
class StoredCodeReader;
}

namespace aqd::wasm {

/// What validation learned about a function and later stages rely on.
struct FunctionFacts {
    std::uint32_t max_height = 0;  ///< the most operands at once on the stack
    bool uses_floats = false;      ///< it has an instruction on floats
};

/// A module that is known to be valid: only `validate` makes one, and the loader of stored code,
/// which has checked that a module of the same hash was validated under the same limits. Immutable
/// and cheap to copy; copies share. Safe to use from many threads.
class ValidatedModule {
  public:
    [[nodiscard]] const Module& module() const { return contents_->module; }
    const Module& operator*() const { return contents_->module; }
    const Module* operator->() const { return &contents_->module; }
    /// Index of a function body, counted from 0 without the imports.
    [[nodiscard]] const FunctionFacts& facts(std::uint32_t body) const {
        return contents_->facts[body];
    }

    /// By type index: the first type of the same structure.
    [[nodiscard]] const std::vector<std::uint32_t>& canonical_types() const {
        return contents_->canonical_types;
    }

  private:
    struct Contents {
        Module module;
        std::vector<FunctionFacts> facts;
        std::vector<std::uint32_t> canonical_types;
    };
    explicit ValidatedModule(std::shared_ptr<const Contents> contents)
        : contents_(std::move(contents)) {}
    friend Result<ValidatedModule> validate(Module module);
    friend class prepare::StoredCodeReader;

    std::shared_ptr<const Contents> contents_;
};

/// Checks the rules of the core specification, chapter 3 (the algorithm of its appendix).
/// Iterative, linear time. Errors: `invalid` or `malformed` with a file offset, `too_large`
/// (nesting, branch tables), `unsupported` for what `Limits::features` leaves out or this engine
/// does not have.
Result<ValidatedModule> validate(Module module);

}  // namespace aqd::wasm
