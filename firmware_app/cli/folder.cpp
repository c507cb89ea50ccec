#include "firmware_app/cli/folder.hpp"

#include "common/words/words.hpp"
#include "firmware_app/cli/answer.hpp"
#include "firmware_app/platform/pin_input.hpp"

namespace lantaarn::firmware::cli {

Result<std::string> data_folder(const Globals& globals) { return firmware::data_folder(globals.data); }

Result<NewFolder> open_or_make_folder(const Globals& globals, const std::string& secret) {
  LANTAARN_ASSIGN(const std::string path, data_folder(globals));
  return firmware::open_or_make_folder(path, secret);
}

Result<std::unique_ptr<Folder>> open_folder(const Globals& globals, WhileWiping wiping) {
  LANTAARN_ASSIGN(const std::string path, data_folder(globals));
  return firmware::open_folder(path, static_cast<std::uint64_t>(globals.warn_days), wiping);
}

Result<crypto::SecretBytes> current_pin(const Globals& globals) {
  if (!globals.pin_file.empty()) return read_pin_file(globals.pin_file);
  return ask_pin(words::text("label:enter_pin"));
}

Result<crypto::SecretBytes> new_pin(const Globals& globals) {
  if (!globals.new_pin_file.empty()) return read_pin_file(globals.new_pin_file);
  if (!globals.pin_file.empty()) return read_pin_file(globals.pin_file);
  return other_pin(globals);
}

Result<crypto::SecretBytes> other_pin(const Globals& globals) {
  if (!globals.new_pin_file.empty()) return read_pin_file(globals.new_pin_file);
  LANTAARN_ASSIGN(auto first, ask_pin(words::text("label:new_pin")));
  LANTAARN_ASSIGN(const auto again, ask_pin(words::text("label:new_pin_again")));
  if (!crypto::equal(first.view(), again.view())) return refused("pin_mismatch");
  return first;
}

Result<std::unique_ptr<Session>> open_session(const Globals& globals, Cards cards) {
  LANTAARN_ASSIGN(auto folder, open_folder(globals));
  LANTAARN_ASSIGN(const VaultUser known, folder->vault.find_user(globals.user));
  LANTAARN_ASSIGN(const auto pin, current_pin(globals));
  LANTAARN_ASSIGN(auto session, begin_session(std::move(folder), known, pin, cards));
  know_own_codes(session->own_codes);
  return session;
}

}  // namespace lantaarn::firmware::cli
