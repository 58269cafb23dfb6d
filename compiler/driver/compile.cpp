#include "compiler/codegen/codegen.h"
#include "compiler/program/program.h"

#include <aqd/driver/compile.h>

namespace aqd::driver {
namespace {

using Clock = std::chrono::steady_clock;

std::chrono::microseconds since(Clock::time_point start) {
    return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
}

}  // namespace

Result<CompiledModule> compile(Frontend& frontend, Optimisation optimisation) {
    CompiledModule compiled;
    const Clock::time_point start = Clock::now();
    if (!frontend.run()) {
        return fail(ErrorCode::invalid, "the source has mistakes");
    }
    compiled.manifest = frontend.manifest();
    compiled.timings.check = since(start);

    const Clock::time_point checked = Clock::now();
    codegen::LinkOptions options;
    options.optimisation = optimisation == Optimisation::full ? codegen::Optimisation::full
                                                              : codegen::Optimisation::none;
    AQD_TRY(wasm, codegen::build_module(*frontend.program(), frontend.sources(), compiled.manifest,
                                        options));
    compiled.wasm = std::move(wasm);
    compiled.timings.generate = since(checked);
    return compiled;
}

}  // namespace aqd::driver
