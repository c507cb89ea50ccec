#include "tests/sim/server.hpp"

#include "tests/sim/call.hpp"

namespace lantaarn::sim {
namespace {

constexpr const char* kInbox = "inbox.db";

sync::StoreResult result_of(std::uint64_t token, const Result<server::inbox::Landed>& landed) {
  if (!landed.ok()) throw Violation("the inbox refuses what an honest handheld sent: " + landed.error().to_log_line());
  const sync::Place through{landed->through.seq, landed->through.hash};
  switch (landed->landing) {
    case server::inbox::Landing::kMain: return {token, sync::Stored::kMain, through, {}};
    case server::inbox::Landing::kFork: return {token, sync::Stored::kFork, through, {}};
    case server::inbox::Landing::kGap: break;
  }
  return {token, sync::Stored::kGap, through, {}};
}

}  // namespace

Server::Server(World& world) : world_(world), machine_(world.chance, world.counts) { open(); }

void Server::open() {
  inbox_.emplace(must(server::inbox::Inbox::open(kInbox, machine_.vfs()), "the inbox opens"));
  books_ = std::make_unique<Books>(secrets_, machine_.vfs(), true);
}

void Server::enrol(const Handheld& handheld) {
  promise(books_->device_added(handheld));
  for (const Writer& writer : handheld.writers()) {
    promise(books_->user_added(writer.id));
    if (world_.chance.one_in(4)) {
      unbound_.emplace_back(handheld.id(), &writer);
    } else {
      bind(handheld.id(), writer);
    }
  }
}

void Server::bind(const DeviceId& device, const Writer& writer) {
  roster_[device][writer.id] = writer.sign.verify_key();
  promise(books_->user_bound(device, writer));
}

void Server::bind_one_late() {
  if (unbound_.empty()) return;
  bind(unbound_.back().first, *unbound_.back().second);
  unbound_.pop_back();
}

void Server::bind_late() {
  for (const auto& [device, writer] : unbound_) bind(device, *writer);
  unbound_.clear();
}

void Server::promise(const Bytes& fact) { require(state(fact, true), "a healthy disk takes what the server states"); }

bool Server::state(const Bytes& fact, bool calm) {
  calm ? machine_.disk().heal() : machine_.tempt_fate(6);
  if (!books_->record(fact)) return false;
  ++world_.counts.facts;
  world_.ledger.stated.insert(model::event_id_of(fact));
  own_promised_ = books_->own_log_seq();
  shipped_.push_back(fact);
  return true;
}

bool Server::is_revoked(const DeviceId& device) { return books_->is_revoked(device); }

std::vector<server::inbox::InboxLog> Server::received() {
  auto reader = must(server::inbox::InboxReader::open(kInbox, machine_.vfs()), "the inbox can be read");
  return must(reader.logs(), "the inbox can be read");
}

sync::ReceiverConfig Server::receiver_config(const DeviceId& device) {
  return {device, epoch_, &receipt_, [this] { return ++counter_; }, [this] { return world_.time.now_ms; }};
}

sync::pb::SignedStatement Server::state_for(const DeviceId& device, sync::pb::StatementKind kind, std::string body) {
  sync::pb::Statement statement;
  statement.set_kind(kind);
  statement.set_device_id(to_string(device.view()));
  statement.set_epoch(epoch_);
  statement.set_counter(++counter_);
  statement.set_body(std::move(body));
  return sync::sign_statement(secrets_.authority, sync::kAuthorityContext, statement);
}

Result<sync::StandingAnswer> Server::standing(const DeviceId& device, const sync::pb::Hello& hello) {
  sync::StandingAnswer answer;
  answer.server_time_ms = world_.time.now_ms;
  for (const sync::pb::LogHead& head : hello.logs()) {
    LANTAARN_ASSIGN(const journal::Position received, inbox_->received(device, *LogId::from(head.log_id())));
    sync::pb::LogStanding& log = answer.logs.emplace_back();
    log.set_log_id(head.log_id());
    log.set_received_seq(received.seq);
    if (received.seq != 0) log.set_received_hash(to_string(received.hash));
  }
  promise(books_->clock_observed(device, hello.clock(), world_.time.now_ms));
  sync::pb::ReceiptKey key;
  key.set_verify_key(to_string(receipt_.verify_key()));
  answer.receipt_key = state_for(device, sync::pb::RECEIPT_KEY, key.SerializeAsString());
  return answer;
}

std::vector<sync::pb::SignedStatement> Server::down(const DeviceId& device) {
  sync::pb::Standing standing;
  for (const server::LogView& log : books_->logs_of(device)) {
    auto& one = *standing.add_logs();
    one.set_log_id(to_string(log.log.view()));
    one.set_merged_seq(log.merged);
  }
  return {state_for(device, sync::pb::STANDING, standing.SerializeAsString()),
          state_for(device, sync::pb::LEASE, sync::pb::Lease().SerializeAsString()), secured(device)};
}

// What the copy elsewhere holds, and this disk.
sync::pb::SignedStatement Server::secured(const DeviceId& device) {
  sync::pb::Secured body;
  if (copy_) {
    for (const auto& log : copy_->logs[device]) {
      sync::pb::SecuredLog& one = *body.add_logs();
      one.set_log_id(to_string(log.log.log.view()));
      one.set_seq(log.received.seq);
      one.set_hash(to_string(log.received.hash));
    }
  }
  return state_for(device, sync::pb::SECURED, body.SerializeAsString());
}

void Server::merge(bool calm) {
  calm ? machine_.disk().heal() : machine_.tempt_fate(4);
  InboxFeed feed(kInbox, machine_.vfs());
  const bool merged = books_->merge(feed, calm ? SIZE_MAX : 1 + world_.chance.below(40));
  require(merged || !calm, "a merge succeeds on a healthy disk");
}

void Server::commit_some(bool calm) {
  if (jobs_.empty()) return;
  std::vector<StoreJob> jobs;
  const std::size_t wanted = 1 + world_.chance.below(jobs_.size());
  for (std::size_t i = 0; i < wanted; ++i) {
    jobs.push_back(std::move(jobs_.front()));
    jobs_.pop_front();
  }
  std::vector<journal::AuthorKeys> keys;
  std::vector<server::inbox::Incoming> batches;
  keys.reserve(jobs.size());
  for (const StoreJob& job : jobs) {
    keys.push_back([&users = roster_[job.device]](const UserId& user) -> std::optional<crypto::VerifyKey> {
      const auto found = users.find(user);
      return found == users.end() ? std::nullopt : std::optional(found->second);
    });
    const sync::LogOrigin& log = job.store.log;
    batches.push_back({{job.device, log.log, log.after_log, log.after.seq, log.after.hash}, as_bytes(job.store.batch), world_.time.now_ms, &keys.back()});
  }
  calm ? machine_.disk().heal() : machine_.tempt_fate(12);
  const auto landed = inbox_->store(batches);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const auto call = jobs[i].call.lock();
    if (!call) continue;
    const std::uint64_t token = jobs[i].store.token;
    call->on_stored({landed.ok() ? result_of(token, (*landed)[i])
                                 : sync::StoreResult{token, sync::Stored::kFailed, {}, "server_cannot_store"}});
  }
}

void Server::cut_power() {
  ++world_.counts.power_cuts;
  jobs_.clear();
  inbox_.reset();
  books_.reset();
  machine_.restart();
  open();
  check_acknowledged();
  require(books_->own_log_seq() >= own_promised_, "what the coordinator was told stands, stands after a power cut");
}

bool Server::recover() {
  const bool cut = !machine_.is_on();
  cut ? cut_power() : machine_.disk().heal();
  return cut;
}

std::vector<server::inbox::InboxBatch> Server::batches() {
  auto reader = must(server::inbox::InboxReader::open(kInbox, machine_.vfs()), "the inbox can be read");
  std::vector<server::inbox::InboxBatch> all;
  while (true) {
    auto some = must(reader.read_after(all.empty() ? 0 : all.back().inbox_id, 50), "the inbox can be read");
    if (some.empty()) return all;
    all.insert(all.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
  }
}

std::set<Hash> Server::stored_entries() {
  std::set<Hash> stored;
  for (const server::inbox::InboxBatch& batch : batches()) {
    for (const journal::BatchItem& item : must(journal::parse_batch(batch.bytes), "a stored batch is whole")) {
      stored.insert(journal::entry_hash(item.entry.bytes));
    }
  }
  return stored;
}

void Server::check_acknowledged() {
  const auto stored = stored_entries();
  for (const Hash& entry : world_.ledger.acknowledged) require(stored.contains(entry), "acknowledged means durable on the server's disk");
}

void Server::back_up() {
  const auto stored = stored_entries();
  copy_ = Copy{machine_.disk().snapshot(), counter_, stored, {}};
  for (auto& log : received()) copy_->logs[log.log.device].push_back(log);
  shipped_.clear();
}

// What was received after the copy is gone; whoever holds it sends it again.
void Server::die() {
  if (!copy_) return;
  ++world_.counts.server_deaths;
  jobs_.clear();
  inbox_.reset();
  books_.reset();
  machine_.disk().restore(copy_->files);
  counter_ = copy_->counter;
  ++epoch_;
  own_promised_ = 0;
  open();
  for (const Bytes& fact : std::exchange(shipped_, {})) promise(fact);
  const auto stored = stored_entries();
  for (const Hash& entry : copy_->entries) require(stored.contains(entry), "secured survives the server's death");
  for (const Hash& entry : world_.ledger.let_go) require(stored.contains(entry), "what a handheld let go survives the server's death");
  std::erase_if(world_.ledger.acknowledged, [&](const Hash& entry) { return !stored.contains(entry); });
  back_up();
}

}  // namespace lantaarn::sim
