#include <boost/json.hpp>

#include "sync_server/admin/caseload.hpp"
#include "sync_server/admin/commands.hpp"
#include "sync_server/admin/documents.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

Status append_contacts(Context& context, const ContactFilter& filter, const Names& names, json::array& documents) {
  return context.registry.contacts(filter, [&](const Contact& contact) -> Status {
    documents.push_back(contact_document(contact, names));
    return {};
  });
}

// The filters that together give what she may see.
Result<std::vector<ContactFilter>> filters_for(Context& context, const Arguments& arguments) {
  std::vector<ContactFilter> filters;
  if (!arguments.has("client") && context.opens == Opens::kAllRecords) {
    filters.emplace_back();
    return filters;
  }
  LANTAARN_ASSIGN(const auto clients, visible_clients(context));
  if (arguments.has("client")) {
    LANTAARN_ASSIGN(const Client client, find_client(clients, arguments.one("client")));
    filters.push_back({client.id});
    return filters;
  }
  for (const auto& client : clients) filters.push_back({client.id});
  return filters;
}

}  // namespace

Answer list_contacts(Context& context, const Arguments& arguments) {
  LANTAARN_ASSIGN(const auto filters, filters_for(context, arguments));
  LANTAARN_ASSIGN(const Names names, Names::load(context.registry));
  json::array documents;
  for (const auto& filter : filters) LANTAARN_TRY(append_contacts(context, filter, names, documents));
  const auto opened = arguments.has("client") ? filters.front().client : std::optional<ClientId>();
  return Output{std::move(documents), {}, opened};
}

}  // namespace lantaarn::server::admin
