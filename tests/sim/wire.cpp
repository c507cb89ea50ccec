#include "tests/sim/wire.hpp"

#include "common/crypto/hash.hpp"
#include "common/crypto/random.hpp"
#include "tests/sim/ledger.hpp"

namespace lantaarn::sim {

Wire::Wire() : Wire(crypto::random_secret<32>()) {}
Wire::Wire(const crypto::Key& key) : writer_(channel::CipherState(key.duplicate())), reader_(channel::CipherState(key.duplicate())) {}

void Wire::send(ByteView message) {
  Bytes wire;
  must(writer_.append_message(message, wire), "a session has room for an evening");
  sent_.push_back(crypto::blake2b_256({message}));
  ByteView rest(wire);
  while (!rest.empty()) {
    const std::size_t bytes = channel::kFrameHeaderBytes + (static_cast<std::size_t>(rest[0]) << 8 | rest[1]);
    Bytes& frame = frames_.emplace_back(to_bytes(rest.first(bytes)));
    if (spoil_ && spoil_->first == frame_bytes_.size()) frame[spoil_->second / 8 % bytes] ^= static_cast<std::uint8_t>(1U << spoil_->second % 8);
    frame_bytes_.push_back(bytes);
    rest = rest.subspan(bytes);
  }
}

bool Wire::meddle(Chance& chance) {
  if (frames_.empty()) return false;
  const std::size_t at = chance.below(frames_.size());
  const auto frame = frames_.begin() + static_cast<std::ptrdiff_t>(at);
  switch (chance.below(4)) {
    case 0: frames_.erase(frame); break;
    case 1: frames_.insert(frame, Bytes(*frame)); break;
    case 2: std::swap(*frame, frames_[chance.below(frames_.size())]); break;
    default: (*frame)[chance.below(frame->size())] ^= static_cast<std::uint8_t>(1U << chance.below(8)); break;
  }
  return true;
}

Result<std::optional<Bytes>> Wire::deliver() {
  const Bytes frame = std::move(frames_.front());
  frames_.pop_front();
  ByteView rest(frame);
  const std::uint64_t opened = reader_.frames();
  while (true) {
    Bytes message;
    auto found = reader_.next(message);
    if (!found.ok()) {
      require(reader_.frames() == opened, "a frame that is refused moves no counter");
      return found.error();
    }
    if (*found == channel::Incoming::kMessage) {
      require(!sent_.empty() && sent_.front() == crypto::blake2b_256({message}), "what comes out of a channel is what went in, in order");
      sent_.pop_front();
      return std::optional<Bytes>(std::move(message));
    }
    if (rest.empty()) return std::optional<Bytes>();
    const auto room = reader_.prepare();
    const std::size_t taken = std::min(room.size(), rest.size());
    std::copy_n(rest.begin(), taken, room.begin());
    reader_.commit(taken);
    rest = rest.subspan(taken);
  }
}

}  // namespace lantaarn::sim
