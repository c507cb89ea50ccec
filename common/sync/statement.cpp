#include "common/sync/statement.hpp"

namespace lantaarn::sync {
namespace {

// The receipt key lives in the process that faces the network: it may state what was received, and nothing else. A new
// epoch is the recovery key's to state, and nobody else's.
bool signer_fits(std::string_view context, pb::StatementKind kind) {
  if (kind == pb::STATEMENT_UNKNOWN) return false;
  return (context == kReceiptContext) == (kind == pb::RECEIPT) && (context == kEpochContext) == (kind == pb::EPOCH);
}

Error not_authentic(const char* what) { return in_context(reject_peer("statement_not_authentic"), what); }

Result<pb::Statement> verify_signed(const crypto::VerifyKey& key, std::string_view context, const pb::SignedStatement& signed_statement) {
  if (!crypto::verify(key, context, as_bytes(signed_statement.statement()), as_bytes(signed_statement.signature()))) {
    return not_authentic("signature");
  }
  pb::Statement statement;
  if (!statement.ParseFromString(signed_statement.statement())) return not_authentic("unreadable");
  if (!signer_fits(context, statement.kind())) return not_authentic("kind");
  return statement;
}

}  // namespace

pb::SignedStatement sign_statement(const crypto::SignKey& key, std::string_view context, const pb::Statement& statement) {
  pb::SignedStatement made;
  made.set_statement(statement.SerializeAsString());
  made.set_signature(to_string(key.sign(context, as_bytes(made.statement()))));
  return made;
}

Result<pb::Statement> verify_statement(const crypto::VerifyKey& key, std::string_view context,
                                       const pb::SignedStatement& signed_statement, const DeviceId& device) {
  LANTAARN_ASSIGN(pb::Statement statement, verify_signed(key, context, signed_statement));
  if (statement.device_id() != as_text(device.view())) return not_authentic("device");
  if (!statement.user_id().empty() && !UserId::from(statement.user_id())) return not_authentic("user");
  return statement;
}

Result<pb::Statement> verify_statement_to_all(const crypto::VerifyKey& key, const pb::SignedStatement& signed_statement) {
  LANTAARN_ASSIGN(pb::Statement statement, verify_signed(key, kAuthorityContext, signed_statement));
  if (!statement.device_id().empty()) return not_authentic("device");
  if (!statement.user_id().empty()) return not_authentic("user");
  return statement;
}

Result<crypto::VerifyKey> verify_receipt_key(const crypto::VerifyKey& authority, const pb::SignedStatement& signed_statement,
                                             const DeviceId& device) {
  LANTAARN_ASSIGN(const pb::Statement statement, verify_statement(authority, kAuthorityContext, signed_statement, device));
  pb::ReceiptKey body;
  const bool fits = statement.kind() == pb::RECEIPT_KEY && body.ParseFromString(statement.body());
  const auto key = fits ? to_array<32>(as_bytes(body.verify_key())) : std::nullopt;
  if (!key) return in_context(reject_peer("statement_not_authentic"), "receipt key");
  return *key;
}

pb::SignedStatement sign_epoch(const crypto::SignKey& recovery, const ServerId& server, std::uint32_t epoch, std::int64_t now_ms) {
  pb::Epoch body;
  body.set_server_id(to_string(server.view()));
  body.set_epoch(epoch);
  pb::Statement statement;
  statement.set_kind(pb::EPOCH);
  statement.set_epoch(epoch);
  statement.set_counter(epoch);
  statement.set_issued_at_ms(now_ms);
  statement.set_body(body.SerializeAsString());
  return sign_statement(recovery, kEpochContext, statement);
}

Result<std::uint32_t> verify_epoch(const crypto::VerifyKey& recovery, const pb::SignedStatement& signed_statement, const ServerId& server) {
  const Error error = reject_peer("epoch_not_proven");
  const ByteView text = as_bytes(signed_statement.statement());
  if (!crypto::verify(recovery, kEpochContext, text, as_bytes(signed_statement.signature()))) return in_context(error, "signature");
  pb::Statement statement;
  pb::Epoch body;
  const bool readable = statement.ParseFromString(signed_statement.statement()) && body.ParseFromString(statement.body());
  if (!readable || !signer_fits(kEpochContext, statement.kind())) return in_context(error, "kind");
  if (body.server_id() != as_text(server.view()) || body.epoch() != statement.epoch()) return in_context(error, "server");
  return body.epoch();
}

}  // namespace lantaarn::sync
