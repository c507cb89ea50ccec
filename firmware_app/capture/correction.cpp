#include "firmware_app/capture/capture.hpp"
#include "firmware_app/capture/contact_event.hpp"
#include "firmware_app/capture/heads.hpp"
#include "firmware_app/capture/id_prefix.hpp"

namespace lantaarn::firmware {
const model::pb::CardContact* Capture::card_heads(const EventId& contact, std::string* client) const {
  for (const CaseCard& card : cards_) {
    for (const auto& known : card.card.contacts()) {
      if (known.contact() != model::id_field(contact)) continue;
      if (client != nullptr) *client = card.card.client_id();
      return &known;
    }
  }
  return nullptr;
}

// An own contact is known by its heads record, or, when it was logged on another handheld, by her card.
Result<pb::ContactHeads> Capture::own_heads(const EventId& contact) {
  LANTAARN_ASSIGN(const auto stored, journal_.companion(kHeadsCompanion, contact.view()));
  if (stored) {
    auto heads = open_heads(user_.box, *stored);
    if (heads && heads->kind().empty()) return std::move(*heads);
  }
  pb::ContactHeads heads;
  const bool on_card = card_heads(contact, heads.mutable_client_id()) != nullptr;
  // Where nothing is kept of what was written down, who has the whole id wrote it down.
  if (!on_card && user_.access.keeps_readable()) return refused("event_unknown");
  return heads;
}

Result<EventId> Capture::find_contact(std::string_view hex) {
  LANTAARN_ASSIGN(const std::string prefix, event_prefix(hex));
  std::vector<std::string> fitting;
  LANTAARN_ASSIGN(const auto stored, journal_.companions(kHeadsCompanion));
  for (const auto& companion : stored) {
    const std::string id = to_hex(companion.key);
    if (!id.starts_with(prefix)) continue;
    const auto heads = open_heads(user_.box, companion.value);
    if (heads && heads->kind().empty()) fitting.push_back(id);
  }
  for (const CaseCard& card : cards_) {
    for (const auto& contact : card.card.contacts()) {
      const std::string id = to_hex(as_bytes(contact.contact()));
      if (id.starts_with(prefix)) fitting.push_back(id);
    }
  }
  if (const auto whole = EventId::parse_hex(hex); whole && fitting.empty() && !user_.access.keeps_readable()) return *whole;
  return only_event(std::move(fitting), "event_unknown", "event_ambiguous");
}

Result<SavedEvent> Capture::amend(const EventId& contact, const std::string& reason, const ContactChanges& changes,
                                  const DraftChange& change) {
  LANTAARN_ASSIGN(pb::ContactHeads heads, own_heads(contact));
  LANTAARN_ASSIGN(Standing now, standing());
  Commit commit;
  std::optional<ClientId> client;
  if (changes.who) {
    if (const auto* known = std::get_if<ClientId>(&*changes.who)) client = *known;
    if (const auto* added = std::get_if<NewClient>(&*changes.who)) {
      LANTAARN_ASSIGN(client, plan_client(commit, now, *added));
    }
  }
  LANTAARN_ASSIGN(const auto values, changed_fields(changes, client));
  if (values.empty() && !changes.follow_up && change.finished) {
    LANTAARN_TRY(drop_draft(*change.finished));
    return SavedEvent{contact, {}, {}, {}};
  }
  if (values.empty() && !changes.follow_up) return refused("nothing_changed");
  if (changes.who) heads.set_client_id(client ? model::id_field(*client) : std::string());

  std::size_t at = commit.events.size();
  SavedEvent result;
  if (!values.empty()) {
    model::Event event = new_event(now);
    auto* amended = event.mutable_contact_amended();
    amended->set_contact(model::id_field(contact));
    amended->set_reason(reason);
    const auto* on_card = card_heads(contact);
    std::map<std::string, std::vector<std::string>> seen;
    for (const auto& [field, value] : values) {
      seen[field] = heads_seen(heads, on_card == nullptr ? nullptr : &on_card->fields(), field, contact);
      auto* stated = amended->add_changes();
      stated->set_field(field);
      stated->set_value(value);
      for (const auto& head : seen[field]) stated->add_heads(head);
    }
    LANTAARN_ASSIGN(result.event, add(commit, event));
    for (const auto& [field, replaced] : seen) note_change(heads, field, replaced, result.event);
    commit.companions.push_back(seal_heads(contact.view(), user_, heads));
  }
  if (changes.follow_up) {
    LANTAARN_ASSIGN(result.follow_up, plan_follow_up(commit, now, *changes.follow_up, heads.client_id(), contact));
    if (values.empty()) result.event = *result.follow_up;
  }
  if (change.finished) drop_with(commit, *change.finished);
  LANTAARN_ASSIGN(const auto saved, save(now, commit));
  if (change.finished) static_cast<void>(finish_closing(journal_));
  result.place = saved[at];
  result.client = client;
  return result;
}

Result<SavedEvent> Capture::retract(const EventId& contact, const std::string& reason) {
  LANTAARN_ASSIGN(pb::ContactHeads heads, own_heads(contact));
  if (heads.retracted()) return refused("nothing_changed");
  LANTAARN_ASSIGN(Standing now, standing());
  model::Event event = new_event(now);
  event.mutable_contact_retracted()->set_contact(model::id_field(contact));
  event.mutable_contact_retracted()->set_reason(reason);
  heads.set_retracted(true);
  Commit commit;
  LANTAARN_ASSIGN(const EventId id, add(commit, event));
  commit.companions.push_back(seal_heads(contact.view(), user_, heads));
  LANTAARN_ASSIGN(const auto unfinished, drafts());
  for (const KeptDraft& each : unfinished) {
    if (each.contact == contact) drop_with(commit, each.id);
  }
  LANTAARN_ASSIGN(const auto saved, save(now, commit));
  if (!unfinished.empty()) static_cast<void>(finish_closing(journal_));
  return SavedEvent{id, saved.front(), {}, {}};
}

Status Capture::undo(const SavedEvent& saved, const std::string& reason) {
  LANTAARN_TRY(retract(saved.event, reason));
  if (saved.follow_up) LANTAARN_TRY(finish_follow_up(*saved.follow_up));
  return {};
}

}  // namespace lantaarn::firmware
