// Events as they come out of an entry, and cards as they come down: what a well-meaning but broken, older, newer or
// malicious program may have written.
#include "common/model/card_box.hpp"
#include "common/model/event.hpp"
#include "common/model/validate.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace lantaarn::fuzz {
namespace {

void one_event(ByteView bytes) {
  const auto event = model::decode_event(bytes);
  if (!event.ok()) return;
  static_cast<void>(model::reading_of(event->recorded()));
  if (!model::validate_event(*event).ok()) return;
  // What this program does not know survives it.
  const Bytes again = model::encode_event(*event);
  const auto same = model::decode_event(again);
  promise(same.ok() && model::validate_event(*same).ok() && model::encode_event(*same) == again);
}

}  // namespace
}  // namespace lantaarn::fuzz

LANTAARN_FUZZ_TARGET(event) {
  Pieces pieces(input);
  if (pieces.byte() % 2 == 0) return one_event(pieces.rest());
  const crypto::BoxKey key{fixed_key(5)};
  static_cast<void>(model::open_cards(key, model::seal_cards(key.public_key(), pieces.rest())));
}
