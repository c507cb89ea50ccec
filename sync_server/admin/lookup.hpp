#pragma once
// From what was typed to whom or what was meant: a name in any case, an id, or the first digits of one.

#include <algorithm>

#include "common/model/fold_name.hpp"
#include "sync_server/registry/registry.hpp"

namespace lantaarn::server::admin {

inline constexpr std::size_t kIdPrefixMin = 6;

/// kRefused "user_not_found" {typed, who there are}, "user_ambiguous" {typed, ids}.
[[nodiscard]] Result<UserView> find_user(Registry& registry, const std::string& typed);
/// kRefused "device_not_found" {typed, which there are}, "device_ambiguous" {typed, ids}.
[[nodiscard]] Result<DeviceView> find_device(Registry& registry, const std::string& typed);
/// Among `clients`. kRefused "client_not_found" and "client_ambiguous_here" {ids}: no woman's name is repeated.
[[nodiscard]] Result<Client> find_client(const std::vector<Client>& clients, const std::string& typed);

/// Puts people and handhelds into the order in which they are looked for.
template <typename Item>
void sort_by_name(std::vector<Item>& items) {
  std::stable_sort(items.begin(), items.end(), [](const Item& a, const Item& b) { return model::fold_name(a.name) < model::fold_name(b.name); });
}

/// Names by id, for showing; an id that has no name is shown as its first digits.
class Names {
 public:
  [[nodiscard]] static Result<Names> load(Registry& registry);
  [[nodiscard]] std::string user(const UserId& id) const;
  [[nodiscard]] std::string device(const DeviceId& id) const;

 private:
  std::vector<UserView> users_;
  std::vector<DeviceView> devices_;
};

}  // namespace lantaarn::server::admin
