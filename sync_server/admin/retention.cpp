// Ends of retention terms: what is due, and ending it. Automatic, logged, and without a look at what it says.
#include <algorithm>
#include <boost/json.hpp>

#include "common/base/civil_time.hpp"
#include "common/model/limits.hpp"
#include "common/model/record_kinds.hpp"
#include "common/model/retention.hpp"
#include "sync_server/admin/commands.hpp"
#include "sync_server/admin/erasure.hpp"
#include "sync_server/merge/directory.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

struct Due {
  std::string retention;
  int days = 0;                    ///< the term in force
  std::vector<EventId> events;     ///< records and contacts
  std::uint64_t counted = 0;       ///< contacts that were counted only
  std::vector<ClientId> clients;   ///< dossiers, by who stands for them
};

Result<std::vector<EventId>> records_due(Registry& registry, model::RetentionClass of, const std::string& before, bool by_until) {
  std::vector<EventId> due;
  for (const model::RecordKind& kind : model::record_kinds()) {
    if (kind.retention != of) continue;
    LANTAARN_ASSIGN(const auto events, registry.records_before(kind.kind, before, by_until));
    due.insert(due.end(), events.begin(), events.end());
  }
  return due;
}

// Closed, and nothing written about her or anyone linked to her since.
Result<std::vector<ClientId>> dossiers_due(Context& context, int before_day) {
  LANTAARN_ASSIGN(auto clients, context.registry.clear_clients());
  // Whoever was written down first within the term is not due, and then the event store need not be read through.
  std::erase_if(clients, [&](const auto& client) { return client.status != "closed" || client.since_day.value_or(0) >= before_day; });
  if (clients.empty()) return std::vector<ClientId>{};
  LANTAARN_ASSIGN(const auto last, context.registry.last_content_days());
  LANTAARN_ASSIGN(const Directory* directory, context.merger.directory());
  std::vector<ClientId> due;
  for (const auto& client : clients) {
    bool stands = true;
    for (const ClientId& member : directory->clusters().members_of(client.id)) {
      const auto day = last.find(member);
      stands = stands && (day == last.end() || day->second < before_day);
    }
    if (stands) due.push_back(client.id);
  }
  return due;
}

Result<Due> due_in(Context& context, const model::RetentionTerm& term, bool applies) {
  LANTAARN_ASSIGN(const Directory* directory, context.merger.directory());
  Due due{std::string(term.retention), directory->retention_days(term.retention).value_or(term.days), {}, 0, {}};
  const CivilDate before = add_days(date_in_amsterdam(context.clock.now().wall_ms), -due.days);
  const std::string date = to_string(before);
  if (term.retention == "unknown_person" && !applies) {
    LANTAARN_ASSIGN(due.counted, context.registry.count_unknown_contacts_before(date));
  } else if (term.retention == "unknown_person") {
    LANTAARN_ASSIGN(due.events, context.registry.unknown_contacts_before(date));
  } else if (term.retention == "attention") {
    LANTAARN_ASSIGN(due.events, records_due(context.registry, model::RetentionClass::kAttention, date, true));
  } else if (term.retention == "programme") {
    LANTAARN_ASSIGN(due.events, records_due(context.registry, model::RetentionClass::kProgramme, date, true));
  } else {
    LANTAARN_ASSIGN(due.clients, dossiers_due(context, to_day_number(before)));
  }
  return due;
}

Status end_events(Context& context, const Due& due) {
  for (std::size_t first = 0; first < due.events.size(); first += model::kEventsEndedMax) {
    model::Event event = context.new_event();
    auto& ended = *event.mutable_records_ended();
    ended.set_retention(due.retention);
    const std::size_t last = std::min(due.events.size(), first + model::kEventsEndedMax);
    for (std::size_t i = first; i < last; ++i) ended.add_events(model::id_field(due.events[i]));
    LANTAARN_TRY(context.record({event}));
  }
  return {};
}

Status end_dossiers(Context& context, const Due& due) {
  for (const ClientId& client : due.clients) {
    LANTAARN_ASSIGN(const Directory* directory, context.merger.directory());
    const auto members = directory->clusters().members_of(client);
    LANTAARN_ASSIGN(const EventId decision, decide_erasure_of(context, client, "retention", "retention"));
    LANTAARN_TRY(erase_clients(context, decision, members));
  }
  return {};
}

}  // namespace

Answer run_retention(Context& context, const Arguments& arguments) {
  const bool applies = arguments.has("apply");
  if (applies == arguments.has("due")) return refused("usage", {"retention --due | --apply"});
  json::array documents;
  for (const model::RetentionTerm& term : model::retention_terms()) {
    LANTAARN_ASSIGN(const Due due, due_in(context, term, applies));
    if (applies) LANTAARN_TRY(end_events(context, due));
    if (applies) LANTAARN_TRY(end_dossiers(context, due));
    documents.push_back(json::object{{"retention", due.retention}, {"days", due.days}, {"records", due.events.size() + due.counted},
                                     {"dossiers", due.clients.size()}, {"ended", applies}});
  }
  return Output{std::move(documents), {}};
}

Answer set_retention(Context& context, const Arguments& arguments) {
  model::Event event = context.new_event();
  auto& set = *event.mutable_retention_set();
  set.set_retention(arguments.one("retention"));
  const std::string days = arguments.one("days");
  if (days.empty() || days.size() > 6 || days.find_first_not_of("0123456789") != std::string::npos) {
    return refused("number_invalid", {std::to_string(model::kRetentionDaysMax)});
  }
  set.set_days(static_cast<std::uint32_t>(std::stoul(days)));
  set.set_reason(context.reason);
  LANTAARN_ASSIGN(const auto events, context.record({event}));
  return Output{json::object{{"event_id", events.front().hex()}, {"retention", set.retention()}, {"days", set.days()}}, {}};
}

}  // namespace lantaarn::server::admin
