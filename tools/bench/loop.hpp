#pragma once
// One io_context on one thread, with both ends of a loopback connection in it: ours and TLS are measured in the same.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "common/base/result.hpp"

namespace lantaarn::bench {

using Task = boost::asio::awaitable<Status>;

[[nodiscard]] boost::asio::ip::tcp::acceptor listen_on_loopback(boost::asio::io_context& io);
/// Runs both to their end; the first error of the two, if any. An exception counts as a bug.
[[nodiscard]] Status run_both(boost::asio::io_context& io, Task server, Task client);

}  // namespace lantaarn::bench
