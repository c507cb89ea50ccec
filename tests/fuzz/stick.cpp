// What comes on a USB stick: a rescue at the server, an answer at the handheld.
#include "common/sync/stick_file.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace lantaarn::fuzz {
namespace {

using namespace sync;

void read_all(StickKind kind, ByteView file) {
  auto reader = StickReader::open(kind, [&](std::span<std::uint8_t> into) -> Result<std::size_t> {
    const std::size_t count = std::min(into.size(), file.size());
    std::copy_n(file.begin(), count, into.begin());
    file = file.subspan(count);
    return count;
  });
  if (!reader.ok()) return;
  while (true) {
    const auto record = reader->next();
    if (!record.ok() || !*record) return;
    promise((*record)->payload.size() <= kStickPayloadBytesMax);
    if ((*record)->kind == StickRecord::kLog) static_cast<void>(parse_rescued_log((*record)->payload));
    if ((*record)->kind == StickRecord::kDamage) static_cast<void>(parse_damage((*record)->payload));
  }
}

// A file that somebody made with care: every check in it is right.
void made(StickKind kind, Pieces pieces) {
  Bytes file;
  auto writer = StickWriter::begin(kind, fixed_id<DeviceId>(1), [&](ByteView bytes) -> Status {
    append(file, bytes);
    return {};
  });
  promise(writer.ok());
  while (!pieces.empty()) {
    const bool batch = (pieces.byte() & 1U) == 0;
    const ByteView piece = pieces.next();
    promise((batch ? writer->batch(piece) : writer->message(piece)).ok());
  }
  promise(writer->end().ok());
  read_all(kind, file);
}

}  // namespace
}  // namespace lantaarn::fuzz

LANTAARN_FUZZ_TARGET(stick) {
  Pieces pieces(input);
  const std::uint8_t how = pieces.byte();
  const sync::StickKind kind = (how & 1U) == 0 ? sync::StickKind::kRescue : sync::StickKind::kAnswer;
  if ((how & 2U) != 0) return made(kind, pieces);
  read_all(kind, pieces.rest());
}
