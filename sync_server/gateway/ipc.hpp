#pragma once
// Frames between the registry process (parent) and a process of its own (child: the gateway, the web process) over their
// socket pair: u32 LE length ‖ Frame (ipc.proto; review/web.proto). Both ends use this. Frames carry keys at start-up, so buffers are wiped when they are let go.

#include "common/base/bytes.hpp"
#include "common/base/result.hpp"

namespace google::protobuf {
class MessageLite;
}

namespace lantaarn::server::ipc {

class Frame;  // ipc.pb.h
using Message = google::protobuf::MessageLite;  ///< Frame, or what another pair of processes agreed on

inline constexpr std::size_t kFrameBytesMax = 16 * 1024 * 1024;
inline constexpr std::size_t kFrameLengthBytes = 4;

/// Overwrites every key in the frame, where protobuf keeps it; what is left is not a frame to send. For whoever has sent
/// it, or taken the keys out.
void wipe_secrets(Frame& frame);

/// Length and frame, ready for the socket. kBug when it is larger than kFrameBytesMax.
[[nodiscard]] Result<Bytes> encode_frame(const Message& frame);

/// Writes the whole frame, waiting as long as that takes, also on a non-blocking socket. One writer at a time.
/// Errors: kRetry "ipc_closed" (the other process is gone), kBug (too large).
[[nodiscard]] Status write_frame(int descriptor, const Message& frame);

/// Puts frames together from whatever pieces the socket gives. After an error every further call fails.
class FrameReader {
 public:
  FrameReader() = default;
  FrameReader(const FrameReader&) = delete;
  FrameReader& operator=(const FrameReader&) = delete;
  ~FrameReader();

  void push(ByteView bytes);
  /// True when `frame` was filled; false: more bytes are needed.
  /// Errors: kRejectPeer "ipc_broken" (a length over kFrameBytesMax, or no Frame).
  [[nodiscard]] Result<bool> next(Message& frame);

 private:
  Bytes buffer_;
  std::size_t begin_ = 0;
  bool broken_ = false;
};

/// Blocks until one whole frame is there. Errors: kRetry "ipc_closed" (end of stream), kRejectPeer "ipc_broken".
[[nodiscard]] Status read_frame(int descriptor, FrameReader& reader, Message& frame);

}  // namespace lantaarn::server::ipc
