#include "sync_server/admin/health.hpp"

#include <catch2/catch.hpp>
#include <filesystem>

#include "common/database/database.hpp"
#include "sync_server/admin/metrics.hpp"
#include "sync_server/admin/screens.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/sync_server/admin/office.hpp"

using namespace lantaarn;
using namespace lantaarn::server;
using namespace lantaarn::server::admin;
namespace json = boost::json;

namespace {

constexpr std::int64_t kNow = 1'795'377'600'000;
constexpr std::int64_t kDay = 24LL * 3600 * 1000;

DeviceView handheld(std::int64_t seen_ms, bool enrolled = true, bool revoked = false) {
  DeviceView device;
  if (enrolled) device.channel_key.emplace();
  device.revoked = revoked;
  device.last_seen_ms = seen_ms;
  return device;
}

json::object finding(const json::value& document, const std::string& what) {
  for (const auto& row : document.at("findings").as_array()) {
    if (row.at("what").as_string() == what) return row.as_object();
  }
  FAIL("nothing about " << what);
  return {};
}

void change_registry(const Office& office, const std::string& sql) {
  database::OpenOptions options;
  auto database = database::Database::open(office.place().registry_database(), options);
  REQUIRE(database.ok());
  REQUIRE(database->execute(sql).ok());
}

}  // namespace

TEST_CASE("the least room that is fine is fine, one byte less is a warning, and in the end critical", "[admin]") {
  CHECK(judge_space(kSpaceWarningBytes).health == Health::kFine);
  CHECK(judge_space(kSpaceWarningBytes - 1).health == Health::kWarning);
  CHECK(judge_space(kSpaceCriticalBytes).health == Health::kWarning);
  CHECK(judge_space(kSpaceCriticalBytes - 1).health == Health::kCritical);
}

TEST_CASE("a clock behind what is written down is critical, one that was set back a little is not", "[admin]") {
  CHECK(judge_clock(kNow, kNow).health == Health::kFine);
  CHECK(judge_clock(kNow, kNow + kClockToleranceBackMs).health == Health::kFine);
  CHECK(judge_clock(kNow, kNow + kClockToleranceBackMs + 1).health == Health::kCritical);
  CHECK(judge_clock(0, 0).health == Health::kCritical);
}

TEST_CASE("what waits to be merged for ten minutes is a warning", "[admin]") {
  CHECK(judge_merge(kNow, 0, 0).health == Health::kFine);
  CHECK(judge_merge(kNow, 3, kNow - kMergeLagMs + 1).health == Health::kFine);
  CHECK(judge_merge(kNow, 3, kNow - kMergeLagMs).health == Health::kWarning);
}

TEST_CASE("a handheld that has been silent for two weeks is a warning, one that is revoked or never enrolled is not", "[admin]") {
  CHECK(judge_handhelds(kNow, {handheld(kNow - 14 * kDay)}).health == Health::kFine);
  CHECK(judge_handhelds(kNow, {handheld(kNow - 14 * kDay - 1)}).health == Health::kWarning);
  CHECK(judge_handhelds(kNow, {handheld(0, true, true), handheld(0, false)}).health == Health::kFine);
}

TEST_CASE("a backup, what is not secured and what a handheld was asked are warnings when they are old", "[admin]") {
  CHECK(judge_backup(kNow, std::nullopt).code == "no_backup_target");
  CHECK(judge_backup(kNow, kNow - kBackupMs).health == Health::kFine);
  CHECK(judge_backup(kNow, kNow - kBackupMs - 1).health == Health::kWarning);
  CHECK(judge_secured(kNow, std::nullopt).health == Health::kFine);
  CHECK(judge_secured(kNow, kNow - kUnsecuredMs).health == Health::kFine);
  CHECK(judge_secured(kNow, kNow - kUnsecuredMs - 1).health == Health::kWarning);
  CHECK(judge_directives(kNow, {kNow - kDirectiveMs}).health == Health::kFine);
  CHECK(judge_directives(kNow, {kNow, kNow - kDirectiveMs - 1}).health == Health::kWarning);
}

TEST_CASE("a whole server is fine but for its backup, and a fresh one too", "[admin]") {
  Office office;
  const auto document = office.told("check");
  CHECK(document.at("state") == "warning");
  for (const char* what : {"registry_store", "inbox_store", "own_log", "inbox_chains", "keys", "merge", "clock", "handhelds"}) {
    INFO(what);
    CHECK(finding(document, what).at("state") == "fine");
  }
  CHECK(finding(document, "backup").at("code") == "no_backup_target");
  CHECK(finding(document, "own_log").at("numbers").at("entries").to_number<int>() >= 7);
  CHECK(exit_code_of(document.as_object()) == 3);
  CHECK(nagios_line(document.as_object()).starts_with("LANTAARN WARNING - "));
}

TEST_CASE("an entry of the own log that was altered, taken out or signed by another is critical", "[admin]") {
  const auto own_log_after = [](const std::string& sql) {
    Office office;
    office.close();
    change_registry(office, sql);
    const auto document = office.told("check");
    CHECK(document.at("state") == "critical");
    CHECK(exit_code_of(document.as_object()) == 4);
    return std::string(finding(document, "own_log").at("code").as_string());
  };
  CHECK(own_log_after("UPDATE own_log SET entry = (SELECT entry FROM own_log WHERE seq = 4) WHERE seq = 3") == "chain_broken");
  CHECK(own_log_after("DELETE FROM own_log WHERE seq = 3") == "chain_broken");
  CHECK(own_log_after("UPDATE own_log SET signature = (SELECT signature FROM own_log WHERE seq = 1) WHERE seq = (SELECT max(seq) FROM own_log)") == "signature_wrong");
  // Of an erased one the hash alone is left: that is as it should be.
  Office office;
  office.close();
  change_registry(office, "UPDATE own_log SET entry = x'' WHERE seq = 3");
  CHECK(finding(office.told("check"), "own_log").at("state") == "fine");
}

TEST_CASE("pages of the registry that nothing leads to any more are critical", "[admin]") {
  Office office;
  office.close();
  // One page more than its trees use (SQLite's file format, section 1.3: page size at byte 16, size in pages at 28).
  const std::string path = office.place().registry_database();
  std::string content = support::read_file(path);
  const auto byte = [&](std::size_t at) { return static_cast<std::size_t>(static_cast<std::uint8_t>(content.at(at))); };
  const std::size_t page_bytes = byte(16) << 8U | byte(17);
  REQUIRE(content.size() % page_bytes == 0);
  content.append(page_bytes, '\0');
  const std::size_t pages = content.size() / page_bytes;
  for (std::size_t i = 0; i < 4; ++i) content.at(28 + i) = static_cast<char>(pages >> (24 - 8 * i) & 0xFFU);
  support::write_file(path, content);
  CHECK(finding(office.told("check"), "registry_store").at("state") == "critical");
}

TEST_CASE("a clock that went back behind the own log is critical", "[admin]") {
  Office office;
  office.clock.advance_ms(-kDay);
  CHECK(finding(office.told("check"), "clock").at("code") == "clock_wrong");
}

TEST_CASE("metrics are in Prometheus' form, and a code from a peer cannot break it", "[admin]") {
  MetricsFacts facts;
  facts.serving.sessions = 3;
  facts.serving.refusals = {{"server_busy", 2}, {"a\"} 1\nforged 7", 1}};
  facts.device_silence_s = {60, -1};
  const std::string text = metrics_text(facts);
  CHECK(text.find("# TYPE lantaarn_sessions_total counter\nlantaarn_sessions_total 3\n") != std::string::npos);
  CHECK(text.find("lantaarn_refusals_total{code=\"server_busy\"} 2\n") != std::string::npos);
  CHECK(text.find("\nforged") == std::string::npos);
  CHECK(text.find("lantaarn_device_silence_seconds{device=\"2\"} -1\n") != std::string::npos);
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    const std::string line = text.substr(begin, end - begin);
    INFO(line);
    CHECK((line.starts_with("# HELP lantaarn_") || line.starts_with("# TYPE lantaarn_") || line.starts_with("lantaarn_")));
    if (line[0] != '#') CHECK(line.find_last_not_of("-0123456789") == line.rfind(' '));
  }
  CHECK(begin == text.size());
}
