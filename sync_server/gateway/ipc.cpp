#include "sync_server/gateway/ipc.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

#include "common/crypto/wipe_text.hpp"
#include "sync_server/gateway/ipc.pb.h"

namespace lantaarn::server::ipc {
namespace {

constexpr std::size_t kReadBytes = 64 * 1024;

bool wait_for(int descriptor, short events) {
  pollfd waiting{descriptor, events, 0};
  while (::poll(&waiting, 1, -1) < 0) {
    if (errno != EINTR) return false;
  }
  return true;
}

Status write_all(int descriptor, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      if (!wait_for(descriptor, POLLOUT)) return retry("ipc_closed");
    } else if (errno != EINTR) {
      return retry("ipc_closed");
    }
  }
  return {};
}

template <typename Records>
void wipe_records(Records& records) {
  for (Device& device : *records.mutable_devices()) crypto::wipe_texts(*device.mutable_psk(), *device.mutable_previous_psk());
  for (Ticket& ticket : *records.mutable_tickets()) crypto::wipe_text(*ticket.mutable_psk());
}

void wipe_keys(Secrets& secrets) {
  crypto::wipe_texts(*secrets.mutable_channel_private_key(), *secrets.mutable_receipt_seed());
  for (std::string& key : *secrets.mutable_former_channel_private_keys()) crypto::wipe_text(key);
}

}  // namespace

void wipe_secrets(Frame& frame) {
  if (frame.has_configure()) {
    Configure& configure = *frame.mutable_configure();
    crypto::wipe_texts(*configure.mutable_channel_private_key(), *configure.mutable_receipt_seed());
    for (std::string& key : *configure.mutable_former_channel_private_keys()) crypto::wipe_text(key);
    wipe_records(configure);
  }
  if (frame.has_update()) {
    wipe_records(*frame.mutable_update());
    if (frame.update().has_secrets()) wipe_keys(*frame.mutable_update()->mutable_secrets());
  }
  if (frame.has_down_reply()) {
    // A directive may carry a PSK.
    for (auto& statement : *frame.mutable_down_reply()->mutable_statements()) crypto::wipe_text(*statement.mutable_statement());
  }
  if (frame.has_enrol_answer()) crypto::wipe_text(*frame.mutable_enrol_answer()->mutable_reply()->mutable_device_psk());
}

Result<Bytes> encode_frame(const Message& frame) {
  const std::size_t size = frame.ByteSizeLong();
  if (size > kFrameBytesMax) return bug("ipc: frame of " + std::to_string(size) + " bytes");
  Bytes out(kFrameLengthBytes + size);
  store_le(out.data(), static_cast<std::uint32_t>(size));
  if (!frame.SerializeToArray(out.data() + kFrameLengthBytes, static_cast<int>(size))) return bug("ipc: frame not serialised");
  return out;
}

Status write_frame(int descriptor, const Message& frame) {
  LANTAARN_ASSIGN(Bytes bytes, encode_frame(frame));
  Status written = write_all(descriptor, bytes);
  crypto::wipe(bytes);
  return written;
}

FrameReader::~FrameReader() { crypto::wipe(buffer_); }

void FrameReader::push(ByteView bytes) {
  if (begin_ == buffer_.size()) {
    crypto::wipe(buffer_);
    buffer_.clear();
    begin_ = 0;
  }
  if (buffer_.size() + bytes.size() > buffer_.capacity()) {
    // Grown by hand, so that the old bytes do not stay behind in freed memory.
    Bytes larger;
    larger.reserve(std::max(buffer_.size() - begin_ + bytes.size(), 2 * buffer_.capacity()));
    append(larger, ByteView(buffer_).subspan(begin_));
    crypto::wipe(buffer_);
    buffer_ = std::move(larger);
    begin_ = 0;
  }
  append(buffer_, bytes);
}

Result<bool> FrameReader::next(Message& frame) {
  if (broken_) return reject_peer("ipc_broken");
  const ByteView rest = ByteView(buffer_).subspan(begin_);
  if (rest.size() < kFrameLengthBytes) return false;
  const std::size_t size = load_le<std::uint32_t>(rest.data());
  broken_ = size > kFrameBytesMax;
  if (broken_) return reject_peer("ipc_broken");
  if (rest.size() < kFrameLengthBytes + size) return false;
  broken_ = !frame.ParseFromArray(rest.data() + kFrameLengthBytes, static_cast<int>(size));
  if (broken_) return reject_peer("ipc_broken");
  begin_ += kFrameLengthBytes + size;
  return true;
}

Status read_frame(int descriptor, FrameReader& reader, Message& frame) {
  Bytes piece(kReadBytes);
  while (true) {
    LANTAARN_ASSIGN(const bool whole, reader.next(frame));
    if (whole) break;
    const ssize_t got = ::recv(descriptor, piece.data(), piece.size(), 0);
    if (got > 0) {
      reader.push(ByteView(piece).first(static_cast<std::size_t>(got)));
    } else if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      if (!wait_for(descriptor, POLLIN)) return retry("ipc_closed");
    } else if (got == 0 || errno != EINTR) {
      return retry("ipc_closed");
    }
  }
  crypto::wipe(piece);
  return {};
}

}  // namespace lantaarn::server::ipc
