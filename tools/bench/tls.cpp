#include "tools/bench/tls.hpp"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <memory>

#include "common/base/bytes.hpp"
#include "tools/bench/loop.hpp"
#include "tools/bench/measure.hpp"

namespace lantaarn::bench {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using asio::ip::tcp;
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

struct Free {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct Identity {
  std::unique_ptr<EVP_PKEY, Free> key;
  std::unique_ptr<X509, Free> certificate;
};

/// Signed by `issuer`, or by itself when that is null.
Identity make_identity(const char* name, const Identity* issuer) {
  static long serial = 0;
  Identity made;
  made.key.reset(EVP_EC_gen("P-256"));
  made.certificate.reset(X509_new());
  X509* certificate = made.certificate.get();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 24L * 3600);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer ? issuer->certificate.get() : certificate));
  X509_set_pubkey(certificate, made.key.get());
  if (!issuer) {
    X509_EXTENSION* authority = X509V3_EXT_conf_nid(nullptr, nullptr, NID_basic_constraints, "critical,CA:TRUE");
    X509_add_ext(certificate, authority, -1);
    X509_EXTENSION_free(authority);
  }
  X509_sign(certificate, issuer ? issuer->key.get() : made.key.get(), EVP_sha256());
  return made;
}

struct Ends {
  ssl::context server{ssl::context::tlsv13_server};
  ssl::context client{ssl::context::tlsv13_client};
};

void prepare(ssl::context& context, const Identity& own, const Identity& authority) {
  SSL_CTX* handle = context.native_handle();
  SSL_CTX_use_certificate(handle, own.certificate.get());
  SSL_CTX_use_PrivateKey(handle, own.key.get());
  X509_STORE_add_cert(SSL_CTX_get_cert_store(handle), authority.certificate.get());
  SSL_CTX_set_ciphersuites(handle, "TLS_CHACHA20_POLY1305_SHA256");
  SSL_CTX_set_num_tickets(handle, 0);
  SSL_CTX_set_session_cache_mode(handle, SSL_SESS_CACHE_OFF);
  context.set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
}

Ends& ends() {
  static const Identity authority = make_identity("bench authority", nullptr);
  static const Identity server = make_identity("bench server", &authority);
  static const Identity client = make_identity("bench client", &authority);
  static Ends both;
  static const bool once = (prepare(both.server, server, authority), prepare(both.client, client, authority), true);
  static_cast<void>(once);
  return both;
}

using TlsStream = ssl::stream<tcp::socket>;

Status as_status(const boost::system::error_code& failure) {
  return failure ? Status(in_context(bug("tls"), failure.message())) : Status();
}

asio::awaitable<Result<TlsStream>> accept_one(tcp::acceptor& acceptor) {
  auto [accepting, socket] = co_await acceptor.async_accept(kAwait);
  if (accepting) co_return as_status(accepting).error();
  socket.set_option(tcp::no_delay(true));
  TlsStream stream(std::move(socket), ends().server);
  auto [shaking] = co_await stream.async_handshake(ssl::stream_base::server, kAwait);
  if (shaking) co_return as_status(shaking).error();
  co_return stream;
}

asio::awaitable<Result<TlsStream>> connect_one(tcp::endpoint to) {
  tcp::socket socket(co_await asio::this_coro::executor);
  auto [connecting] = co_await socket.async_connect(to, kAwait);
  if (connecting) co_return as_status(connecting).error();
  socket.set_option(tcp::no_delay(true));
  TlsStream stream(std::move(socket), ends().client);
  auto [shaking] = co_await stream.async_handshake(ssl::stream_base::client, kAwait);
  if (shaking) co_return as_status(shaking).error();
  co_return stream;
}

Task shake_as_server(tcp::acceptor& acceptor, int count) {
  for (int i = 0; i < count; ++i) {
    auto stream = co_await accept_one(acceptor);
    if (!stream.ok()) co_return stream.error();
  }
  co_return Status();
}

Task shake_as_client(tcp::endpoint to, int count) {
  for (int i = 0; i < count; ++i) {
    auto stream = co_await connect_one(to);
    if (!stream.ok()) co_return stream.error();
  }
  co_return Status();
}

Task receive_bulk(tcp::acceptor& acceptor, std::size_t messages, std::size_t message_bytes) {
  auto stream = co_await accept_one(acceptor);
  if (!stream.ok()) co_return stream.error();
  Bytes message(message_bytes);
  for (std::size_t i = 0; i < messages; ++i) {
    auto [failure, bytes] = co_await asio::async_read(*stream, asio::buffer(message), kAwait);
    if (failure) co_return as_status(failure);
  }
  co_return Status();
}

Task send_bulk(tcp::endpoint to, std::size_t messages, std::size_t message_bytes) {
  auto stream = co_await connect_one(to);
  if (!stream.ok()) co_return stream.error();
  const Bytes message(message_bytes, 0x5a);
  for (std::size_t i = 0; i < messages; ++i) {
    auto [failure, bytes] = co_await asio::async_write(*stream, asio::buffer(message), kAwait);
    if (failure) co_return as_status(failure);
  }
  co_return Status();
}

}  // namespace

bool tls_is_installed() { return true; }
std::string tls_name() { return std::string("OpenSSL ") + OpenSSL_version(OPENSSL_VERSION_STRING) + ", TLS 1.3"; }

Result<double> tls_handshakes_per_second(int count) {
  asio::io_context io(1);
  auto acceptor = listen_on_loopback(io);
  static_cast<void>(ends());
  const Stopwatch watch;
  LANTAARN_TRY(run_both(io, shake_as_server(acceptor, count), shake_as_client(acceptor.local_endpoint(), count)));
  return count / watch.seconds();
}

Result<double> tls_megabytes_per_second(std::size_t messages, std::size_t message_bytes) {
  asio::io_context io(1);
  auto acceptor = listen_on_loopback(io);
  static_cast<void>(ends());
  const Stopwatch watch;
  LANTAARN_TRY(run_both(io, receive_bulk(acceptor, messages, message_bytes),
                        send_bulk(acceptor.local_endpoint(), messages, message_bytes)));
  return static_cast<double>(messages * message_bytes) / 1e6 / watch.seconds();
}

}  // namespace lantaarn::bench
