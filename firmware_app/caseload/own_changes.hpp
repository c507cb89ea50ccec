#pragma once
// A card with what its user changed since: how to reach her safely must not read as it was until the next sync. Pure.

#include "common/model/cards.pb.h"
#include "firmware_app/caseload/own_changes.pb.h"

namespace lantaarn::firmware {

/// Puts `changes` on a card that does not carry them yet: a field whose heads on the card were all replaced here, a name
/// that is not there. A card that knows more is left as it is. False when nothing was put: the changes are overtaken.
[[nodiscard]] bool apply_own_changes(const pb::OwnChanges& changes, model::pb::Card& card);

/// Notes that event `change` (16 bytes) gave `field` its value, having seen what `card` shows (own changes applied).
void note_own_change(const model::pb::Card& card, const std::string& field, const std::string& value, const std::string& change,
                     pb::OwnChanges& changes);

/// The card's field, or nullptr when it was never stated.
[[nodiscard]] const model::pb::CardField* field_of(const model::pb::Card& card, std::string_view field);

}  // namespace lantaarn::firmware
