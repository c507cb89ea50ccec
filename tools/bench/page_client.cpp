#include "tools/bench/page_client.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>

namespace lantaarn::bench {
namespace {

struct Free {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Free>;

SSL_CTX* context() {
  static const std::unique_ptr<SSL_CTX, Free> made = [] {
    std::unique_ptr<SSL_CTX, Free> fresh(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_min_proto_version(fresh.get(), TLS1_3_VERSION);
    SSL_CTX_set_session_cache_mode(fresh.get(), SSL_SESS_CACHE_OFF);
    return fresh;
  }();
  return made.get();
}

Error lost() { return retry("connection_lost"); }

std::size_t length_in(std::string_view head) {
  constexpr std::string_view kName = "\r\nContent-Length: ";
  const auto at = head.find(kName);
  std::size_t length = 0;
  if (at != std::string_view::npos) std::from_chars(head.data() + at + kName.size(), head.data() + head.size(), length);
  return length;
}

}  // namespace

Status make_certificate(const std::string& certificate, const std::string& key) {
  const std::unique_ptr<EVP_PKEY, Free> pair(EVP_EC_gen("P-256"));
  const std::unique_ptr<X509, Free> made(X509_new());
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), 24L * 3600);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
  X509_set_issuer_name(made.get(), X509_get_subject_name(made.get()));
  X509_set_pubkey(made.get(), pair.get());
  X509_sign(made.get(), pair.get(), EVP_sha256());
  const File certificate_file(std::fopen(certificate.c_str(), "w")), key_file(std::fopen(key.c_str(), "w"));
  if (!certificate_file || !key_file) return storage_error("disk_error", {certificate});
  const bool written = PEM_write_X509(certificate_file.get(), made.get()) == 1 &&
                       PEM_write_PrivateKey(key_file.get(), pair.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1;
  return written ? Status() : Status(storage_error("disk_error", {key}));
}

Result<std::unique_ptr<PageConnection>> PageConnection::open(std::uint16_t port) {
  std::unique_ptr<PageConnection> made(new PageConnection(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)));
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int on = 1;
  ::setsockopt(made->descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(made->descriptor_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) return lost();
  made->tls_ = SSL_new(context());
  SSL_set_fd(made->tls_, made->descriptor_);
  if (SSL_connect(made->tls_) != 1) return lost();
  return made;
}

PageConnection::~PageConnection() {
  SSL_free(tls_);
  if (descriptor_ >= 0) ::close(descriptor_);
}

Status PageConnection::begin(std::string_view request) {
  received_.clear();
  return SSL_write(tls_, request.data(), static_cast<int>(request.size())) > 0 ? Status() : Status(lost());
}

Result<PageAnswer> PageConnection::finish() {
  char piece[16 * 1024];
  std::size_t whole = 0, body = 0;
  while (whole == 0 || received_.size() < whole) {
    const int got = SSL_read(tls_, piece, sizeof piece);
    if (got <= 0) return lost();
    received_.append(piece, static_cast<std::size_t>(got));
    const auto head = whole == 0 ? received_.find("\r\n\r\n") : std::string::npos;
    if (head == std::string::npos) continue;
    body = head + 4;
    whole = body + length_in(std::string_view(received_).substr(0, body));
  }
  PageAnswer answer;
  answer.head = std::string_view(received_).substr(0, body);
  answer.body = std::string_view(received_).substr(body);
  std::from_chars(received_.data() + 9, received_.data() + 12, answer.status);  // "HTTP/1.1 200"
  return answer;
}

}  // namespace lantaarn::bench
