#include <algorithm>

#include "common/model/event.hpp"
#include "common/model/validate.hpp"
#include "sync_server/merge/ingest.hpp"
#include "sync_server/merge/pipeline.hpp"
#include "sync_server/merge/refold.hpp"

namespace lantaarn::server {

Result<std::vector<ClockSample>> ClockSamples::of(Registry& registry, const DeviceId& device, const ByteArray<kIdBytes>& boot_id) {
  constexpr std::size_t kBootsInMemory = 10'000;
  auto known = samples_.find(boot_id);
  if (known == samples_.end()) {
    if (samples_.size() >= kBootsInMemory) samples_.clear();
    known = samples_.try_emplace(boot_id).first;
    LANTAARN_ASSIGN(const auto entries, registry.entries_of(boot_id));
    for (const StoredEntry& entry : entries) {
      const auto event = model::decode_event(entry.bytes);
      if (!event.ok() || !event->has_clock_observed() || entry.admission != Admission::kAdmitted) continue;
      const auto& fact = event->clock_observed();
      known->second.emplace_back(DeviceId::from(fact.device_id()).value_or(DeviceId{}),
                                 ClockSample{fact.server_wall_ms(), fact.device_monotonic_ms(), entry.event});
    }
  }
  std::vector<ClockSample> samples;
  for (const auto& [of_device, sample] : known->second) {
    if (of_device == device) samples.push_back(sample);
  }
  return samples;
}

Result<Directory> load_directory(Registry& registry) {
  Directory directory;
  for (int kind = model::Event::kUserAdded; kind <= model::Event::kDeviceTermsSet; ++kind) {
    if (!is_directory_fact(kind)) continue;
    LANTAARN_ASSIGN(const auto entries, registry.entries_of_kind(kind));
    for (const StoredEntry& entry : entries) {
      if (entry.admission == Admission::kAdmitted) directory.apply(entry);
    }
  }
  return directory;
}

Status Merger::State::refresh() {
  if (!stale) return {};
  LANTAARN_ASSIGN(directory, load_directory(registry));
  LANTAARN_ASSIGN(own_log, OwnLog::open(registry, keys));
  clocks = {};
  stale = false;
  return {};
}

Merger::Merger(std::unique_ptr<State> state) : state_(std::move(state)) {}
Merger::Merger(Merger&&) noexcept = default;
Merger& Merger::operator=(Merger&&) noexcept = default;
Merger::~Merger() = default;

Result<Merger> Merger::open(Registry& registry, const ServerKeys& keys, const MergeOptions& options) {
  LANTAARN_ASSIGN(Directory directory, load_directory(registry));
  LANTAARN_ASSIGN(OwnLog own_log, OwnLog::open(registry, keys));
  auto state = std::unique_ptr<State>(new State{registry, keys, options, std::move(directory), std::move(own_log), {}, {}, false});
  LANTAARN_ASSIGN(const int version, registry.fold_version());
  if (version != options.fold_version) LANTAARN_TRY(refold(*state, version == 0));
  return Merger(std::move(state));
}

// A new seal key is begun, boxed to the newest sealing key; none is remembered that only a destroyed one told.
void Merger::keys_changed() {
  state_->stale = true;
  state_->seal_keys.clear();
}

Result<const Directory*> Merger::directory() {
  LANTAARN_TRY(state_->refresh());
  return &state_->directory;
}

Result<std::vector<EventId>> Merger::record(const std::vector<Bytes>& events, std::int64_t now_ms, const Also& also) {
  State& state = *state_;
  LANTAARN_TRY(state.refresh());
  for (const Bytes& bytes : events) {
    LANTAARN_ASSIGN(const model::Event event, model::decode_event(bytes));
    LANTAARN_TRY(model::validate_event(event));
  }
  LANTAARN_ASSIGN(const auto change, state.registry.begin());
  state.stale = true;  // until it is committed
  Ingest ingest(state, *change);
  std::vector<EventId> ids;
  for (const Bytes& event : events) {
    LANTAARN_ASSIGN(const EventId id, ingest.state_fact(event, now_ms));
    ids.push_back(id);
  }
  LANTAARN_TRY(ingest.finish());
  if (also) LANTAARN_TRY(also(*change));
  LANTAARN_TRY(change->commit());
  state.stale = false;
  return ids;
}

namespace {

// Beside the cursor: which inbox it counts in.
constexpr std::string_view kInboxMark = "inbox_mark";

struct Beginning {
  std::int64_t cursor = 0;
  Bytes new_mark;  // empty: the one noted still holds
};

Result<Beginning> beginning_of(Registry& registry, InboxSource& inbox) {
  LANTAARN_ASSIGN(const std::int64_t stored, registry.cursor());
  LANTAARN_ASSIGN(const auto noted, registry.secret(kInboxMark));
  const ByteView mark = noted ? noted->view() : ByteView();
  LANTAARN_ASSIGN(auto from, inbox.resume(mark, stored));
  if (std::equal(mark.begin(), mark.end(), from.mark.begin(), from.mark.end())) from.mark.clear();
  return Beginning{from.cursor, std::move(from.mark)};
}

void add_up(MergeReport& total, const MergeReport& part) {
  total.batches += part.batches;
  total.entries += part.entries;
  total.added += part.added;
  total.set_apart += part.set_apart;
}

// Batches up to one transaction's worth; nothing when the inbox is read through.
Result<std::optional<MergeReport>> merge_one_transaction(Merger::State& state, Pipeline& pipeline, const Bytes& new_mark,
                                                         std::size_t entries_max) {
  LANTAARN_ASSIGN(auto batch, pipeline.next());
  if (!batch) return std::optional<MergeReport>{};
  LANTAARN_ASSIGN(const auto change, state.registry.begin());
  state.stale = true;
  Ingest ingest(state, *change);
  std::int64_t cursor = 0;
  while (batch) {
    LANTAARN_TRY(ingest.add(*batch));
    cursor = batch->inbox_id;
    if (ingest.report().entries >= entries_max) break;
    LANTAARN_ASSIGN(batch, pipeline.next());
  }
  LANTAARN_TRY(ingest.finish());
  LANTAARN_TRY(change->put_cursor(cursor));
  if (!new_mark.empty()) LANTAARN_TRY(change->put_secret(kInboxMark, {}, new_mark));
  LANTAARN_TRY(change->commit());
  state.stale = false;
  MergeReport report = ingest.report();
  report.cursor = cursor;
  return std::optional(report);
}

}  // namespace

Result<std::int64_t> Merger::cursor(InboxSource& inbox) {
  LANTAARN_ASSIGN(const Beginning from, beginning_of(state_->registry, inbox));
  return from.cursor;
}

Result<MergeReport> Merger::merge(InboxSource& inbox, std::size_t entries_max) {
  State& state = *state_;
  LANTAARN_TRY(state.refresh());
  LANTAARN_ASSIGN(const Beginning from, beginning_of(state.registry, inbox));
  MergeReport total;
  total.cursor = from.cursor;
  Opener opener(state.keys, state.seal_keys, state.directory.keys(), state.directory.former_servers(), state.options.newest_fact);
  Pipeline pipeline(inbox, std::move(opener), total.cursor);
  while (true) {
    LANTAARN_ASSIGN(const auto part, merge_one_transaction(state, pipeline, from.new_mark, std::min(entries_max, state.options.entries_per_transaction)));
    if (!part) return total;
    add_up(total, *part);
    total.cursor = part->cursor;
    if (total.entries >= entries_max) {
      total.more = true;
      return total;
    }
  }
}

}  // namespace lantaarn::server
