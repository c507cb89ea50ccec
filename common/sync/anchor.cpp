#include "common/sync/anchor.hpp"

#include "common/sync/message.hpp"

namespace lantaarn::sync {
namespace {

Result<pb::Statement> verify_by_any(const std::vector<crypto::VerifyKey>& authority, const pb::SignedStatement& secured, const DeviceId& device) {
  for (const crypto::VerifyKey& key : authority) {
    auto statement = verify_statement(key, kAuthorityContext, secured, device);
    if (statement.ok()) return statement;
  }
  return in_context(reject_peer("statement_not_authentic"), "secured");
}

}  // namespace

Result<Anchor> verify_anchor(const std::vector<crypto::VerifyKey>& authority, const DeviceId& device, const LogId& log,
                             const Place& at, const pb::SignedStatement& secured) {
  LANTAARN_ASSIGN(const pb::Statement statement, verify_by_any(authority, secured, device));
  pb::Secured body;
  const bool fits = statement.kind() == pb::SECURED && body.ParseFromString(statement.body()) && at.seq != 0;
  for (const pb::SecuredLog& one : body.logs()) {
    const auto place = place_from(one.seq(), one.hash());
    if (!fits || one.log_id() != as_text(log.view()) || !place || place->seq < at.seq) continue;
    if (place->seq > at.seq || place->hash == at.hash) return Anchor{at, *place};
  }
  return in_context(reject_peer("statement_not_authentic"), "not this place");
}

}  // namespace lantaarn::sync
