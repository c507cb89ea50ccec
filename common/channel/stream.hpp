#pragma once
// The channel over TCP: a handshake, then whole messages both ways. PROTOCOL.md has the bytes.
//
// A Stream belongs to one executor that never runs two handlers at once (a strand, or an io_context with one thread);
// all its functions are called there. No exception leaves these coroutines, and none of them waits without a deadline.
// References given to connect() and accept() must outlive the co_await.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <functional>
#include <memory>

#include "common/channel/address.hpp"
#include "common/channel/limits.hpp"
#include "common/channel/noise.hpp"
#include "common/channel/preamble.hpp"

namespace lantaarn::channel {

/// `handshake` covers everything from the TCP connection (or, dialling, from the name's look-up) to the last byte of
/// message 3 and the PSK's look-up, so one byte a second does not stretch it. `receive` and `send` cover one frame each.
struct Timeouts {
  std::chrono::milliseconds handshake = kHandshakeTimeMax;
  std::chrono::milliseconds receive = std::chrono::seconds(30);
  std::chrono::milliseconds send = std::chrono::seconds(30);
  std::chrono::milliseconds session = kSessionTimeMax;
};

/// Whom the client calls, and as whom. The pointers are not owned.
struct Dial {
  Address server;
  ServerId server_id;
  crypto::DhPublicKey server_key{};
  Purpose purpose = Purpose::kSync;
  TicketId ticket;  ///< with Purpose::kEnrolment
  const DhKeyPair* device_key = nullptr;
  const crypto::Key* psk = nullptr;
};

/// As whom the server answers. Nothing is owned.
struct ServerIdentity {
  ServerId id;
  const DhKeyPair* key = nullptr;
  std::span<const DhKeyPair* const> former = {};  ///< keys it had before and still answers to; with `key` at most kServerKeysMax
};

/// Who is at the other end of an accepted session.
struct Peer {
  Purpose purpose = Purpose::kSync;
  TicketId ticket;  ///< with Purpose::kEnrolment
  crypto::DhPublicKey device_key{};
};

/// The PSK of the device (or, enrolling, of the ticket) that says it is there; nothing is proved yet, so it must change
/// no state. kRefused or kRejectPeer tells the peer that it is refused; other errors close without a word, and it
/// will try again.
using PskLookup = std::function<boost::asio::awaitable<Result<crypto::Key>>(const Peer&)>;

class Stream {
 public:
  /// An accepted socket; nothing happens before accept().
  Stream(boost::asio::ip::tcp::socket accepted, const Timeouts& timeouts);
  Stream(Stream&&) noexcept;
  Stream& operator=(Stream&&) noexcept;
  /// abort(); a coroutine of this stream that still waits may outlive it.
  ~Stream();

  /// On success the server has proved who it is. Whether it admits *us* shows at the first receive().
  /// Errors: kRetry "server_unreachable" ({0} HOST:PORT; no name, no connection, or no answer in time),
  /// "connection_lost"; kRejectPeer "server_key_wrong".
  [[nodiscard]] static boost::asio::awaitable<Result<Stream>> connect(const Dial& dial, const Timeouts& timeouts);

  /// On success the peer has proved that it holds the device key and the PSK; peer() says whom.
  /// To give up a handshake from outside, call abort().
  /// Errors: the look-up's own; kRejectPeer "peer_garbage", "peer_version", "handshake_failed"; kRetry "peer_silent",
  /// "connection_lost". The socket is then closed.
  [[nodiscard]] boost::asio::awaitable<Status> accept(const ServerIdentity& server, const PskLookup& lookup);

  /// The next whole message; one receive() at a time.
  /// Errors: kRetry "session_ended" (the peer's END; sending still works), "connection_lost" (cut without END),
  /// "peer_silent", "session_spent"; kRejectPeer "frame_broken"; for a client whose server does not admit it, at the
  /// first call: kRefused "device_refused" or, enrolling, "ticket_refused". These two are the server's unproved word:
  /// nothing may be deleted because of them. After any error but "session_ended" the session is over.
  [[nodiscard]] boost::asio::awaitable<Result<Bytes>> receive();

  /// What the peer may send in one message from here on, for a peer of whom nothing longer is expected: it bounds what
  /// one session can hold. A longer one ends the session ("frame_broken"). Nothing before the handshake is done.
  void limit_messages(std::size_t bytes_max);
  /// Done when the kernel has taken the whole message: sent, not received. Any number may wait; they are encrypted and
  /// written in the order of their calls.
  /// Errors: kRetry "session_spent" (too many bytes: finish() still works; too long: over), "connection_lost",
  /// "peer_silent" (the peer does not read); kBug (over kMessageBytesMax, or after finish()).
  [[nodiscard]] boost::asio::awaitable<Status> send(Bytes message);
  /// Sends END after all that was sent, then closes this direction. receive() still works.
  [[nodiscard]] boost::asio::awaitable<Status> finish();

  /// Closes at once; every wait on this stream ends with "connection_lost". Safe at any time, also twice.
  void abort();

  [[nodiscard]] const Peer& peer() const;
  /// The same 32 bytes on both sides of this session and of no other.
  [[nodiscard]] const ByteArray<32>& handshake_hash() const;

 private:
  struct Impl;
  explicit Stream(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

/// Whether receive() ended because the peer was done.
[[nodiscard]] inline bool is_clean_end(const Error& error) { return error.code == "session_ended"; }

}  // namespace lantaarn::channel
