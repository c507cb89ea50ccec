#pragma once
// What the gateway counts, for the registry's metrics. Codes and numbers only.

#include <cstdint>
#include <map>
#include <string>

#include "common/base/result.hpp"

namespace lantaarn::server::gateway {

/// Refusals by error code. Some codes come from a peer: no more than this many are told apart.
inline constexpr std::size_t kCountedCodesMax = 64;

struct Counts {
  std::uint64_t sessions = 0;       ///< begun, of handhelds that proved who they are
  std::uint64_t sessions_open = 0;
  std::uint64_t batches = 0;        ///< durable
  std::map<std::string, std::uint64_t> refusals;

  void refused(const std::string& code) {
    const bool known = refusals.find(code) != refusals.end() || refusals.size() + 1 < kCountedCodesMax;
    ++refusals[known ? code : "other"];
  }
  bool operator==(const Counts&) const = default;
};

}  // namespace lantaarn::server::gateway
