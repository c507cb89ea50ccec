#pragma once
// Why two records are proposed, in words: "same birth year; Roxy ~ Roxi".

#include <span>

#include "common/words/words.hpp"
#include "sync_server/linkage/explain.hpp"

namespace lantaarn::server::admin {

/// Strongest first, separated by "; ". Names are as typed; no place and no time is in it.
[[nodiscard]] std::string evidence_text(words::Language language, std::span<const linkage::Evidence> evidence);

}  // namespace lantaarn::server::admin
