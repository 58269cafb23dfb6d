#include "benchmarks/sequences/runs.h"

#include <aqd/prepare/prepare.h>
#include <aqd/prepare/sequences.h>
#include <aqd/wasm/decode.h>
#include <aqd/wasm/validate.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>

namespace aqd::mining {
namespace {

using prepare::Form;
using prepare::Shape;

constexpr std::uint32_t deepest_loop = 5;
constexpr double loop_factor = 8;

struct Instruction {
    std::uint32_t at = 0;
    std::uint16_t form = 0;
    bool is_target = false;
    std::uint32_t depth = 0;
};

template <class T>
T read(const std::vector<std::uint16_t>& words, std::uint32_t at) {
    T value;
    std::memcpy(&value, words.data() + at, sizeof value);
    return value;
}

/// Splits a function into forms again, and finds where its branches lead.
class FunctionReader {
  public:
    FunctionReader(const std::vector<std::uint16_t>& words,
                   const prepare::PreparedFunction& function)
        : words_(words) {
        std::uint32_t at = function.code;
        const std::uint32_t end = function.code + function.code_words;
        while (at < end) {
            const auto forms = prepare::forms_of(read<std::uint32_t>(words, at));
            std::uint32_t operands = at + prepare::handler_words;
            for (std::size_t i = 0; i < forms.size(); ++i) {
                instructions_.push_back({i == 0 ? at : operands, forms[i], false, 0});
                operands = take(prepare::form_of(forms[i]), operands);
            }
            at = operands;
        }
    }

    void add_runs(std::uint32_t project, std::vector<Run>& runs) {
        mark();
        Run run;
        run.project = project;
        for (const Instruction& one : instructions_) {
            if (one.is_target && !run.forms.empty()) {
                runs.push_back(std::exchange(run, Run{{}, {}, project}));
            }
            double weight = 1;
            for (std::uint32_t i = 0; i < std::min(one.depth, deepest_loop); ++i) {
                weight *= loop_factor;
            }
            run.forms.push_back(one.form);
            run.weights.push_back(weight);
        }
        if (!run.forms.empty()) {
            runs.push_back(std::move(run));
        }
    }

  private:
    struct Branch {
        std::uint32_t from;
        std::uint32_t to;
    };

    std::uint32_t take(Form form, std::uint32_t operands) {
        const std::uint32_t from = instructions_.back().at;
        std::uint32_t end = operands + prepare::operand_words(form);
        switch (prepare::facts_of(form.operation).shape) {
            case Shape::branch:
            case Shape::commutative_branch:
                branches_.push_back({from, end + read<std::uint32_t>(words_, end - 6)});
                break;
            case Shape::jump:
                branches_.push_back({from, end + read<std::uint32_t>(words_, end - 4)});
                break;
            case Shape::jump_table: {
                const auto pairs = read<std::uint32_t>(words_, end - 2) + 1;
                for (std::uint32_t i = 0; i < pairs; ++i, end += 4) {
                    branches_.push_back({from, end + read<std::uint32_t>(words_, end)});
                }
                break;
            }
            default:
                break;
        }
        return end;
    }

    [[nodiscard]] std::size_t index_of(std::uint32_t at) const {
        return static_cast<std::size_t>(
            std::ranges::lower_bound(instructions_, at, {}, &Instruction::at) -
            instructions_.begin());
    }

    /// Marks targets; every target that is branched to from behind is the head of a loop that
    /// reaches to the last such branch.
    void mark() {
        std::ranges::sort(branches_, {},
                          [](const Branch& branch) { return std::pair(branch.to, branch.from); });
        for (std::size_t i = 0; i < branches_.size(); ++i) {
            const Branch& branch = branches_[i];
            const std::size_t to = index_of(branch.to);
            instructions_[to].is_target = true;
            const bool last = i + 1 == branches_.size() || branches_[i + 1].to != branch.to;
            if (last && branch.from >= branch.to) {
                for (std::size_t in = to; in <= index_of(branch.from); ++in) {
                    ++instructions_[in].depth;
                }
            }
        }
    }

    const std::vector<std::uint16_t>& words_;
    std::vector<Instruction> instructions_{};
    std::vector<Branch> branches_{};
};

Result<prepare::PreparedCode> prepared(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    const Bytes bytes((std::istreambuf_iterator<char>(in)), {});
    wasm::Limits limits;
    limits.module_bytes = std::uint32_t{1} << 30U;
    limits.memory_pages = 65'535;
    limits.features = {true, true, true, true, true, true, true};
    AQD_TRY(module, wasm::decode(bytes, limits));
    AQD_TRY(valid, wasm::validate(std::move(module)));
    return prepare::prepare(valid, *gas::schedule(1));
}

}  // namespace

Project read_project(const std::filesystem::path& folder, std::uint32_t number) {
    Project project;
    project.name = folder.filename();
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file() && entry.path().extension() == ".wasm") {
            files.push_back(entry.path());
        }
    }
    std::ranges::sort(files);
    for (const std::filesystem::path& file : files) {
        const auto code = prepared(file);
        if (!code) {
            std::cerr << file.string() << ": " << code.error().message << '\n';
            continue;
        }
        const std::size_t first = project.runs.size();
        for (const prepare::PreparedFunction& function : code->functions) {
            FunctionReader(code->words, function).add_runs(number, project.runs);
        }
        double weight = 0;
        std::size_t forms = 0;
        for (std::size_t i = first; i < project.runs.size(); ++i) {
            forms += project.runs[i].forms.size();
            for (const double one : project.runs[i].weights) {
                weight += one;
            }
        }
        for (std::size_t i = first; i < project.runs.size(); ++i) {
            for (double& one : project.runs[i].weights) {
                one *= static_cast<double>(forms) / weight;
            }
        }
        project.forms += forms;
        ++project.modules;
    }
    return project;
}

}  // namespace aqd::mining
