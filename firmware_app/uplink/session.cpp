#include "firmware_app/uplink/session.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace lantaarn::firmware {

namespace asio = boost::asio;

namespace {

asio::awaitable<Status> dial_and_talk(const channel::Dial& dial, const channel::Timeouts& timeouts,
                                      const std::function<asio::awaitable<Status>(channel::Stream&)>& conversation) {
  auto stream = co_await channel::Stream::connect(dial, timeouts);
  if (!stream.ok()) co_return stream.error();
  Status status = co_await conversation(*stream);
  co_return status;
}

}  // namespace

Status run_session(const channel::Dial& dial, const channel::Timeouts& timeouts,
                   const std::function<asio::awaitable<Status>(channel::Stream&)>& conversation) {
  asio::io_context context(1);
  Status result = bug("uplink: no result");
  asio::co_spawn(context, dial_and_talk(dial, timeouts, conversation), [&](const std::exception_ptr& thrown, Status status) {
    result = thrown ? Status(bug("uplink: exception")) : std::move(status);
  });
  context.run();
  return result;
}

asio::awaitable<void> part(channel::Stream& stream) {
  // Named results: GCC 12 destroys awaited temporaries of a condition twice.
  const Status finished = co_await stream.finish();
  if (!finished.ok()) co_return;
  for (;;) {
    const auto message = co_await stream.receive();
    if (!message.ok()) co_return;
  }
}

}  // namespace lantaarn::firmware
