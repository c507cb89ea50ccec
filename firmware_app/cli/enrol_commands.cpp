#include "common/words/words.hpp"
#include "firmware_app/cli/commands.hpp"
#include "firmware_app/cli/folder.hpp"
#include "firmware_app/handheld/enrol.hpp"

namespace lantaarn::firmware::cli {
namespace {

Result<Answer> enrol_user(const Arguments& arguments, const std::string& name, bool further) {
  if (name.empty()) return refused("usage", {"--user"});
  LANTAARN_ASSIGN(const sync::Ticket ticket, ticket_from(arguments.one("ticket")));
  LANTAARN_ASSIGN(NewFolder folder, open_or_make_folder(arguments.globals, arguments.one("device-secret")));
  if (folder.vault.enrolled() != further) return refused(further ? "not_enrolled" : "already_enrolled");
  LANTAARN_ASSIGN(const auto pin, new_pin(arguments.globals));
  LANTAARN_ASSIGN(const auto enrolled, firmware::enrol_user(folder.vault, ticket, pin, {name, arguments.one("server"), further}));

  Answer answer;
  answer.document = boost::json::object{{"device", enrolled.server.device.hex()}, {"device_name", enrolled.server.device_name},
                                        {"user_id", enrolled.user.id.hex()}, {"name", enrolled.user.name}};
  answer.lines.push_back(words::text("label:enrolled", {visible(enrolled.user.name)}));
  return answer;
}

}  // namespace

Result<Answer> enrol(const Arguments& arguments) { return enrol_user(arguments, arguments.globals.user, false); }
Result<Answer> add_user(const Arguments& arguments) { return enrol_user(arguments, arguments.one("name"), true); }

}  // namespace lantaarn::firmware::cli
