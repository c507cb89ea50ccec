#include "tests/sim/simulation.hpp"

#include "tests/sim/call.hpp"
#include "tests/sim/checks.hpp"
#include "tests/sim/coordinator.hpp"
#include "tests/sim/plain_secrets.hpp"
#include "tests/support/fault_memory.hpp"

namespace lantaarn::sim {
namespace {

constexpr std::size_t kHandhelds = 3;
constexpr std::size_t kClients = 5;
constexpr int kPatience = 20'000;  // steps after which a calm world should long be quiet
constexpr int kSessionsMax = 6;

/// Most evenings are short, so that there can be many; some are long, because some troubles need time.
int steps_of(Chance& chance) { return static_cast<int>(chance.one_in(12) ? 600 : 60 + chance.below(120)); }

class Simulation {
 public:
  Simulation(std::uint64_t seed, Counts& counts) : world_(seed, counts), server_(world_), coordinator_(world_, server_) {
    for (std::size_t i = 0; i < kClients; ++i) world_.clients.push_back(crypto::random_id<ClientId>());
    for (std::size_t i = 0; i < kHandhelds; ++i) {
      handhelds_.push_back(std::make_unique<Handheld>(world_, std::make_shared<Owners>(), server_.secrets().sealing.public_key()));
      server_.enrol(*handhelds_.back());
    }
  }

  void stormy() {
    for (int steps = steps_of(world_.chance); steps > 0; --steps) step();
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
  void disturb_server();
  void survive_the_server();
  void sync_fully(Handheld& handheld);
  [[nodiscard]] bool sync_once(Handheld& handheld);

  World world_;
  Server server_;
  Coordinator coordinator_;
  std::vector<std::unique_ptr<Handheld>> handhelds_;
  std::vector<std::shared_ptr<Call>> calls_;
};

void Simulation::step() {
  Chance& chance = world_.chance;
  world_.time.now_ms += static_cast<std::int64_t>(chance.below(60'000));
  Handheld& handheld = *chance.pick(handhelds_);
  const std::uint64_t what = chance.below(100);
  if (what < 12 && !call_of(handheld)) {
    handheld.save(false);
  } else if (what < 20) {
    start_call(handheld);
  } else if (what < 76) {
    advance_a_call();
  } else if (what < 93) {
    if (what < 83) server_.commit_some(false);
    if (what >= 83 && what < 88) server_.merge(false);
    if (what >= 88) coordinator_.act(handhelds_);
    if (server_.recover()) restart_server();
  } else if (what < 95) {
    disturb_server();
  } else {
    disturb(handheld);
  }
  std::erase_if(calls_, [](const std::shared_ptr<Call>& call) { return call->over(); });
}

void Simulation::disturb_server() {
  switch (world_.chance.below(4)) {
    case 0:
    case 1: server_.cut_power(); break;
    case 2: return server_.back_up();
    default: server_.die();
  }
  restart_server();
}

void Simulation::disturb(Handheld& handheld) {
  const std::uint64_t what = world_.chance.below(24);
  if (what < 5) {
    if (call_of(handheld)) ++world_.counts.cuts;
    return hang_up(handheld);
  }
  if (what < 9) {
    const bool met = !calls_.empty() && world_.chance.pick(calls_)->meddle();
    world_.counts.meddled += met ? 1 : 0;
    return;
  }
  if (what < 11) return handheld.clock().jump();
  hang_up(handheld);
  if (what < 13) handheld.cut_power();
  if (what == 13 || what == 14) handheld.take_copy();
  if (what == 15 || what == 16) handheld.restore_copy();
  if (what == 17 && handhelds_.size() == kHandhelds) handhelds_.push_back(handheld.clone());
  if (what == 18 || what == 19) handheld.rot();
  if (what > 19) handheld.prune(false);
}

std::shared_ptr<Call> Simulation::call_of(const Handheld& handheld) const {
  for (const auto& call : calls_) {
    if (&call->handheld() == &handheld && call->handheld_there()) return call;
  }
  return nullptr;
}

void Simulation::start_call(Handheld& handheld) {
  if (call_of(handheld) || server_.is_revoked(handheld.id())) return;
  calls_.push_back(std::make_shared<Call>(handheld, server_));
  ++world_.counts.sessions;
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
  const auto call = world_.chance.pick(calls_);
  call->handheld().machine().tempt_fate(40);
  if (!call->step() && world_.chance.one_in(4) && !server_.has_jobs()) call->cut();  // waits for a server that is gone
  if (call->handheld().machine().is_on()) {
    call->handheld().machine().disk().heal();
    return;
  }
  hang_up(call->handheld());
  call->handheld().recover();
}

// Whatever happened: now everything works, everyone comes back, and people look at what waits for them. A handheld that
// was revoked is brought in.
void Simulation::calm() {
  for (const auto& call : calls_) call->cut();
  restart_server();
  calls_.clear();
  server_.machine().disk().heal();
  for (const auto& handheld : handhelds_) {
    handheld->machine().disk().heal();
    handheld->save(true);
  }
  for (const auto& handheld : handhelds_) sync_fully(*handheld);
  Checks checks(world_, server_, handhelds_);
  checks.everything_arrived();
  server_.merge(true);
  server_.bind_late();
  checks.forks();
  coordinator_.admit_all();
  checks.everything_merged();
  for (const auto& handheld : handhelds_) sync_fully(*handheld);
  if (world_.chance.one_in(3)) survive_the_server();
  checks.standings();
  checks.digests();
  checks.nothing_readable();
}

// Handhelds let go what they are told is secured; then the server dies.
void Simulation::survive_the_server() {
  server_.back_up();
  for (const auto& handheld : handhelds_) {
    sync_fully(*handheld);
    handheld->prune(true);
  }
  server_.die();
  for (const auto& handheld : handhelds_) sync_fully(*handheld);
  server_.merge(true);
  for (const auto& handheld : handhelds_) sync_fully(*handheld);
  Checks(world_, server_, handhelds_).everything_arrived();
}

void Simulation::sync_fully(Handheld& handheld) {
  for (int session = 1; sync_once(handheld); ++session) require(session < kSessionsMax, "a few sessions are enough");
}

/// True when another one has something left to do.
bool Simulation::sync_once(Handheld& handheld) {
  const auto call = std::make_shared<Call>(handheld, server_);
  ++world_.counts.sessions;
  for (int i = 0; i < kPatience && !call->over(); ++i) {
    if (!call->step()) server_.commit_some(true);
  }
  require(call->succeeded(), "on a quiet evening a sync succeeds: " + call->trouble());
  return call->sent_something();
}

}  // namespace

Outcome run_seed(std::uint64_t seed) {
  Outcome outcome;
  outcome.seed = seed;
  support::let_sqlite_run_out_of_memory();
  keep_secrets_in_plain_memory();
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
