#include <algorithm>

#include "common/model/limits.hpp"
#include "firmware_app/capture/capture.hpp"

namespace lantaarn::firmware {

const CaseCard* Capture::card_of(const ClientId& client) const {
  const auto found = std::find_if(cards_.begin(), cards_.end(), [&](const CaseCard& each) { return each.id() == client; });
  return found == cards_.end() ? nullptr : &*found;
}

Result<SavedEvent> Capture::name_client(const ClientId& client, const std::string& alias) {
  LANTAARN_TRY(needs_lease());
  const CaseCard* card = card_of(client);
  if (card == nullptr) return refused("client_unknown", {"–"});
  LANTAARN_ASSIGN(pb::OwnChanges own, own_changes_of(journal_, user_, client));
  for (const auto* known : {&card->card.aliases(), &own.aliases()}) {
    if (std::find(known->begin(), known->end(), alias) != known->end()) return refused("nothing_changed");
  }
  LANTAARN_ASSIGN(Standing now, standing());
  model::Event event = new_event(now);
  event.mutable_client_named()->set_client_id(model::id_field(client));
  event.mutable_client_named()->set_alias(alias);
  Commit commit;
  LANTAARN_ASSIGN(const EventId id, add(commit, event));
  own.add_aliases(alias);
  commit.companions.push_back(make_own_changes(user_, own));
  LANTAARN_ASSIGN(const auto saved, save(now, commit));
  return SavedEvent{id, saved.front(), client, {}};
}

Result<SavedEvent> Capture::change_client(const ClientId& client, const model::FieldValues& values) {
  LANTAARN_TRY(needs_lease());
  const CaseCard* card = card_of(client);
  // Without her card nobody knows which values this one would replace.
  if (card == nullptr) return refused("client_unknown", {"–"});
  if (values.empty()) return refused("nothing_changed");
  LANTAARN_ASSIGN(pb::OwnChanges own, own_changes_of(journal_, user_, client));
  model::pb::Card shown = card->card;
  static_cast<void>(apply_own_changes(own, shown));
  LANTAARN_ASSIGN(Standing now, standing());
  model::Event event = new_event(now);
  auto* changed = event.mutable_client_changed();
  changed->set_client_id(model::id_field(client));
  for (const auto& [field, value] : values) {
    auto* change = changed->add_changes();
    change->set_field(field);
    change->set_value(value);
    if (const auto* seen = field_of(shown, field)) *change->mutable_heads() = seen->heads();
    while (static_cast<std::size_t>(change->heads_size()) > model::kHeadsPerChangeMax) change->mutable_heads()->RemoveLast();
  }
  Commit commit;
  LANTAARN_ASSIGN(const EventId id, add(commit, event));
  for (const auto& [field, value] : values) note_own_change(shown, field, value, model::id_field(id), own);
  commit.companions.push_back(make_own_changes(user_, own));
  LANTAARN_ASSIGN(const auto saved, save(now, commit));
  return SavedEvent{id, saved.front(), client, {}};
}

}  // namespace lantaarn::firmware
