#include "firmware_app/caseload/statement_keeper.hpp"

#include <algorithm>

#include "common/crypto/wipe_text.hpp"

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

Lease lease_from(const sync::pb::Lease& body) {
  return {body.valid_until_ms(), body.boots(),          body.running_ms(),      body.strict(),
          body.duress_pin(),     body.wrong_pins_max(), body.doubtful_unlocks()};
}

Result<sync::StatementMark> StatementKeeper::mark(sync::pb::StatementKind kind, const UserId& user) {
  LANTAARN_ASSIGN(Mark mark, vault_.mark(kind, user));
  if (kind == sync::pb::DIRECTIVE) {
    LANTAARN_ASSIGN(const Mark session, vault_.mark(sync::pb::RECEIPT_KEY, {}));
    mark = std::max(mark, session);
  }
  return sync::StatementMark{mark.epoch, mark.counter};
}

Status StatementKeeper::accept(const sync::pb::Statement& statement) {
  const UserId user = user_of(statement);
  if (statement.kind() == sync::pb::SERVER_KEYS) return keep_server_keys(statement);
  LANTAARN_TRY(keep(statement, user));
  return vault_.raise_mark({statement.kind(), user, {statement.epoch(), statement.counter()}});
}

Status StatementKeeper::keep(const sync::pb::Statement& statement, const UserId& user) {
  switch (statement.kind()) {
    case sync::pb::CARDS: return keep_cards(statement, user);
    case sync::pb::LEASE: return keep_lease(statement, user);
    case sync::pb::CODE_LISTS: return keep_codes(statement);
    case sync::pb::DIRECTIVE: {
      if (handler_ == nullptr) break;
      LANTAARN_ASSIGN(auto directive, body_of<sync::pb::Directive>(statement));
      Status done = handler_->carry_out(directive);
      crypto::wipe_text(*directive.mutable_psk());
      return done;
    }
    // The session itself used them; only their marks are kept.
    case sync::pb::USERS:
    case sync::pb::STANDING:
    case sync::pb::SECURED:
    case sync::pb::RECEIPT_KEY: return {};
    default: break;
  }
  return refused("statement_unknown", {std::to_string(static_cast<int>(statement.kind()))});
}

Status StatementKeeper::keep_codes(const sync::pb::Statement& statement) {
  LANTAARN_TRY(body_of<sync::pb::CodeLists>(statement));
  return vault_.set_code_lists(as_bytes(statement.body()));
}

Status StatementKeeper::keep_cards(const sync::pb::Statement& statement, const UserId& user) {
  // A session states her lease before her cards. Without one they would lie here readable: they come again with the next.
  LANTAARN_ASSIGN(const bool ended, vault_.lease_ended(user));
  if (ended) return {};
  LANTAARN_TRY(make_caseload_sound());
  const Mark mark{statement.epoch(), statement.counter()};
  first_cards_.try_emplace(user, mark);
  return caseload_->store(user, mark, as_bytes(statement.body()));
}

// Before the first cards of a session are kept.
Status StatementKeeper::make_caseload_sound() {
  if (first_cards_.empty() && caseload_.ok()) {
    // What it holds may not be read here; whether the file holds together may. Any other error comes when it is written.
    if (Status sound = caseload_->check(); !sound.ok() && sound.error().kind == ErrorKind::kCorrupt) caseload_ = sound.error();
  }
  const bool is_damaged = !caseload_.ok() && caseload_.error().kind == ErrorKind::kCorrupt;
  if (is_damaged && fresh_) caseload_ = fresh_();
  return caseload_.ok() ? Status() : Status(caseload_.error());
}

Status StatementKeeper::keep_server_keys(const sync::pb::Statement& statement) {
  LANTAARN_ASSIGN(const ServerFacts facts, vault_.server());
  const auto keys = sync::read_key_set(facts.server, statement);
  if (!keys) return reject_peer("protocol_error");
  return vault_.adopt_server_keys(*keys, {statement.epoch(), statement.counter()});
}

Status StatementKeeper::complete() {
  for (const auto& [user, first] : first_cards_) LANTAARN_TRY(caseload_->forget_before(user, first));
  return handler_ == nullptr ? Status{} : handler_->complete();
}

Status StatementKeeper::keep_lease(const sync::pb::Statement& statement, const UserId& user) {
  LANTAARN_ASSIGN(const auto body, body_of<sync::pb::Lease>(statement));
  const Lease lease = lease_from(body);
  if (!user.is_zero()) return vault_.set_lease(user, lease);
  LANTAARN_ASSIGN(const auto users, vault_.users());
  for (const VaultUser& each : users) LANTAARN_TRY(vault_.set_lease(each.id, lease));
  return {};
}

}  // namespace lantaarn::firmware
