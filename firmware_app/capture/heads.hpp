#pragma once
// Which heads a correction of a contact or record names: own ones from the heads index, the server's from the card. Pure.

#include <optional>
#include <vector>

#include "common/base/id.hpp"
#include "common/model/cards.pb.h"
#include "firmware_app/capture/heads.pb.h"
#include "firmware_app/caseload/companions.hpp"

namespace lantaarn::firmware {

using CardFields = google::protobuf::RepeatedPtrField<model::pb::CardField>;

/// (card ∪ own) without what own changes replaced; own is the contact or record itself where nothing was changed here.
/// A head named twice, or named though it was superseded elsewhere, changes nothing in the fold. `card` may be nullptr.
[[nodiscard]] std::vector<std::string> heads_seen(const pb::ContactHeads& own, const CardFields* card, const std::string& field,
                                                  const EventId& contact);

/// True when every head that the card shows for the field was replaced by own changes: the card does not carry them yet.
[[nodiscard]] bool card_is_older(const pb::FieldHeads& own, const CardFields& card);

/// What a handheld remembers of a contact or record; nothing when it is another user's.
[[nodiscard]] std::optional<pb::ContactHeads> open_heads(const crypto::BoxKey& key, ByteView companion);
[[nodiscard]] journal::Companion seal_heads(ByteView companion_key, const UnlockedUser& owner, const pb::ContactHeads& heads);

/// Own change `change` of `field` replaced `seen`.
void note_change(pb::ContactHeads& own, const std::string& field, const std::vector<std::string>& seen, const EventId& change);

}  // namespace lantaarn::firmware
