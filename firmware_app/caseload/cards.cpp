#include "firmware_app/caseload/cards.hpp"

#include <algorithm>

#include "firmware_app/caseload/companions.hpp"
#include "common/model/fold_name.hpp"

namespace lantaarn::firmware {
namespace {

template <typename Message>
std::optional<Message> opened(const UnlockedUser& user, ByteView value) {
  const auto plain = open_companion(user.box, value);
  Message message;
  if (!plain || !message.ParseFromArray(plain->view().data(), static_cast<int>(plain->size()))) return std::nullopt;
  return message;
}

CaseCard* card_of(std::vector<CaseCard>& cards, const std::string& client_id) {
  const auto found = std::find_if(cards.begin(), cards.end(), [&](const CaseCard& each) { return each.card.client_id() == client_id; });
  return found == cards.end() ? nullptr : &*found;
}

Status add_provisional(journal::Journal& journal, const UnlockedUser& user, std::vector<CaseCard>& cards,
                       std::vector<journal::Companion>& overtaken) {
  LANTAARN_ASSIGN(const auto companions, journal.companions(kProvisionalCompanion));
  for (const auto& companion : companions) {
    auto card = opened<model::pb::Card>(user, companion.value);
    if (!card) continue;
    if (card_of(cards, card->client_id()) != nullptr) {
      overtaken.push_back(removed_companion(kProvisionalCompanion, companion.key));
    } else {
      cards.push_back({std::move(*card), true});
    }
  }
  return {};
}

// Of a woman who is no longer in this caseload nothing stays behind.
Status add_own_changes(journal::Journal& journal, const UnlockedUser& user, std::vector<CaseCard>& cards,
                       std::vector<journal::Companion>& overtaken) {
  LANTAARN_ASSIGN(const auto companions, journal.companions(kOwnChangesCompanion));
  for (const auto& companion : companions) {
    const auto changes = opened<pb::OwnChanges>(user, companion.value);
    if (!changes) continue;
    CaseCard* card = card_of(cards, changes->client_id());
    if (card != nullptr && apply_own_changes(*changes, card->card)) continue;
    overtaken.push_back(removed_companion(kOwnChangesCompanion, companion.key));
  }
  return {};
}

}  // namespace

std::string CaseCard::field(std::string_view name) const {
  for (const auto& field : card.fields()) {
    if (field.field() == name) return field.value();
  }
  return {};
}

journal::Companion make_provisional_card(const UnlockedUser& user, const model::pb::Card& card) {
  return seal_companion(kProvisionalCompanion, as_bytes(card.client_id()), user, as_bytes(card.SerializeAsString()));
}

journal::Companion make_own_changes(const UnlockedUser& user, const pb::OwnChanges& changes) {
  const Bytes key = key_of_own(user.id, as_bytes(changes.client_id()));
  return seal_companion(kOwnChangesCompanion, key, user, as_bytes(changes.SerializeAsString()));
}

Result<pb::OwnChanges> own_changes_of(journal::Journal& journal, const UnlockedUser& user, const ClientId& client) {
  LANTAARN_ASSIGN(const auto stored, journal.companion(kOwnChangesCompanion, key_of_own(user.id, client.view())));
  auto changes = stored ? opened<pb::OwnChanges>(user, *stored) : std::nullopt;
  if (!changes) changes.emplace();
  changes->set_client_id(to_string(client.view()));
  return std::move(*changes);
}

Result<std::vector<CaseCard>> load_cards(Caseload& caseload, journal::Journal& journal, const UnlockedUser& user) {
  LANTAARN_ASSIGN(auto from_server, caseload.cards(user));
  std::vector<CaseCard> cards;
  for (auto& card : from_server) cards.push_back({std::move(card), false});
  std::vector<journal::Companion> overtaken;
  LANTAARN_TRY(add_provisional(journal, user, cards, overtaken));
  LANTAARN_TRY(add_own_changes(journal, user, cards, overtaken));
  if (!overtaken.empty()) LANTAARN_TRY(journal.save_companions(overtaken));
  std::sort(cards.begin(), cards.end(), [](const CaseCard& a, const CaseCard& b) {
    const std::string left = model::fold_name(a.name());
    const std::string right = model::fold_name(b.name());
    return left != right ? left < right : a.card.client_id() < b.card.client_id();
  });
  return cards;
}

}  // namespace lantaarn::firmware
