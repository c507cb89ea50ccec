#include <algorithm>

#include "firmware_app/capture/capture.hpp"
#include "firmware_app/capture/heads.hpp"

namespace lantaarn::firmware {
namespace {

std::size_t place_of(std::string_view kind) {
  const auto kinds = model::record_kinds();
  const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const model::RecordKind& one) { return one.kind == kind; });
  return static_cast<std::size_t>(found - kinds.begin());
}

std::string day_of(const RecordView& view) {
  const model::RecordKind* kind = model::find_record_kind(view.kind);
  return kind == nullptr ? std::string() : view.value(kind->day);
}

// A card of before an own change gets its value when that can be read, else the view is of before.
void apply_own(const pb::ContactHeads& own, const CardFields& card, const RecordCorrections* readable, RecordView& view) {
  view.amended = own.fields_size() > 0;
  view.retracted = own.retracted();
  for (const auto& field : own.fields()) {
    if (!card_is_older(field, card)) continue;
    const auto last = EventId::from(field.heads().empty() ? std::string() : field.heads(0));
    const bool can_be_read = readable != nullptr && last && readable->changes.contains(*last);
    if (!can_be_read) {
      view.stale = true;
      continue;
    }
    view.fields[field.field()] = readable->fields.at(field.field());
    view.contested.erase(field.field());
  }
}

}  // namespace

Result<RecordView> Capture::view_of(const model::pb::CardRecord& record, const std::string& client, const ReadableEntries& read) {
  RecordView view;
  view.record = EventId::from(record.record()).value_or(EventId{});
  view.kind = record.kind();
  view.client_id = client;
  view.on_card = true;
  for (const auto& field : record.fields()) {
    view.fields[field.field()] = field.value();
    if (field.heads_size() > 1) view.contested.insert(field.field());
  }
  LANTAARN_ASSIGN(const KnownRecord known, known_record(view.record));
  const auto corrections = read.record_corrections.find(view.record);
  apply_own(known.heads, record.fields(), corrections == read.record_corrections.end() ? nullptr : &corrections->second, view);
  return view;
}

Result<RecordList> Capture::records() {
  LANTAARN_ASSIGN(const auto read, readable());
  std::vector<const CaseCard*> all;
  for (const CaseCard& card : cards_) all.push_back(&card);
  return gather_records(all, read.records, read);
}

Result<RecordList> Capture::records_of(const std::string& client_id, const ReadableEntries& read) {
  std::vector<const CaseCard*> hers;
  for (const CaseCard& card : cards_) {
    if (card.card.client_id() == client_id) hers.push_back(&card);
  }
  std::vector<RecordView> here;
  std::copy_if(read.records.begin(), read.records.end(), std::back_inserter(here), [&](const RecordView& each) { return each.client_id == client_id; });
  return gather_records(hers, here, read);
}

Result<RecordList> Capture::gather_records(const std::vector<const CaseCard*>& cards, const std::vector<RecordView>& here,
                                           const ReadableEntries& read) {
  RecordList list;
  list.damage = read.damage;
  std::set<EventId> on_cards;
  for (const CaseCard* card : cards) {
    for (const auto& record : card->card.records()) {
      LANTAARN_ASSIGN(RecordView view, view_of(record, card->card.client_id(), read));
      if (on_cards.insert(view.record).second) list.records.push_back(std::move(view));
    }
  }
  for (const RecordView& view : here) {
    if (!on_cards.contains(view.record)) list.records.push_back(view);
  }
  std::stable_sort(list.records.begin(), list.records.end(), [](const RecordView& a, const RecordView& b) {
    const auto left = place_of(a.kind), right = place_of(b.kind);
    return left != right ? left < right : day_of(a) < day_of(b);
  });
  return list;
}

}  // namespace lantaarn::firmware
