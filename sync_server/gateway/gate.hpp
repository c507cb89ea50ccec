#pragma once
// A counted gate that coroutines of one executor wait at, first come first served.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <list>

namespace lantaarn::server::gateway {

class Gate {
 public:
  Gate(boost::asio::any_io_executor executor, std::size_t capacity) : executor_(std::move(executor)), free_(capacity) {}
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  /// False when `patience` ran out; nothing is held then. `amount` must not exceed the capacity.
  [[nodiscard]] boost::asio::awaitable<bool> acquire(std::size_t amount, std::chrono::milliseconds patience);
  void release(std::size_t amount);

 private:
  struct Waiter {
    std::size_t amount;
    boost::asio::steady_timer timer;
    bool granted = false;
  };
  boost::asio::any_io_executor executor_;
  std::size_t free_;
  std::list<std::shared_ptr<Waiter>> waiting_;
};

}  // namespace lantaarn::server::gateway
