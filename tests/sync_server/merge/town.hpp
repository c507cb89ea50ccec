#pragma once
// A small programme in memory: one server, its registry, and handhelds that save and deliver.

#include <catch2/catch.hpp>

#include "sync_server/registry/sqlite/open.hpp"
#include "tests/support/generated_inbox.hpp"

namespace lantaarn::support {

inline constexpr std::int64_t kEvening = 1'764'000'000'000;  // 2025-11-24T16:00Z
inline constexpr const char* kToday = "2025-11-24";

#define LANTAARN_OK(result)                                                      \
  do {                                                                           \
    const auto& lantaarn_checked = (result);                                     \
    INFO((lantaarn_checked.ok() ? "" : lantaarn_checked.error().to_log_line())); \
    REQUIRE(lantaarn_checked.ok());                                              \
  } while (false)

[[nodiscard]] std::unique_ptr<server::Registry> registry_in_memory(const GeneratedServer& server);

struct Town {
  explicit Town(std::uint64_t seed = 1, server::MergeOptions options = {});

  Draw draw;
  GeneratedServer server;
  std::unique_ptr<server::Registry> registry;
  server::Merger merger;
  GeneratedInbox inbox;
  GeneratedUser anna, bram;
  DeviceId device;                       ///< Anna's and Bram's handheld, enrolled

  [[nodiscard]] GeneratedLog new_log() { return {draw, device, server.sealing.public_key()}; }
  /// The server says something.
  void state(const Bytes& fact);
  /// Saves an event in a log; its id.
  EventId save(GeneratedLog& log, const model::Event& event) { return save(log, anna, event); }
  EventId save(GeneratedLog& log, const GeneratedUser& author, const model::Event& event);
  /// What waits in the log goes into the inbox, and is merged.
  server::MergeReport deliver(GeneratedLog& log);
  server::MergeReport merge();

  [[nodiscard]] model::Event contact(const std::optional<ClientId>& client, const std::string& note = {});
  [[nodiscard]] model::Event client_added(const ClientId& client, const std::string& alias);
  [[nodiscard]] model::Event amendment(const EventId& contact, const std::string& field, const std::string& value,
                                       const std::vector<EventId>& seen, std::int64_t wall_ms = kEvening);
  [[nodiscard]] model::Event retraction(const EventId& contact);

  [[nodiscard]] std::vector<server::Quarantined> apart();
  [[nodiscard]] std::vector<std::string> reasons();
  [[nodiscard]] std::vector<server::ReviewCase> cases();
  [[nodiscard]] std::optional<server::Contact> contact_of(const EventId& id);
  [[nodiscard]] std::size_t contacts();
  [[nodiscard]] server::Digest digest();
  /// Folds everything again from the event store; the digests must agree.
  void require_rebuild_agrees();
};

}  // namespace lantaarn::support
