#pragma once
// tests/vectors/crypto/published.txt: one section of it, by name.

#include <map>
#include <string>

#include "common/base/bytes.hpp"

namespace lantaarn::crypto {

/// The section's values; throws std::runtime_error when it, or one asked for by at(), is not there.
[[nodiscard]] std::map<std::string, Bytes> published(const std::string& section);

}  // namespace lantaarn::crypto
