#include "common/channel/frame.hpp"

#include "parties.hpp"
#include "tests/support/random.hpp"

namespace lantaarn::channel {
namespace {

/// One direction of a session: what `writer` puts on `wire`, `reader` gets piece by piece.
struct Direction {
  explicit Direction(std::uint64_t bytes_max = kSessionBytesMax) {
    crypto::Key key = crypto::random_secret<32>();
    raw.emplace(key.duplicate());
    writer.emplace(CipherState(key.duplicate()), bytes_max);
    reader.emplace(CipherState(std::move(key)), bytes_max);
  }
  void write(ByteView message) { REQUIRE(writer->append_message(message, wire).ok()); }
  void end() { REQUIRE(writer->append_end(wire).ok()); }
  /// A frame no honest writer makes: `plain` as it is, encrypted with the right key and counter.
  void forge(Bytes plain, std::size_t cipher_bytes = 1024) {
    plain.resize(cipher_bytes - kFrameTagBytes);
    wire.push_back(static_cast<std::uint8_t>(cipher_bytes >> 8));
    wire.push_back(static_cast<std::uint8_t>(cipher_bytes));
    const std::size_t at = wire.size();
    wire.resize(at + cipher_bytes);
    REQUIRE(raw->encrypt({}, plain, wire.data() + at));
  }
  /// Feeds the wire in pieces of at most `piece` bytes: "3 END", "2 frame_broken", "1 more".
  std::string read(std::size_t piece = kFrameWireBytesMax) {
    ByteView rest = wire;
    Bytes message;
    for (;;) {
      auto found = reader->next(message);
      const std::string so_far = std::to_string(messages.size()) + " ";
      if (!found.ok()) return so_far + found.error().code;
      if (*found == Incoming::kEnd && rest.empty()) return so_far + "END";
      if (*found == Incoming::kMessage) messages.push_back(message);
      if (*found == Incoming::kMessage) continue;
      if (rest.empty()) return so_far + "more";
      const auto room = reader->prepare();
      largest_room = std::max(largest_room, room.size());
      const std::size_t count = std::min({piece, room.size(), rest.size()});
      REQUIRE(count > 0);
      std::copy_n(rest.begin(), count, room.begin());
      reader->commit(count);
      rest = rest.subspan(count);
    }
  }
  std::optional<CipherState> raw;
  std::optional<FrameWriter> writer;
  std::optional<FrameReader> reader;
  Bytes wire;
  std::vector<Bytes> messages;
  std::size_t largest_room = 0;
};

Bytes with_length(std::uint32_t length, ByteView data = {}) {
  Bytes plain(kFrameLengthBytes + data.size());
  store_le(plain.data(), length);
  std::copy(data.begin(), data.end(), plain.begin() + kFrameLengthBytes);
  return plain;
}

}  // namespace

TEST_CASE("messages of every size arrive whole, in order, however the wire cuts them up", "[channel]") {
  LANTAARN_RANDOM(random);
  std::vector<Bytes> sent;
  for (std::size_t size : {0, 1, 1004, 1005, 4076, 4077, 16364, 16365, 65515, 65516, 131030, 131031, 200000}) {
    sent.push_back(random.bytes(size));
  }
  for (std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{1026}, std::size_t{5000}, kFrameWireBytesMax}) {
    Direction direction;
    for (const Bytes& message : sent) direction.write(message);
    direction.end();
    INFO("pieces of " << piece);
    REQUIRE(direction.read(piece) == "13 END");
    CHECK(direction.messages == sent);
    CHECK(direction.largest_room <= kFrameWireBytesMax);
  }
}

TEST_CASE("of a peer that may send little, the longest message arrives and one byte more ends the session", "[channel]") {
  for (const std::size_t size : {std::size_t{70'000}, std::size_t{70'001}}) {
    Direction direction;
    direction.reader->limit_messages(70'000);
    direction.write(Bytes(size));
    CHECK(direction.read() == (size == 70'000 ? "1 more" : "0 frame_broken"));
  }
}

TEST_CASE("the wire shows only four sizes", "[channel]") {
  Direction direction;
  for (auto [message, wire] : {std::pair(0, 1026), {1004, 1026}, {1005, 4098}, {4076, 4098}, {4077, 16386}, {16364, 16386},
                               {16365, 65537}, {65515, 65537}, {65516, 65537 + 1026}}) {
    direction.wire.clear();
    direction.write(Bytes(static_cast<std::size_t>(message)));
    CHECK(direction.wire.size() == static_cast<std::size_t>(wire));
  }
}

TEST_CASE("a stream cut at any byte is not a clean end", "[channel]") {
  Direction whole;
  whole.write(Bytes(10));
  whole.write(Bytes(1500));
  whole.end();
  CHECK(whole.read() == "2 END");
  CHECK(whole.reader->at_end_of_stream().ok());
  for (std::size_t cut = 0; cut < whole.wire.size(); ++cut) {
    Direction direction;
    direction.write(Bytes(10));
    direction.write(Bytes(1500));
    direction.end();
    direction.wire.resize(cut);
    const std::size_t messages = cut < 1026 ? 0 : cut < 1026 + 4098 ? 1 : 2;
    REQUIRE(direction.read() == std::to_string(messages) + " more");
    REQUIRE(direction.reader->at_end_of_stream().error().code == "connection_lost");
  }
}

TEST_CASE("END in the middle of a message, or bytes after END, break the session", "[channel]") {
  Direction middle;
  middle.forge(with_length(2000, Bytes(1004)));
  middle.forge(with_length(kEndMark));
  CHECK(middle.read() == "0 frame_broken");

  Direction after;
  after.end();
  after.wire.push_back(0);
  CHECK(after.read() == "0 frame_broken");
  CHECK_FALSE(after.reader->at_end_of_stream().ok());

  Direction padded;
  padded.forge(with_length(kEndMark, Bytes{1}));
  CHECK(padded.read() == "0 frame_broken");
}

TEST_CASE("a flipped bit anywhere in a frame breaks the session, for good", "[channel]") {
  for (std::size_t at = 0; at < kFrameWireBytesMin; ++at) {
    Direction direction;
    direction.write(Bytes(100));
    direction.wire[at] ^= 0x40;
    REQUIRE(direction.read() == "0 frame_broken");
    Bytes message;
    REQUIRE(direction.reader->next(message).error().code == "frame_broken");
  }
}

TEST_CASE("frames that are dropped, repeated or swapped break the session", "[channel]") {
  for (auto order : {std::vector{1}, {0, 0}, {1, 0}}) {
    Direction direction;
    direction.write(Bytes(1));
    direction.write(Bytes(2));
    Bytes wire;
    for (int frame : order) append(wire, ByteView(direction.wire).subspan(static_cast<std::size_t>(frame) * 1026, 1026));
    direction.wire = wire;
    const std::string found = direction.read();
    CHECK(found.substr(2) == "frame_broken");
  }
}

TEST_CASE("any length but the four is refused before a byte of the frame is waited for", "[channel]") {
  for (std::size_t length : {1, 16, 1023, 1025, 4095, 16385, 65534}) {
    Direction direction;
    direction.wire = {static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length)};
    CHECK(direction.read() == "0 frame_broken");
  }
}

TEST_CASE("a length of zero is a refusal as the first frame, and garbage later", "[channel]") {
  Direction direction;
  direction.wire = {0, 0};
  CHECK(direction.read() == "0 peer_refused");

  Direction later;
  later.write(Bytes(1));
  append(later.wire, Bytes{0, 0});
  CHECK(later.read() == "1 frame_broken");
}

TEST_CASE("the largest message passes, one byte more fails on both sides", "[channel]") {
  Direction direction;
  direction.write(Bytes(kMessageBytesMax));
  CHECK(direction.read() == "1 more");
  CHECK(direction.writer->append_message(Bytes(kMessageBytesMax + 1), direction.wire).error().kind == ErrorKind::kBug);

  Direction forged;
  forged.forge(with_length(kMessageBytesMax + 1));
  CHECK(forged.read() == "0 frame_broken");
}

TEST_CASE("padding that is not zero, or a message that changes its mind about its length, is refused", "[channel]") {
  Direction padded;
  padded.forge(with_length(1, Bytes{7, 7}));
  CHECK(padded.read() == "0 frame_broken");

  for (std::uint32_t second : {995U, 997U, 2000U}) {
    Direction spanning;
    spanning.forge(with_length(2000, Bytes(1004)));
    spanning.forge(with_length(second));
    CHECK(spanning.read() == "0 frame_broken");
  }
  Direction right;
  right.forge(with_length(2000, Bytes(1004)));
  right.forge(with_length(996));
  CHECK(right.read() == "1 more");
}

TEST_CASE("a session's bytes are spent to the last, END still goes out, and the reader counts along", "[channel]") {
  Direction direction(2 * kFrameWireBytesMin);
  direction.write(Bytes(1));
  const auto two_frames = direction.writer->append_message(Bytes(65516), direction.wire);
  CHECK(two_frames.error().code == "session_spent");
  direction.write(Bytes(2));
  CHECK(direction.writer->append_message(Bytes(1), direction.wire).error().code == "session_spent");
  direction.end();
  CHECK(direction.read() == "2 END");

  Direction greedy(2 * kFrameWireBytesMin);
  for (int i = 0; i < 3; ++i) greedy.forge(with_length(0));
  CHECK(greedy.read() == "2 session_spent");
}

TEST_CASE("nothing can be written after END", "[channel]") {
  Direction direction;
  direction.end();
  CHECK(direction.writer->append_message(Bytes(1), direction.wire).error().kind == ErrorKind::kBug);
  CHECK(direction.writer->append_end(direction.wire).error().kind == ErrorKind::kBug);
  CHECK(direction.wire.size() == kFrameWireBytesMin);
}

TEST_CASE("a reader starts small, grows to one frame and no further, and shrinks after small frames", "[channel]") {
  Direction direction;
  CHECK(direction.reader->prepare().size() == kFrameWireBytesMin);
  direction.write(Bytes(300000));
  direction.write(Bytes(1));
  CHECK(direction.read() == "2 more");
  CHECK(direction.largest_room == kFrameWireBytesMax);
  CHECK(direction.reader->prepare().size() == kFrameWireBytesMin);
}

TEST_CASE("a frame is not written without its message being admitted, nor with the counter at its end", "[channel]") {
  Direction direction(kFrameWireBytesMax);
  Bytes wire;
  CHECK(direction.writer->append_frame(Bytes(kMessageBytesMax + 1), wire).error().kind == ErrorKind::kBug);
  CHECK(direction.writer->append_frame(Bytes(10), wire).ok());
  CHECK(direction.writer->append_frame(Bytes(kFrameWireBytesMax), wire).error().code == "session_spent");
  CHECK(direction.writer->append_end(wire).ok());
  CHECK(direction.writer->append_frame(Bytes(10), wire).error().kind == ErrorKind::kBug);

  FrameWriter last(CipherState(crypto::random_secret<32>(), UINT64_MAX));
  const Bytes before = wire;
  CHECK(last.append_message(Bytes(10), wire).error().code == "session_spent");
  CHECK(last.append_end(wire).error().code == "session_spent");
  CHECK(wire == before);
}

TEST_CASE("after END nothing is waited for, and whatever comes then breaks the session", "[channel]") {
  Direction direction;
  direction.end();
  CHECK(direction.read() == "0 END");
  Bytes message;
  CHECK(direction.reader->next(message).value() == Incoming::kEnd);
  CHECK(direction.reader->at_end_of_stream().ok());
  direction.reader->prepare()[0] = 1;
  direction.reader->commit(1);
  CHECK(direction.reader->at_end_of_stream().error().code == "connection_lost");
  CHECK(direction.reader->next(message).error().code == "frame_broken");
}

TEST_CASE("padding whose first byte is not zero is refused, and padding whose last is not", "[channel]") {
  Direction first;
  first.forge(with_length(2, Bytes{1, 2, 3}));
  CHECK(first.read() == "0 frame_broken");
  Direction last;
  last.forge(with_length(2, Bytes{1, 2, 0, 0, 3}));
  CHECK(last.read() == "0 frame_broken");
}

}  // namespace lantaarn::channel
