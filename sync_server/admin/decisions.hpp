#pragma once
// What the coordinator decided in the review, as the server's own log holds it: for the history, and to take one back.

#include "sync_server/admin/context.hpp"

namespace lantaarn::server {
class Directory;
}

namespace lantaarn::server::admin {

struct Decision {
  EventId id;
  std::string what;               ///< linked, unlinked, apart, shared, contacts_apart, admitted, chosen, undone
  std::int64_t at_ms = 0;
  UserId by;
  std::string reason;
  std::vector<ClientId> clients;  ///< whom it is about, as far as it names them or a contact or record that does
  model::Event event;
};

/// Nothing: a fact of another sort. A change of a field is a decision when it settled what was contested.
[[nodiscard]] Result<std::optional<Decision>> decision_in(Context& context, const StoredEntry& entry);
/// Fact numbers that may be decisions.
[[nodiscard]] const std::vector<int>& decision_kinds();
/// Whether it can be taken back now.
[[nodiscard]] Result<bool> can_undo(Context& context, const Decision& decision);

/// The field that a choice settled: what it is of, and its heads now.
struct Chosen {
  std::string field;
  std::vector<EventId> settled;   ///< the heads that were named
  std::vector<FieldView> fields;  ///< of the client, contact or record, now
  [[nodiscard]] const FieldView* now() const;
};
[[nodiscard]] Result<std::optional<Chosen>> chosen_in(Context& context, const Decision& decision);

}  // namespace lantaarn::server::admin
