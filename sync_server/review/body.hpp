#pragma once
// From the members of a body to what a command takes, as if it had been typed.

#include <span>

#include "sync_server/review/route.hpp"

namespace lantaarn::server::review {

struct Member {
  std::string_view name;      ///< in the body
  std::string_view argument;  ///< of the command
  bool required = false;
};

/// What an empty text means: nothing was said, or that it is not stated any more ("-" on the command line).
enum class Empty { kNotSaid, kTakenAway };

/// Texts as they are, numbers in decimals, true and false as "yes" and "no", lists of texts. kRefused "request_malformed" {member}
/// for any other sort, or a member that is required and not there.
[[nodiscard]] Result<admin::Arguments> command_of(const RouteCall& call, std::string_view command, std::span<const Member> members,
                                                  Empty empty = Empty::kNotSaid);
/// The same, for what is decided: with a reason of its own. kRefused "request_malformed" {"reason"} without one.
[[nodiscard]] Result<admin::Arguments> decision_of(const RouteCall& call, std::string_view command, std::span<const Member> members,
                                                   Empty empty = Empty::kNotSaid);

/// {"fields": {name: value}} as the words "name=value".
[[nodiscard]] Status put_fields(const RouteCall& call, admin::Arguments& arguments);

/// What is in the address: "limit", within what may be asked. kRefused "request_malformed" {name}.
[[nodiscard]] Result<std::size_t> number_asked(const RouteCall& call, std::string_view name, std::size_t otherwise, std::size_t most);
/// A date, or "". kRefused "date_invalid".
[[nodiscard]] Result<std::string> date_asked(const RouteCall& call, std::string_view name);

/// For what each role sees in its own way: what `command` opens to who asks.
[[nodiscard]] admin::Opens opens_by(const RouteCall& call, std::string_view command);
/// Holds the rest of the call to `arguments`' own row of the role table. kRefused "role_not_allowed".
[[nodiscard]] Status narrow(RouteCall& call, const admin::Arguments& arguments);

}  // namespace lantaarn::server::review
