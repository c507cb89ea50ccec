#pragma once
// Inside Stream: a TCP socket on which nothing waits without a deadline. One timer serves all three deadlines;
// the first one that passes closes the socket, and every wait ends with that deadline's error.
// Everything here runs on the socket's executor, which must not run two handlers at once (a strand, or one thread).

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <tuple>
#include <vector>

#include "common/base/bytes.hpp"
#include "common/base/result.hpp"
#include "common/channel/address.hpp"

namespace lantaarn::channel {

using TimePoint = std::chrono::steady_clock::time_point;

enum class Wait : std::uint8_t { kRead = 0, kWrite = 1, kWhole = 2 };

class Link : public std::enable_shared_from_this<Link> {
 public:
  explicit Link(boost::asio::ip::tcp::socket socket);

  /// From now until clear_deadline(): at `by` the link is over with kRetry `code` (a literal).
  void set_deadline(Wait wait, TimePoint by, const char* code);
  void clear_deadline(Wait wait);

  // Waits. Whoever awaits one of these hands what comes out to passed() or received() before anything else; these are
  // plain awaitables rather than coroutines of their own because a half-open session pays for every frame.
  using Transfer = std::tuple<boost::system::error_code, std::size_t>;
  [[nodiscard]] boost::asio::awaitable<Transfer> read_exactly(std::span<std::uint8_t> out);
  [[nodiscard]] boost::asio::awaitable<Transfer> read_some(std::span<std::uint8_t> out);
  /// Done when the kernel has taken all of it.
  [[nodiscard]] boost::asio::awaitable<Transfer> write(ByteView bytes);
  [[nodiscard]] boost::asio::awaitable<Transfer> connect(std::vector<boost::asio::ip::tcp::endpoint> endpoints);

  /// Whether all of it went through; else the link is over: with a deadline's or close()'s error, or with
  /// kRetry "connection_lost" for a reset or an early end.
  [[nodiscard]] bool passed(const Transfer& transfer);
  /// For read_some: the bytes read, zero at the peer's half-close; nothing when the link is over, as above.
  [[nodiscard]] std::optional<std::size_t> received(const Transfer& transfer);
  void shutdown_send();

  /// The link is over with `error`, unless it was over already; the socket is closed and all waits end.
  void close(Error error);
  /// Why the link is over; nothing while it is not.
  [[nodiscard]] const Error* over() const { return over_.get(); }
  [[nodiscard]] boost::asio::any_io_executor executor() { return socket_.get_executor(); }

 private:
  struct Deadline {
    TimePoint by = TimePoint::max();
    const char* code = "";
  };
  void arm(TimePoint by);
  void on_timer();

  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer timer_;
  TimePoint armed_for_ = TimePoint::max();
  Deadline deadlines_[3];
  std::unique_ptr<const Error> over_;
};

/// Numeric addresses at once; names through the system's resolver, given up at `by`.
/// Errors: kRetry "server_unreachable" ({0} the address).
[[nodiscard]] boost::asio::awaitable<Result<std::vector<boost::asio::ip::tcp::endpoint>>> resolve(const Address& address,
                                                                                                  TimePoint by);

}  // namespace lantaarn::channel
