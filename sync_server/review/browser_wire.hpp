#pragma once
// A connection to a browser: bytes in, bytes out, with or without TLS, over TCP or a unix socket.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <memory>

namespace lantaarn::server::review {

using BrowserSocket = boost::asio::generic::stream_protocol::socket;

class BrowserWire {
 public:
  virtual ~BrowserWire() = default;
  /// False: not to be talked to.
  [[nodiscard]] virtual boost::asio::awaitable<bool> begin() = 0;
  /// 0: the end.
  [[nodiscard]] virtual boost::asio::awaitable<std::size_t> read_some(boost::asio::mutable_buffer into) = 0;
  [[nodiscard]] virtual boost::asio::awaitable<bool> write(const std::array<boost::asio::const_buffer, 2>& both) = 0;
  /// What waits on it ends at once.
  virtual void close() = 0;
};

[[nodiscard]] std::shared_ptr<BrowserWire> plain_wire(BrowserSocket socket);
/// `tls` lives as long as the connection.
[[nodiscard]] std::shared_ptr<BrowserWire> tls_wire(BrowserSocket socket, std::shared_ptr<boost::asio::ssl::context> tls);

/// TLS 1.3 only. Nothing, with the reason in `why`, when the files cannot be read or do not belong together.
[[nodiscard]] std::shared_ptr<boost::asio::ssl::context> load_tls(const std::string& certificate_path, const std::string& key_path, std::string& why);

}  // namespace lantaarn::server::review
