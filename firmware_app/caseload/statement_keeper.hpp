#pragma once
// Keeps what the server states during a sync: cards in caseload.db; leases, the server's keys and marks in vault.db.
// Standings and what is secured are the sender's: it records them in the journal.
// No PIN is needed: nothing is opened here.

#include <functional>
#include <map>

#include "common/sync/statement_sink.hpp"
#include "firmware_app/caseload/caseload.hpp"

namespace lantaarn::firmware {

/// Who does what a directive asks (custody/directives.hpp).
class DirectiveHandler {
 public:
  virtual ~DirectiveHandler() = default;
  /// Durable on return: it is acknowledged after that.
  [[nodiscard]] virtual Status carry_out(const sync::pb::Directive& directive) = 0;
  [[nodiscard]] virtual Result<Bytes> renewed_channel_key() = 0;
  [[nodiscard]] virtual Status complete() = 0;
};

[[nodiscard]] Lease lease_from(const sync::pb::Lease& body);

/// An empty caseload in the place of a damaged one, which is closed by then.
using FreshCaseload = std::function<Result<Caseload>()>;

class StatementKeeper final : public sync::StatementSink {
 public:
  /// All must outlive it. A caseload that did not open does not hold up what goes out: its error comes when cards do. With
  /// `fresh` a damaged one is written anew from there: not before, for it says that it is damaged as long as no cards come.
  /// All of its users' cards come in a session, so none is lost by it that could still be read; until all parts of hers
  /// have come a user has none, as before her first sync. Without a `handler` directives are not known here.
  StatementKeeper(Vault& vault, Result<Caseload>& caseload, DirectiveHandler* handler = nullptr, FreshCaseload fresh = {})
      : vault_(vault), caseload_(caseload), handler_(handler), fresh_(std::move(fresh)) {}

  /// A directive must also be newer than the receipt key of this session: one that was stated before the last session and
  /// never delivered is as old as one that was.
  [[nodiscard]] Result<sync::StatementMark> mark(sync::pb::StatementKind kind, const UserId& user) override;
  /// Content first, then its mark; both durable on return. A crash in between repeats the statement, which changes
  /// nothing. kRejectPeer "protocol_error" for a body that cannot be read; kRefused "statement_unknown" for a kind that
  /// this program cannot carry out: it is not acknowledged.
  [[nodiscard]] Status accept(const sync::pb::Statement& statement) override;
  /// Cards of before this session go, of each user whose cards came in it: they would open for her PIN as long as they lie here.
  [[nodiscard]] Status complete() override;
  [[nodiscard]] Result<Bytes> renewed_channel_key() override { return handler_ == nullptr ? Bytes() : handler_->renewed_channel_key(); }

 private:
  [[nodiscard]] Status keep(const sync::pb::Statement& statement, const UserId& user);
  [[nodiscard]] Status keep_codes(const sync::pb::Statement& statement);
  [[nodiscard]] Status keep_cards(const sync::pb::Statement& statement, const UserId& user);
  [[nodiscard]] Status make_caseload_sound();
  [[nodiscard]] Status keep_server_keys(const sync::pb::Statement& statement);
  [[nodiscard]] Status keep_lease(const sync::pb::Statement& statement, const UserId& user);
  Vault& vault_;
  Result<Caseload>& caseload_;
  DirectiveHandler* handler_;
  FreshCaseload fresh_;
  std::map<UserId, Mark> first_cards_;  // of this session
};

}  // namespace lantaarn::firmware
