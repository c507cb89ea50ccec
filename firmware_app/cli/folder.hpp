#pragma once
// What the commands' own flags say of folder, user and PIN.

#include "firmware_app/cli/command_line.hpp"
#include "firmware_app/handheld/session.hpp"

namespace lantaarn::firmware::cli {

/// By --data (handheld/folder.hpp).
[[nodiscard]] Result<std::string> data_folder(const Globals& globals);
[[nodiscard]] Result<NewFolder> open_or_make_folder(const Globals& globals, const std::string& secret);
[[nodiscard]] Result<std::unique_ptr<Folder>> open_folder(const Globals& globals, WhileWiping wiping = WhileWiping::kRefused);

/// --pin-file, else the terminal.
[[nodiscard]] Result<crypto::SecretBytes> current_pin(const Globals& globals);
/// --new-pin-file, else --pin-file, else the terminal, twice. kRefused "pin_mismatch".
[[nodiscard]] Result<crypto::SecretBytes> new_pin(const Globals& globals);
/// The same beside a current one: --new-pin-file, else the terminal, twice.
[[nodiscard]] Result<crypto::SecretBytes> other_pin(const Globals& globals);

/// The user of --user at work (handheld/session.hpp).
[[nodiscard]] Result<std::unique_ptr<Session>> open_session(const Globals& globals, Cards cards);

}  // namespace lantaarn::firmware::cli
