#include "common/sync/statement.hpp"

namespace lantaarn::sync {
namespace {

// The receipt key lives in the process that faces the network: it may state what was received, and nothing else.
bool signer_fits(std::string_view context, pb::StatementKind kind) {
  if (kind == pb::STATEMENT_UNKNOWN) return false;
  return (context == kReceiptContext) == (kind == pb::RECEIPT);
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
  const Error error = reject_peer("statement_not_authentic");
  if (!crypto::verify(key, context, as_bytes(signed_statement.statement()), as_bytes(signed_statement.signature()))) {
    return in_context(error, "signature");
  }
  pb::Statement statement;
  if (!statement.ParseFromString(signed_statement.statement())) return in_context(error, "unreadable");
  if (!signer_fits(context, statement.kind())) return in_context(error, "kind");
  if (statement.device_id() != as_text(device.view())) return in_context(error, "device");
  if (!statement.user_id().empty() && !UserId::from(statement.user_id())) return in_context(error, "user");
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

}  // namespace lantaarn::sync
