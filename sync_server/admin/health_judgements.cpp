#include <algorithm>
#include <boost/json.hpp>

#include "sync_server/admin/documents.hpp"
#include "sync_server/admin/health.hpp"

namespace lantaarn::server::admin {
namespace {

constexpr std::int64_t kBuiltAfterMs = 1'767'225'600'000;  // 2026-01-01T00:00:00Z
constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;
constexpr std::int64_t kMebibyte = 1024 * 1024;
constexpr int kExitWarning = 3;
constexpr int kExitCritical = 4;

}  // namespace

std::string_view name_of(Health health) {
  switch (health) {
    case Health::kFine: return "fine";
    case Health::kWarning: return "warning";
    case Health::kCritical: break;
  }
  return "critical";
}

Finding judge_space(std::int64_t free_bytes) {
  Finding finding{.what = "space", .numbers = {{"free_bytes", free_bytes}}};
  if (free_bytes >= kSpaceWarningBytes) return finding;
  finding.health = free_bytes < kSpaceCriticalBytes ? Health::kCritical : Health::kWarning;
  finding.code = "space_low";
  finding.args = {std::to_string(free_bytes / kMebibyte)};
  return finding;
}

Finding judge_clock(std::int64_t now_ms, std::int64_t latest_ms) {
  Finding finding{.what = "clock"};
  if (now_ms >= kBuiltAfterMs && now_ms >= latest_ms - kClockToleranceBackMs) return finding;
  finding.health = Health::kCritical;
  finding.code = "clock_wrong";
  finding.numbers = {{"behind_ms", std::max(latest_ms, kBuiltAfterMs) - now_ms}};
  return finding;
}

Finding judge_merge(std::int64_t now_ms, std::int64_t waiting, std::int64_t oldest_ms) {
  Finding finding{.what = "merge", .numbers = {{"waiting_batches", waiting}}};
  if (waiting == 0 || now_ms - oldest_ms < kMergeLagMs) return finding;
  finding.health = Health::kWarning;
  finding.code = "merge_behind";
  finding.args = {std::to_string(waiting)};
  return finding;
}

Finding judge_handhelds(std::int64_t now_ms, const std::vector<DeviceView>& devices) {
  Finding finding{.what = "handhelds"};
  std::int64_t enrolled = 0, silent = 0;
  for (const DeviceView& device : devices) {
    if (!device.channel_key || device.revoked) continue;
    ++enrolled;
    if (now_ms - device.last_seen_ms > kSilentMs) ++silent;
  }
  finding.numbers = {{"enrolled", enrolled}, {"silent", silent}};
  if (silent == 0) return finding;
  finding.health = Health::kWarning;
  finding.code = "handhelds_silent";
  finding.args = {std::to_string(silent), std::to_string(kSilentMs / kDayMs)};
  return finding;
}

Finding judge_backup(std::int64_t now_ms, const std::optional<std::int64_t>& last_ms) {
  if (!last_ms) return {.what = "backup", .health = Health::kWarning, .code = "no_backup_target"};
  Finding finding{.what = "backup", .numbers = {{"age_ms", now_ms - *last_ms}}};
  if (now_ms - *last_ms <= kBackupMs) return finding;
  finding.health = Health::kWarning;
  finding.code = "backup_old";
  finding.args = {std::to_string((now_ms - *last_ms) / kDayMs)};
  return finding;
}

Finding judge_secured(std::int64_t now_ms, const std::optional<std::int64_t>& oldest_ms) {
  if (!oldest_ms) return {.what = "secured"};
  Finding finding{.what = "secured", .numbers = {{"oldest_ms", now_ms - *oldest_ms}}};
  if (now_ms - *oldest_ms <= kUnsecuredMs) return finding;
  finding.health = Health::kWarning;
  finding.code = "not_secured";
  finding.args = {std::to_string((now_ms - *oldest_ms) / kDayMs)};
  return finding;
}

Finding judge_directives(std::int64_t now_ms, const std::vector<std::int64_t>& given_ms) {
  Finding finding{.what = "directives", .numbers = {{"waiting", static_cast<std::int64_t>(given_ms.size())}}};
  const auto late = std::count_if(given_ms.begin(), given_ms.end(), [&](std::int64_t at) { return now_ms - at > kDirectiveMs; });
  if (late == 0) return finding;
  finding.health = Health::kWarning;
  finding.code = "directives_waiting";
  finding.args = {std::to_string(late), std::to_string(kDirectiveMs / kDayMs)};
  return finding;
}

Finding judge_confinement(const ServingFacts& serving) {
  const std::string_view should = name_of(confine::Reached::kConfined);
  const bool registry = name_of(serving.registry.files) == should && name_of(serving.registry.system_calls) == should;
  const bool told = !serving.gateway_files.empty();
  const bool gateway = !told || (serving.gateway_files == should && serving.gateway_calls == should);
  if (registry && gateway) return {.what = "confinement"};
  return {.what = "confinement", .health = Health::kWarning, .code = "not_confined"};
}

Health worst_of(const std::vector<Finding>& findings) {
  Health worst = Health::kFine;
  for (const Finding& finding : findings) worst = std::max(worst, finding.health);
  return worst;
}

boost::json::object health_document(const std::vector<Finding>& findings, std::int64_t now_ms) {
  namespace json = boost::json;
  json::array rows;
  for (const Finding& finding : findings) {
    json::object numbers;
    for (const auto& [name, number] : finding.numbers) numbers[name] = number;
    json::array args;
    for (const auto& arg : finding.args) args.emplace_back(arg);
    json::object row{{"what", finding.what}, {"state", std::string(name_of(finding.health))}, {"numbers", std::move(numbers)}};
    row["code"] = finding.code.empty() ? json::value(nullptr) : json::value(finding.code);
    row["args"] = std::move(args);
    rows.push_back(std::move(row));
  }
  return {{"state", std::string(name_of(worst_of(findings)))}, {"checked_at", instant(now_ms)}, {"findings", std::move(rows)}};
}

int exit_code_of(const boost::json::object& document) {
  const auto& state = document.at("state").as_string();
  if (state == "fine") return 0;
  return state == "warning" ? kExitWarning : kExitCritical;
}

}  // namespace lantaarn::server::admin
