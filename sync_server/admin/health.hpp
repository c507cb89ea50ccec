#pragma once
// How the server is: what `check` says. HEALTH.md is the document: what is looked at, from when on it is a warning or
// critical, exit codes. Findings name ids, codes and numbers; never a person.

#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/base/result.hpp"
#include "sync_server/admin/context.hpp"
#include "sync_server/admin/serving_facts.hpp"
#include "sync_server/registry/views.hpp"

namespace lantaarn::server::admin {

enum class Health { kFine, kWarning, kCritical };
/// "fine", "warning", "critical".
[[nodiscard]] std::string_view name_of(Health health);

/// One thing that was looked at.
struct Finding {
  std::string what;                            ///< "registry_store", "space", …: the label "health:<what>"
  Health health = Health::kFine;
  std::string code = {};                       ///< why not fine: an error code
  std::vector<std::string> args = {};          ///< that fill its sentence
  std::map<std::string, std::int64_t> numbers = {};
};

// The judgements: pure. Limits are in HEALTH.md too.
inline constexpr std::int64_t kSpaceWarningBytes = 1024LL * 1024 * 1024;
inline constexpr std::int64_t kSpaceCriticalBytes = 128LL * 1024 * 1024;
inline constexpr std::int64_t kClockToleranceBackMs = 2LL * 60 * 1000;
inline constexpr std::int64_t kSilentMs = 14LL * 24 * 3600 * 1000;
inline constexpr std::int64_t kMergeLagMs = 10LL * 60 * 1000;

[[nodiscard]] Finding judge_space(std::int64_t free_bytes);
/// `latest_ms`: the latest moment that anything stored here says was now.
[[nodiscard]] Finding judge_clock(std::int64_t now_ms, std::int64_t latest_ms);
/// `waiting`: batches received and not merged; `oldest_ms`: when the first of those came.
[[nodiscard]] Finding judge_merge(std::int64_t now_ms, std::int64_t waiting, std::int64_t oldest_ms);
/// Enrolled handhelds that are not revoked and have not been here for kSilentMs.
[[nodiscard]] Finding judge_handhelds(std::int64_t now_ms, const std::vector<DeviceView>& devices);

inline constexpr std::int64_t kBackupMs = 2LL * 24 * 3600 * 1000;
inline constexpr std::int64_t kUnsecuredMs = 2LL * 24 * 3600 * 1000;
inline constexpr std::int64_t kDirectiveMs = 14LL * 24 * 3600 * 1000;

[[nodiscard]] Finding judge_backup(std::int64_t now_ms, const std::optional<std::int64_t>& last_ms);
/// `oldest_ms`: when the oldest entry came that two verified copies do not hold yet; nothing: there is none.
[[nodiscard]] Finding judge_secured(std::int64_t now_ms, const std::optional<std::int64_t>& oldest_ms);
/// `given_ms`: when what no handheld has carried out yet was asked.
[[nodiscard]] Finding judge_directives(std::int64_t now_ms, const std::vector<std::int64_t>& given_ms);
/// Both processes closed in as far as they should be.
[[nodiscard]] Finding judge_confinement(const ServingFacts& serving);

/// The worst of them.
[[nodiscard]] Health worst_of(const std::vector<Finding>& findings);
[[nodiscard]] boost::json::object health_document(const std::vector<Finding>& findings, std::int64_t now_ms);

/// The command `check`: looks, and says. In a running server `serving` says what only it knows.
[[nodiscard]] Answer check_server(Context& context, const ServingFacts* serving);

/// The same without reading both stores through: what can be said while people wait. For the page.
[[nodiscard]] Answer glance_at_server(Context& context, const ServingFacts* serving);

/// What `check` exits with: 0 fine, 3 warning, 4 critical. (1: could not look; 2: wrong usage.)
[[nodiscard]] int exit_code_of(const boost::json::object& health_document);

}  // namespace lantaarn::server::admin
