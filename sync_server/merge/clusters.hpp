#pragma once
// What belongs together by decision (FORMAT.md): clients that are one woman, contacts that are one
// conversation. Links are undirected edges; a later decision names the decisions it cancels and the pairs that are
// different. What a decision said holds for as long as no decision that itself holds cancels it: so each can be undone.
// A cluster is a connected component, and the smallest id in it stands for all. A component that holds a pair kept apart
// is not joined at all. Pure; any order gives the same clusters.

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "common/base/id.hpp"

namespace lantaarn::server {

template <typename IdType>
class BasicClusters {
 public:
  using Pair = std::pair<IdType, IdType>;
  /// The same pair either way round.
  [[nodiscard]] static Pair pair_of(const IdType& first, const IdType& second) {
    return first < second ? Pair{first, second} : Pair{second, first};
  }

  /// One decision may draw several edges; it is named by its event.
  void link(const EventId& decision, const IdType& first, const IdType& second) {
    edges_[decision].insert(pair_of(first, second));
    computed_ = false;
  }
  void cancel(const EventId& by, const EventId& decision) {
    cancelled_by_[decision].insert(by);
    computed_ = false;
  }
  void keep_apart(const EventId& decision, const IdType& first, const IdType& second) {
    keeps_[decision].insert(pair_of(first, second));
    computed_ = false;
  }
  /// Erased: in no cluster.
  void drop(const IdType& id) {
    dropped_.insert(id);
    computed_ = false;
  }

  /// Who stands for it; itself when alone.
  [[nodiscard]] IdType head_of(const IdType& id) const { return members_of(id).front(); }
  /// Everyone in its cluster, itself included, in order of id.
  [[nodiscard]] std::vector<IdType> members_of(const IdType& id) const {
    const Component* component = component_at(id);
    return component == nullptr || !component->joined ? std::vector<IdType>{id} : component->members;
  }
  /// Everyone whom links lead to from it, also where a pair kept apart forbids joining them.
  [[nodiscard]] std::vector<IdType> connected_to(const IdType& id) const {
    const Component* component = component_at(id);
    return component == nullptr ? std::vector<IdType>{id} : component->members;
  }
  [[nodiscard]] bool are_apart(const IdType& first, const IdType& second) const { return apart().contains(pair_of(first, second)); }
  [[nodiscard]] const std::set<Pair>& apart() const {
    compute();
    return apart_;
  }
  /// Whether nothing that holds cancels it; true of what nobody ever spoke of.
  [[nodiscard]] bool holds(const EventId& decision) const {
    const auto cancelled = cancelled_by_.find(decision);
    // An event's id is made from what it names: no way leads round.
    return cancelled == cancelled_by_.end() ||
           std::none_of(cancelled->second.begin(), cancelled->second.end(), [&](const EventId& by) { return holds(by); });
  }
  /// Every pair that a decision says something about, itself or by what it cancels.
  [[nodiscard]] std::set<Pair> pairs_of(const EventId& decision) const {
    std::set<Pair> pairs = edges_of(decision);
    if (const auto kept = keeps_.find(decision); kept != keeps_.end()) pairs.insert(kept->second.begin(), kept->second.end());
    for (const auto& [cancelled, by] : cancelled_by_) {
      if (by.contains(decision)) pairs.merge(pairs_of(cancelled));
    }
    return pairs;
  }
  /// The pairs a decision joined; empty when nobody took it.
  [[nodiscard]] std::set<Pair> edges_of(const EventId& decision) const {
    const auto found = edges_.find(decision);
    return found == edges_.end() ? std::set<Pair>{} : found->second;
  }
  /// Decisions in force that join members of `ids`.
  [[nodiscard]] std::vector<EventId> decisions_among(const std::vector<IdType>& ids) const {
    const std::set<IdType> wanted(ids.begin(), ids.end());
    const auto inside = [&](const Pair& pair) { return wanted.contains(pair.first) && wanted.contains(pair.second); };
    std::vector<EventId> found;
    for (const auto& [decision, pairs] : edges_) {
      if (holds(decision) && std::any_of(pairs.begin(), pairs.end(), inside)) found.push_back(decision);
    }
    return found;
  }
  /// Components that links join and a pair kept apart forbids: somebody has to look.
  [[nodiscard]] std::vector<std::vector<IdType>> contradictions() const {
    compute();
    std::vector<std::vector<IdType>> found;
    for (const Component& component : components_) {
      if (!component.joined) found.push_back(component.members);
    }
    return found;
  }

 private:
  struct Component {
    std::vector<IdType> members;  // sorted
    bool joined = true;
  };
  using Neighbours = std::map<IdType, std::set<IdType>>;

  [[nodiscard]] Neighbours neighbours() const {
    Neighbours neighbours;
    for (const auto& [decision, pairs] : edges_) {
      if (!holds(decision)) continue;
      for (const Pair& pair : pairs) {
        if (dropped_.contains(pair.first) || dropped_.contains(pair.second)) continue;
        neighbours[pair.first].insert(pair.second);
        neighbours[pair.second].insert(pair.first);
      }
    }
    return neighbours;
  }
  [[nodiscard]] Component component_from(const IdType& start, const Neighbours& neighbours) const {
    Component component;
    std::set<IdType> seen;
    std::vector<IdType> next = {start};
    while (!next.empty()) {
      const IdType at = next.back();
      next.pop_back();
      if (!seen.insert(at).second) continue;
      const auto& around = neighbours.at(at);
      next.insert(next.end(), around.begin(), around.end());
    }
    component.members.assign(seen.begin(), seen.end());
    component.joined = std::none_of(apart_.begin(), apart_.end(), [&](const Pair& pair) { return seen.contains(pair.first) && seen.contains(pair.second); });
    return component;
  }
  // A decision that takes back one that kept the very same pair apart keeps nothing apart.
  [[nodiscard]] bool takes_back(const EventId& decision, const Pair& pair) const {
    return std::any_of(keeps_.begin(), keeps_.end(), [&](const auto& other) {
      const auto cancelled = cancelled_by_.find(other.first);
      return cancelled != cancelled_by_.end() && cancelled->second.contains(decision) && other.second.contains(pair);
    });
  }
  void compute_apart() const {
    apart_.clear();
    for (const auto& [decision, pairs] : keeps_) {
      if (!holds(decision)) continue;
      for (const Pair& pair : pairs) {
        if (!takes_back(decision, pair)) apart_.insert(pair);
      }
    }
  }
  void compute() const {
    if (computed_) return;
    computed_ = true;
    compute_apart();
    components_.clear();
    component_of_.clear();
    const Neighbours around = neighbours();
    for (const auto& [start, ignored] : around) {
      if (component_of_.contains(start)) continue;
      components_.push_back(component_from(start, around));
      for (const IdType& member : components_.back().members) component_of_[member] = components_.size() - 1;
    }
  }
  [[nodiscard]] const Component* component_at(const IdType& id) const {
    compute();
    const auto found = component_of_.find(id);
    return found == component_of_.end() ? nullptr : &components_[found->second];
  }

  std::map<EventId, std::set<Pair>> edges_;
  std::map<EventId, std::set<EventId>> cancelled_by_;
  std::map<EventId, std::set<Pair>> keeps_;
  std::set<IdType> dropped_;
  // Follows from the above.
  mutable bool computed_ = false;
  mutable std::set<Pair> apart_;
  mutable std::vector<Component> components_;
  mutable std::map<IdType, std::size_t> component_of_;
};

/// Clients that are one woman.
using Clusters = BasicClusters<ClientId>;
using ClientPair = Clusters::Pair;
/// Contacts that are one conversation.
using Conversations = BasicClusters<EventId>;

}  // namespace lantaarn::server
