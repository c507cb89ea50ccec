// Who is not a handheld of ours, or not any more. Nothing they do reaches the disk or keeps others out.

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/channel/preamble.hpp"
#include "tests/support/fault_vfs.hpp"
#include "tests/sync_server/gateway/handheld_end.hpp"

namespace lantaarn::server::gateway {
namespace {

/// A TCP connection that says what it is told.
class Stranger {
 public:
  explicit Stranger(const std::string& address, const char* from = "127.0.0.1") : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in own{};
    own.sin_family = AF_INET;
    ::inet_pton(AF_INET, from, &own.sin_addr);
    REQUIRE(::bind(socket_, reinterpret_cast<const sockaddr*>(&own), sizeof own) == 0);
    sockaddr_in peer{};
    peer.sin_family = AF_INET;
    peer.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.find(':') + 1))));
    ::inet_pton(AF_INET, "127.0.0.1", &peer.sin_addr);
    REQUIRE(::connect(socket_, reinterpret_cast<const sockaddr*>(&peer), sizeof peer) == 0);
  }
  ~Stranger() { ::close(socket_); }
  Stranger(const Stranger&) = delete;
  Stranger& operator=(const Stranger&) = delete;

  bool say(ByteView bytes) const {
    return ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
  }
  /// Whether the other side closes (or resets) within the time; what it says before that is dropped.
  [[nodiscard]] bool closed_within(int timeout_ms) const {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
    std::uint8_t dropped[256];
    while (true) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
      pollfd waiting{socket_, POLLIN, 0};
      if (left <= 0 || ::poll(&waiting, 1, static_cast<int>(left)) == 0) return false;
      if (::recv(socket_, dropped, sizeof dropped, 0) <= 0) return true;
    }
  }

 private:
  int socket_;
};

GatewayLimits impatient() {
  GatewayLimits limits;
  limits.handshake = std::chrono::milliseconds(300);
  limits.linger = std::chrono::milliseconds(100);
  return limits;
}

}  // namespace

TEST_CASE("garbage, an oversized length, silence and one byte at a time are closed, and a handheld still syncs", "[gateway]") {
  const TestDevice device;
  RegistryEnd registry(impatient(), {&device});
  HandheldEnd handheld(device);
  handheld.save(3);
  const std::string address = registry.address();
  const auto preamble = channel::make_preamble(channel::Purpose::kSync);
  SECTION("garbage") {
    const Stranger stranger(address);
    CHECK(stranger.say(as_bytes("GET / HTTP/1.1\r\nHost: registry\r\n\r\n")));
    CHECK(stranger.closed_within(10'000));
  }
  SECTION("the right words, then garbage where message 1 would be, and an oversized length behind it") {
    const Stranger stranger(address);
    CHECK(stranger.say(preamble));
    CHECK(stranger.say(Bytes(4096, 0xff)));
    CHECK(stranger.closed_within(10'000));
  }
  SECTION("silence") { CHECK(Stranger(address).closed_within(10'000)); }
  SECTION("one byte at a time does not stretch the deadline") {
    const Stranger stranger(address);
    bool closed = false;
    for (std::size_t i = 0; i < preamble.size() && !closed; ++i) {
      stranger.say(ByteView(preamble).subspan(i, 1));
      closed = stranger.closed_within(100);
    }
    CHECK(closed);
  }
  CHECK(handheld.sync_code(registry) == "");
}

TEST_CASE("a flood of half-open connections closes its own oldest and keeps no handheld out", "[gateway]") {
  GatewayLimits limits;
  limits.half_open_max = 60;
  limits.half_open_per_address = 20;
  const TestDevice device;
  RegistryEnd registry(limits, {&device});
  HandheldEnd handheld(device);
  handheld.save(3);
  const std::string address = registry.address();
  std::vector<std::unique_ptr<Stranger>> flood;
  for (const char* from : {"127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"}) {
    for (int i = 0; i < 40; ++i) flood.push_back(std::make_unique<Stranger>(address, from));
  }
  CHECK(handheld.sync_code(registry) == "");
  // Of each address the first half gave way to the second, and of the first address all gave way to the last one's.
  CHECK(flood[0]->closed_within(10'000));
  CHECK(flood[39]->closed_within(10'000));
  CHECK(flood[59]->closed_within(10'000));
  CHECK_FALSE(flood[159]->closed_within(0));
}

TEST_CASE("a device that is revoked, unknown or has another PSK is refused and sends nothing", "[gateway]") {
  TestDevice device;
  RegistryEnd registry(impatient(), {&device});
  HandheldEnd handheld(device);
  handheld.save(3);
  SECTION("revoked before") {
    device.revoked = true;
    registry.update(device);
    CHECK(handheld.sync_code(registry) == "device_revoked");
  }
  SECTION("unknown") {
    const TestDevice other;
    HandheldEnd stranger(other);
    CHECK(stranger.sync_code(registry) == "device_refused");
  }
  SECTION("another PSK") {
    auto settings = handheld.settings(registry);
    const crypto::Key wrong = crypto::random_secret<32>();
    settings.psk = &wrong;
    const auto report = firmware::sync_once(settings, handheld.outbox, handheld.sink);
    REQUIRE_FALSE(report.ok());
    CHECK(report.error().code == "device_refused");
  }
  SECTION("the handheld knows the server by another key") {
    auto settings = handheld.settings(registry);
    settings.server_key = channel::DhKeyPair::random().public_key();
    const auto report = firmware::sync_once(settings, handheld.outbox, handheld.sink);
    REQUIRE_FALSE(report.ok());
    CHECK(report.error().code == "server_key_wrong");
  }
  CHECK(handheld.outbox.counts().value().sent == 0);
  CHECK(handheld.outbox.counts().value().saved == 3);
}

TEST_CASE("a thief without the user's key writes nothing the gateway takes", "[gateway]") {
  const TestDevice device;
  RegistryEnd registry({}, {&device});
  TestDevice thief;
  thief.id = device.id;
  thief.channel_key = channel::DhKeyPair(device.channel_key.private_key().duplicate());
  thief.psk = device.psk.duplicate();
  thief.user = device.user;
  HandheldEnd handheld(thief);
  handheld.save(2);
  CHECK(handheld.sync_code(registry) == "signature_wrong");
  CHECK(handheld.outbox.counts().value().received == 0);
}

TEST_CASE("a full disk at the server acknowledges nothing, the handheld keeps all and delivers it later", "[gateway]") {
  support::FaultVfs vfs;
  const TestDevice device;
  RegistryEnd registry({}, {&device}, vfs.name());
  HandheldEnd handheld(device);
  handheld.save(30);
  REQUIRE(registry.address() != "");
  vfs.disk().reset_count();
  vfs.disk().fail_at(1, support::Fault::kDiskFull, true);
  CHECK(handheld.sync_code(registry) == "server_cannot_store");
  CHECK(handheld.outbox.counts().value().received == 0);
  vfs.disk().heal();
  CHECK(handheld.sync_code(registry) == "");
  CHECK(handheld.outbox.counts().value().received == 30);
}

TEST_CASE("a port that is taken, and an inbox that is damaged, are named", "[gateway]") {
  RegistryEnd first;
  RegistryEnd second;
  const std::string address = first.address();
  second.listen_port = static_cast<std::uint32_t>(std::stoul(address.substr(address.find(':') + 1)));
  second.restart();
  CHECK(second.start_failure() == "port_taken");
  support::FaultVfs vfs;
  vfs.disk().put("inbox.db", as_bytes(std::string(8192, 'x')));
  CHECK(RegistryEnd({}, {}, vfs.name()).start_failure() == "database_damaged");
}

TEST_CASE("a ticket enrols one device key, again if need be, and alarms when another one comes with it", "[gateway]") {
  const TestDevice device;
  RegistryEnd registry(impatient());
  const SystemClock clock;
  const std::int64_t now_ms = clock.now().wall_ms;
  sync::Ticket ticket = registry.make_ticket(device, now_ms + 60'000);
  const auto enrol_with = [&](const channel::DhKeyPair& key) {
    firmware::EnrolSettings settings;
    settings.ticket = &ticket;
    settings.channel_key = &key.private_key();
    settings.user = {device.user, {}, &device.user_key};
    settings.clock = &clock;
    const auto enrolled = firmware::enrol(settings);
    if (enrolled.ok()) CHECK(enrolled->epoch == registry.epoch);
    return enrolled.ok() ? std::string() : enrolled.error().code;
  };
  SECTION("in time") {
    CHECK(enrol_with(device.channel_key) == "");
    CHECK(enrol_with(device.channel_key) == "");
    CHECK(enrol_with(channel::DhKeyPair::random()) == "ticket_used");
    CHECK(registry.wait_for_alarms(1));
  }
  SECTION("too late") {
    ticket = registry.make_ticket(device, now_ms - 1);
    CHECK(enrol_with(device.channel_key) == "ticket_expired");
  }
  SECTION("with another one-time key") {
    ticket.psk = crypto::random_secret<32>();
    CHECK(enrol_with(device.channel_key) == "ticket_refused");
  }
  SECTION("not of this server") {
    ticket.id = crypto::random_id<TicketId>();
    CHECK(enrol_with(device.channel_key) == "ticket_refused");
  }
}

}  // namespace lantaarn::server::gateway
