#include "tests/sim/handheld.hpp"

#include <new>
#include <utility>

#include "tests/support/fault_memory.hpp"

namespace lantaarn::sim {
namespace {

constexpr std::uint64_t kAllocationsOfASave = 400;  // about

}  // namespace

Handheld::Handheld(World& world, std::shared_ptr<const Owners> owners, const crypto::BoxPublicKey& server_sealing_key)
    : world_(world), server_sealing_key_(server_sealing_key), machine_(world.chance, world.counts), clock_(world.time, world.chance),
      owners_(std::move(owners)) {
  open();
}

std::unique_ptr<Handheld> Handheld::clone() {
  ++world_.counts.clones;
  auto twin = std::make_unique<Handheld>(world_, owners_, server_sealing_key_);
  twin->become(copy_now());
  return twin;
}

void Handheld::open() {
  database::OpenOptions options;
  options.vfs = machine_.vfs();
  options.wal_autocheckpoint_pages = 40;  // so that a short evening has checkpoints
  journal_.emplace(must(journal::Journal::open(kJournal, id(), options), "the journal opens"));
  source_ = std::make_unique<SmallBatches>(*journal_, world_.chance);
}

void Handheld::close() {
  source_.reset();
  journal_.reset();
}

Bytes Handheld::make_event(const UserId& author) {
  Chance& chance = world_.chance;
  model::Event event = model::new_event(author, clock_.now());
  Written written;
  written.client = chance.pick(world_.clients);
  const auto client = model::id_field(*written.client);
  const std::uint64_t what = chance.below(10);
  if (what == 0) {
    world_.clients.push_back(crypto::random_id<ClientId>());
    written.client = world_.clients.back();
    event.mutable_client_added()->set_client_id(model::id_field(*written.client));
    event.mutable_client_added()->set_alias(world_.text(10));
  } else if (what == 1) {
    event.mutable_follow_up_planned()->set_client_id(client);
    event.mutable_follow_up_planned()->set_due_date("2026-12-01");
    event.mutable_follow_up_planned()->set_text(world_.text());
  } else if (what == 2 && !contacts_.empty()) {
    const EventId contact = chance.pick(contacts_);
    written = {false, std::nullopt, contact};
    event.mutable_contact_amended()->set_contact(model::id_field(contact));
    event.mutable_contact_amended()->set_reason(world_.text());
    auto& change = *event.mutable_contact_amended()->add_changes();
    change.set_field("minutes");
    change.set_value(std::to_string(1 + chance.below(90)));
    change.add_heads(model::id_field(contact));
  } else {
    auto& contact = *event.mutable_contact_logged();
    written.contact = true;
    if (chance.one_in(5)) written.client.reset();
    if (written.client) contact.set_client_id(client);
    contact.set_occurred_at_ms(clock_.now().wall_ms);
    contact.set_channel("in_person");
    contact.set_place("zone");
    contact.set_outcome("spoken");
    contact.set_note(world_.text(400));
  }
  Bytes encoded = model::encode_event(event);
  const EventId id = model::event_id_of(encoded);
  in_doubt_.push_back(id);
  if (written.contact) contacts_.push_back(id);
  world_.ledger.attempted.emplace(id, std::move(written));
  return encoded;
}

Result<std::vector<journal::Saved>> Handheld::save_events(const Writer& writer, const std::vector<Bytes>& events, bool calm) {
  const std::vector<ByteView> views(events.begin(), events.end());
  const bool forgetful = !calm && world_.chance.one_in(8);
  std::optional<support::MemoryFault> fault(std::in_place, forgetful ? 1 + world_.chance.below(kAllocationsOfASave) : 0);
  try {
    auto saved = journal_->save(views, {writer.id, writer.sign}, {seal_key_, server_sealing_key_});
    if (fault->struck()) ++world_.counts.memory_faults;
    return saved;
  } catch (const std::bad_alloc&) {
    // What the program's edge makes of it.
    fault.reset();
    ++world_.counts.memory_faults;
    return retry("memory_short");
  }
}

void Handheld::save(bool calm) {
  Chance& chance = world_.chance;
  const Writer& writer = writers()[chance.below(writers().size())];
  if (chance.one_in(6)) seal_key_ = {crypto::random_id<KeyId>(), crypto::random_secret<32>()};
  std::vector<Bytes> events(1 + chance.below(4));
  for (Bytes& event : events) event = make_event(writer.id);
  calm ? machine_.disk().heal() : machine_.tempt_fate(8);
  const auto saved = save_events(writer, events, calm);
  require(saved.ok() || !calm, "a save succeeds on a healthy disk");
  if (!machine_.is_on()) return restart(saved.ok());
  machine_.disk().heal();
  if (saved.ok()) {
    for (std::size_t i = 0; i < events.size(); ++i) {
      remember(must(journal_->hash_at((*saved)[i].log, (*saved)[i].seq), "a saved entry is there"), in_doubt_[i]);
    }
    unsure_.clear();
  } else {
    require(entries() == saved_, "a save that failed leaves nothing behind: " + saved.error().to_log_line());
    if (saved.error().kind == ErrorKind::kStorage) unsure_ = in_doubt_;
  }
  in_doubt_.clear();
}

void Handheld::remember(const Hash& entry, const EventId& event) {
  world_.ledger.events.emplace(entry, event);
  saved_.insert(entry);
  ++world_.counts.events;
}

void Handheld::cut_power() { restart(false); }

bool Handheld::recover() {
  const bool cut = !machine_.is_on();
  cut ? restart(false) : machine_.disk().heal();
  return cut;
}

void Handheld::restart(bool promised) {
  ++world_.counts.power_cuts;
  close();
  machine_.restart();
  clock_.boot();
  open();
  check_after_restart(promised);
  in_doubt_.clear();
  unsure_.clear();
}

void Handheld::check_after_restart(bool promised) {
  require(journal_->damage().empty(), "a power cut does no damage");
  std::set<Hash> still_there;
  std::vector<Hash> beyond;
  for (const Hash& entry : entries_in_order()) {
    if (saved_.contains(entry)) {
      still_there.insert(entry);
    } else {
      beyond.push_back(entry);
    }
  }
  if (std::exchange(pruning_, false)) let_go(still_there);
  require(still_there == saved_, "saved survives a power cut");
  if (beyond.empty()) return require(!promised, "a commit that was promised is there after a power cut");
  // A save whose last write the disk refused was never promised; the disk may have kept it all the same.
  const auto& whole = beyond.size() == in_doubt_.size() ? in_doubt_ : unsure_;
  require(beyond.size() == whole.size(), "a commit is there whole, or not at all");
  for (std::size_t i = 0; i < beyond.size(); ++i) remember(beyond[i], whole[i]);
}

std::vector<Hash> Handheld::entries_in_order() {
  std::vector<Hash> found;
  for (const journal::LogState& log : logs()) {
    must(journal_->scan(log.genesis.log, log.pruned.seq + 1,
                        [&](const journal::EntryView& entry, ByteView) -> Status {
                          found.push_back(journal::entry_hash(entry.bytes));
                          return {};
                        }),
         "the chain holds");
  }
  return found;
}

std::vector<journal::LogState> Handheld::logs() { return must(journal_->logs(), "logs are readable"); }

std::set<Hash> Handheld::entries() {
  const auto found = entries_in_order();
  return {found.begin(), found.end()};
}

Handheld::Copy Handheld::copy_now() {
  close();
  Copy copy{machine_.disk().snapshot(), saved_, secured_, marks_};
  open();
  return copy;
}

void Handheld::become(const Copy& copy) {
  close();
  machine_.disk().restore(copy.files);
  saved_ = copy.saved;
  secured_.insert(copy.secured.begin(), copy.secured.end());
  marks_ = copy.marks;
  pruning_ = false;
  unsure_.clear();
  open();
  check_after_restart(false);
}

void Handheld::take_copy() { copy_ = copy_now(); }

void Handheld::restore_copy() {
  if (!copy_) return;
  ++world_.counts.restores;
  become(*copy_);
}

void Handheld::acknowledged(const LogId& log, std::uint64_t seq, const Hash& hash) {
  const auto held = journal_->hash_at(log, seq);
  if (!held.ok() || *held != hash) return;  // about another branch of it
  for (const Hash& entry : entries_through(log, seq)) world_.ledger.acknowledged.insert(entry);
}

void Handheld::told_secured(const LogId& log, std::uint64_t seq, const Hash& hash) {
  const auto held = journal_->hash_at(log, seq);
  if (!held.ok() || *held != hash) return;  // about another branch of it, or gone here already
  for (const Hash& entry : entries_through(log, seq)) secured_.insert(entry);
}

std::vector<Hash> Handheld::entries_through(const LogId& log, std::uint64_t seq) {
  std::vector<Hash> found;
  for (const journal::LogState& each : logs()) {
    if (each.genesis.log != log) continue;
    must(journal_->scan(log, each.pruned.seq + 1,
                        [&](const journal::EntryView& entry, ByteView) -> Status {
                          if (entry.header.seq <= seq) found.push_back(journal::entry_hash(entry.bytes));
                          return {};
                        }),
         "the chain holds");
  }
  return found;
}

void Handheld::prune(bool calm) {
  const auto all = logs();
  calm ? machine_.disk().heal() : machine_.tempt_fate(3);
  pruning_ = true;
  bool failed = false;
  for (const journal::LogState& log : all) {
    const auto went = journal_->prune(log.genesis.log, UINT64_MAX);
    require(went.ok() || !calm, "pruning succeeds on a healthy disk");
    failed = failed || !went.ok();
  }
  if (!machine_.is_on()) return restart(false);
  machine_.disk().heal();
  pruning_ = failed;
  let_go(entries());
}

// Only what the authority called secured may be missing now.
void Handheld::let_go(const std::set<Hash>& still_there) {
  for (auto entry = saved_.begin(); entry != saved_.end();) {
    if (still_there.contains(*entry)) {
      ++entry;
      continue;
    }
    require(secured_.contains(*entry), "nothing goes before it is secured");
    world_.ledger.let_go.insert(*entry);
    ++world_.counts.pruned;
    entry = saved_.erase(entry);
  }
}

}  // namespace lantaarn::sim
