#include "sync_server/gateway/gate.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace lantaarn::server::gateway {

namespace asio = boost::asio;

asio::awaitable<bool> Gate::acquire(std::size_t amount, std::chrono::milliseconds patience) {
  if (waiting_.empty() && free_ >= amount) {
    free_ -= amount;
    co_return true;
  }
  const auto waiter = std::make_shared<Waiter>(Waiter{amount, asio::steady_timer(executor_, patience)});
  waiting_.push_back(waiter);
  co_await waiter->timer.async_wait(asio::as_tuple(asio::use_awaitable));
  if (!waiter->granted) {
    waiting_.remove(waiter);
    release(0);  // those behind it may fit now
  }
  co_return waiter->granted;
}

void Gate::release(std::size_t amount) {
  free_ += amount;
  while (!waiting_.empty() && waiting_.front()->amount <= free_) {
    const auto waiter = waiting_.front();
    waiting_.pop_front();
    free_ -= waiter->amount;
    waiter->granted = true;
    waiter->timer.cancel();
  }
}

}  // namespace lantaarn::server::gateway
