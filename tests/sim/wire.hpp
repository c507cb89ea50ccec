#pragma once
// One direction of a connection: real frames between a real writer and a real reader, and a network in between that
// loses, doubles, swaps and spoils them. Whatever it does, what comes out is what went in, in order, or nothing more.

#include <deque>
#include <optional>

#include "common/channel/frame.hpp"
#include "tests/sim/chance.hpp"

namespace lantaarn::sim {

class Wire {
 public:
  Wire();

  void send(ByteView message);
  /// Does something to what is on its way. False: nothing is.
  bool meddle(Chance& chance);
  /// Of the frame that will be sent as number `frame` (from 0), one bit flips on its way.
  void spoil(std::size_t frame, std::size_t bit) { spoil_ = {frame, bit}; }
  /// Of every frame that was sent, in order.
  [[nodiscard]] const std::vector<std::size_t>& frame_bytes() const { return frame_bytes_; }
  [[nodiscard]] bool empty() const { return frames_.empty(); }
  /// What is on its way is lost.
  void lose() { frames_.clear(); }
  /// One frame arrives: a message, or nothing yet, or the end of this connection.
  [[nodiscard]] Result<std::optional<Bytes>> deliver();

 private:
  explicit Wire(const crypto::Key& key);
  channel::FrameWriter writer_;
  channel::FrameReader reader_;
  std::deque<Bytes> frames_;
  std::vector<std::size_t> frame_bytes_;
  std::optional<std::pair<std::size_t, std::size_t>> spoil_;
  std::deque<Hash> sent_;  // messages that are still to come out
};

}  // namespace lantaarn::sim
