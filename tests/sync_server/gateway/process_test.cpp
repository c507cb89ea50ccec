// The gateway as the process it is, confined, with this test as its registry: what callers cost it in memory, and that
// strangers cost it nothing on the disk. The kernel does the counting.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <list>

#include "common/channel/frame.hpp"
#include "common/channel/handshake.hpp"
#include "common/channel/preamble.hpp"
#include "common/sync/limits.hpp"
#include "sync_server/gateway/ipc.hpp"
#include "sync_server/gateway/launch.hpp"
#include "tests/support/process.hpp"
#include "tests/support/random.hpp"
#include "tests/support/skip.hpp"
#include "tests/sync_server/gateway/registry_end.hpp"

namespace lantaarn::server::gateway {
namespace {

std::int64_t number_in(const std::string& file, const std::string& name) {
  const std::string text = support::read_file(file);
  const auto at = text.find(name);
  REQUIRE(at != std::string::npos);
  return std::stoll(text.substr(at + name.size()));
}

/// The process, and the registry's end of its socket. Ends with the object.
class GatewayEnd {
 public:
  explicit GatewayEnd(const std::list<TestDevice>& devices) {
    auto launched = launch_gateway(support::program_path("lantaarn-server"));
    REQUIRE(launched.ok());
    process_ = *launched;
    ipc::Frame frame;
    ipc::Configure& configure = *frame.mutable_configure();
    configure.set_server_id(to_string(server.view()));
    configure.set_epoch(1);
    configure.set_channel_private_key(to_string(key.private_key().view()));
    configure.set_receipt_seed(std::string(32, 'r'));
    configure.set_authority_key(std::string(32, 'a'));
    configure.set_listen_host("127.0.0.1");
    configure.set_inbox_path(folder_.file("inbox.db"));
    for (const TestDevice& device : devices) *configure.add_devices() = device.record();
    REQUIRE(ipc::write_frame(process_.descriptor, frame).ok());
    ipc::Frame answer;
    REQUIRE(ipc::read_frame(process_.descriptor, reader_, answer).ok());
    REQUIRE(answer.has_listening());
    port_ = static_cast<std::uint16_t>(answer.listening().port());
  }
  ~GatewayEnd() {
    ::close(process_.descriptor);
    ::waitpid(process_.pid, nullptr, 0);
  }
  GatewayEnd(const GatewayEnd&) = delete;
  GatewayEnd& operator=(const GatewayEnd&) = delete;

  [[nodiscard]] std::int64_t resident_kib() const { return number_in(proc("status"), "VmRSS:"); }
  [[nodiscard]] std::int64_t disk_bytes() const { return number_in(proc("io"), "\nwrite_bytes:"); }
  [[nodiscard]] std::int64_t status(const std::string& name) const { return number_in(proc("status"), "\n" + name + ":"); }
  /// The next counts it tells; it does so a second after they changed.
  [[nodiscard]] ipc::Counts counts() {
    for (;;) {
      ipc::Frame frame;
      REQUIRE(ipc::read_frame(process_.descriptor, reader_, frame).ok());
      if (frame.has_counts()) return frame.counts();
    }
  }
  [[nodiscard]] std::uint16_t port() const { return port_; }

  ServerId server = crypto::random_id<ServerId>();
  channel::DhKeyPair key = channel::DhKeyPair::random();

 private:
  [[nodiscard]] std::string proc(const char* what) const { return "/proc/" + std::to_string(process_.pid) + "/" + what; }
  support::TempFolder folder_;
  GatewayProcess process_;
  ipc::FrameReader reader_;
  std::uint16_t port_ = 0;
};

class Connection {
 public:
  Connection(std::uint16_t port, int from) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + static_cast<std::uint32_t>(from));
    REQUIRE(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    REQUIRE(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  }
  Connection(Connection&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}
  Connection& operator=(Connection&&) = delete;
  ~Connection() {
    if (socket_ >= 0) ::close(socket_);
  }
  void say(ByteView bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;  // the other side has closed
      bytes = bytes.subspan(static_cast<std::size_t>(sent));
    }
  }
  [[nodiscard]] Bytes hear(std::size_t size) const {
    Bytes bytes(size);
    REQUIRE(::recv(socket_, bytes.data(), size, MSG_WAITALL) == static_cast<ssize_t>(size));
    return bytes;
  }
  /// Whether the other side has closed by then; what it says before that is dropped.
  [[nodiscard]] bool closed_within(int timeout_ms) const {
    std::uint8_t dropped[4096];
    for (;;) {
      pollfd waiting{socket_, POLLIN, 0};
      if (::poll(&waiting, 1, timeout_ms) <= 0) return false;
      if (::recv(socket_, dropped, sizeof dropped, 0) <= 0) return true;
    }
  }

 private:
  int socket_;
};

/// A handheld that has proved who it is.
channel::SessionKeys shake_hands(const Connection& connection, const GatewayEnd& gateway, const TestDevice& device) {
  const auto preamble = channel::make_preamble(channel::Purpose::kSync);
  channel::Initiator initiator(device.channel_key, gateway.key.public_key(), channel::make_prologue(gateway.server, preamble));
  connection.say(preamble);
  connection.say(initiator.write_message_1({}).value());
  const Bytes answer = connection.hear(channel::kMessage2Bytes);
  REQUIRE(initiator.read_message_2(answer, {}).ok());
  connection.say(initiator.write_message_3(device.psk, {}).value());
  return initiator.finish().value();
}

/// All but the end of the longest message that it may send first.
Bytes most_of_a_message(channel::SessionKeys keys, std::size_t size) {
  channel::FrameWriter writer(std::move(keys.send));
  const Bytes message(size, 'x');
  Bytes wire;
  const auto taken = writer.append_frame(message, wire);
  REQUIRE(taken.ok());
  if (*taken == size) wire.resize(wire.size() - 1);
  return wire;
}

void allow_many_files() {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
}

constexpr int kHalfOpen = 10'000;
constexpr int kSlow = 200;

}  // namespace

TEST_CASE("ten thousand half-open connections and two hundred slow handhelds cost what the limits say", "[gateway]") {
  allow_many_files();
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  if (files.rlim_cur < kHalfOpen + kSlow + 100) LANTAARN_SKIP("too few files may be open here");
  const std::list<TestDevice> devices(kSlow);
  GatewayEnd gateway(devices);
  const auto before = gateway.resident_kib();

  std::vector<Connection> slow;
  int from = 0;
  for (const TestDevice& device : devices) {
    slow.emplace_back(gateway.port(), from++ % 20);
    slow.back().say(most_of_a_message(shake_hands(slow.back(), gateway, device), sync::kFirstMessageBytesMax));
  }
  const auto with_slow = gateway.resident_kib() - before;
  std::vector<Connection> half_open;
  for (int i = 0; i < kHalfOpen; ++i) {
    half_open.emplace_back(gateway.port(), 30 + i % 20);
    half_open.back().say(channel::make_preamble(channel::Purpose::kSync));
  }
  const auto with_all = gateway.resident_kib() - before;
  WARN(kSlow << " slow handhelds: " << with_slow << " KiB; with " << kHalfOpen << " half-open: " << with_all << " KiB");
#ifndef __SANITIZE_ADDRESS__
  CHECK(with_slow <= kSlow * 160);
  CHECK(with_all <= kSlow * 160 + kHalfOpen * 4);
#endif
}

TEST_CASE("a handheld that announces more than it may send first is closed, and counted as breaking the protocol", "[gateway]") {
  const std::list<TestDevice> devices(1);
  GatewayEnd gateway(devices);
  const Connection long_winded(gateway.port(), 1);
  long_winded.say(most_of_a_message(shake_hands(long_winded, gateway, devices.front()), sync::kFirstMessageBytesMax + 1));
  CHECK(long_winded.closed_within(10'000));
  for (ipc::Counts counts; counts.sessions() == 0 || counts.sessions_open() != 0;) counts = gateway.counts();
}

TEST_CASE("a handheld that sends garbage after the handshake soon has to wait, and another does not", "[gateway]") {
  const std::list<TestDevice> devices(2);
  GatewayEnd gateway(devices);
  const GatewayLimits limits;
  const int tries = static_cast<int>(limits.device_sessions_burst / limits.device_fault_sessions) + 2;
  for (int i = 0; i < tries; ++i) {
    const Connection garbage(gateway.port(), 1);
    (void)shake_hands(garbage, gateway, devices.front());
    garbage.say(Bytes(channel::kFrameWireBytesMin, 0x04));
    REQUIRE(garbage.closed_within(10'000));
  }
  std::uint64_t turned_away = 0;
  while (turned_away == 0) {
    const ipc::Counts counts = gateway.counts();
    for (const auto& refusal : counts.refusals()) turned_away = refusal.code() == "server_busy" ? refusal.count() : turned_away;
  }
  const Connection other(gateway.port(), 1);
  (void)shake_hands(other, gateway, devices.back());
  CHECK_FALSE(other.closed_within(200));
}

TEST_CASE("nothing that strangers send reaches the disk", "[gateway]") {
  if (::geteuid() != 0) LANTAARN_SKIP("only root sees what another process writes");
  const std::list<TestDevice> devices(1);
  GatewayEnd gateway(devices);
  const auto before = gateway.disk_bytes();
  LANTAARN_RANDOM(random);
  const auto preamble = channel::make_preamble(channel::Purpose::kSync);
  TestDevice unknown;
  for (int i = 0; i < 200; ++i) {
    const Connection stranger(gateway.port(), i % 50);
    if (i % 4 == 0) stranger.say(random.bytes(20'000));
    if (i % 4 == 1) stranger.say(preamble);
    if (i % 4 == 1) stranger.say(random.bytes(200));
    if (i % 4 == 2) (void)shake_hands(stranger, gateway, unknown);
    if (i % 4 == 3) continue;
    CHECK(stranger.closed_within(10'000));
  }
  for (ipc::Counts counts; counts.handshakes_failed() < 150;) counts = gateway.counts();
  CHECK(gateway.disk_bytes() == before);
}

TEST_CASE("the gateway process is closed in before it takes a caller", "[gateway]") {
  GatewayEnd gateway({});
  const ipc::Counts counts = gateway.counts();
  if (counts.system_calls() == "kernel_lacks_it" || counts.system_calls() == "test_build") LANTAARN_SKIP("no seccomp here, or a build under sanitizers");
  CHECK(counts.files() == "confined");
  CHECK(gateway.status("NoNewPrivs") == 1);
  CHECK(gateway.status("Seccomp") == 2);
}

}  // namespace lantaarn::server::gateway
