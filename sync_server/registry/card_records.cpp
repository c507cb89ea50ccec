#include "sync_server/registry/card_records.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <tuple>

#include "common/model/record_kinds.hpp"
#include "sync_server/registry/cards.hpp"

namespace lantaarn::server {
namespace {

// What is carried first when there is too much.
constexpr std::array<std::string_view, 10> kCarried = {"attention_note", "consent", "time_out_stay", "escalation", "handover",
                                                       "appointment", "referral", "goal", "goal_step", "zrm_assessment"};
constexpr std::array<std::string_view, 2> kCarriedAsNotes = {"attention_note", "consent"};

const std::string& value(const Record& record, std::string_view field) { return value_of(record.fields, field); }

const std::string& day_of(const Record& record) {
  const model::RecordKind* kind = model::find_record_kind(record.kind);
  return value(record, kind == nullptr ? "date" : kind->day);
}

bool is_later(const Record& a, const Record& b) {
  return std::tie(day_of(a), a.recorded_ms, a.id) > std::tie(day_of(b), b.recorded_ms, b.id);
}

// Her records by what is in force. Dates in their spelling compare as text; one that is not stated is "".
class InForce {
 public:
  InForce(const std::vector<Record>& all, const CivilDate& today)
      : today_(to_string(today)), appointments_since_(to_string(add_days(today, -kCardAppointmentDays))) {
    for (const Record& one : all) {
      if (one.kind == "goal" && value(one, "state") == "active") active_goals_.insert(one.id.hex());
    }
  }

  bool operator()(const Record& one) const {
    const auto is = [&](std::string_view field, std::string_view text) { return value(one, field) == text; };
    if (one.kind == "attention_note") return value(one, "until") >= today_;
    if (one.kind == "time_out_stay") return is("through", "") || value(one, "through") >= today_;
    if (one.kind == "escalation") return value(one, "ends") >= today_;
    if (one.kind == "handover") return !is("accepted", "yes");
    if (one.kind == "appointment") return is("attended", "") || value(one, "date") >= appointments_since_;
    if (one.kind == "referral") return !is("state", "declined") && !is("state", "completed");
    if (one.kind == "goal") return is("state", "active");
    if (one.kind == "goal_step") return active_goals_.contains(value(one, "goal"));
    return true;
  }

 private:
  std::string today_, appointments_since_;
  std::set<std::string> active_goals_;
};

bool only_the_latest_counts(std::string_view kind) { return kind == "consent" || kind == "zrm_assessment"; }

// The latest first, so that what does not fit is the oldest.
std::vector<const Record*> carried_of(const std::vector<Record>& all, std::string_view kind, const InForce& in_force) {
  std::vector<const Record*> found;
  for (const Record& one : all) {
    if (one.kind == kind && in_force(one)) found.push_back(&one);
  }
  std::sort(found.begin(), found.end(), [](const Record* a, const Record* b) { return is_later(*a, *b); });
  if (only_the_latest_counts(kind) && found.size() > 1) found.resize(1);
  return found;
}

}  // namespace

CardAccess card_access(std::string_view role) {
  return role == "case_manager" || role == "coordinator" ? CardAccess::kDossier : CardAccess::kNotes;
}

void fill_card_field(const FieldView& field, bool with_value, model::pb::CardField& to) {
  to.set_field(field.field);
  if (with_value) to.set_value(field.value());
  std::vector<EventId> heads;
  for (const FieldHead& head : field.heads) heads.push_back(head.from.event);
  std::sort(heads.begin(), heads.end());
  if (heads.size() > kCardHeadsMax) heads.resize(kCardHeadsMax);
  for (const EventId& head : heads) to.add_heads(to_string(head.view()));
}

Status add_card_records(Registry& registry, const ClientId& client, CardAccess access, const CivilDate& today, model::pb::Card& card) {
  std::vector<Record> all;
  RecordFilter filter;
  filter.client = client;
  LANTAARN_TRY(registry.records(filter, [&](const Record& record) -> Status {
    all.push_back(record);
    return {};
  }));
  const InForce in_force(all, today);
  const std::span<const std::string_view> kinds =
      access == CardAccess::kDossier ? std::span<const std::string_view>(kCarried) : std::span<const std::string_view>(kCarriedAsNotes);
  for (const std::string_view kind : kinds) {
    for (const Record* record : carried_of(all, kind, in_force)) {
      if (static_cast<std::size_t>(card.records_size()) == kCardRecordsMax) return {};
      auto* to = card.add_records();
      to->set_record(to_string(record->id.view()));
      to->set_kind(record->kind);
      for (const FieldView& field : record->fields) fill_card_field(field, true, *to->add_fields());
    }
  }
  return {};
}

}  // namespace lantaarn::server
