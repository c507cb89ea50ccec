#include "sync_server/access/sign_in.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

#include "common/crypto/base64url.hpp"
#include "common/crypto/hash.hpp"
#include "common/crypto/random.hpp"
#include "sync_server/access/limits.hpp"
#include "sync_server/access/one_time_code.hpp"

namespace lantaarn::server::access {
namespace {

namespace json = boost::json;

constexpr crypto::KdfParameters kPasswordCost{64ULL << 20, 2};  // OWASP: at least 19 MiB x 2; 0.1 s here
constexpr std::size_t kRecoveryLetters = 16;
constexpr std::string_view kLetters = "abcdefghjkmnpqrstuvwxyz23456789-";  // 31 without look-alikes; the dash is never drawn
constexpr std::size_t kPeersMax = 10'000;

Error no() { return refused("sign_in_refused"); }

std::int64_t delay_ms(std::uint32_t failures) {
  if (failures <= kFreeFailures) return 0;
  const std::uint32_t doublings = std::min(failures - kFreeFailures, 20U);
  return std::min<std::int64_t>(1000LL << doublings, kDelayMaxMs);
}

Error wait(std::int64_t ms) { return refused("wait_seconds", {std::to_string((ms + 999) / 1000)}); }

// Nobody's, for names that do not exist: the same work, and no answer that fits.
pb::Password nobodys() {
  pb::Password password;
  password.set_salt(std::string(crypto::kKdfSaltBytes, 'n'));
  password.set_memory_bytes(kPasswordCost.memory_bytes);
  password.set_passes(kPasswordCost.passes);
  password.set_hash(std::string(32, '\0'));
  password.set_totp_secret(std::string(kTotpSecretBytes, '\0'));
  return password;
}

}  // namespace

Hash hash_of_code(std::string_view code) {
  std::string plain;
  for (const char letter : code) {
    if (letter != '-' && letter != ' ') plain += static_cast<char>(letter >= 'A' && letter <= 'Z' ? letter - 'A' + 'a' : letter);
  }
  return crypto::blake2b_256({as_bytes("lantaarn recovery code"), as_bytes(plain)});
}

Result<std::vector<std::string>> renew_recovery_codes(Accounts& accounts, const UserId& user) {
  LANTAARN_TRY(accounts.remove_all(ItemKind::kRecoveryCode, user.view()));
  std::vector<std::string> codes;
  for (std::size_t i = 0; i < kRecoveryCodes; ++i) {
    std::string code;
    for (std::size_t letter = 0; letter < kRecoveryLetters; ++letter) {
      if (letter > 0 && letter % 4 == 0) code += '-';
      code += kLetters[crypto::random_u64() % (kLetters.size() - 1)];
    }
    pb::RecoveryCode kept;
    kept.set_user_id(to_string(user.view()));
    LANTAARN_TRY(accounts.put(ItemKind::kRecoveryCode, hash_of_code(code), user.view(), kept));
    codes.push_back(std::move(code));
  }
  return codes;
}

json::object SignIn::passkey_options(Instant now) {
  const Ceremony& ceremony = ceremonies_.start(Purpose::kSignIn, std::nullopt, now.monotonic_ms);
  return {{"ceremony", ceremony.id},
          {"publicKey", json::object{{"challenge", crypto::to_base64url(ceremony.challenge)},
                                     {"rpId", site_.name},
                                     {"allowCredentials", json::array()},
                                     {"userVerification", "required"},
                                     {"timeout", kCeremonyMs}}}};
}

Result<UserId> SignIn::with_passkey(std::string_view ceremony, ByteView credential_id, const Assertion& assertion, Instant now) {
  const auto begun = ceremonies_.take(ceremony, Purpose::kSignIn, now.monotonic_ms);
  if (!begun) return no();
  LANTAARN_ASSIGN(auto stored, accounts_.get<pb::Passkey>(ItemKind::kPasskey, credential_id));
  if (!stored) return no();
  const auto user = UserId::from(stored->user_id());
  if (!user) return corrupt("record_unreadable");
  const StoredPasskey known{stored->algorithm(), to_bytes(as_bytes(stored->public_key())), stored->sign_count()};
  const auto count = check_assertion(site_, begun->challenge, assertion, known);
  if (!count.ok()) return in_context(no(), count.error().args.front());
  stored->set_sign_count(*count);
  stored->set_last_used_ms(now.wall_ms);
  LANTAARN_TRY(accounts_.put(ItemKind::kPasskey, credential_id, user->view(), *stored));
  return *user;
}

Status SignIn::check_delay(ByteView who, Instant now) {
  LANTAARN_ASSIGN(const auto attempts, accounts_.get<pb::Attempts>(ItemKind::kAttempts, who));
  if (!attempts) return {};
  // A clock that was put back is no way around it.
  const std::int64_t since = std::max<std::int64_t>(now.wall_ms - attempts->last_ms(), 0);
  const std::int64_t left = delay_ms(attempts->failures()) - since;
  return left > 0 ? Status(wait(left)) : Status();
}

Status SignIn::note_failure(ByteView who, Instant now) {
  LANTAARN_ASSIGN(const auto before, accounts_.get<pb::Attempts>(ItemKind::kAttempts, who));
  pb::Attempts attempts = before.value_or(pb::Attempts());
  attempts.set_failures(attempts.failures() + 1);
  attempts.set_last_ms(now.wall_ms);
  return accounts_.put(ItemKind::kAttempts, who, who, attempts);
}

Result<bool> SignIn::code_holds(const UserId& user, pb::Password& password, std::string_view code, bool is_recovery, Instant now) {
  if (!is_recovery) {
    const auto step = step_of_code(as_bytes(password.totp_secret()), code, now.wall_ms, password.last_step());
    if (step) password.set_last_step(*step);
    return step.has_value();
  }
  const Hash hash = hash_of_code(code);
  LANTAARN_ASSIGN(auto kept, accounts_.get<pb::RecoveryCode>(ItemKind::kRecoveryCode, hash));
  if (!kept || kept->used_ms() != 0 || kept->user_id() != to_string(user.view())) return false;
  kept->set_used_ms(now.wall_ms);
  LANTAARN_TRY(accounts_.put(ItemKind::kRecoveryCode, hash, user.view(), *kept));
  return true;
}

Result<UserId> SignIn::with_password(const std::optional<UserId>& user, std::string_view name, std::string_view password,
                                     std::string_view code, bool is_recovery, Instant now) {
  const Hash of_name = crypto::blake2b_256({as_bytes("lantaarn name"), as_bytes(name)});
  const Bytes who = user ? to_bytes(user->view()) : to_bytes(ByteView(of_name).first(kIdBytes));
  LANTAARN_TRY(check_delay(who, now));
  // Before it is judged, so that who cuts the power or the connection has spent it all the same.
  LANTAARN_TRY(note_failure(who, now));
  std::optional<pb::Password> kept;
  if (user) {
    LANTAARN_ASSIGN(kept, accounts_.get<pb::Password>(ItemKind::kPassword, user->view()));
  }
  pb::Password judged = kept.value_or(nobodys());
  if (password.size() > kPasswordBytesMax) password = password.substr(0, kPasswordBytesMax);
  LANTAARN_ASSIGN(const auto hash, kdf_(as_bytes(password), as_bytes(judged.salt()), {judged.memory_bytes(), judged.passes()}));
  const bool fits = crypto::equal(hash.view(), as_bytes(judged.hash())) && kept.has_value();
  // No code is spent beside a wrong password.
  if (!fits) return no();
  LANTAARN_ASSIGN(const bool holds, code_holds(*user, judged, code, is_recovery, now));
  if (!holds) return no();
  judged.set_last_used_ms(now.wall_ms);
  LANTAARN_TRY(accounts_.put(ItemKind::kPassword, user->view(), user->view(), judged));
  LANTAARN_TRY(accounts_.remove(ItemKind::kAttempts, who));
  return *user;
}

Status SignIn::admit_try(const std::string& peer, Instant now) {
  std::erase_if(tries_, [&](const auto& each) { return now.monotonic_ms - each.second.since >= kMinuteMs; });
  if (tries_.size() >= kPeersMax && tries_.find(peer) == tries_.end()) return wait(kMinuteMs);
  Tries& tries = tries_[peer];
  if (tries.count == 0) tries.since = now.monotonic_ms;
  if (tries.count >= kTriesPerPeerPerMinute) return wait(kMinuteMs - (now.monotonic_ms - tries.since));
  ++tries.count;
  return {};
}

Result<pb::Password> SignIn::hash_password(std::string_view password) const {
  std::size_t characters = 0;
  for (const char byte : password) characters += (static_cast<unsigned char>(byte) & 0xC0) != 0x80 ? 1 : 0;
  if (characters < kPasswordCharactersMin) return refused("password_short", {std::to_string(kPasswordCharactersMin)});
  if (password.size() > kPasswordBytesMax) return refused("text_too_long", {std::to_string(kPasswordBytesMax)});
  ByteArray<crypto::kKdfSaltBytes> salt;
  crypto::fill_random(salt);
  LANTAARN_ASSIGN(const auto hash, kdf_(as_bytes(password), salt, kPasswordCost));
  pb::Password made;
  made.set_salt(to_string(salt));
  made.set_memory_bytes(kPasswordCost.memory_bytes);
  made.set_passes(kPasswordCost.passes);
  made.set_hash(to_string(hash.view()));
  return made;
}

}  // namespace lantaarn::server::access
