#include "sync_server/review/browser_wire.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace lantaarn::server::review {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

template <typename Stream>
asio::awaitable<std::size_t> read_from(Stream& stream, asio::mutable_buffer into) {
  error_code failed;
  const std::size_t got = co_await stream.async_read_some(into, asio::redirect_error(asio::use_awaitable, failed));
  co_return failed ? 0 : got;
}

template <typename Stream>
asio::awaitable<bool> write_to(Stream& stream, const std::array<asio::const_buffer, 2>& both) {
  error_code failed;
  co_await asio::async_write(stream, both, asio::redirect_error(asio::use_awaitable, failed));
  co_return !failed;
}

class Plain final : public BrowserWire {
 public:
  explicit Plain(BrowserSocket socket) : socket_(std::move(socket)) {}
  asio::awaitable<bool> begin() override { co_return true; }
  asio::awaitable<std::size_t> read_some(asio::mutable_buffer into) override { return read_from(socket_, into); }
  asio::awaitable<bool> write(const std::array<asio::const_buffer, 2>& both) override { return write_to(socket_, both); }
  void close() override {
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  BrowserSocket socket_;
};

class Tls final : public BrowserWire {
 public:
  Tls(BrowserSocket socket, std::shared_ptr<asio::ssl::context> tls) : tls_(std::move(tls)), stream_(std::move(socket), *tls_) {}
  asio::awaitable<bool> begin() override {
    error_code failed;
    co_await stream_.async_handshake(asio::ssl::stream_base::server, asio::redirect_error(asio::use_awaitable, failed));
    co_return !failed;
  }
  asio::awaitable<std::size_t> read_some(asio::mutable_buffer into) override { return read_from(stream_, into); }
  asio::awaitable<bool> write(const std::array<asio::const_buffer, 2>& both) override { return write_to(stream_, both); }
  void close() override {
    error_code ignored;
    stream_.next_layer().close(ignored);
  }

 private:
  std::shared_ptr<asio::ssl::context> tls_;
  asio::ssl::stream<BrowserSocket> stream_;
};

}  // namespace

std::shared_ptr<BrowserWire> plain_wire(BrowserSocket socket) { return std::make_shared<Plain>(std::move(socket)); }
std::shared_ptr<BrowserWire> tls_wire(BrowserSocket socket, std::shared_ptr<asio::ssl::context> tls) {
  return std::make_shared<Tls>(std::move(socket), std::move(tls));
}

std::shared_ptr<asio::ssl::context> load_tls(const std::string& certificate_path, const std::string& key_path, std::string& why) {
  auto tls = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  SSL_CTX_set_min_proto_version(tls->native_handle(), TLS1_3_VERSION);
  SSL_CTX_set_mode(tls->native_handle(), SSL_MODE_RELEASE_BUFFERS);  // an idle connection keeps no buffers
  SSL_CTX_set_num_tickets(tls->native_handle(), 1);
  error_code failed;
  tls->use_certificate_chain_file(certificate_path, failed);
  if (failed) {
    why = "certificate";
    return nullptr;
  }
  tls->use_private_key_file(key_path, asio::ssl::context::pem, failed);
  if (failed || SSL_CTX_check_private_key(tls->native_handle()) != 1) {
    why = "key";
    return nullptr;
  }
  return tls;
}

}  // namespace lantaarn::server::review
