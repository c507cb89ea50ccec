#pragma once
// One direction of a connection: real frames between a real writer and a real reader, and a network in between that
// loses, doubles, swaps and spoils them. Whatever it does, what comes out is what went in, in order, or nothing more.

#include <deque>

#include "common/channel/frame.hpp"
#include "tests/sim/chance.hpp"

namespace lantaarn::sim {

class Wire {
 public:
  Wire();

  void send(ByteView message);
  /// Does something to what is on its way. False: nothing is.
  bool meddle(Chance& chance);
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
  std::deque<Hash> sent_;  // messages that are still to come out
};

}  // namespace lantaarn::sim
