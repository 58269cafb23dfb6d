#include "cli/verbs/diagram.h"

#include "cli/ledgers/case_view.h"
#include "cli/screen/table.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace aqd::verbs {
namespace {

/// One way from a state, or from none, to another.
struct Arrow {
    std::optional<std::uint32_t> from;
    std::uint32_t to = 0;
    std::string name;
    bool by_clock = false;
};

std::string short_name(const std::string& entry) {
    return entry.substr(entry.rfind('.') + 1);
}

std::vector<Arrow> arrows_of(const abi::Manifest& manifest, const abi::Procedure& procedure) {
    std::vector<Arrow> arrows;
    for (const abi::Entry& entry : manifest.entries) {
        if (entry.procedure != procedure.name || entry.kind == abi::EntryKind::deadline) {
            continue;
        }
        for (const std::uint32_t to : entry.targets) {
            if (entry.from_none) {
                arrows.push_back({std::nullopt, to, short_name(entry.name), false});
            }
            for (const std::uint32_t from : entry.sources) {
                arrows.push_back({from, to, short_name(entry.name), false});
            }
        }
    }
    for (const abi::Deadline& deadline : procedure.deadlines) {
        for (const std::uint32_t to : deadline.targets) {
            for (const std::uint32_t from : deadline.states) {
                arrows.push_back({from, to, deadline.name + " (" + deadline.period + ")", true});
            }
        }
    }
    const std::size_t count = procedure.states.size();
    std::erase_if(arrows, [&](const Arrow& arrow) {
        return arrow.to >= count || (arrow.from && *arrow.from >= count);
    });
    return arrows;
}

}  // namespace

std::string mermaid_diagram(const abi::Manifest& manifest, const abi::Procedure& procedure) {
    std::string out = "stateDiagram-v2\n";
    for (const abi::State& state : procedure.states) {
        const std::string label = ledgers::label_text(state.labels, state.name);
        if (label != state.name) {
            out += "    " + state.name + " : " + label + "\n";
        }
    }
    for (const Arrow& arrow : arrows_of(manifest, procedure)) {
        out += "    " + (arrow.from ? procedure.states[*arrow.from].name : std::string("[*]")) +
               " --> " + procedure.states[arrow.to].name + " : " +
               (arrow.by_clock ? "after " : "") + arrow.name + "\n";
    }
    for (const abi::State& state : procedure.states) {
        if (state.settled) {
            out += "    " + state.name + " --> [*]\n";
        }
    }
    return out;
}

std::string text_diagram(const abi::Manifest& manifest, const abi::Procedure& procedure) {
    const std::vector<Arrow> arrows = arrows_of(manifest, procedure);
    screen::Table table;
    for (const Arrow& arrow : arrows) {
        if (!arrow.from) {
            table.row({"○", "──" + arrow.name + "──▶ " + procedure.states[arrow.to].name, ""});
        }
    }
    for (std::uint32_t i = 0; i < procedure.states.size(); ++i) {
        const abi::State& state = procedure.states[i];
        const std::string name = state.name + (state.settled ? " ●" : "");
        const std::string label = ledgers::label_text(state.labels, "");
        bool first = true;
        for (const Arrow& arrow : arrows) {
            if (arrow.from != i) {
                continue;
            }
            table.row({first ? name : "",
                       (arrow.by_clock ? "┄┄" : "──") + arrow.name +
                           (arrow.by_clock ? "┄┄▷ " : "──▶ ") + procedure.states[arrow.to].name,
                       first ? label : ""});
            first = false;
        }
        if (first) {
            table.row({name, state.waits, label});
        }
    }
    return table.text();
}

}  // namespace aqd::verbs
