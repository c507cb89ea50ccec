#include "tests/sim/checks.hpp"

#include <algorithm>

namespace lantaarn::sim {

void Checks::everything_arrived() {
  std::map<Hash, int> stored;
  for (const server::inbox::InboxBatch& batch : server_.batches()) {
    for (const journal::BatchItem& item : must(journal::parse_batch(batch.bytes), "a stored batch is whole")) {
      ++stored[journal::entry_hash(item.entry.bytes)];
    }
  }
  for (const auto& [entry, times] : stored) {
    require(times == 1, "an entry is stored once");
    require(world_.ledger.events.contains(entry), "nothing is stored that was not saved");
    world_.ledger.arrived.insert(world_.ledger.events.at(entry));
  }
  for (const auto& handheld : handhelds_) {
    for (const Hash& entry : handheld->entries()) require(stored.contains(entry), "saved means received, in the end");
  }
  for (const Hash& entry : world_.ledger.let_go) require(stored.contains(entry), "secured means received, in the end");
}

// What counts is what the server's own log says: a decision whose last write the disk refused may stand after all.
void Checks::read_what_was_decided() {
  std::set<EventId> facts = server_.books().own_facts_dropped();
  for (const Bytes& fact : server_.books().own_facts()) {
    facts.insert(model::event_id_of(fact));
    const auto event = must(model::decode_event(fact), "an own fact can be read");
    for (const auto& client : event.client_erased().clients()) world_.ledger.erased.insert(*ClientId::from(client));
    for (const auto& entry : event.entries_admitted().entry_hashes()) admitted_by_hand_.insert(*to_array<32>(as_bytes(entry)));
  }
  for (const EventId& stated : world_.ledger.stated) require(facts.contains(stated), "what the coordinator was told stands, stands");
}

void Checks::forks() {
  read_what_was_decided();
  std::map<std::pair<LogId, std::uint64_t>, std::set<Hash>> places;
  std::set<LogId> branched, observed;
  for (const server::inbox::InboxBatch& batch : server_.batches()) {
    if (batch.branch != 0) branched.insert(batch.log.log);
    for (const journal::BatchItem& item : must(journal::parse_batch(batch.bytes), "a stored batch is whole")) {
      places[{batch.log.log, item.entry.header.seq}].insert(journal::entry_hash(item.entry.bytes));
    }
  }
  for (const auto& [place, hashes] : places) {
    if (hashes.size() > 1) forked_.insert(place.first);
  }
  std::set<Hash> apart;
  for (const server::Quarantined& entry : server_.books().set_apart()) {
    require(entry.reason == server::reason_of(server::Admission::kFork) || entry.reason == server::reason_of(server::Admission::kDeviceRevoked),
            "only forks and what a revoked handheld brings are left apart: " + entry.reason);
    apart.insert(entry.entry.hash);
  }
  for (const auto& [log, other] : server_.books().forks()) {
    observed.insert(log);
    const bool gone = world_.ledger.is_erased(world_.ledger.events.at(other));
    require(gone || apart.contains(other) || admitted_by_hand_.contains(other), "a fork's other branch is set apart until a human admits it");
  }
  require(forked_ == branched, "a fork is kept as a branch, and nothing else is");
  require(forked_ == observed, "a fork is observed, and nothing else is");
  world_.counts.forks += forked_.size();
}

void Checks::everything_merged() {
  require(server_.books().set_apart().empty(), "what was admitted is no longer apart");
  const auto admitted = server_.books().admitted();
  const auto contacts = server_.books().contacts();
  for (const auto& [event, entries] : admitted) {
    const auto written = world_.ledger.attempted.find(event);
    require(written != world_.ledger.attempted.end(), "nothing is merged that nobody wrote");
    require(entries == 1, "an event is merged from one entry");
    require(!world_.ledger.is_erased(event), "nothing is left of a woman who was erased");
    require(contacts.contains(event) == written->second.contact, "every contact is shown, and only contacts");
  }
  for (const auto& [contact, times] : contacts) require(times == 1 && admitted.contains(contact), "a contact is there once");
  std::set<Hash> owed = world_.ledger.acknowledged;
  owed.insert(world_.ledger.let_go.begin(), world_.ledger.let_go.end());
  for (const auto& handheld : handhelds_) owed.merge(handheld->entries());
  for (const Hash& entry : owed) {
    const EventId event = world_.ledger.events.at(entry);
    require(admitted.contains(event) || world_.ledger.is_erased(event), "saved means merged, in the end");
  }
}

void Checks::standings() {
  for (const auto& handheld : handhelds_) {
    for (const journal::LogState& log : handheld->logs()) {
      if (forked_.contains(log.genesis.log) || log.frozen) continue;
      require(log.received.seq == log.head.seq, "the handheld knows that everything is received");
      require(log.merged_seq == log.head.seq, "the handheld knows that everything is merged");
    }
  }
}

void Checks::digests() {
  const std::string digest = server_.books().digest();
  server_.cut_power();
  require(server_.books().digest() == digest, "merged survives a power cut");
  // Costly: of many evenings some do.
  const std::uint64_t what = world_.chance.below(6);
  if (what == 0) shuffle_entries(digest);
  // What the server itself wrote down about women has a place in its log, which a replay does not give it.
  if (what == 1 && !server_.books().wrote_about_women()) replay_in_another_order(digest);
}

// The registry is a fold of the set of entries.
void Checks::shuffle_entries(const std::string& digest) {
  struct Collected final : server::EntrySink {
    std::vector<server::StoredEntry> entries, dropped;
    std::vector<server::HeldEntry> held;
    Status add_entry(const server::StoredEntry& entry) override { entries.push_back(entry); return {}; }
    Status add_dropped(const server::StoredEntry& entry) override { dropped.push_back(entry); return {}; }
    Status add_held(const server::HeldEntry& entry) override { held.push_back(entry); return {}; }
    Status add_bad_batch(const server::Quarantined&) override { return {}; }
  } all;
  must(server::give_entries(server_.books().registry(), all), "the event store can be read");
  world_.chance.shuffle(all.entries);
  Books other(server_.secrets(), nullptr, false);
  must(other.fold(all.entries, all.dropped, all.held, world_.chance), "entries fold in any order");
  require(other.digest() == digest, "the same entries in another order give the same registry");
}

void Checks::replay_in_another_order(const std::string& digest) {
  Books other(server_.secrets(), nullptr, false);
  std::vector<Bytes> facts = server_.books().own_facts();
  std::vector<server::inbox::InboxBatch> batches = server_.batches();
  std::reverse(facts.begin(), facts.end());  // taken from the back
  world_.chance.shuffle(batches);
  Replay replay;
  while (!facts.empty() || !batches.empty()) {
    if (!facts.empty() && (batches.empty() || world_.chance.one_in(2))) {
      require(other.record(facts.back()), "a replay takes every fact");
      facts.pop_back();
    } else {
      replay.put(batches.back());
      batches.pop_back();
      if (world_.chance.one_in(6)) require(other.merge(replay, SIZE_MAX), "a replay merges");
    }
  }
  require(other.merge(replay, SIZE_MAX), "a replay merges");
  require(other.digest() == digest, "another order gives the same registry");
}

void Checks::nothing_readable() {
  const ByteView planted = as_bytes(kPlanted);
  require(!server_.machine().disk().contains(planted), "nothing that was typed stands readable on the server's disk");
  for (const auto& handheld : handhelds_) {
    require(!handheld->machine().disk().contains(planted), "nothing that was typed stands readable on a handheld");
  }
}

}  // namespace lantaarn::sim
