#pragma once
// The customer's own codes as this handheld last heard of them.

#include "common/model/own_codes.hpp"
#include "firmware_app/vault/vault.hpp"

namespace lantaarn::firmware {

/// None before the server stated any. Errors: the vault's.
[[nodiscard]] Result<model::OwnCodes> own_codes_of(Vault& vault);

}  // namespace lantaarn::firmware
