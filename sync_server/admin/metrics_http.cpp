#include "sync_server/admin/metrics_http.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <cerrno>
#include <optional>

namespace lantaarn::server::admin {
namespace {

namespace http = boost::beast::http;

struct Bound {
  sockaddr_storage address{};
  socklen_t size = 0;
};

// A number, and a loopback one: names could come to mean something else.
std::optional<Bound> loopback(const channel::Address& address) {
  Bound bound;
  auto& four = reinterpret_cast<sockaddr_in&>(bound.address);
  auto& six = reinterpret_cast<sockaddr_in6&>(bound.address);
  if (::inet_pton(AF_INET, address.host.c_str(), &four.sin_addr) == 1) {
    if ((ntohl(four.sin_addr.s_addr) >> 24) != 127) return std::nullopt;
    four.sin_family = AF_INET;
    four.sin_port = htons(address.port);
    bound.size = sizeof four;
    return bound;
  }
  if (::inet_pton(AF_INET6, address.host.c_str(), &six.sin6_addr) != 1 || !IN6_IS_ADDR_LOOPBACK(&six.sin6_addr)) return std::nullopt;
  six.sin6_family = AF_INET6;
  six.sin6_port = htons(address.port);
  bound.size = sizeof six;
  return bound;
}

std::uint16_t port_of(int descriptor) {
  sockaddr_in6 six{};
  socklen_t size = sizeof six;
  ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&six), &size);
  return ntohs(six.sin6_port);  // the port stands at the same place in both families
}

std::string answer_of(const char* status, const std::string& body) {
  return std::string("HTTP/1.1 ") + status + "\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nCache-Control: no-store\r\n" +
         "Content-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
}

/// The answer to what was received so far; nothing while the request is not whole.
std::optional<std::string> answer_to(const std::string& received, const MetricsServer::Text& text) {
  http::request_parser<http::empty_body> parser;
  parser.header_limit(kMetricsHeaderBytesMax);
  boost::beast::error_code failed;
  parser.put(boost::asio::buffer(received), failed);
  if (failed == http::error::need_more) return received.size() > kMetricsHeaderBytesMax ? std::optional(answer_of("431 Too Large", "")) : std::nullopt;
  if (failed) return answer_of("400 Bad Request", "");
  if (!parser.is_header_done()) return std::nullopt;
  if (parser.get().target() != "/metrics") return answer_of("404 Not Found", "");
  if (parser.get().method() != http::verb::get) return answer_of("405 Method Not Allowed", "");
  const auto body = text();
  return body.ok() ? answer_of("200 OK", *body) : answer_of("503 Service Unavailable", "");
}

bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

}  // namespace

Result<MetricsServer> MetricsServer::listen(const channel::Address& address) {
  const auto bound = loopback(address);
  if (!bound) return refused("metrics_not_loopback", {address.to_text()});
  const int descriptor = ::socket(bound->address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int on = 1;
  ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(descriptor, reinterpret_cast<const sockaddr*>(&bound->address), bound->size) != 0 ||
      ::listen(descriptor, static_cast<int>(kMetricsCallersMax)) != 0) {
    ::close(descriptor);
    return retry("port_taken", {std::to_string(address.port)});
  }
  return MetricsServer(descriptor, {address.host, port_of(descriptor)});
}

MetricsServer::MetricsServer(MetricsServer&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), address_(std::move(other.address_)), callers_(std::exchange(other.callers_, {})) {}

MetricsServer::~MetricsServer() {
  for (const Caller& caller : callers_) ::close(caller.descriptor);
  if (descriptor_ >= 0) ::close(descriptor_);
}

void MetricsServer::add_to(std::vector<pollfd>& polled) const {
  polled.push_back({descriptor_, POLLIN, 0});
  for (const Caller& caller : callers_) polled.push_back({caller.descriptor, static_cast<short>(caller.to_send.empty() ? POLLIN : POLLOUT), 0});
}

void MetricsServer::attend(const std::vector<pollfd>& polled, const Text& text) {
  for (const auto& one : polled) {
    if (one.revents == 0) continue;
    if (one.fd == descriptor_) {
      admit();
      continue;
    }
    const auto caller = std::find_if(callers_.begin(), callers_.end(), [&](const Caller& each) { return each.descriptor == one.fd; });
    if (caller == callers_.end() || attend_to(*caller, text)) continue;
    ::close(caller->descriptor);
    callers_.erase(caller);
  }
}

void MetricsServer::admit() {
  const int descriptor = ::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (descriptor < 0) return;
  if (callers_.size() == kMetricsCallersMax) {
    ::close(callers_.front().descriptor);
    callers_.pop_front();
  }
  callers_.push_back({.descriptor = descriptor});
}

// False: the caller is to be let go.
bool MetricsServer::attend_to(Caller& caller, const Text& text) {
  if (caller.to_send.empty()) {
    char piece[1024];
    const ssize_t got = ::recv(caller.descriptor, piece, sizeof piece, 0);
    if (got <= 0) return got < 0 && would_block();
    caller.received.append(piece, static_cast<std::size_t>(got));
    auto answer = answer_to(caller.received, text);
    if (!answer) return true;
    caller.to_send = std::move(*answer);
  }
  const ssize_t sent = ::send(caller.descriptor, caller.to_send.data() + caller.sent, caller.to_send.size() - caller.sent, MSG_NOSIGNAL);
  if (sent < 0) return would_block();
  caller.sent += static_cast<std::size_t>(sent);
  return caller.sent < caller.to_send.size();
}

}  // namespace lantaarn::server::admin
