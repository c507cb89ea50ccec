#pragma once
// What is not finished yet: a contact or record half filled in, or a contact that is saved and waits to be completed. Sealed to its user,
// so that a power cut takes nothing; never in strict mode nor once the lease is over, where nothing readable is kept.

#include <optional>

#include "common/base/id.hpp"
#include "common/model/fields.hpp"
#include "firmware_app/caseload/companions.hpp"

namespace lantaarn::firmware {

using DraftId = Id<struct DraftTag>;

struct KeptDraft {
  DraftId id;
  std::optional<EventId> contact;  ///< saved already, and to be completed; nothing: not saved as a contact
  model::FieldValues fields;       ///< as typed; whoever shows them knows their names
  std::int64_t begun_ms = 0;
};

/// What saving a contact or record does to drafts, in the same commit.
struct DraftChange {
  std::optional<DraftId> finished;  ///< this is what it was: it goes
  bool complete_later = false;      ///< a new one says that the contact is to be completed
};

inline constexpr std::size_t kKeptDraftsMax = 50;

[[nodiscard]] journal::Companion seal_kept_draft(const UnlockedUser& owner, const KeptDraft& draft);
/// Hers, oldest first. One that cannot be opened is passed over.
[[nodiscard]] Result<std::vector<KeptDraft>> kept_drafts(journal::Journal& journal, const UnlockedUser& user);

}  // namespace lantaarn::firmware
