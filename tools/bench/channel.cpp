// Our channel between two ends in one loop: handshakes, and bulk bytes in full frames.

#include "common/channel/stream.hpp"
#include "common/crypto/random.hpp"
#include "tools/bench/bench.hpp"
#include "tools/bench/loop.hpp"
#include "tools/bench/tls.hpp"

namespace lantaarn::bench {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr int kHandshakesPerRound = 400;
constexpr std::size_t kBulkMessages = 4'000;
constexpr std::size_t kFullFrameBytes = channel::kFrameCipherBytes.back() - channel::kFrameOverheadBytes;

struct Keys {
  ServerId id = crypto::random_id<ServerId>();
  channel::DhKeyPair server = channel::DhKeyPair::random();
  channel::DhKeyPair device = channel::DhKeyPair::random();
  crypto::Key psk = crypto::random_secret<32>();

  [[nodiscard]] channel::Dial dial(std::uint16_t port) const {
    return {{"127.0.0.1", port}, id, server.public_key(), channel::Purpose::kSync, {}, &device, &psk};
  }
};

asio::awaitable<Result<channel::Stream>> accept_one(tcp::acceptor& acceptor, const Keys& keys) {
  tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
  socket.set_option(tcp::no_delay(true));
  channel::Stream stream(std::move(socket), {});
  const channel::ServerIdentity identity{keys.id, &keys.server};
  const channel::PskLookup lookup = [&](const channel::Peer& peer) -> asio::awaitable<Result<crypto::Key>> {
    if (peer.device_key != keys.device.public_key()) co_return refused("device_refused");
    co_return keys.psk.duplicate();
  };
  const Status accepted = co_await stream.accept(identity, lookup);
  if (!accepted.ok()) co_return accepted.error();
  co_return stream;
}

Task shake_as_server(tcp::acceptor& acceptor, const Keys& keys, int count) {
  for (int i = 0; i < count; ++i) {
    auto stream = co_await accept_one(acceptor, keys);
    if (!stream.ok()) co_return stream.error();
  }
  co_return Status();
}

Task shake_as_client(std::uint16_t port, const Keys& keys, int count) {
  const channel::Dial dial = keys.dial(port);
  for (int i = 0; i < count; ++i) {
    auto stream = co_await channel::Stream::connect(dial, {});
    if (!stream.ok()) co_return stream.error();
  }
  co_return Status();
}

Task receive_bulk(tcp::acceptor& acceptor, const Keys& keys) {
  auto stream = co_await accept_one(acceptor, keys);
  if (!stream.ok()) co_return stream.error();
  for (std::size_t i = 0; i < kBulkMessages; ++i) {
    const auto message = co_await stream->receive();
    if (!message.ok()) co_return message.error();
  }
  co_return Status();
}

Task send_bulk(std::uint16_t port, const Keys& keys) {
  const channel::Dial dial = keys.dial(port);
  auto stream = co_await channel::Stream::connect(dial, {});
  if (!stream.ok()) co_return stream.error();
  const Bytes message(kFullFrameBytes, 0x5a);
  for (std::size_t i = 0; i < kBulkMessages; ++i) {
    const Status sent = co_await stream->send(message);
    if (!sent.ok()) co_return sent;
  }
  co_return co_await stream->finish();
}

Result<double> handshakes_per_second() {
  const Keys keys;
  asio::io_context io(1);
  auto acceptor = listen_on_loopback(io);
  const std::uint16_t port = acceptor.local_endpoint().port();
  const Stopwatch watch;
  LANTAARN_TRY(run_both(io, shake_as_server(acceptor, keys, kHandshakesPerRound), shake_as_client(port, keys, kHandshakesPerRound)));
  return kHandshakesPerRound / watch.seconds();
}

Result<double> megabytes_per_second() {
  const Keys keys;
  asio::io_context io(1);
  auto acceptor = listen_on_loopback(io);
  const std::uint16_t port = acceptor.local_endpoint().port();
  const Stopwatch watch;
  LANTAARN_TRY(run_both(io, receive_bulk(acceptor, keys), send_bulk(port, keys)));
  return static_cast<double>(kBulkMessages * kFullFrameBytes) / 1e6 / watch.seconds();
}

/// The row, with TLS beside it where it was built in.
Result<Rows> against_tls(Row row, const Measurement& ours, const Measurement& tls) {
  row.peer = tls_name() + row.peer;
  if (tls_is_installed()) {
    LANTAARN_ASSIGN(const Medians medians, interleave(2 * kRounds + 1, ours, tls));
    row.value = medians.ours;
    row.peer_value = medians.peer;
  } else {
    row.peer = tls_name();
    LANTAARN_ASSIGN(row.value, median_of(kRounds, ours));
  }
  return Rows{row};
}

}  // namespace

Result<Rows> bench_handshake(const Setting&) {
  return against_tls({"handshake_mutual", 0, "handshakes/s", ", P-256 certificates both ways", std::nullopt, ratio_at_least(3)},
                     handshakes_per_second, [] { return tls_handshakes_per_second(kHandshakesPerRound); });
}

Result<Rows> bench_channel(const Setting&) {
  return against_tls({"channel_bulk", 0, "MB/s", ", CHACHA20_POLY1305", std::nullopt, ratio_at_least(0.8)}, megabytes_per_second,
                     [] { return tls_megabytes_per_second(kBulkMessages, kFullFrameBytes); });
}

}  // namespace lantaarn::bench
