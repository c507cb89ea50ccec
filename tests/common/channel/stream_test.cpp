#include "common/channel/stream.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <map>

#include "loopback.hpp"

namespace lantaarn::channel {
namespace {

Bytes bytes_of(std::string_view text) { return to_bytes(as_bytes(text)); }

struct Fixture : Loopback {
  /// Dials while the server answers.
  Result<Stream> meet(const Dial& to) {
    start_serving();
    return dial(to);
  }
  Result<Stream> dial(const Dial& to) {
    std::optional<Result<Stream>> dialled;
    run([](Fixture& it, const Dial& target, std::optional<Result<Stream>>& out) -> awaitable<void> {
      out.emplace(co_await Stream::connect(target, it.timeouts));
    }(*this, to, dialled));
    return std::move(*dialled);
  }
  /// What a client that says hello hears when it thinks it is connected.
  std::string heard_by(const Dial& to) {
    auto stream = meet(to);
    REQUIRE(stream.ok());
    std::string heard;
    run([](Stream& client, std::string& out) -> awaitable<void> {
      static_cast<void>(co_await client.send(bytes_of("hello")));
      auto message = co_await client.receive();
      out = code_of(message);
    }(*stream, heard));
    return heard;
  }
  using Loopback::dial;
};

}  // namespace

TEST_CASE_METHOD(Fixture, "messages travel both ways and the session ends cleanly on both sides", "[channel][stream]") {
  run([](Fixture& it) -> awaitable<void> {
    Stream client = co_await it.establish();
    CHECK(client.handshake_hash() == it.server->handshake_hash());
    CHECK(it.server->peer().device_key == it.parties.device.public_key());
    expect_ok(co_await client.send(bytes_of("push")));
    auto pushed = co_await it.server->receive();
    CHECK(*pushed == bytes_of("push"));
    expect_ok(co_await it.server->send(bytes_of("receipt")));
    expect_ok(co_await client.finish());
    auto end = co_await it.server->receive();
    CHECK(code_of(end) == "session_ended");
    CHECK(is_clean_end(end.error()));
    expect_ok(co_await it.server->finish());
    auto receipt = co_await client.receive();
    CHECK(*receipt == bytes_of("receipt"));
    auto last = co_await client.receive();
    CHECK(code_of(last) == "session_ended");
  }(*this));
}

TEST_CASE_METHOD(Fixture, "many sends at once arrive whole and in the order of their calls", "[channel][stream]") {
  run([](Fixture& it) -> awaitable<void> {
    Stream client = co_await it.establish();
    const std::vector<std::size_t> sizes = {kMessageBytesMax, 3, 70000, 0, 500000, 16364};
    int sent = 0;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      asio::co_spawn(it.io, client.send(Bytes(sizes[i], static_cast<std::uint8_t>(i))),
                     [&](std::exception_ptr, Status status) { sent += status.ok() ? 1 : 0; });
    }
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      auto message = co_await it.server->receive();
      REQUIRE(message.ok());
      CHECK(*message == Bytes(sizes[i], static_cast<std::uint8_t>(i)));
    }
    CHECK(sent == 6);
  }(*this));
}

TEST_CASE_METHOD(Fixture, "a client that knows the server by another key finds out, and sends nothing", "[channel][stream]") {
  Dial to = dial();
  to.server_key = DhKeyPair::random().public_key();
  const auto dialled = meet(to);
  CHECK(code_of(dialled) == "server_key_wrong");
  CHECK(dialled.error().kind == ErrorKind::kRejectPeer);
  CHECK(verdict_of_server() == "handshake_failed");
  CHECK_FALSE(asked.has_value());
}

TEST_CASE_METHOD(Fixture, "a client that means another server behind the same key is told so too", "[channel][stream]") {
  Dial to = dial();
  to.server_id = crypto::random_id<ServerId>();
  CHECK(code_of(meet(to)) == "server_key_wrong");
}

TEST_CASE_METHOD(Fixture, "an unknown device and a wrong PSK hear the same: refused", "[channel][stream]") {
  const DhKeyPair stranger = DhKeyPair::random();
  Dial unknown = dial();
  unknown.device_key = &stranger;
  CHECK(heard_by(unknown) == "device_refused");
  CHECK(verdict_of_server() == "device_unknown");

  const crypto::Key wrong_psk = crypto::random_secret<32>();
  Dial wrong = dial();
  wrong.psk = &wrong_psk;
  CHECK(heard_by(wrong) == "device_refused");
  CHECK(verdict_of_server() == "handshake_failed");
}

TEST_CASE_METHOD(Fixture, "an enrolment's look-up gets ticket and device, and a refused one says it is the ticket", "[channel][stream]") {
  Dial to = dial();
  to.purpose = Purpose::kEnrolment;
  to.ticket = crypto::random_id<TicketId>();
  CHECK(meet(to).ok());
  CHECK(verdict_of_server() == "ok");
  REQUIRE(asked.has_value());
  CHECK(asked->ticket == to.ticket);
  CHECK(server->peer().purpose == Purpose::kEnrolment);

  refusal = refused("ticket_used");
  CHECK(heard_by(to) == "ticket_refused");
  CHECK(verdict_of_server() == "ticket_used");
}

TEST_CASE_METHOD(Fixture, "a server that cannot look a device up right now does not call it refused", "[channel][stream]") {
  refusal = retry("database_locked");
  CHECK(heard_by(dial()) == "connection_lost");
  CHECK(verdict_of_server() == "database_locked");
}

TEST_CASE_METHOD(Fixture, "a server that is not there is unreachable, by the address that was dialled", "[channel][stream]") {
  Dial to = dial();
  {
    tcp::acceptor gone(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    to.server.port = gone.local_endpoint().port();
  }
  const auto dialled = dial(to);
  REQUIRE(code_of(dialled) == "server_unreachable");
  CHECK(dialled.error().args == std::vector<std::string>{to.server.to_text()});
}

TEST_CASE_METHOD(Fixture, "a server is found by name", "[channel][stream]") {
  Dial to = dial();
  to.server.host = "localhost";
  CHECK(meet(to).ok());
}

TEST_CASE_METHOD(Fixture, "a connection that is cut is told from one that ended", "[channel][stream]") {
  run([](Fixture& it) -> awaitable<void> {
    Stream client = co_await it.establish();
    expect_ok(co_await client.send(bytes_of("before the tunnel")));
    client.abort();
    auto before = co_await it.server->receive();
    CHECK(before.ok());
    auto after = co_await it.server->receive();
    CHECK(code_of(after) == "connection_lost");
    auto sent = co_await it.server->send(bytes_of("too late"));
    CHECK(code_of(sent) == "connection_lost");
    auto aborted = co_await client.receive();
    CHECK(code_of(aborted) == "connection_lost");
  }(*this));
}

TEST_CASE_METHOD(Fixture, "a peer that falls silent, does not read, or stays too long is cut off", "[channel][stream]") {
  SECTION("silent") {
    timeouts.receive = 50ms;
    run([](Fixture& it) -> awaitable<void> {
      Stream client = co_await it.establish();
      auto message = co_await it.server->receive();
      CHECK(code_of(message) == "peer_silent");
    }(*this));
  }
  SECTION("does not read") {
    timeouts.send = 50ms;
    run([](Fixture& it) -> awaitable<void> {
      Stream client = co_await it.establish();
      Status status;
      for (int i = 0; i < 200 && status.ok(); ++i) status = co_await client.send(Bytes(kMessageBytesMax));
      CHECK(code_of(status) == "peer_silent");
    }(*this));
  }
  SECTION("an hour is over") {
    timeouts.session = 50ms;
    run([](Fixture& it) -> awaitable<void> {
      Stream client = co_await it.establish();
      auto message = co_await client.receive();
      CHECK(code_of(message) == "session_spent");
    }(*this));
  }
}

TEST_CASE_METHOD(Fixture, "what a stream cannot do is a bug, said without harm to the session", "[channel][stream]") {
  run([](Fixture& it) -> awaitable<void> {
    Stream client = co_await it.establish();
    auto oversized = co_await client.send(Bytes(kMessageBytesMax + 1));
    CHECK(oversized.error().kind == ErrorKind::kBug);
    expect_ok(co_await client.send(bytes_of("still there")));
    auto message = co_await it.server->receive();
    CHECK(message.ok());
    expect_ok(co_await client.finish());
    auto late = co_await client.send(bytes_of("after END"));
    CHECK(late.error().kind == ErrorKind::kBug);
  }(*this));
}

TEST_CASE_METHOD(Fixture, "before its handshake, and twice at once, a stream does nothing", "[channel][stream]") {
  run([](Fixture& it) -> awaitable<void> {
    auto socket = co_await it.connect_socket();
    Stream early(co_await it.accept_socket(), it.timeouts);
    early.limit_messages(10);
    auto received = co_await early.receive();
    CHECK(received.error().kind == ErrorKind::kBug);
    auto sent = co_await early.send(bytes_of("too early"));
    CHECK(sent.error().kind == ErrorKind::kBug);
    auto finished = co_await early.finish();
    CHECK(finished.error().kind == ErrorKind::kBug);
  }(*this));
  run([](Fixture& it) -> awaitable<void> {
    Stream client = co_await it.establish();
    std::optional<Result<Bytes>> first;
    it.start([](Stream& stream, std::optional<Result<Bytes>>& out) -> awaitable<void> { out.emplace(co_await stream.receive()); }(client, first));
    co_await asio::post(it.io, asio::use_awaitable);
    auto second = co_await client.receive();
    CHECK(second.error().kind == ErrorKind::kBug);
    expect_ok(co_await it.server->send(bytes_of("for the first")));
    while (!first) co_await asio::post(it.io, asio::use_awaitable);
    CHECK(**first == bytes_of("for the first"));
  }(*this));
}

TEST_CASE_METHOD(Fixture, "a message longer than was said to be taken ends the session", "[channel][stream]") {
  run([](Fixture& it) -> awaitable<void> {
    Stream client = co_await it.establish();
    it.server->limit_messages(10);
    expect_ok(co_await client.send(bytes_of("0123456789")));
    auto message = co_await it.server->receive();
    CHECK(message.ok());
    expect_ok(co_await client.send(bytes_of("0123456789+")));
    auto longer = co_await it.server->receive();
    CHECK(code_of(longer) == "frame_broken");
  }(*this));
}

TEST_CASE_METHOD(Fixture, "END is said once, and not by whom the connection was taken from", "[channel][stream]") {
  run([](Fixture& it) -> awaitable<void> {
    Stream client = co_await it.establish();
    expect_ok(co_await client.finish());
    auto twice = co_await client.finish();
    CHECK(twice.error().kind == ErrorKind::kBug);
    it.server->abort();
    auto after = co_await it.server->finish();
    CHECK(code_of(after) == "connection_lost");
  }(*this));
}

TEST_CASE_METHOD(Fixture, "a server that nobody knows by that name, or whose key is no key, is not reached", "[channel][stream]") {
  Dial to = dial();
  to.server.host = "nobody.invalid";
  CHECK(code_of(dial(to)) == "server_unreachable");
  to = dial();
  to.server_key = {};
  CHECK(code_of(meet(to)) == "server_key_wrong");
}

TEST_CASE_METHOD(Fixture, "a handshake that is over while a device is looked up comes to nothing", "[channel][stream]") {
  timeouts.handshake = 700ms;  // long enough for a busy machine to get as far as the look-up
  lookup = [this](const Peer&) -> awaitable<Result<crypto::Key>> {
    asio::steady_timer slow(io, 1400ms);
    co_await slow.async_wait(asio::use_awaitable);
    co_return parties.psk.duplicate();
  };
  static_cast<void>(meet(dial()));
  CHECK(verdict_of_server() == "peer_silent");
}

TEST_CASE_METHOD(Fixture, "a stream that is replaced is aborted, and one that was moved away does nothing", "[channel][stream]") {
  run([](Fixture& it) -> awaitable<void> {
    Stream first = co_await it.establish();
    Stream first_server = std::move(*it.server);
    Stream second = co_await it.establish();
    Stream& same = second;
    second = std::move(same);
    first = std::move(second);
    second.limit_messages(10);
    second.abort();
    auto lost = co_await first_server.receive();
    CHECK(code_of(lost) == "connection_lost");
    expect_ok(co_await it.server->send(bytes_of("for the second")));
    auto message = co_await first.receive();
    CHECK(message.ok());
  }(*this));
}

TEST_CASE_METHOD(Fixture, "a look-up that finds the peer at fault is told to it", "[channel][stream]") {
  refusal = reject_peer("ticket_wrong");
  CHECK(heard_by(dial()) == "device_refused");
  CHECK(verdict_of_server() == "ticket_wrong");
}

TEST_CASE_METHOD(Fixture, "a sender who gives up waiting writes nothing, and those behind keep their order", "[channel][stream]") {
  run([](Fixture& it) -> awaitable<void> {
    Stream client = co_await it.establish();
    asio::cancellation_signal give_up_sending, give_up_finishing;
    std::map<std::string, std::string> ends;
    const auto note = [&](const char* who) { return [&ends, who](std::exception_ptr, Status status) { ends[who] = code_of(status); }; };
    asio::co_spawn(it.io, client.send(Bytes(kMessageBytesMax, 1)), note("first"));
    asio::co_spawn(it.io, client.send(bytes_of("given up")), asio::bind_cancellation_slot(give_up_sending.slot(), note("given up")));
    asio::co_spawn(it.io, client.finish(), asio::bind_cancellation_slot(give_up_finishing.slot(), note("end given up")));
    asio::co_spawn(it.io, client.send(bytes_of("behind")), note("behind"));
    co_await asio::post(it.io, asio::use_awaitable);
    REQUIRE(ends.empty());  // all of them wait
    give_up_sending.emit(asio::cancellation_type::terminal);
    give_up_finishing.emit(asio::cancellation_type::terminal);
    auto first = co_await it.server->receive();
    CHECK(first->size() == kMessageBytesMax);
    auto second = co_await it.server->receive();
    CHECK(*second == bytes_of("behind"));
    CHECK(ends == std::map<std::string, std::string>{
                      {"first", "ok"}, {"behind", "ok"}, {"given up", "connection_lost"}, {"end given up", "connection_lost"}});
  }(*this));
}

}  // namespace lantaarn::channel
