#include <algorithm>
#include <boost/json.hpp>

#include "common/model/fields.hpp"
#include "sync_server/admin/caseload.hpp"
#include "sync_server/admin/documents.hpp"
#include "sync_server/admin/remembered.hpp"
#include "sync_server/review/body.hpp"
#include "sync_server/review/dossier_parts.hpp"

namespace lantaarn::server::review {
namespace json = boost::json;
namespace {

using admin::Answer;
using admin::Context;
using admin::NameIndex;
using admin::Output;

constexpr std::size_t kClientsShown = 50, kClientsMax = 200;

// Whom she may see at all of those that were found: everyone but who is hidden, or her own caseload.
Result<std::vector<NameIndex::Hit>> visible_hits(Context& context, const std::string& query, bool mine) {
  LANTAARN_TRY(context.remembered->names.refresh(context.registry));
  std::vector<NameIndex::Hit> hits = context.remembered->names.find(query);
  if (context.opens == admin::Opens::kAllRecords && !mine) {
    std::erase_if(hits, [&](const NameIndex::Hit& hit) { return admin::is_hidden(context, hit.id); });
    return hits;
  }
  Context own = context;
  own.opens = admin::Opens::kOwnRecords;
  LANTAARN_ASSIGN(const auto clients, admin::visible_clients(own));
  std::erase_if(hits, [&](const NameIndex::Hit& hit) {
    return std::none_of(clients.begin(), clients.end(), [&](const Client& client) { return client.id == hit.id; });
  });
  return hits;
}

// A card, not a dossier: who she is otherwise is nobody's need here.
json::object listed(const Client& client, const admin::Names& names, double score, bool is_expert) {
  json::object document = admin::client_document(client, names);
  document["score"] = score;
  if (is_expert) {
    auto& fields = document["fields"].as_array();
    for (auto* one = fields.begin(); one != fields.end();) {
      one = model::is_identity_field(std::string_view(one->as_object().at("field").as_string())) ? fields.erase(one) : one + 1;
    }
  }
  return document;
}

}  // namespace

Answer search_clients(RouteCall& call) {
  Context& context = call.context;
  const std::string query = call.request.one("query");
  const bool mine = call.request.one("mine") == "1";
  LANTAARN_ASSIGN(const std::size_t limit, number_asked(call, "limit", kClientsShown, kClientsMax));
  LANTAARN_ASSIGN(const std::size_t offset, number_asked(call, "offset", 0, SIZE_MAX));
  call.detail = query;
  LANTAARN_ASSIGN(const auto hits, visible_hits(context, query, mine));
  LANTAARN_ASSIGN(const admin::Names names, admin::Names::load(context.registry));
  const bool is_expert = context.person && context.person->role == "expert_by_experience";
  json::array clients;
  for (std::size_t i = offset; i < hits.size() && clients.size() < limit; ++i) {
    LANTAARN_ASSIGN(const auto client, context.registry.client(hits[i].id));
    if (!client) continue;
    clients.push_back(listed(*client, names, hits[i].score, is_expert));
    call.opened.push_back(client->id);
  }
  return Output{json::object{{"clients", std::move(clients)}, {"total", hits.size()}}, {}};
}

}  // namespace lantaarn::server::review
