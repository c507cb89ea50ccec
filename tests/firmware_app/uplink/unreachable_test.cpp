// When there is no server, or none that answers. A sync that fails changes nothing but the time.

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "tests/sync_server/gateway/handheld_end.hpp"

namespace lantaarn::firmware {
namespace {

/// Listens on a port of its own; `serve` gets the first connection.
class Listener {
 public:
  explicit Listener(std::function<void(int)> serve = {}) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in own{};
    own.sin_family = AF_INET;
    ::inet_pton(AF_INET, "127.0.0.1", &own.sin_addr);
    socklen_t size = sizeof own;
    REQUIRE(::bind(socket_, reinterpret_cast<const sockaddr*>(&own), size) == 0);
    REQUIRE(::listen(socket_, 4) == 0);
    REQUIRE(::getsockname(socket_, reinterpret_cast<sockaddr*>(&own), &size) == 0);
    address = "127.0.0.1:" + std::to_string(ntohs(own.sin_port));
    if (!serve) return;
    thread_ = std::thread([this, serve = std::move(serve)] {
      const int accepted = ::accept(socket_, nullptr, nullptr);
      serve(accepted);
      ::close(accepted);
    });
  }
  ~Listener() {
    if (thread_.joinable()) thread_.join();
    ::close(socket_);
  }
  std::string address;

 private:
  int socket_;
  std::thread thread_;
};

struct Alone {
  server::gateway::TestDevice device;
  server::gateway::HandheldEnd handheld{device};
  SyncSettings settings;
  Alone() {
    handheld.save(2);
    settings.server_key = channel::DhKeyPair::random().public_key();
    settings.device = device.id;
    settings.channel_key = &device.channel_key.private_key();
    settings.psk = &device.psk;
    settings.clock = &handheld.clock;
    settings.timeouts.handshake = std::chrono::milliseconds(300);
  }
  [[nodiscard]] Error sync(const std::string& address) {
    settings.server_address = address;
    const auto report = sync_once(settings, handheld.outbox, handheld.sink);
    REQUIRE_FALSE(report.ok());
    CHECK(handheld.outbox.counts().value().sent == 0);
    return report.error();
  }
};

}  // namespace

TEST_CASE_METHOD(Alone, "a server that is not there is named", "[uplink]") {
  std::string address;
  { address = Listener().address; }
  const Error error = sync(address);
  CHECK(error.code == "server_unreachable");
  CHECK(error.args == std::vector{address});
  CHECK(error.kind == ErrorKind::kRetry);
}

TEST_CASE_METHOD(Alone, "an address that is none is refused", "[uplink]") { CHECK(sync("nowhere").code == "address_invalid"); }

TEST_CASE_METHOD(Alone, "a server that says nothing is unreachable after the deadline", "[uplink]") {
  const Listener silent;
  CHECK(sync(silent.address).code == "server_unreachable");
}

TEST_CASE_METHOD(Alone, "a server that hangs up is a lost connection", "[uplink]") {
  const Listener rude([](int) {});
  CHECK(sync(rude.address).code == "connection_lost");
}

TEST_CASE_METHOD(Alone, "whoever answers without the server's key is not our server", "[uplink]") {
  const Listener impostor([](int socket) {
    std::uint8_t heard[56];
    [[maybe_unused]] const auto got = ::recv(socket, heard, sizeof heard, MSG_WAITALL);
    const Bytes answer(48, 7);
    [[maybe_unused]] const auto said = ::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL);
  });
  CHECK(sync(impostor.address).code == "server_key_wrong");
}

}  // namespace lantaarn::firmware
