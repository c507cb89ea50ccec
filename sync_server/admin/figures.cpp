#include <algorithm>
#include <boost/json.hpp>

#include "common/base/civil_time.hpp"
#include "sync_server/admin/commands.hpp"
#include "sync_server/admin/documents.hpp"
#include "sync_server/admin/figures.hpp"
#include "sync_server/admin/rescue.hpp"
#include "sync_server/admin/duress.hpp"
#include "sync_server/admin/programme.hpp"
#include "sync_server/admin/scratch.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

json::array women_documents(const Overview& overview) {
  json::array rows;
  for (const auto& row : overview.women) {
    rows.push_back(json::object{{"status", row.status},
                                {"intensity", text_or_null(row.intensity)},
                                {"women", row.clients},
                                {"in_contact", row.in_contact}});
  }
  return rows;
}

json::object contacts_document(const Overview& overview) {
  json::array rows;
  std::uint64_t total = 0;
  for (const auto& row : overview.contacts) {
    rows.push_back(json::object{{"channel", row.channel}, {"place", row.place}, {"contacts", row.contacts}});
    total += row.contacts;
  }
  return {{"total", total}, {"unknown_persons", overview.unknown_persons}, {"kept", overview.kept_contacts}, {"by_channel_and_place", std::move(rows)}};
}

// Dates and owners: about whom stays closed.
json::array follow_up_documents(const Overview& overview, const Names& names) {
  json::array rows;
  for (const auto& follow_up : overview.follow_ups_due) {
    json::object row{{"due_date", follow_up.due_date}, {"owner", nullptr}, {"owner_name", nullptr}};
    if (follow_up.owner) {
      row["owner"] = follow_up.owner->hex();
      row["owner_name"] = names.user(*follow_up.owner);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

json::object digest_document(const Digest& digest) {
  return {{"digest", digest.text()},       {"fold_version", digest.fold_version},  {"events", digest.events},
          {"clients", digest.clients},     {"contacts", digest.contacts},          {"follow_ups", digest.follow_ups},
          {"records", digest.records},     {"rounds", digest.rounds},       {"review_cases", digest.review_cases},  {"quarantined", digest.quarantined}};
}

}  // namespace

Result<json::object> overview_document(Context& context, Overview& overview, const std::string& from, const std::string& through) {
  LANTAARN_ASSIGN(const auto received, context.inbox.received());
  LANTAARN_ASSIGN(const Names names, Names::load(context.registry));
  LANTAARN_ASSIGN(json::object programme, programme_document(context.registry, context.today(), from, through));
  sort_by_name(overview.handhelds);
  json::array handhelds;
  for (const auto& device : overview.handhelds) {
    LANTAARN_ASSIGN(const auto unlocks, duress_unlocks(context.registry, device.id));
    handhelds.push_back(handheld_document(device, received));
    handhelds.back().as_object()["duress"] = duress_documents(unlocks, names);
  }
  return json::object{{"at", instant(context.clock.now().wall_ms)},
                      {"date", overview.date},
                      {"from", text_or_null(from)},
                      {"through", text_or_null(through)},
                      {"in_view", overview.in_view},
                      {"in_contact", overview.in_contact},
                      {"out_of_sight", overview.out_of_sight},
                      {"women", women_documents(overview)},
                      {"contacts", contacts_document(overview)},
                      {"follow_ups_due", follow_up_documents(overview, names)},
                      {"programme", std::move(programme)},
                      {"handhelds", std::move(handhelds)},
                      {"review_cases", overview.review_cases},
                      {"quarantined", overview.quarantined},
                      {"unknown_facts", overview.unknown_facts}};
}

Result<std::string> date_in(const Arguments& arguments, const char* flag) {
  const std::string date = arguments.one(flag);
  if (!date.empty() && !parse_date(date)) return refused("date_invalid");
  return date;
}

Answer show_overview(Context& context, const Arguments& arguments) {
  LANTAARN_ASSIGN(const std::string from, date_in(arguments, "from"));
  LANTAARN_ASSIGN(const std::string through, date_in(arguments, "through"));
  LANTAARN_ASSIGN(Overview overview, context.registry.overview(context.today(), from, through));
  LANTAARN_ASSIGN(auto document, overview_document(context, overview, from, through));
  return Output{std::move(document), {}};
}

Answer merge_inbox(Context& context, const Arguments&) {
  MergeReport all;
  do {
    LANTAARN_ASSIGN(const MergeReport part, context.merger.merge(context.inbox));
    all.batches += part.batches;
    all.entries += part.entries;
    all.added += part.added;
    all.set_apart += part.set_apart;
    all.cursor = part.cursor;
    all.more = part.more;
  } while (all.more);
  LANTAARN_TRY(note_missed(context));
  return Output{merge_document(all), {}};
}

Answer show_digest(Context& context, const Arguments&) {
  LANTAARN_ASSIGN(const Digest digest, server::digest(context.registry));
  return Output{digest_document(digest), {}};
}

Answer verify_rebuild(Context& context, const Arguments&) {
  LANTAARN_ASSIGN(ScratchRegistry scratch, ScratchRegistry::open(context.folder));
  const ServerKeys keys{context.keys.server, context.keys.sealing, context.keys.sealing_number, context.keys.authority,
                        &context.keys.former_sealing};
  LANTAARN_ASSIGN(const RebuildReport report, rebuild_and_compare(context.registry, scratch.registry(), keys));
  if (!report.agrees()) return corrupt("rebuild_differs", {report.stored.text(), report.rebuilt.text()});
  return Output{json::object{{"agrees", true},
                             {"stored", report.stored.text()},
                             {"rebuilt", report.rebuilt.text()},
                             {"fold_version", report.rebuilt.fold_version},
                             {"events", report.rebuilt.events}},
                {}};
}

}  // namespace lantaarn::server::admin
