#include "tests/e2e/sockets.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>

namespace lantaarn::e2e {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

}  // namespace

Socket::~Socket() {
  if (descriptor_ >= 0) close(descriptor_);
}

Socket Socket::connect_to(const std::string& address, int from) {
  sockaddr_in own = loopback(0);
  own.sin_addr.s_addr = htonl(INADDR_LOOPBACK - 1 + static_cast<std::uint32_t>(from));
  const sockaddr_in to = loopback(static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
  Socket made(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (made.descriptor_ < 0 || bind(made.descriptor_, reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0 ||
      connect(made.descriptor_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
    throw std::runtime_error("cannot connect to " + address);
  }
  return made;
}

bool Socket::send(const std::string& bytes) const {
  return ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
}

std::string Socket::ask(const std::string& bytes) const {
  std::string answer;
  char piece[4096];
  (void)send(bytes);
  for (ssize_t got = 0; (got = recv(descriptor_, piece, sizeof piece, 0)) > 0;) answer.append(piece, static_cast<std::size_t>(got));
  return answer;
}

bool Socket::closed_within(int timeout_ms) const {
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
  char dropped[4096];
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
    pollfd readable = {descriptor_, POLLIN, 0};
    if (left <= 0 || poll(&readable, 1, static_cast<int>(left)) <= 0) return false;
    if (recv(descriptor_, dropped, sizeof dropped, 0) <= 0) return true;
  }
}

BadServer::BadServer(Manner manner) : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in here = loopback(0);
  socklen_t size = sizeof here;
  if (bind(listener_, reinterpret_cast<const sockaddr*>(&here), size) != 0 || listen(listener_, 16) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr*>(&here), &size) != 0) {
    throw std::runtime_error("cannot listen");
  }
  address_ = "127.0.0.1:" + std::to_string(ntohs(here.sin_port));
  thread_ = std::thread([this, treat = std::move(manner)] {
    while (true) {
      const int caller = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (caller < 0) return;
      treat(Socket(caller));
    }
  });
}

BadServer::~BadServer() {
  shutdown(listener_, SHUT_RDWR);  // wakes accept
  thread_.join();
  close(listener_);
}

}  // namespace lantaarn::e2e
