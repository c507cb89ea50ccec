// Admissions settled, aggregates folded: the end of a transaction.
#include <algorithm>

#include "common/model/event.hpp"
#include "sync_server/merge/admission.hpp"
#include "sync_server/merge/fold.hpp"
#include "sync_server/merge/ingest.hpp"

namespace lantaarn::server {

Status Ingest::finish() {
  for (const auto& [device, user] : runs_to_check_) LANTAARN_TRY(recheck_runs(device, user));
  for (const auto& [log, meeting] : meetings_) LANTAARN_TRY(observe_forks(log, meeting.from_seq, meeting.now_ms));
  for (const auto& [log, from_seq] : logs_to_rejudge_) LANTAARN_TRY(rejudge_log(log, from_seq));
  for (const DeviceId& device : apart_to_rejudge_) {
    LANTAARN_ASSIGN(const auto entries, state_.registry.entries_set_apart(device));
    LANTAARN_TRY(rejudge(entries));
  }
  for (const auto& boot : boots_to_retime_) LANTAARN_TRY(retime(boot));
  for (const Aggregate& aggregate : touched_) LANTAARN_TRY(fold(aggregate));
  for (const Aggregate& aggregate : touched_) {
    if (aggregate.kind == AggregateKind::kContact) LANTAARN_TRY(regroup(EventId{aggregate.id}));
  }
  for (const UserId& id : users_) {
    if (const auto user = state_.directory.user(id)) LANTAARN_TRY(change_.put_user(*user));
  }
  for (const DeviceId& id : devices_) {
    if (const auto device = state_.directory.device(id)) LANTAARN_TRY(change_.put_device(*device));
  }
  return {};
}

// Two entries that follow the same one. Said once, so that the fold stays a function of the set.
Status Ingest::observe_forks(const Log& log, std::uint64_t from_seq, std::int64_t now_ms) {
  if (!state_.options.observes_forks) return {};
  LANTAARN_ASSIGN(const auto entries, state_.registry.entries_of_log(log.first, log.second, from_seq));
  std::map<std::pair<std::uint64_t, Hash>, std::vector<const StoredEntry*>> places;
  for (const StoredEntry& entry : entries) places[{entry.place.seq, entry.place.previous}].push_back(&entry);
  for (auto& [at, place] : places) {
    if (place.size() < 2) continue;
    std::sort(place.begin(), place.end(), [](const StoredEntry* a, const StoredEntry* b) { return a->ref < b->ref; });
    LANTAARN_TRY(observe_forks_at(place, now_ms));
  }
  return {};
}

// Kept is the first received of those that are proven: whoever holds a handheld but no PIN cannot have what its users
// wrote set apart by being first. While none is proven nothing is stated; they are set apart for that already.
Status Ingest::observe_forks_at(const std::vector<const StoredEntry*>& place, std::int64_t now_ms) {
  const EntryPlace& at = place.front()->place;
  const StoredEntry* kept = nullptr;
  std::set<Hash> said;
  if (const auto* known = state_.directory.forks_of(at.device, at.log)) {
    for (const Fork& fork : *known) {
      if (fork.seq != at.seq) continue;
      said.insert(fork.other);
      for (const StoredEntry* entry : place) {
        if (entry->place.hash == fork.kept) kept = entry;
      }
    }
  }
  for (const StoredEntry* entry : place) {
    if (kept == nullptr && entry->verified && !said.contains(entry->place.hash)) kept = entry;
  }
  if (kept == nullptr) return {};
  for (const StoredEntry* entry : place) {
    if (entry != kept && !said.contains(entry->place.hash)) LANTAARN_TRY(state_fork(kept->place, entry->place, now_ms));
  }
  return {};
}

Status Ingest::state_fork(const EntryPlace& kept, const EntryPlace& other, std::int64_t now_ms) {
  const ClockReading now{now_ms, 0, {}, ClockStatus::kOk};
  model::Event event = model::new_event(UserId{state_.keys.server.id.bytes}, now);
  auto* fact = event.mutable_fork_observed();
  fact->set_device_id(model::id_field(kept.device));
  fact->set_log_id(model::id_field(kept.log));
  fact->set_seq(kept.seq);
  fact->set_kept_hash(to_string(kept.hash));
  fact->set_other_hash(to_string(other.hash));
  LANTAARN_TRY(state_fact(model::encode_event(event), now_ms));
  return {};
}

Status Ingest::recheck_runs(const DeviceId& device, const UserId& user) {
  const auto keys = state_.directory.keys_of(device, user);
  LANTAARN_ASSIGN(const auto runs, state_.registry.runs_of(device, user));
  for (const UnverifiedRun& run : runs) {
    const bool verified = verifies(run, keys);
    LANTAARN_ASSIGN(const auto entries, state_.registry.entries_of_run(run.id));
    for (const StoredEntry& entry : entries) {
      rejudge_later({device, run.log}, entry.place.seq);
      if (verified) look_for_forks_later({device, run.log}, entry.place.seq, entry.received_ms);
      if (verified) LANTAARN_TRY(change_.put_admission(entry.ref, true, entry.admission));
    }
    if (verified) LANTAARN_TRY(change_.remove_run(run.id));
  }
  return {};
}

Status Ingest::rejudge_log(const Log& log, std::uint64_t from_seq) {
  LANTAARN_ASSIGN(const auto entries, state_.registry.entries_of_log(log.first, log.second, from_seq));
  return rejudge(entries);
}

Status Ingest::rejudge(const std::vector<StoredEntry>& entries) {
  std::map<Log, std::set<Hash>> apart;
  for (const StoredEntry& entry : entries) {
    const Log log{entry.place.device, entry.place.log};
    const auto* forks = state_.directory.forks_of(log.first, log.second);
    if (forks != nullptr && !apart.contains(log)) {
      LANTAARN_ASSIGN(const auto whole, state_.registry.entries_of_log(log.first, log.second, forks->begin()->seq));
      apart[log] = branches_apart(whole, *forks);
    }
    LANTAARN_TRY(rejudge_one(entry, entry.verified, forks != nullptr && apart[log].contains(entry.place.hash)));
  }
  return {};
}

Status Ingest::rejudge_one(const StoredEntry& entry, bool verified, bool apart) {
  if (entry.held || entry.dropped) return {};
  const Admission admission = judge(entry, state_.directory, state_.is_own(entry.place.device), apart);
  if (admission == entry.admission) return {};
  LANTAARN_TRY(change_.put_admission(entry.ref, verified, admission));
  return touch_entry(entry.ref);
}

Status Ingest::touch_entry(EntryRef ref) {
  LANTAARN_ASSIGN(const StoredEntry stored, state_.registry.entry(ref));
  const Examined examined = examine(stored, state_.is_own(stored.place.device), state_.options.newest_fact);
  touched_.insert(examined.touches.begin(), examined.touches.end());
  return {};
}

Status Ingest::retime(const ByteArray<kIdBytes>& boot_id) {
  state_.clocks.forget(boot_id);
  LANTAARN_ASSIGN(const auto entries, state_.registry.entries_of_boot(boot_id));
  for (const StoredEntry& entry : entries) {
    if (entry.kind == model::Event::kContactLogged) touched_.insert({AggregateKind::kContact, entry.event.bytes});
  }
  return {};
}

Result<std::optional<std::int64_t>> Ingest::repaired(const EntryRecord& entry, std::int64_t monotonic_ms, std::int64_t occurred_ms) {
  LANTAARN_ASSIGN(const auto samples, state_.clocks.of(state_.registry, entry.place.device, entry.boot_id));
  return repaired_time(occurred_ms, entry.recorded_ms, monotonic_ms, samples);
}

Status Ingest::fold_one_contact(const EventId& id, const std::vector<StoredEntry>& entries) {
  auto fold = fold_contact(id, known_events(entries));
  if (!fold) return change_.remove_contact(id);
  for (const StoredEntry& entry : entries) {
    if (entry.ref != fold->shown || entry.clock_ok) continue;
    LANTAARN_ASSIGN(const model::Event event, model::decode_event(entry.bytes));
    // A time that somebody corrected is not repaired.
    if (fold->occurred_at_ms != event.contact_logged().occurred_at_ms()) continue;
    LANTAARN_ASSIGN(fold->repaired_at_ms, repaired(entry, event.recorded().monotonic_ms(), fold->occurred_at_ms));
  }
  return change_.put_contact(*fold);
}

// Of the contacts that are one conversation, the smallest that is there and not taken back is counted.
Status Ingest::regroup(const EventId& contact) {
  if (regrouped_.contains(contact)) return {};
  const auto conversation = state_.directory.conversations().members_of(contact);
  bool counted = false;
  for (const EventId& member : conversation) {
    regrouped_.insert(member);
    LANTAARN_ASSIGN(const bool stands, change_.put_counted(member, !counted));
    counted = counted || stands;
  }
  return {};
}

// A client's own row, and, where she is linked, the row of the one who stands for all.
Status Ingest::fold_one_client(const ClientId& id) {
  if (state_.directory.is_erased(id)) return change_.remove_client(id);
  const Clusters& clusters = state_.directory.clusters();
  const ClientId head = clusters.head_of(id);
  if (head != id) {
    LANTAARN_ASSIGN(const auto own, state_.registry.entries_of(id.bytes));
    ClientFold fold = fold_client(id, known_events(own));
    fold.cluster = head;
    LANTAARN_TRY(change_.put_client(fold));
  }
  std::vector<StoredEntry> entries;
  for (const ClientId& member : clusters.members_of(head)) {
    LANTAARN_ASSIGN(auto more, state_.registry.entries_of(member.bytes));
    std::move(more.begin(), more.end(), std::back_inserter(entries));
  }
  return change_.put_client(fold_client(head, known_events(entries)));
}

Status Ingest::fold(const Aggregate& aggregate) {
  if (aggregate.kind == AggregateKind::kClient) return fold_one_client(ClientId{aggregate.id});
  LANTAARN_ASSIGN(const auto entries, state_.registry.entries_of(aggregate.id));
  switch (aggregate.kind) {
    case AggregateKind::kClient: break;
    case AggregateKind::kContact: return fold_one_contact(EventId{aggregate.id}, entries);
    case AggregateKind::kFollowUp: {
      const auto view = fold_follow_up(EventId{aggregate.id}, known_events(entries));
      return view ? change_.put_follow_up(*view) : change_.remove_follow_up(EventId{aggregate.id});
    }
    case AggregateKind::kRecord: {
      const auto view = fold_record(EventId{aggregate.id}, known_events(entries));
      return view ? change_.put_record(*view) : change_.remove_record(EventId{aggregate.id});
    }
    case AggregateKind::kRound: {
      const auto view = fold_round(RoundId{aggregate.id}, known_events(entries));
      return view ? change_.put_round(*view) : change_.remove_round(RoundId{aggregate.id});
    }
  }
  return bug("merge: an aggregate of no kind");
}

}  // namespace lantaarn::server
