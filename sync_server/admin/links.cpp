// Who is one woman, and which contacts are one conversation: the coordinator's decisions, each with a reason and each to
// be undone. Originals stay untouched.
#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <map>
#include <set>

#include "common/base/civil_time.hpp"
#include "common/model/rules.hpp"
#include "sync_server/admin/caseload.hpp"
#include "sync_server/admin/commands.hpp"
#include "sync_server/admin/documents.hpp"
#include "sync_server/merge/directory.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

json::array ids_document(const std::vector<ClientId>& clients) {
  json::array ids;
  for (const ClientId& client : clients) ids.emplace_back(client.hex());
  return ids;
}

// Who stands for others carries their names too; here a name means the one it was given to.
void take_back_lent_names(std::vector<Client>& clients) {
  std::map<ClientId, std::set<std::string>> lent;
  for (const Client& client : clients) {
    if (client.cluster != client.id) lent[client.cluster].insert(client.aliases.begin(), client.aliases.end());
  }
  for (Client& client : clients) {
    const auto& names = lent[client.id];
    std::erase_if(client.aliases, [&](const std::string& alias) { return names.contains(alias); });
  }
}

// A client by any name or id, also one that another stands for: then herself.
Result<ClientId> any_client(Context& context, const std::string& typed) {
  if (const auto id = ClientId::parse_hex(typed)) {
    LANTAARN_ASSIGN(const auto found, context.registry.client(*id));
    if (found && found->added && !is_hidden(context, *id)) return *id;
    return refused("client_not_found");
  }
  std::vector<Client> clients;
  LANTAARN_TRY(context.registry.clients([&](const Client& client) -> Status {
    if (client.added && !is_hidden(context, client.id)) clients.push_back(client);
    return {};
  }));
  take_back_lent_names(clients);
  LANTAARN_ASSIGN(const Client client, find_client(clients, typed));
  return client.id;
}

Result<Output> cluster_told(Context& context, const EventId& event, const ClientId& of) {
  LANTAARN_ASSIGN(const Directory* directory, context.merger.directory());
  const Clusters& clusters = directory->clusters();
  return Output{json::object{{"event_id", event.hex()},
                             {"client_id", clusters.head_of(of).hex()},
                             {"clients", ids_document(clusters.members_of(of))},
                             {"joined", clusters.members_of(of).size() == clusters.connected_to(of).size()}},
                {},
                of};
}

Result<EventId> any_contact(Context& context, const std::string& typed) {
  const auto id = EventId::parse_hex(typed);
  if (!id) return refused("id_invalid");
  LANTAARN_ASSIGN(const auto contact, context.registry.contact(*id));
  if (!contact || (contact->client && is_hidden(context, *contact->client))) return refused("event_unknown");
  return *id;
}

}  // namespace

Answer link_clients(Context& context, const Arguments& arguments) {
  LANTAARN_ASSIGN(const ClientId first, any_client(context, arguments.one("client")));
  LANTAARN_ASSIGN(const ClientId second, any_client(context, arguments.one("other")));
  LANTAARN_ASSIGN(const Directory* directory, context.merger.directory());
  if (first != second && directory->clusters().head_of(first) == directory->clusters().head_of(second)) return refused("nothing_changed");
  model::Event event = context.new_event();
  auto& linked = *event.mutable_clients_linked();
  linked.set_first(model::id_field(first));
  linked.set_second(model::id_field(second));
  linked.set_reason(context.reason);
  LANTAARN_ASSIGN(const auto events, context.record({event}));
  return cluster_told(context, events.front(), first);
}

// Takes the named clients out of their cluster: every edge between them and the rest is cancelled, and no pair across is
// ever proposed or joined again.
Answer unlink_clients(Context& context, const Arguments& arguments) {
  std::vector<ClientId> out;
  for (const auto& typed : arguments.all("clients")) {
    LANTAARN_ASSIGN(const ClientId client, any_client(context, typed));
    out.push_back(client);
  }
  LANTAARN_ASSIGN(const Directory* directory, context.merger.directory());
  const Clusters& clusters = directory->clusters();
  const std::vector<ClientId> connected = clusters.connected_to(out.front());
  const auto is_out = [&](const ClientId& id) { return std::find(out.begin(), out.end(), id) != out.end(); };
  model::Event event = context.new_event();
  auto& unlinked = *event.mutable_clients_unlinked();
  unlinked.set_reason(context.reason);
  for (const EventId& edge : clusters.decisions_among(connected)) {
    const auto pairs = clusters.edges_of(edge);
    const bool crosses = std::any_of(pairs.begin(), pairs.end(), [&](const ClientPair& pair) { return is_out(pair.first) != is_out(pair.second); });
    if (crosses) unlinked.add_edges(model::id_field(edge));
  }
  if (unlinked.edges().empty()) return refused("not_linked");
  for (const ClientId& one : connected) {
    for (const ClientId& other : connected) {
      if (!is_out(one) || is_out(other)) continue;
      auto* pair = unlinked.add_apart();
      pair->set_first(model::id_field(one));
      pair->set_second(model::id_field(other));
    }
  }
  LANTAARN_ASSIGN(const auto events, context.record({event}));
  return cluster_told(context, events.front(), out.front());
}

// Not the same woman: said before anybody links them.
Answer keep_clients_apart(Context& context, const Arguments& arguments) {
  LANTAARN_ASSIGN(const ClientId first, any_client(context, arguments.one("client")));
  LANTAARN_ASSIGN(const ClientId second, any_client(context, arguments.one("other")));
  LANTAARN_ASSIGN(const Directory* directory, context.merger.directory());
  if (directory->clusters().are_apart(first, second)) return refused("nothing_changed");
  model::Event event = context.new_event();
  auto& unlinked = *event.mutable_clients_unlinked();
  unlinked.set_reason(context.reason);
  auto* pair = unlinked.add_apart();
  pair->set_first(model::id_field(first));
  pair->set_second(model::id_field(second));
  LANTAARN_ASSIGN(const auto events, context.record({event}));
  return cluster_told(context, events.front(), first);
}

Answer share_contacts(Context& context, const Arguments& arguments) {
  model::Event event = context.new_event();
  auto& shared = *event.mutable_contacts_shared();
  shared.set_reason(context.reason);
  for (const auto& typed : arguments.all("contacts")) {
    LANTAARN_ASSIGN(const EventId contact, any_contact(context, typed));
    shared.add_contacts(model::id_field(contact));
  }
  LANTAARN_ASSIGN(const auto events, context.record({event}));
  return Output{json::object{{"event_id", events.front().hex()}}, {}};
}

// Two conversations after all; a decision that said otherwise is cancelled.
Answer keep_contacts_apart(Context& context, const Arguments& arguments) {
  LANTAARN_ASSIGN(const EventId first, any_contact(context, arguments.one("contact")));
  LANTAARN_ASSIGN(const EventId second, any_contact(context, arguments.one("other")));
  LANTAARN_ASSIGN(const Directory* directory, context.merger.directory());
  model::Event event = context.new_event();
  auto& apart = *event.mutable_contacts_kept_apart();
  apart.set_first(model::id_field(first));
  apart.set_second(model::id_field(second));
  apart.set_reason(context.reason);
  const auto conversation = directory->conversations().connected_to(first);
  if (std::find(conversation.begin(), conversation.end(), second) != conversation.end()) {
    for (const EventId& decision : directory->conversations().decisions_among(conversation)) apart.add_cancels(model::id_field(decision));
  }
  LANTAARN_ASSIGN(const auto events, context.record({event}));
  return Output{json::object{{"event_id", events.front().hex()}}, {}};
}

Answer list_shared(Context& context, const Arguments& arguments) {
  constexpr int kDaysBack = 90;
  std::size_t most = SIZE_MAX;
  const std::string limit = arguments.one("limit");  // of the page
  std::from_chars(limit.data(), limit.data() + limit.size(), most);
  std::vector<Client> clients;
  if (context.opens == Opens::kOwnRecords) {
    LANTAARN_ASSIGN(clients, visible_clients(context));
  }
  LANTAARN_ASSIGN(const Names names, Names::load(context.registry));
  LANTAARN_ASSIGN(const Directory* directory, context.merger.directory());
  const Conversations& conversations = directory->conversations();
  json::array documents;
  const auto show = [&](const Registry::ContactPair& pair) -> Result<bool> {
    const bool decided = conversations.are_apart(pair.first, pair.second) || conversations.head_of(pair.first) == conversations.head_of(pair.second);
    if (decided || !model::conversations_overlap(pair.first_ms, pair.first_minutes, pair.second_ms, pair.second_minutes)) return true;
    if (!may_see(context, clients, pair.client)) return true;
    documents.push_back(json::object{{"client_id", pair.client.hex()},
                                     {"contacts", json::array{pair.first.hex(), pair.second.hex()}},
                                     {"authors", json::array{names.user(pair.first_author), names.user(pair.second_author)}}});
    return documents.size() < most;
  };
  const CivilDate today = date_in_amsterdam(context.clock.now().wall_ms);
  LANTAARN_TRY(context.registry.same_day_contacts(to_string(add_days(today, -kDaysBack)), show));
  return Output{std::move(documents), {}};
}

}  // namespace lantaarn::server::admin
