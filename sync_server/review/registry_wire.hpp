#pragma once
// The web process's end of the socket to the registry process: what is asked goes out in order, what is answered is
// handed on. One strand.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <deque>
#include <functional>
#include <memory>

#include "sync_server/gateway/ipc.hpp"
#include "sync_server/review/web.pb.h"

namespace lantaarn::server::review {

class RegistryWire {
 public:
  RegistryWire(boost::asio::io_context& loop, int descriptor, std::unique_ptr<ipc::FrameReader> reader);
  /// Never waits: queued when the socket is full.
  void send(const web::Frame& frame);
  /// Hands on every frame; returns when the other end is gone or what it says is no frame.
  [[nodiscard]] boost::asio::awaitable<void> read(std::function<void(web::Frame&)> take);

 private:
  [[nodiscard]] boost::asio::awaitable<void> write_all();
  boost::asio::local::stream_protocol::socket socket_;
  std::unique_ptr<ipc::FrameReader> reader_;
  Bytes waiting_;
  bool is_writing_ = false;
};

}  // namespace lantaarn::server::review
