#pragma once

#include <aqd/abi/manifest.h>

#include <string>

namespace aqd::verbs {

/// A state diagram for people's Markdown: `stateDiagram-v2` with steps, deadlines and settled
/// states.
std::string mermaid_diagram(const abi::Manifest& manifest, const abi::Procedure& procedure);

/// The same as lines of text: one state a paragraph, with what leads out of it.
std::string text_diagram(const abi::Manifest& manifest, const abi::Procedure& procedure);

}  // namespace aqd::verbs
