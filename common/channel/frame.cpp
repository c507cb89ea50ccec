#include "common/channel/frame.hpp"

#include <algorithm>

namespace lantaarn::channel {
namespace {

constexpr std::size_t capacity_of(std::size_t cipher_bytes) { return cipher_bytes - kFrameOverheadBytes; }

/// The smallest frame that holds what remains, else the largest.
std::size_t cipher_bytes_for(std::size_t remaining) {
  for (std::size_t size : kFrameCipherBytes) {
    if (remaining <= capacity_of(size)) return size;
  }
  return kFrameCipherBytes.back();
}

bool is_frame_size(std::size_t cipher_bytes) {
  return std::find(kFrameCipherBytes.begin(), kFrameCipherBytes.end(), cipher_bytes) != kFrameCipherBytes.end();
}

std::uint64_t wire_bytes_for(std::size_t message_bytes) {
  const std::size_t full = capacity_of(kFrameCipherBytes.back());
  const std::size_t full_frames = message_bytes == 0 ? 0 : (message_bytes - 1) / full;
  const std::size_t last = message_bytes - full_frames * full;
  return full_frames * kFrameWireBytesMax + kFrameHeaderBytes + cipher_bytes_for(last);
}

bool all_zero(ByteView bytes) {
  return bytes.empty() || (bytes[0] == 0 && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

Error broken(const char* what) { return in_context(reject_peer("frame_broken"), what); }

}  // namespace

FrameWriter::FrameWriter(CipherState cipher, std::uint64_t wire_bytes_max)
    : cipher_(std::move(cipher)), wire_bytes_left_(wire_bytes_max) {}

Status FrameWriter::admit(std::size_t message_bytes) const {
  if (message_bytes > kMessageBytesMax) return bug("channel: message over kMessageBytesMax");
  if (ended_) return bug("channel: message after END");
  if (wire_bytes_for(message_bytes) > wire_bytes_left_) return retry("session_spent");
  return {};
}

Result<std::size_t> FrameWriter::append_frame(ByteView rest, Bytes& wire) {
  const std::size_t cipher_bytes = cipher_bytes_for(rest.size());
  const std::size_t taken = std::min(rest.size(), capacity_of(cipher_bytes));
  if (ended_ || rest.size() > kMessageBytesMax) return bug("channel: frame without admit");
  if (kFrameHeaderBytes + cipher_bytes > wire_bytes_left_) return retry("session_spent");
  LANTAARN_TRY(append(static_cast<std::uint32_t>(rest.size()), rest.first(taken), cipher_bytes, wire));
  wire_bytes_left_ -= kFrameHeaderBytes + cipher_bytes;
  return taken;
}

Status FrameWriter::append_message(ByteView message, Bytes& wire) {
  LANTAARN_TRY(admit(message.size()));
  do {
    LANTAARN_ASSIGN(const std::size_t taken, append_frame(message, wire));
    message = message.subspan(taken);
  } while (!message.empty());
  return {};
}

Status FrameWriter::append_end(Bytes& wire) {
  if (ended_) return bug("channel: END twice");
  LANTAARN_TRY(append(kEndMark, {}, kFrameCipherBytes.front(), wire));
  ended_ = true;
  return {};
}

Status FrameWriter::append(std::uint32_t length, ByteView data, std::size_t cipher_bytes, Bytes& wire) {
  const std::size_t at = wire.size();
  wire.resize(at + kFrameHeaderBytes + cipher_bytes);  // zeros: the padding
  wire[at] = static_cast<std::uint8_t>(cipher_bytes >> 8);
  wire[at + 1] = static_cast<std::uint8_t>(cipher_bytes);
  std::uint8_t* plain = wire.data() + at + kFrameHeaderBytes;
  store_le(plain, length);
  if (!data.empty()) std::memcpy(plain + kFrameLengthBytes, data.data(), data.size());
  if (!cipher_.encrypt({}, ByteView(plain, cipher_bytes - kFrameTagBytes), plain)) {
    wire.resize(at);
    return retry("session_spent");
  }
  return {};
}

FrameReader::FrameReader(CipherState cipher, std::uint64_t wire_bytes_max)
    : cipher_(std::move(cipher)), wire_bytes_left_(wire_bytes_max) {}

/// The wire length of the frame that is coming in; a header's, when that is not here yet.
std::size_t FrameReader::announced() const {
  if (buffered() < kFrameHeaderBytes) return kFrameHeaderBytes;
  return kFrameHeaderBytes + (static_cast<std::size_t>(buffer_[begin_]) << 8 | buffer_[begin_ + 1]);
}

std::span<std::uint8_t> FrameReader::prepare() {
  if (begin_ == end_) begin_ = end_ = 0;
  const std::size_t wanted = std::max(announced(), buffered() + 1);
  if (begin_ + wanted > buffer_.size()) {
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_), buffer_.begin() + static_cast<std::ptrdiff_t>(end_),
              buffer_.begin());
    end_ -= begin_;
    begin_ = 0;
    if (wanted > buffer_.size()) buffer_.resize(std::max(wanted, kFrameWireBytesMin));
  }
  return std::span(buffer_).subspan(end_);
}

void FrameReader::commit(std::size_t count) { end_ += count; }

Result<Incoming> FrameReader::next(Bytes& message) {
  if (state_ == State::kBroken) return broken("after an error");
  if (state_ == State::kEnded) return buffered() == 0 ? Result<Incoming>(Incoming::kEnd) : fail(broken("bytes after END"));
  while (buffered() >= kFrameHeaderBytes) {
    const std::size_t cipher_bytes = announced() - kFrameHeaderBytes;
    if (cipher_bytes == 0 && state_ == State::kFirst) return fail(reject_peer("peer_refused"));
    if (!is_frame_size(cipher_bytes)) return fail(broken("length"));
    if (buffered() < announced()) break;
    LANTAARN_ASSIGN(const Incoming found, open_frame(cipher_bytes, message));
    if (found != Incoming::kMore) return found;
  }
  return Incoming::kMore;
}

Status FrameReader::at_end_of_stream() const {
  if (state_ == State::kEnded && buffered() == 0) return {};
  return retry("connection_lost");
}

Result<Incoming> FrameReader::open_frame(std::size_t cipher_bytes, Bytes& message) {
  std::uint8_t* frame = buffer_.data() + begin_ + kFrameHeaderBytes;
  if (!cipher_.decrypt({}, ByteView(frame, cipher_bytes), frame)) return fail(broken("authentication"));
  begin_ += kFrameHeaderBytes + cipher_bytes;
  state_ = State::kOpen;
  LANTAARN_ASSIGN(const Incoming found, take_plaintext(ByteView(frame, cipher_bytes - kFrameTagBytes), message));
  if (found != Incoming::kMore) shrink_when_quiet(cipher_bytes);
  return found;
}

Result<Incoming> FrameReader::take_plaintext(ByteView plain, Bytes& message) {
  const std::uint32_t length = load_le<std::uint32_t>(plain.data());
  const ByteView room = plain.subspan(kFrameLengthBytes);
  if (length == kEndMark) {
    if (message_bytes_left_ != 0 || !all_zero(room)) return fail(broken("END"));
    state_ = State::kEnded;
    return Incoming::kEnd;
  }
  const std::size_t wire_bytes = kFrameHeaderBytes + plain.size() + kFrameTagBytes;
  if (wire_bytes > wire_bytes_left_) return fail(retry("session_spent"));
  wire_bytes_left_ -= wire_bytes;
  if (message_bytes_left_ != 0 ? length != message_bytes_left_ : length > message_bytes_max_) return fail(broken("message length"));
  if (message_bytes_left_ == 0) message_.reserve(length);
  const std::size_t taken = std::min<std::size_t>(length, room.size());
  if (!all_zero(room.subspan(taken))) return fail(broken("padding"));
  append(message_, room.first(taken));
  message_bytes_left_ = length - taken;
  if (message_bytes_left_ != 0) return Incoming::kMore;
  message = std::exchange(message_, {});
  return Incoming::kMessage;
}

Error FrameReader::fail(Error error) {
  state_ = State::kBroken;
  buffer_ = {};
  message_ = {};
  begin_ = end_ = 0;
  return error;
}

/// After a small frame ends a message, a session is likely to wait; while bulk comes in, the large buffer stays.
void FrameReader::shrink_when_quiet(std::size_t last_cipher_bytes) {
  if (buffered() != 0 || last_cipher_bytes + kFrameHeaderBytes > kQuietBufferBytes) return;
  if (buffer_.size() <= kQuietBufferBytes) return;
  buffer_ = {};
  begin_ = end_ = 0;
}

}  // namespace lantaarn::channel
