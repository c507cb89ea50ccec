#include <algorithm>
#include <array>

#include "firmware_app/cli/commands.hpp"

namespace lantaarn::firmware::cli {
namespace {

struct Entry {
  std::string_view words;
  Result<Answer> (*run)(const Arguments&);
};

constexpr std::array kEntries = {
    Entry{"enrol", enrol},
    Entry{"user add", add_user},
    Entry{"user list", list_users},
    Entry{"pin change", change_pin},
    Entry{"pin duress set", set_duress_pin},
    Entry{"pin duress remove", remove_duress_pin},
    Entry{"round start", start_round},
    Entry{"round end", end_round},
    Entry{"round count", count_heads},
    Entry{"log", log_contact},
    Entry{"amend", amend},
    Entry{"retract", retract},
    Entry{"client add", add_client},
    Entry{"client name", name_client},
    Entry{"client set", set_client},
    Entry{"clients", list_clients},
    Entry{"contacts", list_contacts},
    Entry{"follow-ups", list_follow_ups},
    Entry{"record add", add_record},
    Entry{"record change", change_record},
    Entry{"record retract", retract_record},
    Entry{"record kinds", list_record_kinds},
    Entry{"records", list_records},
    Entry{"codes", list_codes},
    Entry{"sync", synchronise},
    Entry{"rescue", rescue},
    Entry{"receive", receive},
    Entry{"status", show_status},
};

}  // namespace

Result<Answer> run_command(const Arguments& arguments) {
  const auto entry = std::find_if(kEntries.begin(), kEntries.end(), [&](const Entry& each) { return each.words == arguments.command; });
  if (entry == kEntries.end()) return bug("cli: no such command");
  return entry->run(arguments);
}

}  // namespace lantaarn::firmware::cli
