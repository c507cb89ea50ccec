#pragma once
// Messages as frames of a few fixed sizes, over the two CipherStates of a finished handshake. No I/O, no clock.
// PROTOCOL.md has the bytes. A message is up to kMessageBytesMax bytes and may span frames; END closes a direction.

#include "common/channel/limits.hpp"
#include "common/channel/noise.hpp"

namespace lantaarn::channel {

/// One direction out. Frames must reach the wire in the order they were appended, every one of them.
class FrameWriter {
 public:
  explicit FrameWriter(CipherState cipher, std::uint64_t wire_bytes_max = kSessionBytesMax);

  /// Whether a message of this size may still be sent. Ask before its first frame: half a message cannot be taken back.
  /// Errors: kRetry "session_spent" (reconnect; END may still be sent), kBug (over kMessageBytesMax, or after END).
  [[nodiscard]] Status admit(std::size_t message_bytes) const;
  /// Appends one frame to `wire` with as much of `rest` (what remains of the message) as it holds.
  /// The number of message bytes taken; the message is done when that is all of `rest`.
  [[nodiscard]] Result<std::size_t> append_frame(ByteView rest, Bytes& wire);
  /// admit() and all of the message's frames.
  [[nodiscard]] Status append_message(ByteView message, Bytes& wire);
  /// The authenticated END frame: nothing follows. It is outside the session's byte limit.
  [[nodiscard]] Status append_end(Bytes& wire);

 private:
  [[nodiscard]] Status append(std::uint32_t length, ByteView data, std::size_t cipher_bytes, Bytes& wire);

  CipherState cipher_;
  std::uint64_t wire_bytes_left_;
  bool ended_ = false;
};

/// What next() found.
enum class Incoming {
  kMore,     ///< no whole message yet: bring more wire bytes
  kMessage,  ///< one message
  kEnd,      ///< the peer's END: nothing follows
};

/// One direction in. prepare() → read into it → commit() → next() until kMore; repeat.
/// Memory: nothing until the first prepare(), then one frame buffer that grows to a frame's announced length (at most
/// kFrameWireBytesMax) and shrinks after small frames, plus the message being put together, whose length is believed
/// only once it is authenticated.
class FrameReader {
 public:
  explicit FrameReader(CipherState cipher, std::uint64_t wire_bytes_max = kSessionBytesMax);

  /// Room for the next wire bytes, at least one, once next() has said kMore; valid until the next call of anything here.
  [[nodiscard]] std::span<std::uint8_t> prepare();
  /// `count` bytes were written to the start of what prepare() returned.
  void commit(std::size_t count);

  /// On kMessage `message` is replaced. After an error every later call fails: the session is over.
  /// Errors: kRejectPeer "frame_broken" (length, authentication, padding, order; what follows END),
  /// "peer_refused" (the refusal that may stand in place of the first frame), kRetry "session_spent".
  [[nodiscard]] Result<Incoming> next(Bytes& message);
  /// What the end of the stream means here: fine after END, else kRetry "connection_lost".
  [[nodiscard]] Status at_end_of_stream() const;
  /// From here on a message that is longer is "frame_broken". At most kMessageBytesMax, which it is before.
  void limit_messages(std::size_t bytes_max) { message_bytes_max_ = static_cast<std::uint32_t>(bytes_max); }
  /// Frames opened so far; a peer that makes progress makes this grow.
  [[nodiscard]] std::uint64_t frames() const { return cipher_.counter(); }

 private:
  [[nodiscard]] std::size_t buffered() const { return end_ - begin_; }
  [[nodiscard]] std::size_t announced() const;
  [[nodiscard]] Result<Incoming> open_frame(std::size_t cipher_bytes, Bytes& message);
  [[nodiscard]] Result<Incoming> take_plaintext(ByteView plain, Bytes& message);
  [[nodiscard]] Error fail(Error error);
  void shrink_when_quiet(std::size_t last_cipher_bytes);

  CipherState cipher_;
  std::uint64_t wire_bytes_left_;
  Bytes buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  Bytes message_;
  std::size_t message_bytes_left_ = 0;
  std::uint32_t message_bytes_max_ = kMessageBytesMax;
  enum class State : std::uint8_t { kFirst, kOpen, kEnded, kBroken } state_ = State::kFirst;
};

static_assert(sizeof(FrameWriter) <= 64);
static_assert(sizeof(FrameReader) <= 160);

}  // namespace lantaarn::channel
