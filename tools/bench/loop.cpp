#include "tools/bench/loop.hpp"

namespace lantaarn::bench {

namespace asio = boost::asio;
using asio::ip::tcp;

tcp::acceptor listen_on_loopback(asio::io_context& io) {
  return tcp::acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
}

Status run_both(asio::io_context& io, Task server, Task client) {
  Status first;
  const auto ended = [&](const std::exception_ptr& thrown, Status status) {
    if (thrown) status = bug("bench: a coroutine threw");
    if (!first.ok() || status.ok()) return;
    first = std::move(status);
    io.stop();
  };
  asio::co_spawn(io, std::move(server), ended);
  asio::co_spawn(io, std::move(client), ended);
  io.restart();
  io.run();
  return first;
}

}  // namespace lantaarn::bench
