#include "sync_server/review/registry_wire.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace lantaarn::server::review {

namespace asio = boost::asio;

RegistryWire::RegistryWire(asio::io_context& loop, int descriptor, std::unique_ptr<ipc::FrameReader> reader)
    : socket_(loop, asio::local::stream_protocol(), descriptor), reader_(std::move(reader)) {}

void RegistryWire::send(const web::Frame& frame) {
  auto bytes = ipc::encode_frame(frame);
  if (!bytes.ok()) return;  // a body is bounded: cannot be too large
  append(waiting_, *bytes);
  if (is_writing_) return;
  is_writing_ = true;
  // When the registry is gone, reading ends, and with it the process: nothing to say here.
  asio::co_spawn(socket_.get_executor(), write_all(), [](const std::exception_ptr&) {});
}

asio::awaitable<void> RegistryWire::write_all() {
  while (!waiting_.empty()) {
    Bytes sending = std::exchange(waiting_, {});
    boost::system::error_code failed;
    co_await asio::async_write(socket_, asio::buffer(sending), asio::redirect_error(asio::use_awaitable, failed));
    if (failed) break;
  }
  is_writing_ = false;
}

asio::awaitable<void> RegistryWire::read(std::function<void(web::Frame&)> take) {
  Bytes piece(64 * 1024);
  web::Frame frame;
  while (true) {
    while (true) {
      const auto whole = reader_->next(frame);
      if (!whole.ok()) co_return;
      if (!*whole) break;
      take(frame);
    }
    boost::system::error_code failed;
    const std::size_t got = co_await socket_.async_read_some(asio::buffer(piece), asio::redirect_error(asio::use_awaitable, failed));
    if (failed || got == 0) co_return;
    reader_->push(ByteView(piece).first(got));
  }
}

}  // namespace lantaarn::server::review
