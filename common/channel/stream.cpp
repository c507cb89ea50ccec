#include "common/channel/stream.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <list>

#include "common/channel/answering.hpp"
#include "common/channel/frame.hpp"
#include "common/channel/handshake.hpp"
#include "common/channel/link.hpp"

namespace lantaarn::channel {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

TimePoint from_now(std::chrono::milliseconds time) { return std::chrono::steady_clock::now() + time; }

/// What only an established session needs; a half-open one does not carry it.
struct Session {
  explicit Session(SessionKeys keys)
      : writer(std::move(keys.send)), reader(std::move(keys.receive)), handshake_hash(keys.handshake_hash) {}
  FrameWriter writer;
  FrameReader reader;
  Bytes wire;
  ByteArray<32> handshake_hash;
};

/// Only what will not change by asking again is told to the peer; after the rest it should come back.
bool may_be_told(const Error& error) { return error.kind == ErrorKind::kRefused || error.kind == ErrorKind::kRejectPeer; }

/// Admits the peer, or says why not: the look-up's reason before the handshake's.
Status judge(Answering& answering, const Result<crypto::Key>& psk) {
  Status admitted = answering.admit(psk.ok() ? &*psk : nullptr);
  if (!psk.ok()) return psk.error();
  return admitted;
}

/// A sender's place in the queue; it lives in that sender's coroutine and leaves the queue with it.
struct Turn {
  Turn(std::list<Turn*>& waiting, const asio::any_io_executor& executor) : queue(waiting), wake(executor, TimePoint::max()) {
    queue.push_back(this);
  }
  ~Turn() { queue.remove(this); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  std::list<Turn*>& queue;
  asio::steady_timer wake;
  bool granted = false;
};

}  // namespace

// Coroutines here return whether they got through; why not is in link->over(). What a coroutine names, and every Error
// that crosses a co_await, lives in its frame, and ten thousand of these may be half-open.
struct Stream::Impl {
  Impl(tcp::socket socket, const Timeouts& limits) : link(std::make_shared<Link>(std::move(socket))), timeouts(limits) {}

  asio::awaitable<bool> initiate(const Dial& dial);
  asio::awaitable<bool> respond(const ServerIdentity& server, const PskLookup& lookup);
  asio::awaitable<bool> admit(Answering& answering, const PskLookup& lookup);
  asio::awaitable<void> refuse();
  [[nodiscard]] bool open(Result<SessionKeys> keys);

  asio::awaitable<bool> take_turn();
  void pass_turn();
  asio::awaitable<Status> write_message(ByteView message);
  asio::awaitable<Status> write_end();
  asio::awaitable<bool> write_wire();
  asio::awaitable<Result<Bytes>> read_message();

  /// Ends the session on an error.
  [[nodiscard]] bool check(const Status& status);
  [[nodiscard]] Status outcome() const { return link->over() != nullptr ? Status(*link->over()) : Status(); }
  [[nodiscard]] Error end(Error error);

  std::shared_ptr<Link> link;
  Timeouts timeouts;
  Peer peer;
  std::unique_ptr<const Error> verdict;  ///< why the peer is not admitted, whatever becomes of telling it
  bool is_client = false;
  bool receiving = false;
  bool sending = false;
  std::unique_ptr<Session> session;
  std::list<Turn*> waiting;
};

bool Stream::Impl::check(const Status& status) {
  if (!status.ok()) link->close(status.error());
  return link->over() == nullptr;
}

// The handshake, both sides. Steps and errors: handshake.hpp.

asio::awaitable<bool> Stream::Impl::initiate(const Dial& dial) {
  const auto preamble = make_preamble(dial.purpose);
  Initiator initiator(*dial.device_key, dial.server_key, make_prologue(dial.server_id, preamble));
  auto message = initiator.write_message_1(dial.purpose == Purpose::kEnrolment ? dial.ticket.view() : ByteView());
  if (!message.ok()) co_return check(message.error());
  Bytes bytes;
  bytes.reserve(preamble.size() + message->size());
  append(bytes, preamble);
  append(bytes, *message);
  if (!link->passed(co_await link->write(bytes))) co_return false;

  bytes.resize(kMessage2Bytes);
  if (!link->passed(co_await link->read_exactly(bytes))) co_return false;
  if (!check(initiator.read_message_2(bytes, {}))) co_return false;

  message = initiator.write_message_3(*dial.psk, {});
  if (!message.ok()) co_return check(message.error());
  if (!link->passed(co_await link->write(*message))) co_return false;
  co_return open(initiator.finish());
}

asio::awaitable<bool> Stream::Impl::respond(const ServerIdentity& server, const PskLookup& lookup) {
  Answering answering(server, peer);
  if (!link->passed(co_await link->read_exactly(answering.room_for_preamble()))) co_return false;
  if (!check(answering.take_preamble())) co_return false;

  if (!link->passed(co_await link->read_exactly(answering.room_for_message1()))) co_return false;
  if (Status understood = answering.take_message1(); !understood.ok()) {
    verdict = std::make_unique<const Error>(understood.error());
    co_await link->write(answering.reply());
    co_return false;
  }
  if (!link->passed(co_await link->write(answering.reply()))) co_return false;

  if (!link->passed(co_await link->read_exactly(answering.room_for_message3()))) co_return false;
  co_return co_await admit(answering, lookup);
}

asio::awaitable<bool> Stream::Impl::admit(Answering& answering, const PskLookup& lookup) {
  Status status = answering.take_message3();
  bool refuses = true;
  if (status.ok()) {
    const Result<crypto::Key> psk = co_await lookup(peer);
    if (link->over() != nullptr) co_return false;
    status = judge(answering, psk);
    refuses = psk.ok() ? !status.ok() : may_be_told(psk.error());
  }
  if (status.ok()) co_return open(answering.finish());
  verdict = std::make_unique<const Error>(status.error());
  if (refuses) co_await refuse();
  co_return false;
}

/// A frame length of zero where the first frame would be, then the peer's unread bytes: closing over them would be a
/// reset, which can overtake the refusal.
asio::awaitable<void> Stream::Impl::refuse() {
  static constexpr ByteArray<kFrameHeaderBytes> kRefusal{};
  link->set_deadline(Wait::kRead, from_now(kRefusalLinger), "peer_silent");
  if (!link->passed(co_await link->write(kRefusal))) co_return;
  link->shutdown_send();
  ByteArray<256> swallowed;
  while (link->received(co_await link->read_some(swallowed)).value_or(0) > 0) continue;
}

bool Stream::Impl::open(Result<SessionKeys> keys) {
  if (!keys.ok()) return check(keys.error());
  session = std::make_unique<Session>(std::move(*keys));
  link->set_deadline(Wait::kWhole, from_now(timeouts.session), "session_spent");
  return true;
}

// Sending: a turn at a time, so that what is encrypted first is written first.

/// False when the wait itself was cancelled. The sender before us always ends: at its deadline.
asio::awaitable<bool> Stream::Impl::take_turn() {
  if (!sending) {
    sending = true;
    co_return true;
  }
  Turn turn(waiting, link->executor());
  co_await turn.wake.async_wait(asio::as_tuple(asio::use_awaitable));
  co_return turn.granted;
}

void Stream::Impl::pass_turn() {
  if (session->wire.capacity() > kQuietBufferBytes) session->wire = Bytes();
  sending = !waiting.empty();
  if (!sending) return;
  Turn* next = waiting.front();
  waiting.pop_front();
  next->granted = true;
  next->wake.cancel();
}

asio::awaitable<Status> Stream::Impl::write_message(ByteView rest) {
  if (link->over() != nullptr) co_return outcome();
  if (Status status = session->writer.admit(rest.size()); !status.ok()) co_return status;
  do {
    session->wire.clear();
    auto taken = session->writer.append_frame(rest, session->wire);
    if (!taken.ok()) co_return end(taken.error());
    rest = rest.subspan(*taken);
  } while (co_await write_wire() && !rest.empty());
  co_return outcome();
}

asio::awaitable<Status> Stream::Impl::write_end() {
  if (link->over() != nullptr) co_return outcome();
  session->wire.clear();
  if (Status status = session->writer.append_end(session->wire); !status.ok()) co_return status;
  if (co_await write_wire()) link->shutdown_send();
  co_return outcome();
}

asio::awaitable<bool> Stream::Impl::write_wire() {
  link->set_deadline(Wait::kWrite, from_now(timeouts.send), "peer_silent");
  const bool passed = link->passed(co_await link->write(session->wire));
  link->clear_deadline(Wait::kWrite);
  co_return passed;
}

// Receiving.

asio::awaitable<Result<Bytes>> Stream::Impl::read_message() {
  if (link->over() != nullptr) co_return *link->over();
  FrameReader& reader = session->reader;
  Bytes message;
  std::uint64_t frames = ~std::uint64_t{0};
  for (;;) {
    auto found = reader.next(message);
    if (!found.ok()) co_return end(found.error());
    if (*found == Incoming::kMessage) co_return message;
    if (*found == Incoming::kEnd) co_return retry("session_ended");
    if (frames != reader.frames()) link->set_deadline(Wait::kRead, from_now(timeouts.receive), "peer_silent");
    frames = reader.frames();
    const auto count = link->received(co_await link->read_some(reader.prepare()));
    if (!count) co_return *link->over();
    if (*count == 0) co_return end(reader.at_end_of_stream().error());
    reader.commit(*count);
  }
}

/// The session is over with `error`, said the way this side's user understands it.
Error Stream::Impl::end(Error error) {
  if (error.code == "peer_refused") {
    const bool enrols = peer.purpose == Purpose::kEnrolment;
    error = is_client ? refused(enrols ? "ticket_refused" : "device_refused") : reject_peer("frame_broken");
  }
  link->close(std::move(error));
  return *link->over();
}

// The outside.

Stream::Stream(tcp::socket accepted, const Timeouts& timeouts)
    : impl_(std::make_shared<Impl>(std::move(accepted), timeouts)) {}
Stream::Stream(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
Stream::Stream(Stream&&) noexcept = default;
Stream& Stream::operator=(Stream&& other) noexcept {
  if (this != &other) abort();
  impl_ = std::move(other.impl_);
  return *this;
}
Stream::~Stream() { abort(); }

void Stream::limit_messages(std::size_t bytes_max) {
  if (impl_ && impl_->session) impl_->session->reader.limit_messages(bytes_max);
}

void Stream::abort() {
  if (impl_) impl_->link->close(in_context(retry("connection_lost"), "aborted"));
}

const Peer& Stream::peer() const { return impl_->peer; }
const ByteArray<32>& Stream::handshake_hash() const { return impl_->session->handshake_hash; }

asio::awaitable<Result<Stream>> Stream::connect(const Dial& dial, const Timeouts& timeouts) {
  const TimePoint by = from_now(timeouts.handshake);
  const auto executor = co_await asio::this_coro::executor;
  auto endpoints = co_await resolve(dial.server, by);
  if (!endpoints.ok()) co_return endpoints.error();
  Stream stream(tcp::socket(executor), timeouts);
  Impl& impl = *stream.impl_;
  impl.is_client = true;
  impl.peer = Peer{dial.purpose, dial.ticket, dial.server_key};
  impl.link->set_deadline(Wait::kWhole, by, "peer_silent");
  const bool connected = impl.link->passed(co_await impl.link->connect(std::move(*endpoints)));
  if (connected && co_await impl.initiate(dial)) co_return stream;
  const Error error = *impl.link->over();
  if (connected && error.code != "peer_silent") co_return error;
  co_return in_context(retry("server_unreachable", {dial.server.to_text()}), error.context);
}

asio::awaitable<Status> Stream::accept(const ServerIdentity& server, const PskLookup& lookup) {
  const auto impl = impl_;
  impl->link->set_deadline(Wait::kWhole, from_now(impl->timeouts.handshake), "peer_silent");
  if (co_await impl->respond(server, lookup)) co_return Status();
  if (impl->verdict) impl->link->close(*impl->verdict);
  co_return impl->verdict ? Status(*impl->verdict) : impl->outcome();
}

asio::awaitable<Result<Bytes>> Stream::receive() {
  const auto impl = impl_;
  if (!impl->session || impl->receiving) co_return bug("channel: receive without a session, or twice at once");
  impl->receiving = true;
  auto message = co_await impl->read_message();
  impl->receiving = false;
  impl->link->clear_deadline(Wait::kRead);
  co_return message;
}

asio::awaitable<Status> Stream::send(Bytes message) {
  const auto impl = impl_;
  if (!impl->session) co_return bug("channel: send without a session");
  if (!co_await impl->take_turn()) co_return in_context(retry("connection_lost"), "cancelled");
  Status status = co_await impl->write_message(message);
  impl->pass_turn();
  co_return status;
}

asio::awaitable<Status> Stream::finish() {
  const auto impl = impl_;
  if (!impl->session) co_return bug("channel: finish without a session");
  if (!co_await impl->take_turn()) co_return in_context(retry("connection_lost"), "cancelled");
  Status status = co_await impl->write_end();
  impl->pass_turn();
  co_return status;
}

}  // namespace lantaarn::channel
