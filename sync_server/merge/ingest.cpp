// Entries in.
#include "sync_server/merge/ingest.hpp"

#include <algorithm>

#include "common/model/event.hpp"
#include "sync_server/merge/admission.hpp"

namespace lantaarn::server {
namespace {

std::uint64_t seq_of(const PreparedEntry& entry) { return entry.opened ? entry.opened->record.place.seq : entry.held.place.seq; }

}  // namespace

Status Ingest::add(PreparedBatch& batch) {
  ++report_.batches;
  if (!batch.bad.empty()) {
    ++report_.set_apart;
    return change_.put_bad_batch(batch.device, batch.log, batch.bytes_hash, batch.bad, batch.received_ms);
  }
  for (const NewSealKey& key : batch.new_keys) LANTAARN_TRY(add_seal_key(batch.log, key));
  std::vector<std::vector<EntryRef>> refs(batch.runs.size());
  for (PreparedEntry& entry : batch.entries) LANTAARN_TRY(add_one(batch, entry, refs));
  for (std::size_t run = 0; run < batch.runs.size(); ++run) {
    if (!batch.runs[run].verified) LANTAARN_TRY(change_.put_run(batch.runs[run].end, refs[run]));
  }
  return change_.put_merged(batch.device, batch.log, seq_of(batch.entries.front()), seq_of(batch.entries.back()));
}

Status Ingest::add_one(PreparedBatch& batch, PreparedEntry& entry, std::vector<std::vector<EntryRef>>& refs) {
  ++report_.entries;
  const bool verified = batch.runs[entry.run].verified;
  if (!entry.opened && entry.held.admission == Admission::kSealKeyUnknown) {
    // Another round of the same log told this key long ago: the registry remembers it.
    LANTAARN_ASSIGN(const auto stored, state_.registry.seal_keys(batch.log, entry.held.seal_key));
    for (const crypto::Key& key : stored) state_.seal_keys.add(batch.log, entry.held.seal_key, key);
    LANTAARN_ASSIGN(const auto view, journal::parse_entry(entry.held.raw));
    Bytes event;
    if (open_with(state_.seal_keys.find(batch.log, entry.held.seal_key), view, event)) {
      entry.opened = examine({entry.held.place, entry.held.author, batch.received_ms, verified, false}, std::move(event),
                             state_.options.newest_fact);
    } else if (!stored.empty()) {
      entry.held.admission = Admission::kNotAuthentic;
    }
  }
  LANTAARN_ASSIGN(const Added added, entry.opened ? add_entry(*entry.opened, false) : add_held(entry.held));
  refs[entry.run].push_back(added.ref);
  if (!added.known) {
    ++report_.added;
    const Admission admission = entry.opened ? entry.opened->record.admission : entry.held.admission;
    if (admission != Admission::kAdmitted) ++report_.set_apart;
  } else if (verified && !added.was_verified && !added.dropped) {
    // It came before in a batch whose end nobody could verify.
    rejudge_later({batch.device, batch.log}, 1);
    LANTAARN_TRY(change_.put_admission(added.ref, true, entry.opened ? Admission::kAuthorUnknown : entry.held.admission));
    look_for_forks_later({batch.device, batch.log}, seq_of(entry), batch.received_ms);
  }
  if (added.beside) look_for_forks_later({batch.device, batch.log}, seq_of(entry), batch.received_ms);
  return {};
}

Result<Added> Ingest::add_entry(Examined& examined, bool own) {
  EntryRecord& record = examined.record;
  record.admission = judge(record, state_.directory, own, false);
  if (examined.sealed_like) {
    LANTAARN_ASSIGN(const auto owner, state_.registry.owner_of(*examined.sealed_like));
    if (owner) record.owner = *owner;
  }
  LANTAARN_ASSIGN(const bool dropped, is_dropped(examined, own));
  if (dropped) return add_dropped(record);
  LANTAARN_ASSIGN(const Added added, change_.add_entry(record));
  if (added.known) return added;
  if (!own) rejudge_branches_of(record.place);
  bool done = false;
  LANTAARN_TRY(put_lone(examined, added, done));
  if (!done) touched_.insert(examined.touches.begin(), examined.touches.end());
  if (own) {
    LANTAARN_ASSIGN(const StoredEntry stored, state_.registry.entry(added.ref));
    LANTAARN_TRY(apply_own(stored));
  }
  return added;
}

// A new contact or follow-up that nothing else speaks of is its own fold: no reading back.
Status Ingest::put_lone(Examined& examined, const Added& added, bool& done) {
  EntryRecord& record = examined.record;
  if (!examined.contact && !examined.follow_up && !examined.added_record) return {};
  if (record.admission != Admission::kAdmitted || added.repeated) return {};
  LANTAARN_ASSIGN(const bool spoken_of, state_.registry.has_links(record.event.bytes));
  if (spoken_of) return {};
  done = true;
  if (examined.contact) {
    ContactFold& fold = *examined.contact;
    fold.anchor = fold.shown = added.ref;
    fold.fresh = true;
    if (!record.clock_ok) {
      LANTAARN_ASSIGN(fold.repaired_at_ms, repaired(record, examined.monotonic_ms, fold.occurred_at_ms));
    }
    return change_.put_contact(fold);
  }
  if (examined.added_record) {
    RecordFold& fold = *examined.added_record;
    fold.anchor = fold.shown = added.ref;
    fold.fresh = true;
    return change_.put_record(fold);
  }
  examined.follow_up->anchor = examined.follow_up->shown = added.ref;
  examined.follow_up->fresh = true;
  return change_.put_follow_up(*examined.follow_up);
}

Result<Added> Ingest::add_held(const HeldEntry& held) {
  LANTAARN_ASSIGN(const Added added, change_.add_held(held));
  if (!added.known) rejudge_branches_of(held.place);
  return added;
}

Status Ingest::add_seal_key(const LogId& log, const NewSealKey& key) {
  LANTAARN_TRY(change_.put_seal_key(log, key.id, key.key, key.sealing_number));
  LANTAARN_ASSIGN(const auto waiting, state_.registry.held_with(key.id));
  for (const auto& [ref, held] : waiting) {
    if (held.place.log != log) continue;
    LANTAARN_ASSIGN(const auto view, journal::parse_entry(held.raw));
    Bytes event;
    if (journal::open_entry(view, key.key, event).ok()) {
      LANTAARN_TRY(open_held(ref, held, event));
    } else if (held.admission == Admission::kSealKeyUnknown) {
      LANTAARN_TRY(change_.put_admission(ref, held.verified, Admission::kNotAuthentic));
    }
  }
  return {};
}

Status Ingest::open_held(EntryRef ref, const HeldEntry& held, ByteView event) {
  Examined examined =
      examine({held.place, held.author, held.received_ms, held.verified, false}, to_bytes(event), state_.options.newest_fact);
  LANTAARN_TRY(change_.remove_entry(ref));
  LANTAARN_TRY(add_entry(examined, false));
  return {};
}

Result<EventId> Ingest::state_fact(ByteView event, std::int64_t now_ms) {
  LANTAARN_ASSIGN(const EntryContext context, state_.own_log.append(change_, event, now_ms));
  Examined examined = examine(context, to_bytes(event), INT32_MAX);
  LANTAARN_TRY(add_entry(examined, true));
  return examined.record.event;
}

// Of it, or of a user on it, no more is accepted than was.
Status Ingest::rejudge_device_later(const DeviceId& device) {
  LANTAARN_ASSIGN(const auto logs, state_.registry.logs_of(device));
  for (const LogId& log : logs) rejudge_later({device, log}, state_.directory.accepted_through(device, log).value_or(0));
  return {};
}

void Ingest::rejudge_later(const Log& log, std::uint64_t from_seq) {
  const auto [at, added] = logs_to_rejudge_.try_emplace(log, from_seq);
  if (!added) at->second = std::min(at->second, from_seq);
}

// A new entry, opened or not, may be the missing link between a branch set apart and what follows it.
void Ingest::rejudge_branches_of(const EntryPlace& place) {
  const auto* forks = state_.directory.forks_of(place.device, place.log);
  if (forks != nullptr) rejudge_later({place.device, place.log}, forks->begin()->seq);
}

void Ingest::look_for_forks_later(const Log& log, std::uint64_t from_seq, std::int64_t now_ms) {
  const auto [at, added] = meetings_.try_emplace(log, Meeting{from_seq, now_ms});
  if (!added) at->second.from_seq = std::min(at->second.from_seq, from_seq);
}

// What a fact of the server changes about everything else.
Status Ingest::apply_own(const StoredEntry& stored) {
  if (stored.admission != Admission::kAdmitted) return {};
  LANTAARN_ASSIGN(const model::Event event, model::decode_event(stored.bytes));
  touch_clusters_of(event);  // as they were
  state_.directory.apply(stored);
  touch_clusters_of(event);
  const auto device = [](const std::string& raw) { return DeviceId::from(raw).value_or(DeviceId{}); };
  switch (event.fact_case()) {
    case model::Event::kUserAdded: users_.insert(UserId::from(event.user_added().user_id()).value_or(UserId{})); break;
    case model::Event::kDeviceAdded: devices_.insert(device(event.device_added().device_id())); break;
    case model::Event::kDeviceEnrolled: {
      const auto& fact = event.device_enrolled();
      devices_.insert(device(fact.device_id()));
      // Replayed from the shipped log, this lets in again whoever was enrolled after the backup.
      if (!fact.psk().empty()) LANTAARN_TRY(change_.put_secret("psk", as_bytes(fact.device_id()), as_bytes(fact.psk())));
      break;
    }
    case model::Event::kDirectiveGiven: {
      const auto& fact = event.directive_given();
      devices_.insert(device(fact.device_id()));
      if (fact.directive() == "revoke_user") LANTAARN_TRY(rejudge_device_later(device(fact.device_id())));
      break;
    }
    case model::Event::kDirectiveCarriedOut: devices_.insert(device(event.directive_carried_out().device_id())); break;
    case model::Event::kDeviceTermsSet: {
      const DeviceId whose = device(event.device_terms_set().device_id());
      if (!whose.is_zero()) devices_.insert(whose);
      for (const DeviceId& one : state_.directory.devices()) {
        if (whose.is_zero()) devices_.insert(one);
      }
      break;
    }
    case model::Event::kDeviceUserBound: {
      const auto& fact = event.device_user_bound();
      devices_.insert(device(fact.device_id()));
      runs_to_check_.emplace(device(fact.device_id()), UserId::from(fact.user_id()).value_or(UserId{}));
      break;
    }
    case model::Event::kDeviceRevoked: {
      const DeviceId revoked = device(event.device_revoked().device_id());
      devices_.insert(revoked);
      LANTAARN_TRY(rejudge_device_later(revoked));
      break;
    }
    case model::Event::kForkObserved: {
      const auto& fact = event.fork_observed();
      rejudge_later({device(fact.device_id()), LogId::from(fact.log_id()).value_or(LogId{})}, fact.seq());
      break;
    }
    case model::Event::kEntriesAdmitted: apart_to_rejudge_.insert(device(event.entries_admitted().device_id())); break;
    case model::Event::kClockObserved: {
      const auto boot = to_array<kIdBytes>(as_bytes(event.clock_observed().boot_id()));
      if (boot) boots_to_retime_.insert(*boot);
      break;
    }
    case model::Event::kEntriesMissed: {
      // What is not to come any more holds up nothing behind it.
      const auto& fact = event.entries_missed();
      const LogId log = LogId::from(fact.log_id()).value_or(LogId{});
      return change_.put_merged(device(fact.device_id()), log, fact.from_seq(), fact.through_seq());
    }
    case model::Event::kClientErased: return erase(stored, event.client_erased());
    case model::Event::kRecordsEnded: return end_records(event.records_ended());
    default: break;
  }
  return {};
}

void Ingest::touch_clusters_of(const model::pb::Event& event) {
  const auto touch_all = [&](const std::string& raw) {
    for (const ClientId& one : state_.directory.clusters().connected_to(ClientId::from(raw).value_or(ClientId{}))) {
      touched_.insert({AggregateKind::kClient, one.bytes});
    }
  };
  for (const auto& client : {event.clients_linked().first(), event.clients_linked().second()}) {
    if (!client.empty()) touch_all(client);
  }
  // Whoever a decision that is cancelled spoke of, and whoever is kept apart now.
  for (const auto& edge : event.clients_unlinked().edges()) {
    for (const ClientPair& pair : state_.directory.clusters().pairs_of(EventId::from(edge).value_or(EventId{}))) {
      touch_all(to_string(pair.first.view()));
      touch_all(to_string(pair.second.view()));
    }
  }
  for (const auto& pair : event.clients_unlinked().apart()) {
    touch_all(pair.first());
    touch_all(pair.second());
  }
  for (const auto& client : event.client_erased().clients()) touch_all(client);
  // And every contact of the conversations that change.
  const auto touch_conversation = [&](const std::string& raw) {
    for (const EventId& one : state_.directory.conversations().connected_to(EventId::from(raw).value_or(EventId{}))) {
      touched_.insert({AggregateKind::kContact, one.bytes});
    }
  };
  for (const auto& contact : event.contacts_shared().contacts()) touch_conversation(contact);
  if (!event.has_contacts_kept_apart()) return;
  for (const auto& contact : {event.contacts_kept_apart().first(), event.contacts_kept_apart().second()}) touch_conversation(contact);
  for (const auto& decision : event.contacts_kept_apart().cancels()) {
    for (const auto& [first, second] : state_.directory.conversations().pairs_of(EventId::from(decision).value_or(EventId{}))) {
      touch_conversation(to_string(first.view()));
      touch_conversation(to_string(second.view()));
    }
  }
}

}  // namespace lantaarn::server
