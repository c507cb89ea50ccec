#pragma once
// Starts a coroutine nobody waits for; what it throws (it should not) is logged, not lost.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/any_io_executor.hpp>

namespace lantaarn::server::gateway {

void spawn(const boost::asio::any_io_executor& executor, boost::asio::awaitable<void> coroutine, const char* name);

}  // namespace lantaarn::server::gateway
