#include "firmware_app/capture/capture.hpp"

namespace lantaarn::firmware {
namespace {

// Puts readable events in their places, in order of saving.
class Reading {
 public:
  explicit Reading(ReadableEntries& found) : found_(found) {}

  void take(const model::Event& event, ByteView bytes, const journal::EntryView& entry) {
    switch (event.fact_case()) {
      case model::Event::kContactLogged: return take_contact(event, bytes, entry);
      case model::Event::kContactAmended: return take_amendment(event.contact_amended());
      case model::Event::kContactRetracted:
        if (auto* view = find(event.contact_retracted().contact())) view->retracted = true;
        return;
      case model::Event::kFollowUpPlanned: {
        const auto& planned = event.follow_up_planned();
        found_.follow_ups.push_back({model::event_id_of(bytes), planned.client_id(), planned.due_date(), planned.text()});
        return;
      }
      case model::Event::kFollowUpDone:
        if (const auto id = EventId::from(event.follow_up_done().follow_up())) found_.done.push_back(*id);
        return;
      case model::Event::kHeadCounted: found_.head_count += event.head_counted().delta(); return;
      default: return;
    }
  }

 private:
  ContactView* find(const std::string& id) {
    const auto wanted = EventId::from(id);
    const auto at = wanted ? places_.find(*wanted) : places_.end();
    return at == places_.end() ? nullptr : &found_.contacts[at->second];
  }

  void take_contact(const model::Event& event, ByteView bytes, const journal::EntryView& entry) {
    ContactView view;
    view.event = model::event_id_of(bytes);
    view.place = {entry.header.log, entry.header.seq};
    view.author = entry.header.author;
    view.round = RoundId::from(event.round_id());
    view.fields = model::fields_of(event.contact_logged());
    view.recorded_ms = event.recorded().wall_ms();
    view.clock = model::reading_of(event.recorded()).status;
    places_[view.event] = found_.contacts.size();
    found_.contacts.push_back(std::move(view));
  }

  void take_amendment(const model::pb::ContactAmended& amended) {
    auto* view = find(amended.contact());
    if (view == nullptr) return;
    view->amended = true;
    for (const auto& change : amended.changes()) view->fields[change.field()] = change.value();
  }

  ReadableEntries& found_;
  std::map<EventId, std::size_t> places_;
};

const RoundKey* key_for(const std::vector<RoundKey>& keys, const KeyId& id) {
  for (const RoundKey& key : keys) {
    if (key.seal.id == id) return &key;
  }
  return nullptr;
}

// Where to begin in a log: at the earliest readable entry. A later log is read from its start; an earlier one not at all.
std::uint64_t first_readable(const std::vector<RoundKey>& keys, const std::vector<journal::LogState>& logs, std::size_t index) {
  std::uint64_t first = 0;
  for (const RoundKey& key : keys) {
    std::size_t begins = logs.size();
    for (std::size_t i = 0; i < logs.size(); ++i) {
      if (logs[i].genesis.log == key.log) begins = i;
    }
    if (begins > index) continue;
    const std::uint64_t from = begins == index ? key.from_seq : 1;
    first = first == 0 ? from : std::min(first, from);
  }
  return first;
}

}  // namespace

Result<ReadableEntries> Capture::readable() {
  ReadableEntries found;
  LANTAARN_ASSIGN(const auto keys, open_round_keys(journal_, user_.box));
  if (keys.empty()) return found;
  LANTAARN_ASSIGN(const auto logs, journal_.logs());
  Reading reading(found);
  Bytes bytes;
  for (std::size_t i = 0; i < logs.size(); ++i) {
    const std::uint64_t from = first_readable(keys, logs, i);
    if (from == 0 || from > logs[i].head.seq) continue;
    const Status read = journal_.scan(logs[i].genesis.log, from, [&](const journal::EntryView& entry, ByteView) -> Status {
      const RoundKey* key = key_for(keys, entry.header.seal_key);
      if (key == nullptr) return {};
      LANTAARN_TRY(journal::open_entry(entry, key->seal.key, bytes));
      LANTAARN_ASSIGN(const model::Event event, model::decode_event(bytes));
      reading.take(event, bytes, entry);
      return {};
    });
    if (!read.ok()) found.damage = read.error();
  }
  return found;
}

}  // namespace lantaarn::firmware
