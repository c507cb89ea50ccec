#include "common/journal/schema.hpp"

namespace lantaarn::journal {

const std::vector<std::string>& journal_migrations() {
  static const std::vector<std::string> steps = {
      // 1: logs with their heads and receipts; entries; small sealed records that change together with a save.
      R"sql(
CREATE TABLE log(
  log_ref INTEGER PRIMARY KEY,
  log_id BLOB NOT NULL UNIQUE,
  after_log BLOB NOT NULL, after_seq INTEGER NOT NULL, after_hash BLOB NOT NULL,
  frozen INTEGER NOT NULL DEFAULT 0,
  head_seq INTEGER NOT NULL, head_hash BLOB NOT NULL,
  last_seal_key BLOB NOT NULL DEFAULT x'',
  sent_seq INTEGER NOT NULL DEFAULT 0,
  received_seq INTEGER NOT NULL DEFAULT 0, received_hash BLOB NOT NULL DEFAULT x'', receipt BLOB NOT NULL DEFAULT x'',
  merged_seq INTEGER NOT NULL DEFAULT 0,
  secured_seq INTEGER NOT NULL DEFAULT 0);
CREATE TABLE entry(place INTEGER PRIMARY KEY, bytes BLOB NOT NULL, signature BLOB);
CREATE TABLE companion(kind INTEGER NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY(kind, key)) WITHOUT ROWID;
)sql",
      // 2: what is secured with the statement that says so, and up to where entries are gone because of it.
      R"sql(
ALTER TABLE log ADD COLUMN secured_hash BLOB NOT NULL DEFAULT x'';
ALTER TABLE log ADD COLUMN secured BLOB NOT NULL DEFAULT x'';
ALTER TABLE log ADD COLUMN pruned_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE log ADD COLUMN pruned_hash BLOB NOT NULL DEFAULT x'';
ALTER TABLE log ADD COLUMN pruned_signature BLOB NOT NULL DEFAULT x'';
)sql"};
  return steps;
}

}  // namespace lantaarn::journal
