#pragma once
// A handheld with a real journal, a real outbox and the real uplink, for tests of the gateway.

#include "firmware_app/uplink/uplink.hpp"
#include "tests/common/sync/fixture.hpp"
#include "tests/sync_server/gateway/registry_end.hpp"

namespace lantaarn::server::gateway {

struct HandheldEnd {
  explicit HandheldEnd(const TestDevice& known) : device(known) {}

  const TestDevice& device;
  support::TempFolder folder;
  journal::SealKey round{crypto::random_id<KeyId>(), crypto::random_secret<32>()};
  crypto::BoxKey sealing{crypto::random_secret<32>()};
  journal::Journal journal{journal::Journal::open(folder.file("journal.db"), device.id).value()};
  firmware::Outbox outbox{journal};
  sync::MarkSink sink;
  SystemClock clock;
  std::int64_t timeout_ms = 20'000;

  void save(std::size_t count, std::size_t event_bytes = 600, std::size_t a_commit = 500) {
    const Bytes event(event_bytes, 'x');
    for (std::size_t done = 0; done < count;) {
      const std::size_t now = std::min(a_commit, count - done);
      REQUIRE(journal.save(std::vector<ByteView>(now, event), {device.user, device.user_key}, {round, sealing.public_key()}).ok());
      done += now;
    }
  }
  [[nodiscard]] firmware::SyncSettings settings(RegistryEnd& registry) const {
    firmware::SyncSettings settings;
    settings.server_address = registry.address();
    settings.server = registry.server;
    settings.server_key = registry.channel_key.public_key();
    settings.authority_key = registry.authority.verify_key();
    settings.device = device.id;
    settings.channel_key = &device.channel_key.private_key();
    settings.psk = &device.psk;
    settings.clock = &clock;
    settings.timeouts.receive = std::chrono::milliseconds(timeout_ms);
    return settings;
  }
  [[nodiscard]] Result<firmware::SyncReport> sync(RegistryEnd& registry) {
    return firmware::sync_once(settings(registry), outbox, sink);
  }
  /// The error's code; empty when it went well.
  [[nodiscard]] std::string sync_code(RegistryEnd& registry) {
    const auto report = sync(registry);
    return report.ok() ? "" : report.error().code;
  }
};

}  // namespace lantaarn::server::gateway
