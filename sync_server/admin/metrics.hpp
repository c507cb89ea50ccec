#pragma once
// Numbers for Prometheus: nothing of a person, no name, no id. Handhelds are numbered in order of their random ids.

#include <string>

#include "sync_server/admin/context.hpp"
#include "sync_server/admin/serving_facts.hpp"

namespace lantaarn::server::admin {

/// What is counted in the registry; gathered anew for a scrape.
struct MetricsFacts {
  ServingFacts serving;
  std::uint64_t merge_lag_batches = 0;
  std::uint64_t review_cases = 0, set_apart = 0;
  std::uint64_t devices_enrolled = 0, devices_revoked = 0;
  std::vector<std::int64_t> device_silence_s = {};  ///< of those enrolled and not revoked; -1: never seen
  std::int64_t free_bytes = 0;
  std::optional<std::int64_t> backup_age_s = {};    ///< nothing: no backup yet
};
/// Errors are the registry's.
[[nodiscard]] Result<MetricsFacts> gather_metrics(Context& context, const ServingFacts& serving);

/// The text exposition format (prometheus.io/docs/instrumenting/exposition_formats), version 0.0.4.
[[nodiscard]] std::string metrics_text(const MetricsFacts& facts);

}  // namespace lantaarn::server::admin
