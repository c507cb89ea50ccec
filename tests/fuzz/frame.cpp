// Frames of a session: raw bytes, and plaintexts that authenticate but say anything.
#include "common/channel/frame.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace lantaarn::fuzz {
namespace {

using namespace channel;

void read_all(ByteView wire, std::size_t step) {
  FrameReader reader{CipherState(fixed_key(1))};
  Bytes message;
  std::uint64_t brought = 0;
  while (!wire.empty()) {
    const auto room = reader.prepare();
    promise(!room.empty() && room.size() <= kFrameWireBytesMax);
    const std::size_t count = std::min({room.size(), wire.size(), step});
    std::copy_n(wire.begin(), count, room.begin());
    wire = wire.subspan(count);
    reader.commit(count);
    brought += count;
    while (true) {
      const auto found = reader.next(message);
      if (!found.ok()) {
        // Nothing is read after it.
        promise(!reader.next(message).ok());
        return;
      }
      promise(reader.frames() * (kFrameHeaderBytes + kFrameCipherBytes.front()) <= brought);
      if (*found == Incoming::kMore) break;
      promise(message.size() <= kMessageBytesMax);
      if (*found == Incoming::kEnd) break;
    }
  }
}

// Each piece becomes the plaintext of one frame whose tag is right.
Bytes authenticated(Pieces& pieces) {
  CipherState cipher(fixed_key(1));
  Bytes wire;
  for (int frames = 0; frames < 16 && !pieces.empty(); ++frames) {
    const std::size_t size = kFrameCipherBytes[pieces.byte() % 2];
    Bytes plain(size - kFrameTagBytes);
    const ByteView piece = pieces.next();
    std::copy_n(piece.begin(), std::min(piece.size(), plain.size()), plain.begin());
    Bytes frame(kFrameHeaderBytes + size);
    frame[0] = static_cast<std::uint8_t>(size >> 8U);
    frame[1] = static_cast<std::uint8_t>(size & 0xFFU);
    promise(cipher.encrypt({}, plain, frame.data() + kFrameHeaderBytes));
    append(wire, frame);
  }
  return wire;
}

}  // namespace
}  // namespace lantaarn::fuzz

LANTAARN_FUZZ_TARGET(frame) {
  Pieces pieces(input);
  const std::uint8_t how = pieces.byte();
  const std::size_t step = how % 3 == 0 ? 1 : how % 3 == 1 ? 700 : 100'000;
  if ((how & 0x80U) == 0) return read_all(pieces.rest(), step);
  const Bytes wire = authenticated(pieces);
  read_all(wire, step);
}
