#include "common/words/words.hpp"
#include "firmware_app/cli/commands.hpp"
#include "firmware_app/cli/folder.hpp"

namespace lantaarn::firmware::cli {
namespace {

// Nothing here tells whether there is, or was, a second PIN.
Answer done(const Session& session, const char* label) {
  Answer answer;
  answer.document = boost::json::object{{"user_id", session.user.id.hex()}};
  answer.lines.push_back(words::text(label));
  return answer;
}

}  // namespace

Result<Answer> change_pin(const Arguments& arguments) {
  LANTAARN_ASSIGN(const auto session, open_session(arguments.globals, Cards::kNone));
  LANTAARN_ASSIGN(const auto pin, other_pin(arguments.globals));
  LANTAARN_TRY(session->folder->vault.change_pin(session->user, pin));
  return done(*session, "label:pin_changed");
}

Result<Answer> set_duress_pin(const Arguments& arguments) {
  LANTAARN_ASSIGN(const auto session, open_session(arguments.globals, Cards::kNone));
  if (session->user.access.lease_ended) return refused("lease_ended");
  LANTAARN_ASSIGN(const auto pin, other_pin(arguments.globals));
  LANTAARN_TRY(session->folder->vault.set_duress_pin(session->user, pin));
  return done(*session, "label:duress_set");
}

Result<Answer> remove_duress_pin(const Arguments& arguments) {
  LANTAARN_ASSIGN(const auto session, open_session(arguments.globals, Cards::kNone));
  LANTAARN_TRY(session->folder->vault.remove_duress_pin(session->user));
  return done(*session, "label:duress_removed");
}

}  // namespace lantaarn::firmware::cli
