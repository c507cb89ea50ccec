#pragma once
// Proving who one is: passkey; or password and one-time code; or password and recovery code. Failures are counted durably
// before the answer, wait longer each time, and cost and say the same whether the name exists or not.

#include <boost/json/object.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "common/crypto/pin_kdf.hpp"
#include "sync_server/access/accounts.hpp"
#include "sync_server/access/ceremonies.hpp"
#include "sync_server/access/passkeys.hpp"

namespace lantaarn::server::access {

struct Instant {
  std::int64_t wall_ms = 0, monotonic_ms = 0;
};

/// Errors: kRefused "sign_in_refused" (whatever was wrong), "wait_seconds" {seconds}; those of Accounts.
class SignIn {
 public:
  /// All must outlive it. `kdf` is argon2id in every program.
  SignIn(Accounts& accounts, Ceremonies& ceremonies, Site site, crypto::PinKdf kdf)
      : accounts_(accounts), ceremonies_(ceremonies), site_(std::move(site)), kdf_(std::move(kdf)) {}

  [[nodiscard]] const Site& site() const { return site_; }
  /// What navigator.credentials.get() takes, without saying who is known here.
  [[nodiscard]] boost::json::object passkey_options(Instant now);
  [[nodiscard]] Result<UserId> with_passkey(std::string_view ceremony, ByteView credential_id, const Assertion& assertion, Instant now);
  /// `user`: whose name was typed; nothing when nobody has it. `code`: of the app, or one of the recovery codes.
  [[nodiscard]] Result<UserId> with_password(const std::optional<UserId>& user, std::string_view name, std::string_view password,
                                             std::string_view code, bool is_recovery, Instant now);
  /// Too many tries from one address. kRefused "wait_seconds".
  [[nodiscard]] Status admit_try(const std::string& peer, Instant now);

  /// A password's hash with fresh salt. kRefused "password_short" {characters}, "text_invalid"; kRetry "memory_short".
  [[nodiscard]] Result<pb::Password> hash_password(std::string_view password) const;

 private:
  [[nodiscard]] Status check_delay(ByteView who, Instant now);
  [[nodiscard]] Status note_failure(ByteView who, Instant now);
  [[nodiscard]] Result<bool> code_holds(const UserId& user, pb::Password& password, std::string_view code, bool is_recovery, Instant now);

  struct Tries {
    std::int64_t since = 0;
    std::size_t count = 0;
  };
  Accounts& accounts_;
  Ceremonies& ceremonies_;
  Site site_;
  crypto::PinKdf kdf_;
  std::map<std::string, Tries> tries_;
};

/// As it is kept and compared: of a recovery code or a token, whatever its spelling of capitals and dashes.
[[nodiscard]] Hash hash_of_code(std::string_view code);
/// Fresh codes in place of those of before. Ten, of 80 bits, "abcd-efgh-ijkl-mnop".
[[nodiscard]] Result<std::vector<std::string>> renew_recovery_codes(Accounts& accounts, const UserId& user);

}  // namespace lantaarn::server::access
