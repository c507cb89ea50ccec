#include "sync_server/admin/metrics.hpp"

#include <sys/statvfs.h>

#include <algorithm>

#include "sync_server/admin/health_copies.hpp"
#include "sync_server/gateway/ipc.pb.h"

namespace lantaarn::server::admin {
namespace {

class Exposition {
 public:
  void counter(const char* name, const char* help, std::uint64_t value) { one(name, help, "counter", std::to_string(value)); }
  void gauge(const char* name, const char* help, std::int64_t value) { one(name, help, "gauge", std::to_string(value)); }
  void head(const char* name, const char* help, const char* type) {
    text_ += std::string("# HELP ") + name + " " + help + "\n# TYPE " + name + " " + type + "\n";
  }
  void labelled(const char* name, const char* label, const std::string& of, const std::string& value) {
    text_ += std::string(name) + "{" + label + "=\"" + escaped(of) + "\"} " + value + "\n";
  }
  [[nodiscard]] std::string text() const { return text_; }

 private:
  void one(const char* name, const char* help, const char* type, const std::string& value) {
    head(name, help, type);
    text_ += std::string(name) + " " + value + "\n";
  }
  // A code may come from a peer: only what a code is made of is passed on.
  static std::string escaped(std::string label) {
    std::replace_if(label.begin(), label.end(), [](char c) { return (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_'; }, '_');
    return label;
  }
  std::string text_;
};

void add_sessions(Exposition& out, const ServingFacts& serving) {
  out.counter("lantaarn_sessions_total", "Sessions begun by handhelds that proved who they are.", serving.sessions);
  out.gauge("lantaarn_sessions_open", "Sessions open now.", static_cast<std::int64_t>(serving.sessions_open));
  out.head("lantaarn_refusals_total", "Sessions and enrolments refused, by error code.", "counter");
  for (const auto& [code, count] : serving.refusals) out.labelled("lantaarn_refusals_total", "code", code, std::to_string(count));
  out.counter("lantaarn_batches_received_total", "Batches made durable in the inbox.", serving.batches);
  out.gauge("lantaarn_handshakes_open", "Handshakes not finished.", static_cast<std::int64_t>(serving.half_open));
  out.counter("lantaarn_handshakes_failed_total", "Handshakes that failed.", serving.handshakes_failed);
  out.counter("lantaarn_handshakes_evicted_total", "Handshakes closed to make room.", serving.evicted);
  out.counter("lantaarn_handshakes_turned_away_total", "Connections of addresses that failed too often.", serving.turned_away);
}

}  // namespace

void ServingFacts::take(const ipc::Counts& counts) {
  sessions = counts.sessions();
  sessions_open = counts.sessions_open();
  batches = counts.batches();
  half_open = counts.half_open();
  handshakes_failed = counts.handshakes_failed();
  evicted = counts.evicted();
  turned_away = counts.turned_away();
  refusals.clear();
  for (const auto& refusal : counts.refusals()) refusals[refusal.code()] = refusal.count();
  gateway_files = counts.files();
  gateway_calls = counts.system_calls();
}

Result<MetricsFacts> gather_metrics(Context& context, const ServingFacts& serving) {
  MetricsFacts facts;
  facts.serving = serving;
  LANTAARN_ASSIGN(const std::int64_t last, context.inbox.last_inbox_id());
  LANTAARN_ASSIGN(const std::int64_t cursor, context.registry.cursor());
  facts.merge_lag_batches = static_cast<std::uint64_t>(std::max<std::int64_t>(last - cursor, 0));
  LANTAARN_TRY(context.registry.review_cases([&](const ReviewCase&) -> Status { return ++facts.review_cases, Status{}; }));
  LANTAARN_TRY(context.registry.quarantine([&](const Quarantined&) -> Status { return ++facts.set_apart, Status{}; }));
  LANTAARN_ASSIGN(const auto devices, context.registry.devices());
  const std::int64_t now_ms = context.clock.now().wall_ms;
  for (const DeviceView& device : devices) {
    if (device.revoked) ++facts.devices_revoked;
    if (!device.channel_key || device.revoked) continue;
    ++facts.devices_enrolled;
    facts.device_silence_s.push_back(device.last_seen_ms == 0 ? -1 : (now_ms - device.last_seen_ms) / 1000);
  }
  LANTAARN_ASSIGN(const auto last_backup, last_backup_ms(context.registry));
  if (last_backup) facts.backup_age_s = (now_ms - *last_backup) / 1000;
  struct statvfs disk {};
  if (::statvfs(context.folder.root.c_str(), &disk) == 0) {
    facts.free_bytes = static_cast<std::int64_t>(disk.f_bavail) * static_cast<std::int64_t>(disk.f_frsize);
  }
  return facts;
}

std::string metrics_text(const MetricsFacts& facts) {
  Exposition out;
  add_sessions(out, facts.serving);
  out.counter("lantaarn_entries_merged_total", "Entries merged in this run.", facts.serving.entries_merged);
  out.gauge("lantaarn_merge_lag_batches", "Batches received and not merged yet.", static_cast<std::int64_t>(facts.merge_lag_batches));
  out.gauge("lantaarn_review_cases", "Cases to look at.", static_cast<std::int64_t>(facts.review_cases));
  out.gauge("lantaarn_entries_set_apart", "Entries set apart.", static_cast<std::int64_t>(facts.set_apart));
  out.gauge("lantaarn_devices_enrolled", "Handhelds in use.", static_cast<std::int64_t>(facts.devices_enrolled));
  out.gauge("lantaarn_devices_revoked", "Handhelds revoked.", static_cast<std::int64_t>(facts.devices_revoked));
  out.head("lantaarn_device_silence_seconds", "Since a handheld's last session; -1: never. By number, not by name.", "gauge");
  for (std::size_t i = 0; i < facts.device_silence_s.size(); ++i) {
    out.labelled("lantaarn_device_silence_seconds", "device", std::to_string(i + 1), std::to_string(facts.device_silence_s[i]));
  }
  out.gauge("lantaarn_free_bytes", "Room left on the disk of the data folder.", facts.free_bytes);
  if (facts.backup_age_s) out.gauge("lantaarn_backup_age_seconds", "Since the last backup.", *facts.backup_age_s);
  return out.text();
}

}  // namespace lantaarn::server::admin
