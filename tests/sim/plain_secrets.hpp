#pragma once

namespace lantaarn::sim {

/// Key material in ordinary memory, for the whole program that calls this: guard pages and locking take a third of an
/// evening's time, and are tested in tests/common/crypto.
void keep_secrets_in_plain_memory();

}  // namespace lantaarn::sim
