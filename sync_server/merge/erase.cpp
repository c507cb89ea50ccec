// What an erasure or the end of a term takes away. Dropped is every event that names an erased woman, every event named
// itself, and what hangs on one of these; before or after the decision, in any order. What stays of an event is its place
// in the log (the chain must still tell branches apart) and its id.
#include "common/model/event.hpp"
#include "sync_server/merge/ingest.hpp"

namespace lantaarn::server {

Result<bool> Ingest::is_dropped(const Examined& examined, bool own) {
  const Directory& directory = state_.directory;
  // The server's facts about links, erasures and who looked hold ids and reasons only; they account for what was done.
  if (own && examined.record.kind >= model::Event::kUserAdded) return false;
  if (directory.is_ended(examined.record.event)) return true;
  for (const ClientId& named : examined.names) {
    if (directory.is_erased(named)) return true;
  }
  if (!examined.sealed_like) return false;
  if (directory.is_ended(*examined.sealed_like)) return true;
  return state_.registry.is_dropped(*examined.sealed_like);
}

Result<Added> Ingest::add_dropped(const EntryRecord& record) {
  LANTAARN_ASSIGN(const Added added, change_.add_dropped(record));
  if (added.known) return added;
  rejudge_branches_of(record.place);
  LANTAARN_TRY(drop_linked_to(record.event));
  return added;
}

Status Ingest::drop_entry(const StoredEntry& entry) {
  if (entry.dropped || entry.held) return {};
  const Examined examined = examine(entry, state_.is_own(entry.place.device), state_.options.newest_fact);
  touched_.insert(examined.touches.begin(), examined.touches.end());
  LANTAARN_TRY(change_.drop_entry(entry.ref));
  return drop_linked_to(entry.event);
}

Status Ingest::drop_linked_to(const EventId& event) {
  LANTAARN_ASSIGN(const auto linked, state_.registry.entries_of(event.bytes));
  for (const StoredEntry& entry : linked) {
    const Examined examined = examine(entry, state_.is_own(entry.place.device), state_.options.newest_fact);
    if (examined.sealed_like == event) LANTAARN_TRY(drop_entry(entry));
  }
  return {};
}

Status Ingest::drop_event(const EventId& event) {
  LANTAARN_ASSIGN(const auto entries, state_.registry.entries_of(event.bytes));
  for (const StoredEntry& entry : entries) {
    if (entry.event == event) LANTAARN_TRY(drop_entry(entry));
  }
  // Also when it has not come yet: what corrects it may have.
  LANTAARN_TRY(drop_linked_to(event));
  return change_.destroy_key(event.bytes);
}

Status Ingest::drop_client(const ClientId& client) {
  LANTAARN_ASSIGN(const auto entries, state_.registry.entries_about(client));
  for (const StoredEntry& entry : entries) {
    // Something hanging on an entry that went before may have gone with it.
    LANTAARN_ASSIGN(const StoredEntry now, state_.registry.entry(entry.ref));
    if (!now.dropped) LANTAARN_TRY(drop_entry(now));
  }
  touched_.insert({AggregateKind::kClient, client.bytes});
  return change_.destroy_key(client.bytes);
}

Status Ingest::erase(const StoredEntry& fact, const model::pb::ClientErased& erased) {
  for (const auto& client : erased.clients()) LANTAARN_TRY(drop_client(ClientId::from(client).value_or(ClientId{})));
  for (const auto& event : erased.events()) LANTAARN_TRY(drop_event(EventId::from(event).value_or(EventId{})));
  std::vector<KeptCount> kept;
  for (const auto& count : erased.counts()) kept.push_back({count.period(), count.channel(), count.contacts()});
  return change_.put_kept(fact.event, kept);
}

Status Ingest::end_records(const model::pb::RecordsEnded& ended) {
  for (const auto& event : ended.events()) LANTAARN_TRY(drop_event(EventId::from(event).value_or(EventId{})));
  return {};
}

}  // namespace lantaarn::server
