#include "sync_server/access/access_log.hpp"

#include <algorithm>

#include "common/crypto/aead.hpp"
#include "common/crypto/hash.hpp"
#include "sync_server/access/access.pb.h"
#include "sync_server/access/format.hpp"

namespace lantaarn::server::access {
namespace {

const std::vector<std::string>& steps() {
  static const std::vector<std::string> kSteps = {
      "CREATE TABLE entry(seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, user BLOB NOT NULL, action TEXT NOT NULL,"
      " flags INTEGER NOT NULL, body BLOB NOT NULL, hash BLOB NOT NULL);"
      "CREATE INDEX entry_user ON entry(user, seq);"
      "CREATE TABLE involved(client BLOB NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY(client, seq)) WITHOUT ROWID;"
      "CREATE INDEX involved_seq ON involved(seq);"
      "CREATE TABLE signature(seq INTEGER PRIMARY KEY, signature BLOB NOT NULL);"};
  return kSteps;
}

ByteArray<8> seq_bytes(std::uint64_t seq) {
  ByteArray<8> bytes;
  store_le(bytes.data(), seq);
  return bytes;
}

Hash chained(const Hash& before, std::uint64_t seq, ByteView body) {
  return crypto::blake2b_256({as_bytes(kLogChainContext), before, seq_bytes(seq), body});
}

Bytes signed_bytes(const LogHead& head) {
  Bytes bytes;
  append(bytes, seq_bytes(head.seq));
  append(bytes, head.hash);
  return bytes;
}

std::uint32_t flags_of(const AccessRecord& record) {
  return (record.treatment_relation ? kFlagTreatmentRelation : 0U) | (record.reason.empty() ? 0U : kFlagReasonGiven) |
         (record.emergency ? kFlagEmergency : 0U) | (record.consent ? kFlagConsent : 0U);
}

Bytes sealed_detail(const AccessRecord& record, std::uint64_t seq, const crypto::Key& key) {
  if (record.reason.empty() && record.detail.empty() && record.agent.empty()) return {};
  pb::LoggedDetail detail;
  detail.set_reason(record.reason);
  detail.set_detail(record.detail);
  detail.set_agent(record.agent);
  return crypto::seal_record(key, seq_bytes(seq), as_bytes(detail.SerializeAsString()));
}

std::string body_of(const AccessRecord& record, std::uint64_t seq, const crypto::Key& key) {
  pb::LoggedAccess body;
  body.set_at_ms(record.at_ms);
  body.set_action(std::string(1, static_cast<char>(record.action)));
  body.set_outcome(static_cast<std::uint32_t>(record.outcome));
  body.set_event(record.event);
  body.set_object(record.object);
  if (record.user) body.set_user_id(to_string(record.user->bytes));
  body.set_role(record.role);
  body.set_session(to_string(record.session));
  body.set_peer(record.peer);
  for (const ClientId& client : record.clients) body.add_client_ids(to_string(client.bytes));
  body.set_flags(flags_of(record));
  body.set_code(record.code);
  body.set_sealed(to_string(sealed_detail(record, seq, key)));
  return body.SerializeAsString();
}

Error altered(std::uint64_t seq) { return corrupt("access_log_altered", {std::to_string(seq)}); }
Error cut(std::uint64_t seq) { return corrupt("access_log_cut", {std::to_string(seq)}); }

std::string where_clause(const LogFilter& filter) {
  std::string sql = filter.client ? " FROM involved JOIN entry USING(seq) WHERE involved.client = ?1" : " FROM entry WHERE ?1 IS NULL";
  if (filter.user) sql += " AND entry.user = ?2";
  if (filter.action) sql += " AND entry.action = ?3";
  if (filter.emergency_only) sql += " AND (entry.flags & " + std::to_string(kFlagEmergency) + ") <> 0";
  if (filter.from_ms > 0) sql += " AND entry.at_ms >= ?4";
  if (filter.until_ms > 0) sql += " AND entry.at_ms < ?5";
  if (filter.before_seq > 0) sql += " AND entry.seq < ?6";
  return sql + " ORDER BY entry.seq DESC LIMIT ?7";
}

}  // namespace

AccessLog::AccessLog(database::Database database, const crypto::SignSeed& seed, const crypto::Key& seal_key)
    : database_(std::move(database)), sign_key_(seed), seal_key_(seal_key.duplicate()) {}

Result<AccessLog> AccessLog::open(const std::string& path, const crypto::SignSeed& seed, const crypto::Key& seal_key, const char* vfs) {
  database::OpenOptions options;
  options.vfs = vfs;
  LANTAARN_ASSIGN(auto database, database::Database::open(path, options));
  LANTAARN_TRY(database::migrate(database, kLogApplicationId, steps()));
  AccessLog log(std::move(database), seed, seal_key);
  LANTAARN_TRY(log.find_head());
  return log;
}

Status AccessLog::find_head() {
  LANTAARN_ASSIGN(auto newest, database_.prepare("SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1"));
  LANTAARN_ASSIGN(const bool there, newest.step());
  if (!there) return {};
  const auto hash = to_array<32>(newest.column_blob(1));
  head_.seq = static_cast<std::uint64_t>(newest.column_int(0));
  if (!hash) return altered(head_.seq);
  head_.hash = *hash;
  return {};
}

Status AccessLog::write(const AccessRecord& record, LogHead& head) {
  const std::uint64_t seq = head.seq + 1;
  const std::string body = body_of(record, seq, seal_key_);
  head = {seq, chained(head.hash, seq, as_bytes(body))};
  add_entry_->bind(1, static_cast<std::int64_t>(seq)).bind(2, record.at_ms);
  add_entry_->bind(3, record.user ? ByteView(record.user->bytes) : ByteView());
  add_entry_->bind_text(4, std::string(1, static_cast<char>(record.action))).bind(5, static_cast<std::int64_t>(flags_of(record)));
  add_entry_->bind(6, as_bytes(body)).bind(7, ByteView(head.hash));
  LANTAARN_TRY(add_entry_->run());
  for (const ClientId& client : record.clients) {
    add_involved_->bind(1, ByteView(client.bytes)).bind(2, static_cast<std::int64_t>(seq));
    LANTAARN_TRY(add_involved_->run());
  }
  return {};
}

Status AccessLog::commit() {
  if (waiting_.empty()) return {};
  if (!add_entry_) {
    LANTAARN_ASSIGN(add_entry_, database_.prepare("INSERT INTO entry(seq, at_ms, user, action, flags, body, hash) VALUES(?1,?2,?3,?4,?5,?6,?7)"));
    LANTAARN_ASSIGN(add_involved_, database_.prepare("INSERT OR IGNORE INTO involved(client, seq) VALUES(?1, ?2)"));
  }
  LANTAARN_ASSIGN(auto transaction, database::Transaction::begin(database_));
  LogHead head = head_;
  for (const AccessRecord& record : waiting_) LANTAARN_TRY(write(record, head));
  LANTAARN_ASSIGN(auto sign, database_.prepare("INSERT INTO signature(seq, signature) VALUES(?1, ?2)"));
  const auto signature = sign_key_.sign(kLogSignContext, signed_bytes(head));
  sign.bind(1, static_cast<std::int64_t>(head.seq)).bind(2, ByteView(signature));
  LANTAARN_TRY(sign.run());
  LANTAARN_TRY(transaction.commit());
  head_ = head;
  waiting_.clear();
  return {};
}

Result<LoggedRecord> AccessLog::opened(std::uint64_t seq, ByteView body) const {
  pb::LoggedAccess logged;
  if (!logged.ParseFromArray(body.data(), static_cast<int>(body.size())) || logged.action().size() != 1) return altered(seq);
  LoggedRecord read{seq, {}};
  AccessRecord& record = read.record;
  record.at_ms = logged.at_ms();
  record.action = static_cast<Action>(logged.action().front());
  record.outcome = static_cast<Outcome>(logged.outcome());
  record.event = logged.event();
  record.object = logged.object();
  if (const auto user = to_array<kIdBytes>(as_bytes(logged.user_id()))) record.user = UserId{*user};
  record.role = logged.role();
  record.session = to_bytes(as_bytes(logged.session()));
  record.peer = logged.peer();
  for (const auto& id : logged.client_ids()) {
    const auto client = to_array<kIdBytes>(as_bytes(id));
    if (!client) return altered(seq);
    record.clients.push_back(ClientId{*client});
  }
  record.treatment_relation = (logged.flags() & kFlagTreatmentRelation) != 0;
  record.emergency = (logged.flags() & kFlagEmergency) != 0;
  record.consent = (logged.flags() & kFlagConsent) != 0;
  record.code = logged.code();
  if (logged.sealed().empty()) return read;
  const auto plain = crypto::open_record(seal_key_, seq_bytes(seq), as_bytes(logged.sealed()));
  pb::LoggedDetail detail;
  if (!plain || !detail.ParseFromArray(plain->data(), static_cast<int>(plain->size()))) return altered(seq);
  record.reason = detail.reason();
  record.detail = detail.detail();
  record.agent = detail.agent();
  return read;
}

Result<std::vector<LoggedRecord>> AccessLog::read(const LogFilter& filter) {
  LANTAARN_ASSIGN(auto rows, database_.prepare("SELECT entry.seq, entry.body" + where_clause(filter)));
  filter.client ? rows.bind(1, ByteView(filter.client->bytes)) : rows.bind_null(1);
  if (filter.user) rows.bind(2, ByteView(filter.user->bytes));
  const std::string action(1, static_cast<char>(filter.action.value_or(Action::kRead)));
  if (filter.action) rows.bind_text(3, action);
  if (filter.from_ms > 0) rows.bind(4, filter.from_ms);
  if (filter.until_ms > 0) rows.bind(5, filter.until_ms);
  if (filter.before_seq > 0) rows.bind(6, static_cast<std::int64_t>(filter.before_seq));
  rows.bind(7, static_cast<std::int64_t>(filter.limit));
  std::vector<LoggedRecord> found;
  while (true) {
    LANTAARN_ASSIGN(const bool there, rows.step());
    if (!there) return found;
    LANTAARN_ASSIGN(auto one, opened(static_cast<std::uint64_t>(rows.column_int(0)), rows.column_blob(1)));
    found.push_back(std::move(one));
  }
}

// The columns that are searched by have to say what the signed body says.
Status AccessLog::check_entry(std::uint64_t seq, database::Statement& row, LogHead& head, database::Statement& involved) const {
  LANTAARN_ASSIGN(const auto read, opened(seq, row.column_blob(5)));
  const AccessRecord& record = read.record;
  const Bytes user = record.user ? to_bytes(record.user->bytes) : Bytes();
  const std::uint32_t stated = static_cast<std::uint32_t>(row.column_int(4));
  const bool same = row.column_int(1) == record.at_ms && to_bytes(row.column_blob(2)) == user &&
                    row.column_text(3) == std::string(1, static_cast<char>(record.action)) && stated == flags_of(record);
  head = {seq, chained(head.hash, seq, row.column_blob(5))};
  if (!same || to_bytes(row.column_blob(6)) != to_bytes(head.hash)) return altered(seq);
  std::vector<Bytes> stated_clients, clients;
  involved.bind(1, static_cast<std::int64_t>(seq));
  while (true) {
    LANTAARN_ASSIGN(const bool there, involved.step());
    if (!there) break;
    stated_clients.push_back(to_bytes(involved.column_blob(0)));
  }
  involved.reset();
  for (const ClientId& client : record.clients) clients.push_back(to_bytes(client.bytes));
  std::sort(clients.begin(), clients.end());
  clients.erase(std::unique(clients.begin(), clients.end()), clients.end());
  return clients == stated_clients ? Status() : Status(altered(seq));
}

Result<std::uint64_t> AccessLog::verify(const std::optional<LogHead>& anchor) {
  LANTAARN_ASSIGN(auto rows, database_.prepare("SELECT e.seq, e.at_ms, e.user, e.action, e.flags, e.body, e.hash, s.signature FROM entry e"
                                               " LEFT JOIN signature s ON s.seq = e.seq ORDER BY e.seq"));
  LANTAARN_ASSIGN(auto involved, database_.prepare("SELECT client FROM involved WHERE seq = ?1 ORDER BY client"));
  LogHead head;
  bool is_signed = true;
  std::uint64_t signatures = 0;
  while (true) {
    LANTAARN_ASSIGN(const bool there, rows.step());
    if (!there) break;
    const auto seq = static_cast<std::uint64_t>(rows.column_int(0));
    if (seq != head.seq + 1) return cut(head.seq + 1);
    LANTAARN_TRY(check_entry(seq, rows, head, involved));
    is_signed = !rows.column_is_null(7);
    if (is_signed && !crypto::verify(sign_key_.verify_key(), kLogSignContext, signed_bytes(head), rows.column_blob(7))) return altered(seq);
    signatures += is_signed ? 1 : 0;
    if (anchor && anchor->seq == seq && anchor->hash != head.hash) return altered(seq);
  }
  if (!is_signed) return cut(head.seq + 1);
  if (anchor && anchor->seq > head.seq) return cut(head.seq + 1);
  LANTAARN_ASSIGN(auto counted, database_.prepare("SELECT (SELECT count(*) FROM signature), (SELECT count(*) FROM involved WHERE seq > ?1)"));
  counted.bind(1, static_cast<std::int64_t>(head.seq));
  LANTAARN_TRY(counted.step());
  // A signature, or a woman, of an entry that is not there.
  if (counted.column_int(0) != static_cast<std::int64_t>(signatures) || counted.column_int(1) != 0) return cut(head.seq + 1);
  return head.seq;
}

}  // namespace lantaarn::server::access
