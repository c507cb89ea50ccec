// A socket's deadlines and its end, without a session on it.

#include "common/channel/link.hpp"

#include "loopback.hpp"

namespace lantaarn::channel {
namespace {

using std::chrono::steady_clock;

struct Linked : Loopback {
  /// A link and the socket at its other end.
  awaitable<std::pair<std::shared_ptr<Link>, tcp::socket>> pair() {
    tcp::socket near = co_await connect_socket();
    tcp::socket far = co_await accept_socket();
    co_return std::pair(std::make_shared<Link>(std::move(near)), std::move(far));
  }
};

}  // namespace

TEST_CASE_METHOD(Linked, "a deadline that was cleared does nothing when its time comes, and the next one holds", "[channel][link]") {
  run([](Linked& it) -> awaitable<void> {
    auto [link, far] = co_await it.pair();
    link->set_deadline(Wait::kRead, steady_clock::now() + 10ms, "peer_silent");
    link->clear_deadline(Wait::kRead);
    asio::steady_timer later(it.io, 30ms);
    co_await later.async_wait(asio::use_awaitable);
    CHECK(link->over() == nullptr);

    Bytes room(1);
    link->set_deadline(Wait::kRead, steady_clock::now() + 10ms, "peer_silent");
    const bool read = link->passed(co_await link->read_exactly(room));
    CHECK_FALSE(read);
    CHECK(link->over()->code == "peer_silent");
  }(*this));
}

TEST_CASE_METHOD(Linked, "a link that is over stays over with its first error, whatever comes after", "[channel][link]") {
  run([](Linked& it) -> awaitable<void> {
    auto [link, far] = co_await it.pair();
    link->close(retry("connection_lost"));
    link->close(retry("peer_silent"));
    link->set_deadline(Wait::kWhole, steady_clock::now() - 1ms, "session_spent");
    co_await asio::post(it.io, asio::use_awaitable);
    CHECK(link->over()->code == "connection_lost");
    // A half-close that was read before, and is told after the end: it is the end that counts.
    CHECK_FALSE(link->received(Link::Transfer(asio::error::eof, 0)).has_value());
    CHECK_FALSE(link->passed(Link::Transfer(boost::system::error_code(), 1)));
    Bytes room(1);
    CHECK_FALSE(link->received(co_await link->read_some(room)).has_value());
    CHECK(link->over()->code == "connection_lost");
  }(*this));
}

TEST_CASE_METHOD(Linked, "a peer's half-close is no error, and its reset is", "[channel][link]") {
  run([](Linked& it) -> awaitable<void> {
    auto [link, far] = co_await it.pair();
    Bytes room(1);
    far.shutdown(tcp::socket::shutdown_send);
    const auto half_closed = link->received(co_await link->read_some(room));
    CHECK(half_closed == 0);
    CHECK(link->over() == nullptr);
    far.set_option(tcp::socket::linger(true, 0));
    far.close();
    const bool written = link->passed(co_await link->write(room));
    CHECK_FALSE(written);
    CHECK(link->over()->code == "connection_lost");
  }(*this));
}

}  // namespace lantaarn::channel
