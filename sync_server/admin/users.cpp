#include <algorithm>
#include <boost/json.hpp>

#include "common/crypto/random.hpp"
#include "sync_server/admin/commands.hpp"
#include "sync_server/admin/documents.hpp"

namespace lantaarn::server::admin {

Answer add_user(Context& context, const Arguments& arguments) {
  const UserView user{crypto::random_id<UserId>(), arguments.one("name"), arguments.one("role")};
  LANTAARN_ASSIGN(const auto users, context.registry.users());
  const auto has_name = [&](const UserView& other) { return model::fold_name(other.name) == model::fold_name(user.name); };
  if (std::any_of(users.begin(), users.end(), has_name)) return refused("name_taken");

  model::Event event = context.new_event();
  // The first one states herself: nobody is there who could.
  if (users.empty()) event.set_author(model::id_field(user.id));
  auto& added = *event.mutable_user_added();
  added.set_user_id(model::id_field(user.id));
  added.set_name(user.name);
  added.set_role(user.role);
  LANTAARN_TRY(context.record({event}));
  return Output{user_document(user), {}};
}

Answer list_users(Context& context, const Arguments&) {
  LANTAARN_ASSIGN(auto users, context.registry.users());
  sort_by_name(users);
  boost::json::array documents;
  for (const auto& user : users) documents.push_back(user_document(user));
  return Output{std::move(documents), {}};
}

}  // namespace lantaarn::server::admin
