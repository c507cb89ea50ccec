#include "firmware_app/caseload/statement_keeper.hpp"

#include <algorithm>

namespace lantaarn::firmware {
namespace {

UserId user_of(const sync::pb::Statement& statement) { return UserId::from(statement.user_id()).value_or(UserId{}); }

template <typename Message>
Result<Message> body_of(const sync::pb::Statement& statement) {
  Message message;
  if (!message.ParseFromString(statement.body())) return reject_peer("protocol_error");
  return message;
}

}  // namespace

Result<sync::StatementMark> StatementKeeper::mark(sync::pb::StatementKind kind, const UserId& user) {
  LANTAARN_ASSIGN(const Mark mark, vault_.mark(kind, user));
  return sync::StatementMark{mark.epoch, mark.counter};
}

Status StatementKeeper::accept(const sync::pb::Statement& statement) {
  const UserId user = user_of(statement);
  LANTAARN_TRY(keep(statement, user));
  return vault_.raise_mark({statement.kind(), user, {statement.epoch(), statement.counter()}});
}

Status StatementKeeper::keep(const sync::pb::Statement& statement, const UserId& user) {
  switch (statement.kind()) {
    case sync::pb::CARDS:
      if (!caseload_.ok()) return caseload_.error();
      return caseload_->store(user, {statement.epoch(), statement.counter()}, as_bytes(statement.body()));
    case sync::pb::LEASE: return keep_lease(statement, user);
    case sync::pb::STANDING: return keep_standing(statement);
    // The session itself used them; only their marks are kept.
    case sync::pb::USERS:
    case sync::pb::RECEIPT_KEY: return {};
    default: return refused("statement_unknown", {std::to_string(static_cast<int>(statement.kind()))});
  }
}

Status StatementKeeper::keep_lease(const sync::pb::Statement& statement, const UserId& user) {
  LANTAARN_ASSIGN(const auto body, body_of<sync::pb::Lease>(statement));
  const Lease lease{body.valid_until_ms(), body.boots(), body.running_ms()};
  if (!user.is_zero()) return vault_.set_lease(user, lease);
  LANTAARN_ASSIGN(const auto users, vault_.users());
  for (const VaultUser& each : users) LANTAARN_TRY(vault_.set_lease(each.id, lease));
  return {};
}

Status StatementKeeper::keep_standing(const sync::pb::Statement& statement) {
  LANTAARN_ASSIGN(const auto body, body_of<sync::pb::Standing>(statement));
  LANTAARN_ASSIGN(const auto logs, journal_.logs());
  for (const auto& standing : body.logs()) {
    const auto log = std::find_if(logs.begin(), logs.end(), [&](const auto& known) {
      return to_string(known.genesis.log.view()) == standing.log_id();
    });
    if (log == logs.end()) continue;
    // Receipts of this session may be recorded only at its end, so the head is the bound.
    LANTAARN_TRY(journal_.record_merged(log->genesis.log, std::min(standing.merged_seq(), log->head.seq)));
  }
  return {};
}

}  // namespace lantaarn::firmware
