#pragma once

#include <aqd/abi/manifest.h>
#include <aqd/base/bytes.h>
#include <aqd/base/result.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace aqd::engine {

class Code;
class Engine;

/// Where the gas of one run went: `start_gas` and that of the places together are `gas`, exactly.
struct RunProfile {
    /// A place in the module file. What a region costs is spread over its instructions, so those
    /// behind the one that ended the run can have gas.
    struct Place {
        std::uint32_t code_offset = 0;
        std::uint64_t gas = 0;
    };
    /// Part of the gas of the places that call it.
    struct HostFunction {
        std::string name;
        std::uint64_t calls = 0;
        std::uint64_t gas = 0;
    };
    struct Line {
        std::string file;  ///< empty: code of the language's support library
        std::uint32_t line = 0;
        std::uint64_t gas = 0;
    };

    std::shared_ptr<const Code> code;
    std::string exported;
    std::uint64_t gas = 0;
    std::uint64_t start_gas = 0;      ///< for the fresh instance
    std::vector<Place> places;        ///< ascending
    std::vector<HostFunction> hosts;  ///< those that were called, the costliest first

    /// The places put together by source lines, the costliest first; everything without a line is
    /// one row.
    [[nodiscard]] std::vector<Line> lines() const;
};

/// Watches the runs of an engine and says what each line of source paid. Runs give the same results
/// for the same gas, only slower: they use a form of the module that reports every region it
/// enters. For one thread, which is the only one that uses the engine meanwhile.
class Profiler {
  public:
    /// Until it is destroyed.
    explicit Profiler(Engine& engine);
    Profiler(const Profiler&) = delete;
    Profiler& operator=(const Profiler&) = delete;
    ~Profiler();

    /// The runs since the last time, in order.
    std::vector<RunProfile> take();

    struct Prepared;  ///< private to vm/engine

  private:
    friend class Engine;
    Result<const Prepared*> prepared(const Code& code);

    Engine& engine_;
    std::map<Hash256, std::unique_ptr<Prepared>> prepared_;
    std::vector<RunProfile> runs_;
};

}  // namespace aqd::engine
