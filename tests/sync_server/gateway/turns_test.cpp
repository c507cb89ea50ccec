// Whoever holds a handheld's channel key gets one session at a time, and a turn for as long as she sends.

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "common/channel/stream.hpp"
#include "common/sync/message.hpp"
#include "sync_server/gateway/half_open.hpp"
#include "tests/sync_server/gateway/handheld_end.hpp"

namespace lantaarn::server::gateway {
namespace {

namespace asio = boost::asio;

/// Opens a session with a device's keys; says no more than it is told.
class Caller {
 public:
  Caller(RegistryEnd& registry, const TestDevice& device) : device_key_(device.channel_key.private_key().duplicate()) {
    dial_.server = channel::parse_address(registry.address()).value();
    dial_.server_id = registry.server;
    dial_.server_key = registry.channel_key.public_key();
    dial_.device_key = &device_key_;
    dial_.psk = &device.psk;
  }
  /// HELLO, without logs; the answer is not waited for.
  asio::awaitable<void> open() {
    auto connected = co_await channel::Stream::connect(dial_, {});
    if (!connected.ok()) co_return;
    stream_.emplace(std::move(*connected));
    sync::pb::Message hello;
    hello.mutable_hello()->set_protocol(sync::kProtocolVersion);
    [[maybe_unused]] const Status sent = co_await stream_->send(sync::to_message(hello));
  }
  /// Before the context ends that the stream runs on.
  void leave() { stream_.reset(); }
  /// "state", the code of a refusal, or "closed".
  asio::awaitable<std::string> hear() {
    if (!stream_) co_return "not connected";
    const auto bytes = co_await stream_->receive();
    if (!bytes.ok()) co_return "closed";
    const auto message = sync::parse_message(*bytes);
    co_return message.ok() && message->has_state() ? "state" : message->refusal().code();
  }

 private:
  channel::DhKeyPair device_key_;
  channel::Dial dial_;
  std::optional<channel::Stream> stream_;
};

template <typename Play>
void play(Play act) {
  asio::io_context context;
  asio::co_spawn(context, act(), [&](const std::exception_ptr& thrown) {
    CHECK_FALSE(thrown);
    context.stop();
  });
  context.run();
}

GatewayLimits one_turn() {
  GatewayLimits limits;
  limits.pushing_max = 1;
  limits.linger = std::chrono::milliseconds(100);
  return limits;
}

}  // namespace

TEST_CASE("a new session of the same handheld ends the one before, and takes its turn", "[gateway]") {
  const TestDevice device;
  RegistryEnd registry(one_turn(), {&device});
  Caller first(registry, device), second(registry, device);
  std::vector<std::string> heard;
  play([&]() -> asio::awaitable<void> {
    co_await first.open();
    heard.push_back(co_await first.hear());
    co_await second.open();
    heard.push_back(co_await second.hear());
    heard.push_back(co_await first.hear());
    first.leave();
    second.leave();
  });
  CHECK(heard == std::vector<std::string>{"state", "state", "closed"});
}

TEST_CASE("a turn without batches ends, and the next handheld has it", "[gateway]") {
  const TestDevice quiet, busy;
  GatewayLimits limits = one_turn();
  limits.turn_idle = std::chrono::milliseconds(200);
  RegistryEnd registry(limits, {&quiet, &busy});
  Caller keeper(registry, quiet);
  std::vector<std::string> heard;
  play([&]() -> asio::awaitable<void> {
    co_await keeper.open();
    heard.push_back(co_await keeper.hear());
    heard.push_back(co_await keeper.hear());
    keeper.leave();
  });
  CHECK(heard == std::vector<std::string>{"state", "server_busy"});
  HandheldEnd handheld(busy);
  handheld.save(3);
  CHECK(handheld.sync_code(registry) == "");
}

TEST_CASE("too many failed handshakes keep an address out, but not one where somebody proved herself", "[gateway]") {
  GatewayLimits limits;
  limits.failures_per_second = 10;
  limits.failures_burst = 20;
  HalfOpen doors(limits);
  const auto start = HalfOpen::Clock::now();
  const auto come = [&](const std::string& from, bool failed, std::chrono::milliseconds at) {
    if (!doors.admits(from, start + at)) return false;
    doors.remove(doors.add(from, [] {}, start + at), failed, start + at);
    return true;
  };
  using std::chrono::milliseconds;
  REQUIRE(come("handheld", false, milliseconds(0)));
  for (int i = 0; i < 20; ++i) REQUIRE(come("stranger", true, milliseconds(0)));
  CHECK_FALSE(come("stranger", true, milliseconds(0)));
  CHECK(doors.turned_away() == 1);
  CHECK(come("somebody else", true, milliseconds(0)));
  CHECK(come("stranger", true, milliseconds(100)));  // one came back
  CHECK_FALSE(come("stranger", true, milliseconds(100)));
  for (int i = 0; i < 100; ++i) CHECK(come("handheld", true, milliseconds(100)));
  const auto much_later = std::chrono::duration_cast<milliseconds>(limits.success_memory) + milliseconds(1000);
  for (int i = 0; i < 20; ++i) CHECK(come("handheld", true, much_later));
  CHECK_FALSE(come("handheld", true, much_later));
}

}  // namespace lantaarn::server::gateway
