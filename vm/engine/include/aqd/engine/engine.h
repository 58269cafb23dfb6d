#pragma once

#include <aqd/abi/manifest.h>
#include <aqd/abi/refusal.h>
#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/engine/profile.h>
#include <aqd/exec/instance.h>
#include <aqd/host/call_context.h>
#include <aqd/host/declarations.h>
#include <aqd/prepare/stored_code.h>
#include <aqd/wasm/limits.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aqd::engine {

struct Options {
    Hash256 chain;  ///< lineages depend on it
    wasm::Limits limits;
    std::uint32_t gas_schedule = 1;
    /// Octets of the module files whose compiled forms are kept; those used longest ago go first.
    std::size_t kept_octets = std::size_t{32} << 20;
    /// Where translated modules are kept for the next process; empty: nowhere. It is made, and must
    /// belong to this user alone: entries are code. An entry that is damaged, or of another build,
    /// is made anew.
    std::filesystem::path cache_folder;
    std::uint64_t cache_octets = std::uint64_t{256} << 20;  ///< of all entries; the oldest go first
};

class CodeCache;

/// A contract that passed every check of a deployment, ready to run. Immutable but for its pool of
/// instances, which locks. Made by `std::make_shared` only.
class Code : public std::enable_shared_from_this<Code> {
  public:
    Code(const Hash256& hash, host::Declarations declarations, abi::LineTable lines,
         std::shared_ptr<const exec::LinkedModule> linked, std::uint64_t start_gas);

    [[nodiscard]] const Hash256& hash() const { return hash_; }  ///< SHA-256 of the module file
    [[nodiscard]] const abi::Manifest& manifest() const { return declarations_.manifest(); }
    [[nodiscard]] const host::Declarations& declarations() const { return declarations_; }
    [[nodiscard]] const abi::LineTable& lines() const { return lines_; }
    [[nodiscard]] const exec::LinkedModule& linked() const { return *linked_; }
    /// What every call pays for its fresh instance.
    [[nodiscard]] std::uint64_t start_gas() const { return start_gas_; }

  private:
    friend class Engine;

    /// Instances that wait to be used again, reset.
    Result<exec::Instance> take() const;
    void give_back(exec::Instance instance) const;

    Hash256 hash_;
    host::Declarations declarations_;
    abi::LineTable lines_;
    std::shared_ptr<const exec::LinkedModule> linked_;
    std::uint64_t start_gas_ = 0;
    mutable std::mutex mutex_;
    mutable std::vector<exec::Instance> idle_;
};

/// Where a call trapped, for people; never part of what consensus sees.
struct Site {
    std::string module;
    std::string trap;  ///< name of the trap of the bytecode, or of the refusal
    std::uint32_t function_index = 0;
    std::uint32_t code_offset = 0;
    std::string file;  ///< empty if the module has no line table
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

/// What became of one run.
struct Outcome {
    std::uint16_t refusal = 0;  ///< abi::Refusal or a contract's own code; 0: success
    std::uint64_t gas = 0;
    std::optional<Site> site;  ///< of a trap or a refusal
};

/// Runs contracts. Any number of threads may use one engine.
class Engine {
  public:
    /// `not_found` for a gas schedule that this build does not know; `io` or `denied` for a cache
    /// folder that cannot be used.
    static Result<std::unique_ptr<Engine>> create(const Options& options);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// Everything that a deployment asks of a module: limits, validity, imports from the host's
    /// table only, the exports that its manifest names. An error says what is wrong. Results are
    /// kept by hash.
    Result<std::shared_ptr<const Code>> compile(BytesView wasm);
    /// What a module says of itself, and no more than that: nothing is compiled or kept.
    [[nodiscard]] Result<abi::Manifest> manifest(BytesView wasm) const;
    /// What `compile` made and is still kept; nullptr otherwise.
    [[nodiscard]] std::shared_ptr<const Code> find(const Hash256& hash) const;

    /// Calls the function exported as `exported`, with `context.arguments`. On success the
    /// context's case has been written back. An error is the node's own failure (store, memory):
    /// the result of the call is then not known and the node must stop.
    [[nodiscard]] Result<Outcome> run(const Code& code, std::string_view exported,
                                      std::uint64_t gas_limit, host::CallContext& context) const;

  private:
    friend class Profiler;
    explicit Engine(const Options& options);
    /// From the cache, if there is one that has it: else `is_new`.
    [[nodiscard]] Result<prepare::PreparedCode> prepare(BytesView wasm,
                                                        const prepare::StoredFor& purpose,
                                                        bool& is_new) const;
    /// The instance and nothing around it.
    [[nodiscard]] Result<exec::Outcome> execute(const Code& code, std::string_view exported,
                                                std::uint64_t gas_limit,
                                                host::CallContext& context) const;

    struct Kept {
        std::shared_ptr<const Code> code;
        std::size_t octets = 0;
        mutable std::uint64_t used = 0;  ///< when, by `uses_`
    };
    std::shared_ptr<const Code> keep(std::shared_ptr<const Code> code, std::size_t octets);

    Options options_;
    std::unique_ptr<const CodeCache> cache_;
    mutable std::mutex mutex_;
    std::map<Hash256, Kept> codes_;
    std::size_t kept_octets_ = 0;
    mutable std::uint64_t uses_ = 0;
    Profiler* profiler_ = nullptr;  ///< sees every run
};

}  // namespace aqd::engine
