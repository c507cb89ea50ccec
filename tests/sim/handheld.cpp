#include "tests/sim/handheld.hpp"

namespace lantaarn::sim {
namespace {

constexpr const char* kJournal = "journal.db";

}  // namespace

Handheld::Handheld(Chance& chance, const WorldTime& world, Ledger& ledger, Counts& counts, std::vector<ClientId>& clients,
                   const crypto::BoxPublicKey& server_sealing_key)
    : chance_(chance), ledger_(ledger), counts_(counts), clients_(clients), server_sealing_key_(server_sealing_key),
      machine_(chance), clock_(world, chance), writers_(2) {
  open();
}

void Handheld::open() {
  database::OpenOptions options;
  options.vfs = machine_.vfs();
  options.wal_autocheckpoint_pages = 40;  // so that a short evening has checkpoints
  journal_.emplace(must(journal::Journal::open(kJournal, id_, options), "the journal opens"));
  source_ = std::make_unique<SmallBatches>(*journal_, chance_);
}

void Handheld::close() {
  source_.reset();
  journal_.reset();
}

Bytes Handheld::make_event(const UserId& author) {
  model::Event event = model::new_event(author, clock_.now());
  const auto client = model::id_field(chance_.pick(clients_));
  const std::uint64_t what = chance_.below(10);
  if (what == 0) {
    clients_.push_back(crypto::random_id<ClientId>());
    event.mutable_client_added()->set_client_id(model::id_field(clients_.back()));
    event.mutable_client_added()->set_alias("alias " + std::to_string(clients_.size()));
  } else if (what == 1) {
    event.mutable_follow_up_planned()->set_client_id(client);
    event.mutable_follow_up_planned()->set_due_date("2026-12-01");
    event.mutable_follow_up_planned()->set_text("call");
  } else if (what == 2 && !contacts_.empty()) {
    const EventId contact = chance_.pick(contacts_);
    event.mutable_contact_amended()->set_contact(model::id_field(contact));
    event.mutable_contact_amended()->set_reason("heard it again");
    auto& change = *event.mutable_contact_amended()->add_changes();
    change.set_field("minutes");
    change.set_value(std::to_string(1 + chance_.below(90)));
    change.add_heads(model::id_field(contact));
  } else {
    auto& contact = *event.mutable_contact_logged();
    if (!chance_.one_in(5)) contact.set_client_id(client);
    contact.set_occurred_at_ms(clock_.now().wall_ms);
    contact.set_channel("in_person");
    contact.set_place("zone");
    contact.set_outcome("spoken");
    contact.set_note(std::string(chance_.below(400), 'n'));
  }
  Bytes encoded = model::encode_event(event);
  const EventId id = model::event_id_of(encoded);
  ledger_.attempted.insert(id);
  in_doubt_.push_back(id);
  if (event.has_contact_logged()) {
    contacts_.push_back(id);
    ledger_.contacts.insert(id);
  }
  return encoded;
}

void Handheld::save(bool calm) {
  const Writer& writer = chance_.pick(writers_);
  if (chance_.one_in(6)) seal_key_ = {crypto::random_id<KeyId>(), crypto::random_secret<32>()};
  std::vector<Bytes> events(1 + chance_.below(4));
  for (Bytes& event : events) event = make_event(writer.id);
  calm ? machine_.disk().heal() : machine_.tempt_fate(8);
  const auto saved = journal_->save({events.begin(), events.end()}, {writer.id, writer.sign}, {seal_key_, server_sealing_key_});
  require(saved.ok() || !calm, "a save succeeds on a healthy disk");
  if (!machine_.is_on()) return restart(saved.ok());
  machine_.disk().heal();
  if (saved.ok()) {
    for (std::size_t i = 0; i < events.size(); ++i) {
      remember(must(journal_->hash_at((*saved)[i].log, (*saved)[i].seq), "a saved entry is there"), in_doubt_[i]);
    }
  } else {
    require(entries() == saved_, "a save that failed leaves nothing behind");
  }
  in_doubt_.clear();
}

void Handheld::remember(const Hash& entry, const EventId& event) {
  ledger_.events.emplace(entry, event);
  saved_.insert(entry);
  ++counts_.events;
}

void Handheld::cut_power() { restart(false); }

bool Handheld::recover() {
  const bool cut = !machine_.is_on();
  cut ? restart(false) : machine_.disk().heal();
  return cut;
}

void Handheld::restart(bool promised) {
  ++counts_.power_cuts;
  close();
  machine_.restart();
  clock_.boot();
  open();
  check_after_restart(promised);
  in_doubt_.clear();
}

void Handheld::check_after_restart(bool promised) {
  require(journal_->damage().empty(), "a power cut does no damage");
  std::size_t still_there = 0;
  std::vector<Hash> beyond;
  for (const Hash& entry : entries_in_order()) {
    if (saved_.contains(entry)) {
      ++still_there;
    } else {
      beyond.push_back(entry);
    }
  }
  require(still_there == saved_.size(), "saved survives a power cut");
  require(beyond.size() == in_doubt_.size() || (beyond.empty() && !promised), "a commit is there whole, or not at all");
  for (std::size_t i = 0; i < beyond.size(); ++i) remember(beyond[i], in_doubt_[i]);
}

std::vector<Hash> Handheld::entries_in_order() {
  std::vector<Hash> found;
  for (const journal::LogState& log : logs()) {
    must(journal_->scan(log.genesis.log, 1,
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

void Handheld::take_copy() {
  close();
  copy_ = Copy{machine_.disk().snapshot(), saved_, marks_};
  open();
}

void Handheld::restore_copy() {
  if (!copy_) return;
  ++counts_.restores;
  close();
  machine_.disk().restore(copy_->files);
  saved_ = copy_->saved;
  marks_ = copy_->marks;
  open();
  check_after_restart(false);
}

void Handheld::acknowledged(const LogId& log, std::uint64_t seq, const Hash& hash) {
  const auto held = journal_->hash_at(log, seq);
  if (!held.ok() || *held != hash) return;  // about another branch of it
  must(journal_->scan(log, 1,
                      [&](const journal::EntryView& entry, ByteView) -> Status {
                        if (entry.header.seq <= seq) ledger_.acknowledged.insert(journal::entry_hash(entry.bytes));
                        return {};
                      }),
       "the chain holds");
}

}  // namespace lantaarn::sim
