#include "sync_server/merge/heads.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace lantaarn::server {
namespace {

using ByEvent = std::map<EventId, const FieldSaying*>;

std::set<EventId> superseded_in(const ByEvent& sayings) {
  std::vector<EventId> next;
  for (const auto& [event, saying] : sayings) {
    if (saying->admitted) next.insert(next.end(), saying->seen.begin(), saying->seen.end());
  }
  std::set<EventId> superseded;
  while (!next.empty()) {
    const EventId at = next.back();
    next.pop_back();
    if (!superseded.insert(at).second) continue;
    if (const auto known = sayings.find(at); known != sayings.end()) {
      next.insert(next.end(), known->second->seen.begin(), known->second->seen.end());
    }
  }
  return superseded;
}

bool greater(const FieldHead& a, const FieldHead& b) {
  return std::tie(a.from.clock_ok, a.from.recorded_ms, a.from.event) > std::tie(b.from.clock_ok, b.from.recorded_ms, b.from.event);
}

}  // namespace

std::vector<FieldView> fold_fields(const std::vector<FieldSaying>& sayings) {
  std::map<std::string_view, ByEvent> fields;
  // An event that names a field twice means the last.
  for (const FieldSaying& saying : sayings) fields[saying.field][saying.head.from.event] = &saying;
  std::vector<FieldView> views;
  for (const auto& [field, by_event] : fields) {
    const std::set<EventId> superseded = superseded_in(by_event);
    FieldView view{std::string(field), {}};
    for (const auto& [event, saying] : by_event) {
      if (saying->admitted && !superseded.contains(event)) view.heads.push_back(saying->head);
    }
    std::sort(view.heads.begin(), view.heads.end(), greater);
    if (!view.heads.empty()) views.push_back(std::move(view));
  }
  return views;
}

}  // namespace lantaarn::server
