#include "sync_server/registry/cards.hpp"

#include <algorithm>

#include "common/base/civil_time.hpp"
#include "common/model/fields.hpp"
#include "sync_server/registry/card_records.hpp"

namespace lantaarn::server {
namespace {

// For whom, and when.
struct Reader {
  UserId user;
  CardAccess access = CardAccess::kDossier;
  CivilDate today;
};

Status add_follow_ups(Registry& registry, const Client& client, model::pb::Card& card) {
  std::vector<FollowUp> open;
  LANTAARN_TRY(registry.follow_ups(client.id, false, [&](const FollowUp& follow_up) -> Status {
    open.push_back(follow_up);
    return {};
  }));
  const auto is_due_before = [](const FollowUp& a, const FollowUp& b) { return a.due_date < b.due_date; };
  if (open.size() > kCardFollowUpsMax) {
    std::stable_sort(open.begin(), open.end(), is_due_before);
    open.resize(kCardFollowUpsMax);
  }
  for (const FollowUp& follow_up : open) {
    auto* to = card.add_follow_ups();
    to->set_follow_up(to_string(follow_up.id.view()));
    to->set_due_date(follow_up.due_date);
    to->set_text(follow_up.text);
    to->set_kind(follow_up.kind);
  }
  return {};
}

Status add_own_contacts(Registry& registry, const Client& client, const Reader& reader, model::pb::Card& card) {
  const std::string since = to_string(add_days(reader.today, -kCardContactDays));
  LANTAARN_ASSIGN(auto own, registry.own_contacts(client.id, reader.user, since));
  if (own.size() > kCardContactsMax) {
    const auto is_later = [](const Contact& a, const Contact& b) { return a.recorded_ms > b.recorded_ms; };
    std::stable_sort(own.begin(), own.end(), is_later);
    own.resize(kCardContactsMax);
  }
  for (const Contact& contact : own) {
    auto* to = card.add_contacts();
    to->set_contact(to_string(contact.id.view()));
    for (const FieldView& field : contact.fields) fill_card_field(field, false, *to->add_fields());
  }
  return {};
}

Result<model::pb::Card> make_card(Registry& registry, const Client& client, const Reader& reader) {
  model::pb::Card card;
  card.set_client_id(to_string(client.id.view()));
  for (const auto& alias : client.aliases) {
    if (static_cast<std::size_t>(card.aliases_size()) < kCardAliasesMax) card.add_aliases(alias);
  }
  for (const FieldView& field : client.fields) {
    // Who she is in the papers never leaves the registry.
    if (!model::is_identity_field(field.field)) fill_card_field(field, true, *card.add_fields());
  }
  card.set_last_spoken_date(client.last_spoken_date);
  LANTAARN_TRY(add_follow_ups(registry, client, card));
  LANTAARN_TRY(add_own_contacts(registry, client, reader, card));
  LANTAARN_TRY(add_card_records(registry, client.id, reader.access, reader.today, card));
  return card;
}

Result<CardAccess> access_of(Registry& registry, const UserId& user) {
  LANTAARN_ASSIGN(const auto users, registry.users());
  for (const UserView& one : users) {
    if (one.id == user) return card_access(one.role);
  }
  return CardAccess::kNotes;
}

}  // namespace

Result<std::vector<Bytes>> make_cards(Registry& registry, const UserId& user, std::string_view today, std::uint64_t edition) {
  const auto date = parse_date(today);
  if (!date) return refused("date_invalid");
  LANTAARN_ASSIGN(const CardAccess access, access_of(registry, user));
  LANTAARN_ASSIGN(std::vector<Client> clients, registry.clients_of(user));
  if (clients.size() > kCaseloadCardsMax) clients.resize(kCaseloadCardsMax);
  std::vector<model::pb::CardBundle> bundles(1);
  std::size_t bytes = 0;
  std::size_t caseload_bytes = 0;
  for (const Client& client : clients) {
    LANTAARN_ASSIGN(model::pb::Card card, make_card(registry, client, {user, access, *date}));
    const std::size_t card_bytes = card.ByteSizeLong() + 8;
    if (caseload_bytes + card_bytes > kCaseloadBytesMax) break;
    caseload_bytes += card_bytes;
    if (bytes != 0 && bytes + card_bytes > kCardPartBytesMax) {
      bundles.emplace_back();
      bytes = 0;
    }
    bytes += card_bytes;
    *bundles.back().add_cards() = std::move(card);
  }
  std::vector<Bytes> parts;
  for (std::size_t i = 0; i < bundles.size(); ++i) {
    bundles[i].set_user_id(to_string(user.view()));
    bundles[i].set_part(static_cast<std::uint32_t>(i));
    bundles[i].set_parts(static_cast<std::uint32_t>(bundles.size()));
    bundles[i].set_edition(edition);
    Bytes part(bundles[i].ByteSizeLong());
    bundles[i].SerializeWithCachedSizesToArray(part.data());
    parts.push_back(std::move(part));
  }
  return parts;
}

}  // namespace lantaarn::server
