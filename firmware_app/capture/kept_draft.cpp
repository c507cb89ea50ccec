#include "firmware_app/capture/kept_draft.hpp"

#include <algorithm>

#include "firmware_app/capture/kept_draft.pb.h"

namespace lantaarn::firmware {

journal::Companion seal_kept_draft(const UnlockedUser& owner, const KeptDraft& draft) {
  pb::KeptDraft kept;
  if (draft.contact) kept.set_contact(to_string(draft.contact->view()));
  for (const auto& [field, value] : draft.fields) (*kept.mutable_fields())[field] = value;
  kept.set_begun_ms(draft.begun_ms);
  return seal_companion(kDraftCompanion, draft.id.view(), owner, as_bytes(kept.SerializeAsString()));
}

Result<std::vector<KeptDraft>> kept_drafts(journal::Journal& journal, const UnlockedUser& user) {
  std::vector<KeptDraft> found;
  LANTAARN_ASSIGN(const auto stored, journal.companions(kDraftCompanion));
  for (const auto& companion : stored) {
    const auto id = DraftId::from(companion.key);
    const auto plain = open_companion(user.box, companion.value);
    pb::KeptDraft kept;
    if (!id || !plain || !kept.ParseFromArray(plain->view().data(), static_cast<int>(plain->view().size()))) continue;
    KeptDraft draft{*id, EventId::from(kept.contact()), {}, kept.begun_ms()};
    for (const auto& [field, value] : kept.fields()) draft.fields[field] = value;
    found.push_back(std::move(draft));
  }
  std::sort(found.begin(), found.end(), [](const KeptDraft& a, const KeptDraft& b) { return a.begun_ms < b.begun_ms; });
  return found;
}

}  // namespace lantaarn::firmware
