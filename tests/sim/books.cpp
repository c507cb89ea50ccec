#include "tests/sim/books.hpp"

#include "sync_server/merge/directory.hpp"
#include "sync_server/merge/feed.hpp"
#include "sync_server/registry/sqlite/open.hpp"

namespace lantaarn::sim {
namespace {

server::InboxBatch for_merge(const server::inbox::InboxBatch& batch) {
  return {batch.inbox_id, batch.log.device, batch.log.log, batch.received_ms, batch.bytes};
}

}  // namespace

Books::Books(const ServerSecrets& secrets, const char* vfs, bool observes_forks)
    : secrets_(secrets), vfs_(vfs), observes_forks_(observes_forks) {
  open();
}

void Books::open() {
  database::OpenOptions options;
  options.vfs = vfs_;
  registry_ = must(server::open_sqlite_registry(vfs_ == nullptr ? ":memory:" : "registry.db", secrets_.data_key.duplicate(), options),
                   "the registry opens");
  server::MergeOptions merging;
  merging.observes_forks = observes_forks_;
  merging.entries_per_transaction = 20;
  merger_.emplace(must(server::Merger::open(*registry_, secrets_.keys, merging), "the merge begins"));
}

void Books::close() {
  merger_.reset();
  registry_.reset();
}

bool Books::merge(server::InboxSource& inbox, std::size_t entries_max) { return merger_->merge(inbox, entries_max).ok(); }

bool Books::record(const Bytes& fact) {
  const auto recorded = merger_->record({fact}, 1);
  const bool may = recorded.ok() || recorded.error().kind != ErrorKind::kRefused;
  require(may, "the server may state this: " + (may ? "" : recorded.error().to_log_line()));
  return recorded.ok();
}
std::string Books::digest() { return must(server::digest(*registry_), "the registry can be read").text(); }

model::Event Books::new_fact() const {
  ClockReading now;
  now.wall_ms = 1'795'000'000'000;
  now.status = ClockStatus::kOk;
  return model::new_event(UserId{secrets_.identity.id.bytes}, now);
}

Bytes Books::user_added(const UserId& user) const {
  model::Event event = new_fact();
  event.mutable_user_added()->set_user_id(model::id_field(user));
  event.mutable_user_added()->set_name("user " + user.hex().substr(0, 4));
  event.mutable_user_added()->set_role("case_manager");
  return model::encode_event(event);
}

Bytes Books::device_added(const Handheld& handheld) const {
  model::Event event = new_fact();
  event.mutable_device_added()->set_device_id(model::id_field(handheld.id()));
  event.mutable_device_added()->set_name("handheld");
  for (const Writer& writer : handheld.writers()) event.mutable_device_added()->add_users(model::id_field(writer.id));
  return model::encode_event(event);
}

Bytes Books::user_bound(const DeviceId& device, const Writer& writer) const {
  model::Event event = new_fact();
  auto& bound = *event.mutable_device_user_bound();
  bound.set_device_id(model::id_field(device));
  bound.set_user_id(model::id_field(writer.id));
  bound.set_box_key(to_string(writer.box));
  bound.set_verify_key(to_string(writer.sign.verify_key()));
  return model::encode_event(event);
}

Bytes Books::clock_observed(const DeviceId& device, const sync::pb::ClockSample& sample, std::int64_t now_ms) const {
  model::Event event = new_fact();
  auto& observed = *event.mutable_clock_observed();
  observed.set_device_id(model::id_field(device));
  observed.set_boot_id(sample.boot_id());
  observed.set_device_wall_ms(sample.wall_ms());
  observed.set_device_monotonic_ms(sample.monotonic_ms());
  observed.set_server_wall_ms(now_ms);
  return model::encode_event(event);
}

model::Event Books::entries_admitted(const DeviceId& device, const std::vector<Hash>& entries) const {
  model::Event event = new_fact();
  event.mutable_entries_admitted()->set_device_id(model::id_field(device));
  event.mutable_entries_admitted()->set_reason("checked by phone");
  for (const Hash& entry : entries) event.mutable_entries_admitted()->add_entry_hashes(to_string(entry));
  return event;
}

std::vector<Bytes> Books::own_facts() {
  std::map<std::uint64_t, Bytes> facts;
  must(registry_->all_entries([&](const server::StoredEntry& entry) -> Status {
    if (entry.place.device.bytes == secrets_.identity.id.bytes) facts[entry.place.seq] = entry.bytes;
    return {};
  }), "the event store can be read");
  std::vector<Bytes> in_order;
  for (auto& [seq, fact] : facts) in_order.push_back(std::move(fact));
  return in_order;
}

std::set<EventId> Books::own_facts_dropped() {
  std::set<EventId> found;
  must(registry_->all_dropped([&](const server::StoredEntry& entry) -> Status {
    if (entry.place.device.bytes == secrets_.identity.id.bytes) found.insert(entry.event);
    return {};
  }), "the event store can be read");
  return found;
}

bool Books::wrote_about_women() {
  if (!own_facts_dropped().empty()) return true;
  bool found = false;
  must(registry_->all_entries([&](const server::StoredEntry& entry) -> Status {
    found = found || (entry.place.device.bytes == secrets_.identity.id.bytes && entry.kind < model::Event::kUserAdded);
    return {};
  }), "the event store can be read");
  return found;
}

Status Books::fold(const std::vector<server::StoredEntry>& entries, const std::vector<server::StoredEntry>& dropped,
                   const std::vector<server::HeldEntry>& held, Chance& chance) {
  server::MergeOptions options;
  options.observes_forks = false;
  LANTAARN_ASSIGN(auto own_log, server::OwnLog::open(*registry_, secrets_.keys));
  server::Merger::State state{*registry_, secrets_.keys, options, {}, std::move(own_log), {}, {}, false};
  server::Feed feed(state);
  for (const auto& entry : dropped) LANTAARN_TRY(feed.add_dropped(entry));
  for (const auto& entry : entries) {
    LANTAARN_TRY(feed.add_entry(entry));
    if (chance.one_in(10)) LANTAARN_TRY(feed.end());
  }
  for (const auto& entry : held) LANTAARN_TRY(feed.add_held(entry));
  return feed.end();
}

std::uint64_t Books::own_log_seq() {
  const auto head = must(registry_->own_head(), "the own log can be read");
  return head ? head->second.seq : 0;
}

bool Books::is_revoked(const DeviceId& device) {
  const auto view = must(directory(), "the directory can be read")->device(device);
  return view && view->revoked;
}

std::vector<server::LogView> Books::logs_of(const DeviceId& device) {
  for (const server::DeviceView& view : must(registry_->devices(), "devices can be read")) {
    if (view.id == device) return view.logs;
  }
  return {};
}

std::map<EventId, int> Books::admitted() {
  std::map<EventId, int> found;
  must(registry_->all_entries([&](const server::StoredEntry& entry) -> Status {
    if (entry.admission == server::Admission::kAdmitted && entry.place.device.bytes != secrets_.identity.id.bytes) ++found[entry.event];
    return {};
  }), "the event store can be read");
  return found;
}

std::map<EventId, int> Books::contacts() {
  std::map<EventId, int> found;
  must(registry_->contacts({}, [&](const server::Contact& contact) -> Status {
    ++found[contact.id];
    return {};
  }), "contacts can be read");
  return found;
}

std::vector<std::pair<LogId, Hash>> Books::forks() {
  std::vector<std::pair<LogId, Hash>> found;
  for (const auto& entry : must(registry_->entries_of_kind(model::Event::kForkObserved), "the event store can be read")) {
    const auto opened = must(registry_->entry(entry.ref), "an event can be opened");
    const auto event = must(model::decode_event(opened.bytes), "an event can be read");
    const auto& fork = event.fork_observed();
    found.emplace_back(*LogId::from(fork.log_id()), *to_array<32>(as_bytes(fork.other_hash())));
  }
  return found;
}

std::vector<server::Quarantined> Books::set_apart() {
  std::vector<server::Quarantined> found;
  must(registry_->quarantine([&](const server::Quarantined& entry) -> Status {
    found.push_back(entry);
    return {};
  }), "what is set apart can be read");
  return found;
}

Result<std::vector<server::InboxBatch>> InboxFeed::read_after(std::int64_t inbox_id, std::size_t batches_max) {
  LANTAARN_ASSIGN(auto reader, server::inbox::InboxReader::open(path_, vfs_));
  LANTAARN_ASSIGN(const auto stored, reader.read_after(inbox_id, batches_max));
  std::vector<server::InboxBatch> batches;
  for (const auto& batch : stored) batches.push_back(for_merge(batch));
  return batches;
}

void Replay::put(const server::inbox::InboxBatch& batch) {
  batches_.push_back(for_merge(batch));
  batches_.back().inbox_id = static_cast<std::int64_t>(batches_.size());
}

Result<std::vector<server::InboxBatch>> Replay::read_after(std::int64_t inbox_id, std::size_t batches_max) {
  const std::size_t from = static_cast<std::size_t>(inbox_id);
  const std::size_t to = std::min(batches_.size(), from + batches_max);
  return std::vector<server::InboxBatch>(batches_.begin() + static_cast<std::ptrdiff_t>(from), batches_.begin() + static_cast<std::ptrdiff_t>(to));
}

}  // namespace lantaarn::sim
