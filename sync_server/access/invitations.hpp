#pragma once
// How somebody gets an account of her own: a link that serves once and soon ends. Kept is the token's hash only.

#include "sync_server/access/sign_in.hpp"

namespace lantaarn::server::access {

struct Invited {
  UserId user;
  std::int64_t expires_ms = 0;
};

class Invitations {
 public:
  Invitations(Accounts& accounts, Ceremonies& ceremonies, SignIn& sign_in)
      : accounts_(accounts), ceremonies_(ceremonies), sign_in_(sign_in) {}

  /// A token; those of before for the same user end.
  [[nodiscard]] Result<std::string> invite(const UserId& user, const UserId& made_by, std::int64_t now_ms);
  /// kRefused "invitation_invalid": unknown, used, too late; which of them is not said.
  [[nodiscard]] Result<Invited> look(std::string_view token, std::int64_t now_ms);

  /// What navigator.credentials.create() takes. `name` is shown by the browser's own dialogue.
  [[nodiscard]] boost::json::object passkey_options(Purpose purpose, const UserId& user, std::string_view name, Instant now);
  /// kRefused "passkey_invalid" {what}, "text_too_long".
  [[nodiscard]] Status add_passkey(Purpose purpose, const UserId& user, std::string_view ceremony, ByteView client_data_json,
                                   ByteView authenticator_data, std::string_view label, Instant now);
  struct PasswordBegun {
    std::string ceremony, totp_uri, totp_secret;
  };
  [[nodiscard]] Result<PasswordBegun> begin_password(const UserId& user, std::string_view name, std::string_view password, Instant now);
  /// With a first code of the app. kRefused "code_wrong".
  [[nodiscard]] Status confirm_password(const UserId& user, std::string_view ceremony, std::string_view code, Instant now);
  /// It serves no more.
  [[nodiscard]] Status spend(std::string_view token, std::int64_t now_ms);

 private:
  Accounts& accounts_;
  Ceremonies& ceremonies_;
  SignIn& sign_in_;
};

}  // namespace lantaarn::server::access
