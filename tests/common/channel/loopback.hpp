#pragma once
// A server and its clients in one thread, over real sockets on the loopback.

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "common/channel/stream.hpp"
#include "parties.hpp"

namespace lantaarn::channel {

namespace asio = boost::asio;
using asio::awaitable;
using asio::ip::tcp;
using namespace std::chrono_literals;

class Loopback {
 public:
  Loopback() : acceptor_(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
    lookup = [this](const Peer& peer) -> awaitable<Result<crypto::Key>> {
      co_await asio::post(io, asio::use_awaitable);  // as if a database had to be asked
      asked = peer;
      if (refusal) co_return *refusal;
      if (peer.device_key != parties.device.public_key()) co_return refused("device_unknown");
      co_return parties.psk.duplicate();
    };
  }

  [[nodiscard]] Dial dial() {
    Dial out;
    out.server = {"127.0.0.1", acceptor_.local_endpoint().port()};
    out.server_id = parties.server_id;
    out.server_key = parties.server.public_key();
    out.device_key = &parties.device;
    out.psk = &parties.psk;
    return out;
  }

  awaitable<tcp::socket> accept_socket() { co_return co_await acceptor_.async_accept(asio::use_awaitable); }
  awaitable<tcp::socket> connect_socket() {
    tcp::socket socket(io);
    co_await socket.async_connect(acceptor_.local_endpoint(), asio::use_awaitable);
    socket.set_option(tcp::no_delay(true));
    co_return socket;
  }
  /// Accepts one connection and shakes hands; `server` then holds the stream.
  awaitable<Status> serve() {
    server.emplace(co_await accept_socket(), timeouts);
    const ServerIdentity identity{parties.server_id, &parties.server, former};
    co_return co_await server->accept(identity, lookup);
  }
  /// Both ends of a session that must come about.
  awaitable<Stream> establish() {
    start_serving();
    const Dial to = dial();
    auto stream = co_await Stream::connect(to, timeouts);
    REQUIRE(stream.ok());
    while (!served) co_await asio::post(io, asio::use_awaitable);
    REQUIRE(served->ok());
    co_return std::move(*stream);
  }

  /// What the coroutine throws, the test sees.
  void start(awaitable<void> coroutine) {
    asio::co_spawn(io, std::move(coroutine), [](std::exception_ptr failure) {
      if (failure) std::rethrow_exception(failure);
    });
  }
  void run_until(const std::function<bool()>& reached) {
    if (io.stopped()) io.restart();
    while (!reached()) REQUIRE(io.run_one() == 1);
  }
  /// Runs until this coroutine has ended; sessions may stay open behind it.
  void run(awaitable<void> coroutine) {
    bool ended = false;
    asio::co_spawn(io, std::move(coroutine), [&](std::exception_ptr failure) {
      ended = true;
      if (failure) std::rethrow_exception(failure);
    });
    run_until([&] { return ended; });
  }
  /// The server side in the background; `served` is set when its handshake is over.
  void start_serving() {
    served.reset();
    asio::co_spawn(io, serve(), [this](std::exception_ptr, Status status) { served = std::move(status); });
  }
  std::string verdict_of_server() {
    run_until([this] { return served.has_value(); });
    return served->ok() ? "ok" : served->error().code;
  }

  asio::io_context io{1};
  Parties parties;
  Timeouts timeouts;
  PskLookup lookup;
  std::vector<const DhKeyPair*> former;  ///< keys the server had before
  std::optional<Error> refusal;
  std::optional<Peer> asked;
  std::optional<Stream> server;
  std::optional<Status> served;

 private:
  tcp::acceptor acceptor_;
};

/// Reads until the peer closes.
inline awaitable<Bytes> read_to_end(tcp::socket& socket) {
  Bytes all, piece(4096);
  for (;;) {
    auto [failure, count] = co_await socket.async_read_some(asio::buffer(piece), asio::as_tuple(asio::use_awaitable));
    all.insert(all.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(count));
    if (failure) co_return all;
  }
}

inline std::string code_of(const Status& status) { return status.ok() ? "ok" : status.error().code; }
template <typename T>
std::string code_of(const Result<T>& result) {
  return result.ok() ? "ok" : result.error().code;
}

/// Catch evaluates an assertion's expression twice where a coroutine is concerned: no co_await inside CHECK.
inline void expect_ok(const Status& status) { CHECK(code_of(status) == "ok"); }

}  // namespace lantaarn::channel
