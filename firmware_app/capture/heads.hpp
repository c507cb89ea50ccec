#pragma once
// Which heads a correction names: own ones from the heads index, the server's from the card. Pure.

#include <optional>
#include <vector>

#include "common/base/id.hpp"
#include "common/model/cards.pb.h"
#include "firmware_app/capture/heads.pb.h"

namespace lantaarn::firmware {

/// (card ∪ own) without what own changes replaced; own is the contact itself where nothing was changed here.
/// A head named twice, or named though it was superseded elsewhere, changes nothing in the fold.
[[nodiscard]] std::vector<std::string> heads_seen(const pb::ContactHeads& own, const model::pb::CardContact* card,
                                                  const std::string& field, const EventId& contact);

/// Own change `change` of `field` replaced `seen`.
void note_change(pb::ContactHeads& own, const std::string& field, const std::vector<std::string>& seen, const EventId& change);

}  // namespace lantaarn::firmware
