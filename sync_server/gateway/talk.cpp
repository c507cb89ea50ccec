#include "sync_server/gateway/talk.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "sync_server/gateway/log_line.hpp"
#include "sync_server/gateway/spawn.hpp"

namespace lantaarn::server::gateway {

namespace asio = boost::asio;

void spawn(const asio::any_io_executor& executor, asio::awaitable<void> coroutine, const char* name) {
  asio::co_spawn(executor, std::move(coroutine), [name](const std::exception_ptr& thrown) {
    if (!thrown) return;
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& problem) {
      log_line(std::string(name) + ": " + problem.what());
    }
  });
}

Talk::Talk(asio::any_io_executor executor, channel::Stream stream, std::chrono::milliseconds linger)
    : executor_(std::move(executor)), stream_(std::move(stream)), linger_(linger) {}

void Talk::say(Bytes message) {
  if (leaving_) return;
  out_.push_back(std::move(message));
  write();
}

void Talk::leave() {
  if (std::exchange(leaving_, true)) return;
  write();
  spawn(executor_, linger(shared_from_this()), "linger");
}

void Talk::write() {
  if (std::exchange(writing_, true)) return;
  spawn(executor_, write_out(shared_from_this()), "session");
}

asio::awaitable<void> Talk::write_out(std::shared_ptr<Talk> self) {
  bool open = true;
  while (open && !self->out_.empty()) {
    Bytes message = std::move(self->out_.front());
    self->out_.pop_front();
    const Status sent = co_await self->stream_.send(std::move(message));
    open = sent.ok();
  }
  self->writing_ = false;
  if (!open) {
    self->out_.clear();
    self->stream_.abort();
  } else if (self->leaving_) {
    self->writing_ = true;  // nothing more is said
    [[maybe_unused]] const Status finished = co_await self->stream_.finish();
  }
}

asio::awaitable<void> Talk::linger(std::shared_ptr<Talk> self) {
  asio::steady_timer timer(self->executor_, self->linger_);
  co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  self->stream_.abort();
}

}  // namespace lantaarn::server::gateway
