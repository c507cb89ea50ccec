#include <boost/json.hpp>
#include <map>

#include "sync_server/admin/caseload.hpp"
#include "sync_server/admin/commands.hpp"
#include "sync_server/admin/documents.hpp"
#include "sync_server/merge/directory.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

using Aliases = std::map<ClientId, std::string>;

// A contact may name a client that another one stands for: she is called what that one is.
Result<Aliases> aliases_of(Context& context, const std::vector<Client>& clients) {
  LANTAARN_ASSIGN(const Directory* directory, context.merger.directory());
  Aliases aliases;
  for (const auto& client : clients) {
    if (client.aliases.empty()) continue;
    for (const ClientId& member : directory->clusters().members_of(client.id)) aliases[member] = client.aliases.front();
  }
  return aliases;
}

Status append_contacts(Context& context, const ContactFilter& filter, const Aliases& aliases, const Names& names, json::array& documents) {
  return context.registry.contacts(filter, [&](const Contact& contact) -> Status {
    const auto alias = contact.client ? aliases.find(*contact.client) : aliases.end();
    if (contact.client && is_hidden(context, *contact.client)) return {};
    documents.push_back(contact_document(contact, alias == aliases.end() ? std::string() : alias->second, names));
    return {};
  });
}

// The filters that together give what she may see.
Result<std::vector<ContactFilter>> filters_for(const Context& context, const Arguments& arguments, const std::vector<Client>& clients) {
  std::vector<ContactFilter> filters;
  if (arguments.has("client")) {
    LANTAARN_ASSIGN(const Client client, find_client(clients, arguments.one("client")));
    filters.push_back({client.id});
  } else if (context.opens == Opens::kAllRecords && !context.let_in) {
    filters.emplace_back();
  } else {
    for (const auto& client : clients) filters.push_back({client.id});
  }
  return filters;
}

}  // namespace

Answer list_contacts(Context& context, const Arguments& arguments) {
  LANTAARN_ASSIGN(const auto clients, visible_clients(context));
  LANTAARN_ASSIGN(const auto filters, filters_for(context, arguments, clients));
  LANTAARN_ASSIGN(const Aliases aliases, aliases_of(context, clients));
  LANTAARN_ASSIGN(const Names names, Names::load(context.registry));
  json::array documents;
  for (const auto& filter : filters) LANTAARN_TRY(append_contacts(context, filter, aliases, names, documents));
  const auto opened = arguments.has("client") ? filters.front().client : std::optional<ClientId>();
  return Output{std::move(documents), {}, opened};
}

}  // namespace lantaarn::server::admin
