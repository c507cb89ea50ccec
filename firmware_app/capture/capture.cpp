#include "firmware_app/capture/capture.hpp"

#include <algorithm>

#include "common/crypto/random.hpp"
#include "common/model/validate.hpp"
#include "firmware_app/capture/contact_event.hpp"
#include "firmware_app/capture/heads.hpp"

namespace lantaarn::firmware {

Result<Capture::Standing> Capture::standing() {
  LANTAARN_ASSIGN(auto keys, open_round_keys(journal_, user_.box));
  Standing now;
  for (RoundKey& key : keys) (key.desk ? now.desk : now.round) = std::move(key);
  return now;
}

Result<RoundKey> Capture::fresh_key(bool desk) {
  LANTAARN_ASSIGN(const auto logs, journal_.logs());
  for (auto log = logs.rbegin(); log != logs.rend(); ++log) {
    if (!log->frozen) return make_round_key(desk, log->genesis.log, log->head.seq + 1);
  }
  return bug("capture: no log to write to");
}

model::Event Capture::new_event(const Standing& now) const {
  model::Event event = model::new_event(user_.id, clock_.now());
  if (now.round) event.set_round_id(model::id_field(now.round->id));
  return event;
}

Result<EventId> Capture::add(Commit& commit, const model::Event& event) const {
  LANTAARN_TRY(check_lines(event));
  LANTAARN_TRY(model::validate_event(event));
  LANTAARN_TRY((own_codes_ != nullptr ? *own_codes_ : model::OwnCodes()).check_offered(event));
  commit.events.push_back(model::encode_event(event));
  return model::event_id_of(commit.events.back());
}

Status Capture::note_unlock() {
  LANTAARN_ASSIGN(const Standing now, standing());
  model::Event event = new_event(now);
  auto* unlocked = event.mutable_device_unlocked();
  unlocked->set_duress(user_.access.duress);
  unlocked->set_lease_ended(user_.access.lease_ended);
  unlocked->set_strict(user_.access.strict);
  Commit commit;
  LANTAARN_TRY(add(commit, event));
  // Where there is no key already, none is made readable for it.
  const RoundKey* open = now.round ? &*now.round : now.desk ? &*now.desk : nullptr;
  LANTAARN_TRY(open == nullptr ? save_closed(commit) : save_in_round(*open, commit));
  return {};
}

Result<std::vector<journal::Saved>> Capture::save_closed(Commit& commit) {
  commit.companions.clear();
  return save_all_under({user_.entry_key_id, user_.entry_key.duplicate()}, commit);
}

Result<std::vector<journal::Saved>> Capture::save_in_round(const RoundKey& round, const Commit& commit) {
  if (round.is_marker() || !user_.access.keeps_readable()) return save_all_under({user_.entry_key_id, user_.entry_key.duplicate()}, commit);
  return save_all_under(round.seal, commit);
}

Result<std::vector<journal::Saved>> Capture::save(Standing& now, Commit& commit) {
  if (!user_.access.keeps_readable()) return save_closed(commit);
  if (now.round && !now.round->is_marker()) return save_all_under(now.round->seal, commit);
  if (!now.desk) {
    LANTAARN_ASSIGN(now.desk, fresh_key(true));
    commit.companions.push_back(seal_round_key(*now.desk, user_));
    commit.companions.push_back(kept_from(*now.desk));
  }
  return save_all_under(now.desk->seal, commit);
}

Result<std::vector<journal::Saved>> Capture::save_all_under(const journal::SealKey& key, const Commit& commit) {
  const std::vector<ByteView> events(commit.events.begin(), commit.events.end());
  const journal::Author author{user_.id, user_.sign};
  const journal::Sealing sealing{key, server_.sealing_key, server_.sealing_key_number, server_.epoch};
  return journal_.save(events, author, sealing, commit.companions);
}

Result<ClientId> Capture::plan_client(Commit& commit, const Standing& now, const NewClient& client) const {
  const auto id = crypto::random_id<ClientId>();
  model::Event event = new_event(now);
  auto* added = event.mutable_client_added();
  added->set_client_id(model::id_field(id));
  added->set_alias(client.alias);
  model::pb::Card card;
  card.set_client_id(model::id_field(id));
  card.add_aliases(client.alias);
  const auto state = [&](const char* field, const std::string& value) {
    auto* change = added->add_fields();
    change->set_field(field);
    change->set_value(value);
    auto* shown = card.add_fields();
    shown->set_field(field);
    shown->set_value(value);
  };
  state("status", "in_view");
  state("primary_contact", user_.id.hex());
  LANTAARN_ASSIGN(const EventId event_id, add(commit, event));
  for (auto& field : *card.mutable_fields()) field.add_heads(model::id_field(event_id));
  commit.companions.push_back(make_provisional_card(user_, card));
  return id;
}

Result<SavedEvent> Capture::add_client(const NewClient& client) {
  LANTAARN_ASSIGN(Standing now, standing());
  Commit commit;
  LANTAARN_ASSIGN(const ClientId id, plan_client(commit, now, client));
  LANTAARN_ASSIGN(const auto saved, save(now, commit));
  return SavedEvent{model::event_id_of(commit.events.front()), saved.front(), id, {}};
}

Result<EventId> Capture::plan_follow_up(Commit& commit, const Standing& now, const FollowUpDraft& draft,
                                        const std::string& client, const EventId& contact) const {
  model::Event event = new_event(now);
  auto* planned = event.mutable_follow_up_planned();
  planned->set_client_id(client);
  planned->set_contact(model::id_field(contact));
  planned->set_due_date(draft.due_date);
  planned->set_text(draft.text);
  planned->set_owner(model::id_field(user_.id));
  planned->set_kind(draft.kind);
  return add(commit, event);
}

Result<SavedEvent> Capture::log_contact(const ContactDraft& draft, const DraftChange& change) {
  LANTAARN_ASSIGN(Standing now, standing());
  Commit commit;
  std::optional<ClientId> client;
  if (const auto* known = std::get_if<ClientId>(&draft.who)) client = *known;
  if (const auto* added = std::get_if<NewClient>(&draft.who)) {
    LANTAARN_ASSIGN(client, plan_client(commit, now, *added));
  }
  model::Event event = new_event(now);
  LANTAARN_TRY(fill_contact(draft, client, clock_.now(), *event.mutable_contact_logged()));
  LANTAARN_ASSIGN(const EventId id, add(commit, event));
  const std::size_t at = commit.events.size() - 1;

  const std::string client_field = client ? model::id_field(*client) : std::string();
  pb::ContactHeads heads;
  heads.set_client_id(client_field);
  heads.set_saved_ms(clock_.now().wall_ms);
  commit.companions.push_back(seal_heads(id.view(), user_, heads));
  std::optional<EventId> follow_up;
  if (draft.follow_up) {
    LANTAARN_ASSIGN(follow_up, plan_follow_up(commit, now, *draft.follow_up, client_field, id));
  }
  if (change.finished) commit.companions.push_back(removed_companion(kDraftCompanion, change.finished->view()));
  if (change.complete_later) {
    commit.companions.push_back(seal_kept_draft(user_, {crypto::random_id<DraftId>(), id, {}, clock_.now().wall_ms}));
  }
  LANTAARN_ASSIGN(const auto saved, save(now, commit));
  return SavedEvent{id, saved[at], client, follow_up};
}

Status Capture::keep_draft(const KeptDraft& draft) {
  if (!user_.access.keeps_readable()) return refused("draft_not_kept");
  LANTAARN_ASSIGN(const auto kept, drafts());
  const bool is_known = std::any_of(kept.begin(), kept.end(), [&](const KeptDraft& each) { return each.id == draft.id; });
  if (!is_known && kept.size() >= kKeptDraftsMax) return refused("drafts_full");
  return journal_.save_companions({seal_kept_draft(user_, draft)});
}

Result<std::vector<KeptDraft>> Capture::drafts() { return kept_drafts(journal_, user_); }

Status Capture::leave_drafts() {
  LANTAARN_ASSIGN(const auto kept, drafts());
  for (const KeptDraft& each : kept) {
    if (each.contact && each.fields.empty()) LANTAARN_TRY(drop_draft(each.id));
  }
  return {};
}

// What it said may still stand in the write-ahead log, until finish_closing().
void Capture::drop_with(Commit& commit, const DraftId& draft) {
  commit.companions.push_back(removed_companion(kDraftCompanion, draft.view()));
  commit.companions.push_back(closing_due());
}

Status Capture::drop_draft(const DraftId& draft) {
  Commit commit;
  drop_with(commit, draft);
  LANTAARN_TRY(journal_.save_companions(commit.companions));
  static_cast<void>(finish_closing(journal_));
  return {};
}

}  // namespace lantaarn::firmware
