#include "sync_server/admin/caseload.hpp"

#include <algorithm>

#include "sync_server/admin/lookup.hpp"
#include "sync_server/merge/directory.hpp"

namespace lantaarn::server::admin {
namespace {

ClientId head_of(Context& context, const ClientId& member) {
  const auto directory = context.merger.directory();
  return directory.ok() ? (*directory)->clusters().head_of(member) : member;
}

bool is_there(const Client& client) { return client.added || !client.fields.empty() || !client.aliases.empty(); }

bool is_among(Context& context, const std::vector<Client>& clients, const ClientId& member) {
  const ClientId head = head_of(context, member);
  return std::any_of(clients.begin(), clients.end(), [&](const Client& client) { return client.id == head; });
}

Result<std::vector<Client>> everyone(Context& context) {
  std::vector<Client> clients;
  LANTAARN_TRY(context.registry.clients([&](const Client& client) -> Status {
    if (client.cluster == client.id && is_there(client)) clients.push_back(client);
    return {};
  }));
  return clients;
}

}  // namespace

bool is_hers(const Context& context, const Client& client) {
  if (!context.person) return false;
  const bool second = client.second_contact == context.person->id;
  if (context.person->role == "expert_by_experience") return second;
  return second || client.primary_contact == context.person->id;
}

bool stands_for(Context& context, const Client& client, const ClientId& member) { return head_of(context, member) == client.id; }

bool is_hidden(Context& context, const ClientId& member) {
  if (context.hidden.empty()) return false;
  const ClientId head = head_of(context, member);
  return std::any_of(context.hidden.begin(), context.hidden.end(), [&](const ClientId& one) { return head_of(context, one) == head; });
}

bool may_see(Context& context, const std::vector<Client>& clients, const ClientId& member) {
  if (context.opens == Opens::kNothing || is_hidden(context, member)) return false;
  if (context.let_in) return head_of(context, member) == head_of(context, *context.let_in);
  return context.opens == Opens::kAllRecords || is_among(context, clients, member);
}

Result<std::optional<Client>> visible_client(Context& context, const ClientId& id) {
  const ClientId head = head_of(context, id);
  if (!may_see(context, {}, head) && (context.let_in || context.opens != Opens::kOwnRecords || is_hidden(context, head))) {
    return std::optional<Client>{};
  }
  LANTAARN_ASSIGN(auto client, context.registry.client(head));
  const bool of_caseload = context.opens == Opens::kOwnRecords && !context.let_in;
  if (!client || !is_there(*client) || (of_caseload && !is_hers(context, *client))) return std::optional<Client>{};
  return client;
}

Result<std::vector<Client>> visible_clients(Context& context) {
  std::vector<Client> clients;
  if (context.let_in) {
    LANTAARN_ASSIGN(auto client, visible_client(context, *context.let_in));
    if (client) clients.push_back(std::move(*client));
  } else if (context.opens == Opens::kAllRecords) {
    LANTAARN_ASSIGN(clients, everyone(context));
  } else if (context.opens == Opens::kOwnRecords && context.person) {
    LANTAARN_ASSIGN(clients, context.registry.clients_of(context.person->id));
    std::erase_if(clients, [&](const Client& client) { return !is_hers(context, client); });
  }
  std::erase_if(clients, [&](const Client& client) { return is_hidden(context, client.id); });
  return clients;
}

Result<Client> find_visible_client(Context& context, const std::string& typed) {
  const auto id = ClientId::parse_hex(typed);
  if (!id) {
    LANTAARN_ASSIGN(const auto clients, visible_clients(context));
    return find_client(clients, typed);
  }
  LANTAARN_ASSIGN(auto client, visible_client(context, *id));
  // On the command line an id means who stands for the others, never one of those.
  if (!client || (!context.let_in && client->id != *id)) return refused("client_not_found");
  return std::move(*client);
}

}  // namespace lantaarn::server::admin
