#pragma once
// A server's folder in a temporary place, asked in this process, with a clock that stands where a test puts it.

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <optional>

#include "sync_server/admin/commands.hpp"
#include "sync_server/admin/open_server.hpp"
#include "tests/support/temp_folder.hpp"

namespace lantaarn::server::admin {

class StandingClock final : public Clock {
 public:
  [[nodiscard]] ClockReading now() const override { return reading; }
  void advance_ms(std::int64_t ms) {
    reading.wall_ms += ms;
    reading.monotonic_ms += ms;
  }
  ClockReading reading{1'795'377'600'000 /* 2026-11-22T20:00:00Z */, 1'000'000, {}, ClockStatus::kUnknown};
};

using Values = std::map<std::string, std::vector<std::string>, std::less<>>;

/// Initialised, with Fatma (administrator), Noor (coordinator), Anna and Iris (case managers), Bibi (expert by
/// experience), Jan (project lead) and Ilse (data protection officer).
class Office {
 public:
  enum class People { kAll, kNobody };
  explicit Office(People people = People::kAll);

  [[nodiscard]] Answer ask(const std::string& command, const Values& values = {});
  /// The document; fails the test when it was refused.
  [[nodiscard]] boost::json::value told(const std::string& command, const Values& values = {});
  /// The error code; fails the test when it was not refused.
  [[nodiscard]] std::string refusal(const std::string& command, const Values& values = {});

  /// As the coordinator, for a reason.
  [[nodiscard]] static Values as(const std::string& user, Values values = {});

  /// Opens the folder; close() before asking anything that opens it itself.
  [[nodiscard]] OpenServer& open();
  void close() { server_.reset(); }

  support::TempFolder folder;
  StandingClock clock;
  [[nodiscard]] Folder place() const { return Folder{folder.file("data")}; }
  /// Facts of a kind in the server's own log.
  [[nodiscard]] std::vector<model::Event> facts(int kind);

 private:
  std::unique_ptr<OpenServer> server_;
};

[[nodiscard]] std::string text(const boost::json::value& document, const char* member);

}  // namespace lantaarn::server::admin
