// What is still to be done, planned and ticked off at the workplace.
#include <boost/json.hpp>

#include "sync_server/admin/caseload.hpp"
#include "sync_server/admin/commands.hpp"
#include "sync_server/admin/lookup.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;

Answer add_follow_up(Context& context, const Arguments& arguments) {
  LANTAARN_ASSIGN(const Client client, find_visible_client(context, arguments.one("client")));
  model::Event event = context.new_event();
  auto& planned = *event.mutable_follow_up_planned();
  planned.set_client_id(model::id_field(client.id));
  planned.set_due_date(arguments.one("due"));
  planned.set_text(arguments.one("text"));
  planned.set_kind(arguments.one("kind"));
  UserId owner = context.author();
  if (arguments.has("owner")) {
    LANTAARN_ASSIGN(const UserView user, find_user(context.registry, arguments.one("owner")));
    owner = user.id;
  }
  planned.set_owner(model::id_field(owner));
  LANTAARN_ASSIGN(const auto events, context.record({event}));
  return Output{json::object{{"follow_up_id", events.front().hex()}, {"client_id", client.id.hex()}}, {}, client.id};
}

Answer finish_follow_up(Context& context, const Arguments& arguments) {
  const auto id = EventId::parse_hex(arguments.one("follow_up"));
  if (!id) return refused("id_invalid");
  LANTAARN_ASSIGN(const auto follow_up, context.registry.follow_up(*id));
  if (!follow_up) return refused("follow_up_not_found");
  if (follow_up->client) {
    LANTAARN_ASSIGN(const auto client, visible_client(context, *follow_up->client));
    if (!client) return refused("follow_up_not_found");
  } else if (context.opens != Opens::kAllRecords && follow_up->owner != context.author()) {
    return refused("follow_up_not_found");
  }
  if (follow_up->done) return refused("nothing_changed");
  model::Event event = context.new_event();
  event.mutable_follow_up_done()->set_follow_up(model::id_field(follow_up->id));
  LANTAARN_ASSIGN(const auto events, context.record({event}));
  return Output{json::object{{"follow_up_id", follow_up->id.hex()}, {"event_id", events.front().hex()}}, {}, follow_up->client};
}

}  // namespace lantaarn::server::admin
