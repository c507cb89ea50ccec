#pragma once
// Which of a woman's records her handheld card carries (the table in common/model/FORMAT.md), and how.

#include "common/base/civil_time.hpp"
#include "common/model/cards.pb.h"
#include "sync_server/registry/registry.hpp"

namespace lantaarn::server {

/// What a role may carry of a dossier (admin/roles.hpp).
enum class CardAccess {
  kDossier,  ///< case managers and coordinators
  kNotes,    ///< everyone else: attention notes and consent, no dossier notes
};
[[nodiscard]] CardAccess card_access(std::string_view role);

/// Heads sorted, at most kCardHeadsMax; a contact's fields go without their values.
void fill_card_field(const FieldView& field, bool with_value, model::pb::CardField& to);

/// Of her whole cluster; at most kCardRecordsMax.
[[nodiscard]] Status add_card_records(Registry& registry, const ClientId& client, CardAccess access, const CivilDate& today,
                                      model::pb::Card& card);

}  // namespace lantaarn::server
