#pragma once
// A user's caseload as she sees it: the server's cards and the provisional ones of women added here since.

#include "common/journal/journal.hpp"
#include "firmware_app/caseload/caseload.hpp"
#include "firmware_app/caseload/own_changes.hpp"

namespace lantaarn::firmware {

struct CaseCard {
  model::pb::Card card;
  bool provisional = false;  ///< the server does not carry her yet

  [[nodiscard]] ClientId id() const { return ClientId::from(card.client_id()).value_or(ClientId{}); }
  [[nodiscard]] std::string name() const { return card.aliases_size() > 0 ? card.aliases(0) : std::string(); }
  /// "" when not stated.
  [[nodiscard]] std::string field(std::string_view name) const;
};

/// To be saved in the same commit as the ClientAdded it belongs to.
[[nodiscard]] journal::Companion make_provisional_card(const UnlockedUser& user, const model::pb::Card& card);

/// What a user changed about a woman here; to be saved in the same commit as the change.
[[nodiscard]] journal::Companion make_own_changes(const UnlockedUser& user, const pb::OwnChanges& changes);
[[nodiscard]] Result<pb::OwnChanges> own_changes_of(journal::Journal& journal, const UnlockedUser& user, const ClientId& client);

/// All cards this user can open, by name, with what she changed here since. A provisional card gives way to the server's,
/// and a change to a card that carries it, for good.
[[nodiscard]] Result<std::vector<CaseCard>> load_cards(Caseload& caseload, journal::Journal& journal, const UnlockedUser& user);

}  // namespace lantaarn::firmware
