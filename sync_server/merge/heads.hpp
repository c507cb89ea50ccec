#pragma once
// Which values of a field are in force. Pure.

#include "sync_server/registry/views.hpp"

namespace lantaarn::server {

/// One event's say about one field.
struct FieldSaying {
  std::string field;
  FieldHead head;
  std::vector<EventId> seen;   ///< the heads its author saw
  bool admitted = true;
};

/// A field's heads are the admitted sayings that no admitted saying supersedes, transitively; the way may lead through
/// sayings that are set apart (whoever named such a head had seen it). The first head is the provisional one: greatest
/// (clock_ok, recorded_ms, event id). Fields in alphabetical order; fields without an admitted saying are left out.
[[nodiscard]] std::vector<FieldView> fold_fields(const std::vector<FieldSaying>& sayings);

}  // namespace lantaarn::server
