#include "sync_server/admin/lookup.hpp"

#include <algorithm>

namespace lantaarn::server::admin {
namespace {

bool is_id(const std::string& hex, const std::string& typed) { return typed.size() >= kIdPrefixMin && hex.starts_with(typed); }

template <typename Item, typename NameOf>
std::vector<const Item*> matches(const std::vector<Item>& items, const std::string& typed, const NameOf& has_name) {
  std::vector<const Item*> found;
  for (const auto& item : items) {
    if (has_name(item)) found.push_back(&item);
  }
  if (!found.empty()) return found;
  for (const auto& item : items) {
    if (is_id(item.id.hex(), typed)) found.push_back(&item);
  }
  return found;
}

template <typename Item>
std::string ids_of(const std::vector<const Item*>& items) {
  std::string ids;
  for (const auto* item : items) ids += (ids.empty() ? "" : ", ") + item->id.hex();
  return ids;
}

template <typename Item>
Result<Item> the_one(const std::vector<Item>& items, const std::string& typed, const std::string& kind) {
  const std::string wanted = model::fold_name(typed);
  const auto found = matches(items, typed, [&](const Item& item) { return model::fold_name(item.name) == wanted; });
  if (found.size() == 1) return *found.front();
  if (found.size() > 1) return refused(kind + "_ambiguous", {typed, ids_of(found)});
  std::string known;
  for (const auto& item : items) known += (known.empty() ? "" : ", ") + item.name;
  return refused(kind + "_not_found", {typed, known.empty() ? "-" : known});
}

template <typename Items, typename Id>
std::string name_in(const Items& items, const Id& id) {
  const auto found = std::find_if(items.begin(), items.end(), [&](const auto& item) { return item.id == id; });
  return found == items.end() ? id.hex().substr(0, 8) : found->name;
}

}  // namespace

Result<UserView> find_user(Registry& registry, const std::string& typed) {
  LANTAARN_ASSIGN(const auto users, registry.users());
  return the_one(users, typed, "user");
}

Result<DeviceView> find_device(Registry& registry, const std::string& typed) {
  LANTAARN_ASSIGN(const auto devices, registry.devices());
  return the_one(devices, typed, "device");
}

Result<Client> find_client(const std::vector<Client>& clients, const std::string& typed) {
  const std::string wanted = model::fold_name(typed);
  const auto found = matches(clients, typed, [&](const Client& client) {
    return std::any_of(client.aliases.begin(), client.aliases.end(), [&](const auto& alias) { return model::fold_name(alias) == wanted; });
  });
  if (found.size() == 1) return *found.front();
  if (found.empty()) return refused("client_not_found");
  return refused("client_ambiguous_here", {ids_of(found)});
}

Result<Names> Names::load(Registry& registry) {
  Names names;
  LANTAARN_ASSIGN(names.users_, registry.users());
  LANTAARN_ASSIGN(names.devices_, registry.devices());
  return names;
}

std::string Names::user(const UserId& id) const { return name_in(users_, id); }
std::string Names::device(const DeviceId& id) const { return name_in(devices_, id); }

}  // namespace lantaarn::server::admin
