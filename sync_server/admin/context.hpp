#pragma once
// What a command works with: the opened registry, and the person who asks, already authorised.

#include <functional>

#include "common/base/clock.hpp"
#include "common/model/event.hpp"
#include "sync_server/admin/arguments.hpp"
#include "sync_server/admin/folder.hpp"
#include "sync_server/admin/inbox_feed.hpp"
#include "sync_server/admin/keys.hpp"
#include "sync_server/admin/output.hpp"
#include "sync_server/admin/roles.hpp"
#include "sync_server/merge/merge.hpp"

namespace lantaarn::server::admin {

struct Remembered;

struct Context {
  Registry& registry;
  Merger& merger;
  InboxFeed& inbox;
  const Keys& keys;
  const Folder& folder;
  const Clock& clock;

  /// Keys that were made or destroyed, durably: from here on everything is done with what is left.
  std::function<void(Keys)> use_keys = {};

  std::optional<UserView> person = {};  ///< --as
  std::string reason = {};              ///< --reason
  Opens opens = Opens::kNothing;
  std::optional<ClientId> let_in = {};  ///< the page: only this woman's record, judged by sync_server/review/router
  std::vector<ClientId> hidden = {};    ///< declared relations: women this person never sees
  Remembered* remembered = nullptr;     ///< of a running server (remembered.hpp); never null on the page

  /// The server's clock is the one that others are compared with.
  [[nodiscard]] ClockReading now() const;
  [[nodiscard]] std::string today() const;
  /// Who states what is decided now: the person, else the server itself (its own id).
  [[nodiscard]] UserId author() const;
  [[nodiscard]] model::Event new_event() const { return model::new_event(author(), now()); }
  /// Merger::record, for events not yet encoded.
  [[nodiscard]] Result<std::vector<EventId>> record(const std::vector<model::Event>& events, const Merger::Also& also = {});
};

}  // namespace lantaarn::server::admin
