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
      handhelds_.push_back(std::make_unique<Handheld>(chance_, world_, ledger_, counts_, clients_, server_.sealing_key().public_key()));
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

  Chance chance_;
  Counts& counts_;
  WorldTime world_;
  Ledger ledger_;
  std::vector<ClientId> clients_;
  Server server_;
  std::vector<std::unique_ptr<Handheld>> handhelds_;
  std::vector<std::shared_ptr<Call>> calls_;
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
    server_.commit_some(false);
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
  const std::uint64_t what = chance_.below(12);
  if (what < 5) {
    if (call_of(handheld)) ++counts_.cuts;
    hang_up(handheld);
  } else if (what < 7) {
    handheld.clock().jump();
  } else {
    hang_up(handheld);
    if (what < 9) handheld.cut_power();
    if (what == 9 || what == 10) handheld.take_copy();
    if (what == 11) handheld.restore_copy();
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
  for (const auto& handheld : handhelds_) {
    handheld->machine().disk().heal();
    handheld->save(true);
    sync_fully(*handheld);
  }
  check_everything_arrived();
  server_.cut_power();
  check_forks();
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
  std::set<LogId> forked;
  for (const auto& [place, hashes] : places) {
    if (hashes.size() > 1) forked.insert(place.first);
  }
  require(forked == branched, "a fork is kept as a branch, and nothing else is");
  counts_.forks += forked.size();
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
