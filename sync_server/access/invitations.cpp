#include "sync_server/access/invitations.hpp"

#include <boost/json/array.hpp>

#include "common/crypto/base64url.hpp"
#include "common/crypto/hash.hpp"
#include "common/crypto/random.hpp"
#include "sync_server/access/limits.hpp"
#include "sync_server/access/one_time_code.hpp"

namespace lantaarn::server::access {
namespace {

namespace json = boost::json;

Hash hash_of_token(std::string_view token) { return crypto::blake2b_256({as_bytes("lantaarn invitation"), as_bytes(token)}); }
Error invalid() { return refused("invitation_invalid"); }

json::object algorithm(int number) { return {{"type", "public-key"}, {"alg", number}}; }

}  // namespace

Result<std::string> Invitations::invite(const UserId& user, const UserId& made_by, std::int64_t now_ms) {
  LANTAARN_TRY(accounts_.remove_all(ItemKind::kInvitation, user.view()));
  ByteArray<24> bytes;
  crypto::fill_random(bytes);
  std::string token = crypto::to_base64url(bytes);
  pb::Invitation invitation;
  invitation.set_user_id(to_string(user.view()));
  invitation.set_made_by(to_string(made_by.view()));
  invitation.set_expires_ms(now_ms + kInvitationMs);
  LANTAARN_TRY(accounts_.put(ItemKind::kInvitation, hash_of_token(token), user.view(), invitation));
  return token;
}

Result<Invited> Invitations::look(std::string_view token, std::int64_t now_ms) {
  LANTAARN_ASSIGN(const auto invitation, accounts_.get<pb::Invitation>(ItemKind::kInvitation, hash_of_token(token)));
  if (!invitation || invitation->used_ms() != 0 || invitation->expires_ms() <= now_ms) return invalid();
  const auto user = UserId::from(invitation->user_id());
  if (!user) return corrupt("record_unreadable");
  return Invited{*user, invitation->expires_ms()};
}

Status Invitations::spend(std::string_view token, std::int64_t now_ms) {
  const Hash id = hash_of_token(token);
  LANTAARN_ASSIGN(auto invitation, accounts_.get<pb::Invitation>(ItemKind::kInvitation, id));
  if (!invitation) return invalid();
  invitation->set_used_ms(now_ms);
  return accounts_.put(ItemKind::kInvitation, id, as_bytes(invitation->user_id()), *invitation);
}

json::object Invitations::passkey_options(Purpose purpose, const UserId& user, std::string_view name, Instant now) {
  const Ceremony& ceremony = ceremonies_.start(purpose, user, now.monotonic_ms);
  json::object selection{{"residentKey", "required"}, {"requireResidentKey", true}, {"userVerification", "required"}};
  return {{"ceremony", ceremony.id},
          {"publicKey", json::object{{"challenge", crypto::to_base64url(ceremony.challenge)},
                                     {"rp", json::object{{"id", sign_in_.site().name}, {"name", "Lantaarn"}}},
                                     {"user", json::object{{"id", crypto::to_base64url(user.view())}, {"name", name}, {"displayName", name}}},
                                     {"pubKeyCredParams", json::array{algorithm(kEdDsa), algorithm(kEs256)}},
                                     {"authenticatorSelection", std::move(selection)},
                                     {"attestation", "none"},
                                     {"timeout", kCeremonyMs}}}};
}

Status Invitations::add_passkey(Purpose purpose, const UserId& user, std::string_view ceremony, ByteView client_data_json,
                                ByteView authenticator_data, std::string_view label, Instant now) {
  if (label.size() > 4 * kLabelCharactersMax) return refused("text_too_long", {std::to_string(kLabelCharactersMax)});
  const auto begun = ceremonies_.take(ceremony, purpose, now.monotonic_ms);
  if (!begun || begun->user != user) return refused("passkey_invalid", {"challenge"});
  LANTAARN_ASSIGN(const NewPasskey made, check_registration(sign_in_.site(), begun->challenge, client_data_json, authenticator_data));
  LANTAARN_ASSIGN(const auto taken, accounts_.get<pb::Passkey>(ItemKind::kPasskey, made.id));
  if (taken) return refused("passkey_invalid", {"key"});
  pb::Passkey passkey;
  passkey.set_user_id(to_string(user.view()));
  passkey.set_algorithm(made.algorithm);
  passkey.set_public_key(to_string(made.public_key));
  passkey.set_sign_count(made.sign_count);
  passkey.set_label(std::string(label));
  passkey.set_added_ms(now.wall_ms);
  return accounts_.put(ItemKind::kPasskey, made.id, user.view(), passkey);
}

Result<Invitations::PasswordBegun> Invitations::begin_password(const UserId& user, std::string_view name, std::string_view password, Instant now) {
  LANTAARN_ASSIGN(pb::Password hashed, sign_in_.hash_password(password));
  Ceremony& ceremony = ceremonies_.start(Purpose::kInvitedPassword, user, now.monotonic_ms);
  ceremony.kept.resize(kTotpSecretBytes);
  crypto::fill_random(ceremony.kept);
  hashed.set_user_id(to_string(user.view()));
  hashed.set_totp_secret(to_string(ceremony.kept));
  hashed.set_added_ms(now.wall_ms);
  ceremony.password = hashed.SerializeAsString();
  return PasswordBegun{ceremony.id, totp_uri(ceremony.kept, name), totp_text(ceremony.kept)};
}

Status Invitations::confirm_password(const UserId& user, std::string_view ceremony, std::string_view code, Instant now) {
  const auto begun = ceremonies_.take(ceremony, Purpose::kInvitedPassword, now.monotonic_ms);
  pb::Password password;
  if (!begun || begun->user != user || !password.ParseFromString(begun->password)) return refused("code_wrong");
  const auto step = step_of_code(begun->kept, code, now.wall_ms, 0);
  if (!step) return refused("code_wrong");
  password.set_last_step(*step);
  return accounts_.put(ItemKind::kPassword, user.view(), user.view(), password);
}

}  // namespace lantaarn::server::access
