#include "common/channel/link.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace lantaarn::channel {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using asio::ip::tcp;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

}  // namespace

Link::Link(tcp::socket socket) : socket_(std::move(socket)), timer_(socket_.get_executor()) {
  error_code ignored;
  if (socket_.is_open()) socket_.set_option(tcp::no_delay(true), ignored);
}

void Link::set_deadline(Wait wait, TimePoint by, const char* code) {
  deadlines_[static_cast<std::size_t>(wait)] = {by, code};
  if (by < armed_for_) arm(by);
}

// The timer is left alone: it wakes up once in vain, which is cheaper than re-arming it at every message.
void Link::clear_deadline(Wait wait) { deadlines_[static_cast<std::size_t>(wait)] = {}; }

void Link::arm(TimePoint by) {
  if (over_) return;
  armed_for_ = by;
  timer_.expires_at(by);
  timer_.async_wait([weak = weak_from_this()](const error_code& failure) {
    const auto link = weak.lock();
    if (link && failure != asio::error::operation_aborted) link->on_timer();
  });
}

void Link::on_timer() {
  const Deadline& next = *std::min_element(std::begin(deadlines_), std::end(deadlines_),
                                           [](const Deadline& a, const Deadline& b) { return a.by < b.by; });
  armed_for_ = TimePoint::max();
  if (next.by <= std::chrono::steady_clock::now()) return close(in_context(retry(next.code), "deadline"));
  if (next.by != TimePoint::max()) arm(next.by);
}

void Link::close(Error error) {
  if (over_) return;
  over_ = std::make_unique<const Error>(std::move(error));
  timer_.cancel();
  error_code ignored;
  socket_.close(ignored);
}

void Link::shutdown_send() {
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
}

asio::awaitable<Link::Transfer> Link::read_exactly(std::span<std::uint8_t> out) {
  return asio::async_read(socket_, asio::buffer(out.data(), out.size()), kAwait);
}

asio::awaitable<Link::Transfer> Link::read_some(std::span<std::uint8_t> out) {
  return socket_.async_read_some(asio::buffer(out.data(), out.size()), kAwait);
}

asio::awaitable<Link::Transfer> Link::write(ByteView bytes) {
  return asio::async_write(socket_, asio::buffer(bytes.data(), bytes.size()), kAwait);
}

asio::awaitable<Link::Transfer> Link::connect(std::vector<tcp::endpoint> endpoints) {
  const auto [failure, endpoint] = co_await asio::async_connect(socket_, endpoints, kAwait);
  error_code ignored;
  if (!failure) socket_.set_option(tcp::no_delay(true), ignored);
  co_return Transfer(failure, 0);
}

bool Link::passed(const Transfer& transfer) {
  const error_code& failure = std::get<0>(transfer);
  if (failure) close(in_context(retry("connection_lost"), failure.message()));
  return !over_;
}

std::optional<std::size_t> Link::received(const Transfer& transfer) {
  if (std::get<0>(transfer) == asio::error::eof && !over_) return 0;
  if (!passed(transfer)) return std::nullopt;
  return std::get<1>(transfer);
}

namespace {

struct Lookup {
  explicit Lookup(const asio::any_io_executor& executor) : resolver(executor), timer(executor) {}
  tcp::resolver resolver;
  asio::steady_timer timer;
  std::vector<tcp::endpoint> found;
};

}  // namespace

asio::awaitable<Result<std::vector<tcp::endpoint>>> resolve(const Address& address, TimePoint by) {
  error_code not_numeric;
  const auto numeric = asio::ip::make_address(address.host, not_numeric);
  if (!not_numeric) co_return std::vector<tcp::endpoint>{tcp::endpoint(numeric, address.port)};
  // The system's resolver cannot be interrupted; at the deadline its answer is left to itself.
  const auto lookup = std::make_shared<Lookup>(co_await asio::this_coro::executor);
  lookup->timer.expires_at(by);
  lookup->resolver.async_resolve(address.host, std::to_string(address.port),
                                 [lookup](const error_code& failure, const tcp::resolver::results_type& results) {
                                   if (!failure) lookup->found.assign(results.begin(), results.end());
                                   lookup->timer.cancel();
                                 });
  co_await lookup->timer.async_wait(kAwait);
  if (lookup->found.empty()) co_return retry("server_unreachable", {address.to_text()});
  co_return lookup->found;
}

}  // namespace lantaarn::channel
