#include "sync_server/review/queue.hpp"

#include <boost/json.hpp>

#include "sync_server/admin/caseload.hpp"
#include "sync_server/admin/commands.hpp"
#include "sync_server/admin/documents.hpp"
#include "sync_server/admin/remembered.hpp"
#include "sync_server/registry/store.hpp"

namespace lantaarn::server::review {
namespace json = boost::json;
namespace {

using admin::Context;

constexpr std::size_t kEntriesNamed = 1000;  // of one item; what is admitted is named by hash

json::object item(std::string_view kind, std::string id, json::object document) {
  document["id"] = std::string(kind) + "-" + id;
  document["kind"] = kind;
  return document;
}

Status add_matches(Context& context, json::array& items) {
  LANTAARN_ASSIGN(const auto matches, context.remembered->matches.open(context));
  for (std::size_t i = 0; i < matches.size() && i < kShownOfAKind; ++i) {
    items.push_back(item("match", matches[i]->first.hex() + matches[i]->second.hex(), matches[i]->document.as_object()));
  }
  return {};
}

// What she is called stands beside what is asked about her.
Status add_conflicts(Context& context, bool with_server, json::array& items) {
  LANTAARN_ASSIGN(const admin::Output listed, admin::list_review(context, {}));
  std::map<std::string, std::string> names;
  std::size_t shown = 0;
  for (const auto& one : listed.document.as_array()) {
    json::object document = one.as_object();
    const bool is_loss = document.at("about").as_string() == "handheld";
    if ((is_loss && !with_server) || (!is_loss && ++shown > kShownOfAKind)) continue;
    document["name"] = nullptr;
    if (document.at("client_id").is_string()) {
      const auto id = ClientId::parse_hex(std::string(document.at("client_id").as_string()));
      LANTAARN_ASSIGN(const auto client, admin::visible_client(context, id.value_or(ClientId{})));
      if (client && !client->aliases.empty()) document["name"] = client->aliases.front();
    }
    const std::string id(document.at("case_id").as_string());
    items.push_back(item(is_loss ? "loss" : "conflict", id, std::move(document)));
  }
  return {};
}

Status add_shared(Context& context, json::array& items) {
  const admin::Arguments some{"contacts shared", {{"limit", {std::to_string(kShownOfAKind)}}}, {}};
  LANTAARN_ASSIGN(const admin::Output listed, admin::list_shared(context, some));
  for (const auto& one : listed.document.as_array()) {
    const auto& contacts = one.as_object().at("contacts").as_array();
    items.push_back(item("shared", std::string(contacts[0].as_string()) + std::string(contacts[1].as_string()), one.as_object()));
  }
  return {};
}

bool is_admissible(const std::string& reason) {
  return reason == reason_of(Admission::kFork) || reason == reason_of(Admission::kDeviceRevoked) || reason == reason_of(Admission::kUserRevoked);
}

// Entries of one log that were set apart for one reason are one case.
Status add_set_apart(Context& context, json::array& items) {
  LANTAARN_ASSIGN(const admin::Names names, admin::Names::load(context.registry));
  std::map<std::string, json::object> cases;
  LANTAARN_TRY(context.registry.quarantine([&](const Quarantined& entry) -> Status {
    const std::string id = entry.entry.device.hex() + entry.entry.log.hex() + entry.reason + entry.author.hex();
    auto& one = cases[id];
    if (one.empty()) {
      one = item(entry.reason == reason_of(Admission::kFork) ? "fork" : "quarantine", id, admin::quarantined_document(entry, names));
      one["entries"] = json::array();
      one["count"] = 0;
      one["admissible"] = is_admissible(entry.reason);
    }
    one["count"] = one["count"].as_int64() + 1;
    one["through_seq"] = entry.entry.seq;
    auto& entries = one["entries"].as_array();
    if (entries.size() < kEntriesNamed) entries.emplace_back(to_hex(entry.entry.hash));
    return {};
  }));
  for (auto& [id, one] : cases) items.push_back(std::move(one));
  return {};
}

}  // namespace

Result<QueueCounts> count_queue(Context& context, const Overview& overview) {
  QueueCounts counts;
  Context everybody = context;
  everybody.opens = admin::Opens::kAllRecords;
  everybody.let_in.reset();
  everybody.hidden.clear();
  LANTAARN_ASSIGN(const auto matches, context.remembered->matches.open(everybody));
  counts.matches = matches.size();
  json::array shared;
  LANTAARN_TRY(add_shared(everybody, shared));
  counts.shared = shared.size();
  counts.conflicts = overview.review_cases;
  LANTAARN_TRY(context.registry.quarantine([&](const Quarantined& entry) -> Status {
    ++(entry.reason == reason_of(Admission::kFork) ? counts.forks : counts.quarantine);
    return {};
  }));
  LANTAARN_ASSIGN(const auto losses, open_losses(context.registry));
  counts.losses = losses.size();
  return counts;
}

Result<json::array> queue_items(Context& context, bool with_server) {
  json::array items;
  LANTAARN_TRY(add_conflicts(context, with_server, items));
  if (with_server) LANTAARN_TRY(add_matches(context, items));
  LANTAARN_TRY(add_shared(context, items));
  if (with_server) LANTAARN_TRY(add_set_apart(context, items));
  return items;
}

}  // namespace lantaarn::server::review
