#include "tests/sim/simulation.hpp"

#include <algorithm>
#include <memory>

#include "common/crypto/random.hpp"
#include "tests/sim/call.hpp"

namespace lantaarn::sim {
namespace {

constexpr std::size_t kHandhelds = 3;
constexpr int kSteps = 600;
constexpr std::size_t kClients = 5;
constexpr int kPatience = 20'000;  // steps after which a calm world should long be quiet

class Simulation {
 public:
  Simulation(std::uint64_t seed, Counts& counts) : chance_(seed), counts_(counts), server_(chance_, world_, ledger_, counts) {
    for (std::size_t i = 0; i < kClients; ++i) clients_.push_back(crypto::random_id<ClientId>());
    for (std::size_t i = 0; i < kHandhelds; ++i) {
      handhelds_.push_back(std::make_unique<Handheld>(chance_, world_, ledger_, counts_, clients_, server_.secrets().sealing.public_key()));
      server_.enrol(*handhelds_.back());
    }
  }

  void stormy() {
    for (int i = 0; i < kSteps; ++i) step();
  }
  void calm();

 private:
  void step();
  void disturb(Handheld& handheld);
  void advance_a_call();
  void start_call(Handheld& handheld);
  [[nodiscard]] std::shared_ptr<Call> call_of(const Handheld& handheld) const;
  void hang_up(Handheld& handheld);
  void restart_server();
  void sync_fully(Handheld& handheld);
  void check_everything_arrived();
  void check_forks();
  void admit_branches();
  void check_everything_merged();
  void check_standings();
  void check_digests();

  Chance chance_;
  Counts& counts_;
  WorldTime world_;
  Ledger ledger_;
  std::vector<ClientId> clients_;
  Server server_;
  std::vector<std::unique_ptr<Handheld>> handhelds_;
  std::vector<std::shared_ptr<Call>> calls_;
  std::set<LogId> forked_;
};

void Simulation::step() {
  world_.now_ms += static_cast<std::int64_t>(chance_.below(60'000));
  Handheld& handheld = *chance_.pick(handhelds_);
  const std::uint64_t what = chance_.below(100);
  if (what < 12 && !call_of(handheld)) {
    handheld.save(false);
  } else if (what < 20) {
    start_call(handheld);
  } else if (what < 80) {
    advance_a_call();
  } else if (what < 94) {
    what < 88 ? server_.commit_some(false) : server_.merge(false);
    if (server_.recover()) restart_server();
  } else if (what < 95) {
    server_.cut_power();
    restart_server();
  } else {
    disturb(handheld);
  }
  std::erase_if(calls_, [](const std::shared_ptr<Call>& call) { return call->over(); });
}

void Simulation::disturb(Handheld& handheld) {
  const std::uint64_t what = chance_.below(14);
  if (what < 5) {
    if (call_of(handheld)) ++counts_.cuts;
    hang_up(handheld);
  } else if (what < 7) {
    handheld.clock().jump();
  } else {
    hang_up(handheld);
    if (what < 9) handheld.cut_power();
    if (what == 9 || what == 10) handheld.take_copy();
    if (what > 10) handheld.restore_copy();
  }
}

std::shared_ptr<Call> Simulation::call_of(const Handheld& handheld) const {
  for (const auto& call : calls_) {
    if (&call->handheld() == &handheld && call->handheld_there()) return call;
  }
  return nullptr;
}

void Simulation::start_call(Handheld& handheld) {
  if (call_of(handheld)) return;
  calls_.push_back(std::make_shared<Call>(handheld, server_));
  ++counts_.sessions;
}

void Simulation::hang_up(Handheld& handheld) {
  if (const auto call = call_of(handheld)) call->cut();
}

// The server is back with an empty memory; what it said before may still be on its way.
void Simulation::restart_server() {
  for (const auto& call : calls_) call->server_leaves();
}

void Simulation::advance_a_call() {
  if (calls_.empty()) return;
  const auto call = chance_.pick(calls_);
  call->handheld().machine().tempt_fate(40);
  if (!call->step() && chance_.one_in(4) && !server_.has_jobs()) call->cut();  // waits for a server that is gone
  if (call->handheld().machine().is_on()) {
    call->handheld().machine().disk().heal();
    return;
  }
  hang_up(call->handheld());
  call->handheld().recover();
}

void Simulation::calm() {
  for (const auto& call : calls_) call->cut();
  restart_server();
  calls_.clear();
  server_.machine().disk().heal();
  for (const auto& handheld : handhelds_) {
    handheld->machine().disk().heal();
    handheld->save(true);
    sync_fully(*handheld);
  }
  check_everything_arrived();
  server_.merge(true);
  server_.bind_late();
  check_forks();
  admit_branches();
  check_everything_merged();
  check_standings();
  check_digests();
}

void Simulation::sync_fully(Handheld& handheld) {
  for (int session = 0; session < 3; ++session) {
    const auto call = std::make_shared<Call>(handheld, server_);
    ++counts_.sessions;
    for (int i = 0; i < kPatience && !call->over(); ++i) {
      if (!call->step()) server_.commit_some(true);
    }
    require(call->succeeded(), "on a quiet evening a sync succeeds: " + call->trouble());
  }
}

void Simulation::check_everything_arrived() {
  std::map<Hash, int> stored;
  for (const server::inbox::InboxBatch& batch : server_.batches()) {
    for (const journal::BatchItem& item : must(journal::parse_batch(batch.bytes), "a stored batch is whole")) {
      ++stored[journal::entry_hash(item.entry.bytes)];
    }
  }
  for (const auto& [entry, times] : stored) {
    require(times == 1, "an entry is stored once");
    require(ledger_.events.contains(entry), "nothing is stored that was not saved");
  }
  for (const auto& handheld : handhelds_) {
    for (const Hash& entry : handheld->entries()) require(stored.contains(entry), "saved means received, in the end");
  }
}

// Two different entries at one place: somebody must be told.
void Simulation::check_forks() {
  std::map<std::pair<LogId, std::uint64_t>, std::set<Hash>> places;
  std::set<LogId> branched;
  for (const server::inbox::InboxBatch& batch : server_.batches()) {
    if (batch.branch != 0) branched.insert(batch.log.log);
    for (const journal::BatchItem& item : must(journal::parse_batch(batch.bytes), "a stored batch is whole")) {
      places[{batch.log.log, item.entry.header.seq}].insert(journal::entry_hash(item.entry.bytes));
    }
  }
  for (const auto& [place, hashes] : places) {
    if (hashes.size() > 1) forked_.insert(place.first);
  }
  require(forked_ == branched, "a fork is kept as a branch, and nothing else is");
  require(forked_ == server_.books().forked_logs(), "a fork is observed, and nothing else is");
  counts_.forks += forked_.size();
}

// The coordinator looks at what was set apart, and admits it.
void Simulation::admit_branches() {
  std::map<DeviceId, std::vector<Hash>> apart;
  for (const server::Quarantined& entry : server_.books().set_apart()) {
    require(entry.reason == server::reason_of(server::Admission::kFork), "only forks are left apart: " + entry.reason);
    apart[entry.entry.device].push_back(entry.entry.hash);
  }
  require(apart.empty() == forked_.empty(), "a fork's other branch is set apart");
  for (const auto& [device, entries] : apart) server_.books().record(server_.books().entries_admitted(device, entries));
  require(server_.books().set_apart().empty(), "what was admitted is no longer apart");
}

void Simulation::check_everything_merged() {
  const auto admitted = server_.books().admitted();
  const auto contacts = server_.books().contacts();
  for (const auto& [event, entries] : admitted) {
    require(ledger_.attempted.contains(event), "nothing is merged that nobody wrote");
    require(entries == 1, "an event is merged from one entry");
    require(contacts.contains(event) == ledger_.contacts.contains(event), "every contact is shown, and only contacts");
  }
  for (const auto& [contact, times] : contacts) require(times == 1 && admitted.contains(contact), "a contact is there once");
  std::set<Hash> owed = ledger_.acknowledged;
  for (const auto& handheld : handhelds_) owed.merge(handheld->entries());
  for (const Hash& entry : owed) require(admitted.contains(ledger_.events.at(entry)), "saved means merged, in the end");
}

// Per handheld saved = received = merged, once it has heard of it; a log that has forked stands where it parted.
void Simulation::check_standings() {
  for (const auto& handheld : handhelds_) {
    sync_fully(*handheld);
    for (const journal::LogState& log : handheld->logs()) {
      if (forked_.contains(log.genesis.log) || log.frozen) continue;
      require(log.received.seq == log.head.seq, "the handheld knows that everything is received");
      require(log.merged_seq == log.head.seq, "the handheld knows that everything is merged");
    }
  }
}

void Simulation::check_digests() {
  const std::string digest = server_.books().digest();
  server_.cut_power();
  require(server_.books().digest() == digest, "merged survives a power cut");

  Books other(server_.secrets(), nullptr, false);
  std::vector<Bytes> facts = server_.books().own_facts();
  std::vector<server::inbox::InboxBatch> batches = server_.batches();
  std::reverse(facts.begin(), facts.end());  // taken from the back
  chance_.shuffle(batches);
  Replay replay;
  while (!facts.empty() || !batches.empty()) {
    if (!facts.empty() && (batches.empty() || chance_.one_in(2))) {
      other.record(facts.back());
      facts.pop_back();
    } else {
      replay.put(batches.back());
      batches.pop_back();
      if (chance_.one_in(3)) require(other.merge(replay, SIZE_MAX), "a replay merges");
    }
  }
  require(other.merge(replay, SIZE_MAX), "a replay merges");
  require(other.digest() == digest, "another order gives the same registry");
}

}  // namespace

Outcome run_seed(std::uint64_t seed) {
  Outcome outcome;
  outcome.seed = seed;
  crypto::seed_whole_process_for_simulation(seed);
  try {
    Simulation simulation(seed, outcome.counts);
    simulation.stormy();
    simulation.calm();
  } catch (const Violation& violation) {
    outcome.violation = violation.what();
  }
  return outcome;
}

}  // namespace lantaarn::sim
