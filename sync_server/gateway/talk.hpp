#pragma once
// The outgoing half of a session, and its end: say things in order, then leave politely.

#include <deque>

#include "common/channel/stream.hpp"

namespace lantaarn::server::gateway {

/// Shared by the coroutines of one session; on its executor.
class Talk : public std::enable_shared_from_this<Talk> {
 public:
  Talk(boost::asio::any_io_executor executor, channel::Stream stream, std::chrono::milliseconds linger);

  [[nodiscard]] channel::Stream& stream() { return stream_; }
  void say(Bytes message);
  /// After what was said: END. The peer gets the linger time to read it and to close; then the stream is aborted.
  void leave();
  [[nodiscard]] bool leaving() const { return leaving_; }

 private:
  void write();
  [[nodiscard]] static boost::asio::awaitable<void> write_out(std::shared_ptr<Talk> self);
  [[nodiscard]] static boost::asio::awaitable<void> linger(std::shared_ptr<Talk> self);

  boost::asio::any_io_executor executor_;
  channel::Stream stream_;
  std::chrono::milliseconds linger_;
  std::deque<Bytes> out_;
  bool writing_ = false;
  bool leaving_ = false;
};

}  // namespace lantaarn::server::gateway
