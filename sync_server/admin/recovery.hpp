#pragma once
// The recovery key as the server knows it: its public halves, who made it and when.

#include "sync_server/admin/context.hpp"

namespace lantaarn::server::admin {

/// No command line can give this value: recovery_sheets.hpp does, once three sheets hold the key.
inline constexpr std::string_view kPublicKeyValue = "public key";

/// With `kPublicKeyValue` (hex) it writes the public halves down; without, it says whether it would: {"server_id", "date"}.
/// kRefused "recovery_exists" {number} without "replace", "reason_needed" with it.
[[nodiscard]] Answer create_recovery(Context& context, const Arguments& arguments);
/// Every key that was made, oldest first.
[[nodiscard]] Answer show_recovery(Context& context, const Arguments& arguments);

}  // namespace lantaarn::server::admin
