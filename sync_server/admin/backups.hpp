#pragma once
// The second copy as people ask about it, and what is written down about it.

#include "sync_server/admin/context.hpp"
#include "sync_server/admin/second_copy.hpp"

namespace lantaarn::server::admin {

/// For `backup status` and for whoever watches the server.
struct SecondCopyStanding {
  std::optional<backup::TargetSetting> target;   ///< nothing: there is no second copy
  std::uint64_t own_seq = 0;                     ///< of the own log here
  std::optional<SecondCopyState> copy;           ///< nothing: no server is running, nobody has looked
  std::int64_t last_backup_ms = 0;               ///< 0: never
  std::int64_t last_drill_ms = 0;
  bool last_drill_good = false;
  std::optional<std::int64_t> oldest_unsecured_ms;  ///< when the oldest entry was received that only one copy holds
};
[[nodiscard]] Result<SecondCopyStanding> second_copy_standing(Context& context, const std::optional<SecondCopyState>& copy);
[[nodiscard]] Answer backup_status(Context& context, const std::optional<SecondCopyState>& copy);

/// BackupMade, once for each backup, and what is secured by it.
[[nodiscard]] Status note_backup(Context& context, const std::string& where, const backup::pb::Manifest& manifest);
[[nodiscard]] Status note_secured(Context& context, const backup::SecuredLogs& secured);
/// Both. What is written down goes out of `news`: after an error the next call goes on with what is left.
[[nodiscard]] Status note_news(Context& context, const std::string& where, SecondCopy::News& news);

/// kRefused "number_invalid".
[[nodiscard]] Result<std::size_t> backups_to_keep(const Arguments& arguments);
[[nodiscard]] Output made_document(const backup::Made& made, const std::string& where);
[[nodiscard]] Output pruned_document(const backup::Pruned& pruned);

/// Whether an answer speaks of something that is done only once the second copy has it.
[[nodiscard]] bool waits_for_shipping(const Arguments& arguments);
enum class IsShipped { kYes, kNotYet, kNoTarget };
void say_shipped(Output& output, IsShipped shipped);

/// For a command that runs alone, before it: a new key comes into force only once the target holds it too. kRefused
/// "key_waits_for_copy" when it cannot be reached.
[[nodiscard]] Status copy_next_key(Context& context, const Arguments& arguments);
/// For a command that runs alone: brings the target up to date, and says so in the answer. A target that cannot be reached
/// takes nothing back of what was done.
void ship_alone(Context& context, const Arguments& arguments, Output& output);

}  // namespace lantaarn::server::admin
