#include "firmware_app/caseload/cards.hpp"

#include <algorithm>
#include <set>

#include "firmware_app/caseload/companions.hpp"
#include "common/model/fold_name.hpp"

namespace lantaarn::firmware {

std::string CaseCard::field(std::string_view name) const {
  for (const auto& field : card.fields()) {
    if (field.field() == name) return field.value();
  }
  return {};
}

journal::Companion make_provisional_card(const UnlockedUser& user, const model::pb::Card& card) {
  return seal_companion(kProvisionalCompanion, as_bytes(card.client_id()), user.box.public_key(), as_bytes(card.SerializeAsString()));
}

Result<std::vector<CaseCard>> load_cards(Caseload& caseload, journal::Journal& journal, const UnlockedUser& user) {
  LANTAARN_ASSIGN(auto from_server, caseload.cards(user));
  std::vector<CaseCard> cards;
  std::set<std::string> known;
  for (auto& card : from_server) {
    known.insert(card.client_id());
    cards.push_back({std::move(card), false});
  }
  LANTAARN_ASSIGN(const auto companions, journal.companions(kProvisionalCompanion));
  std::vector<journal::Companion> overtaken;
  for (const auto& companion : companions) {
    const auto plain = open_companion(user.box, companion.value);
    model::pb::Card card;
    if (!plain || !card.ParseFromArray(plain->view().data(), static_cast<int>(plain->size()))) continue;
    if (known.contains(card.client_id())) {
      overtaken.push_back(removed_companion(kProvisionalCompanion, companion.key));
    } else {
      cards.push_back({std::move(card), true});
    }
  }
  if (!overtaken.empty()) LANTAARN_TRY(journal.save_companions(overtaken));
  std::sort(cards.begin(), cards.end(), [](const CaseCard& a, const CaseCard& b) {
    const std::string left = model::fold_name(a.name());
    const std::string right = model::fold_name(b.name());
    return left != right ? left < right : a.card.client_id() < b.card.client_id();
  });
  return cards;
}

}  // namespace lantaarn::firmware
