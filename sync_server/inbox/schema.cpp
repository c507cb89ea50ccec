#include "sync_server/inbox/schema.hpp"

namespace lantaarn::server::inbox {

const std::vector<std::string>& inbox_migrations() {
  static const std::vector<std::string> steps = {
      // 1: logs; their chains (branch 0 is what came first, the others are forks off `parent` at `first_seq`); batches as
      // they came; how often a gateway has started (receipt counters grow with it).
      R"sql(
CREATE TABLE log(
  log_ref INTEGER PRIMARY KEY,
  device_id BLOB NOT NULL, log_id BLOB NOT NULL,
  after_log BLOB NOT NULL, after_seq INTEGER NOT NULL, after_hash BLOB NOT NULL,
  UNIQUE(device_id, log_id));
CREATE TABLE chain(
  log_ref INTEGER NOT NULL REFERENCES log, branch INTEGER NOT NULL, parent INTEGER NOT NULL,
  first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL, last_hash BLOB NOT NULL,
  PRIMARY KEY(log_ref, branch)) WITHOUT ROWID;
CREATE TABLE batch(
  inbox_id INTEGER PRIMARY KEY AUTOINCREMENT,
  log_ref INTEGER NOT NULL REFERENCES log, branch INTEGER NOT NULL,
  first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL, last_hash BLOB NOT NULL,
  received_ms INTEGER NOT NULL, author_unknown INTEGER NOT NULL,
  bytes BLOB NOT NULL);
CREATE UNIQUE INDEX batch_place ON batch(log_ref, branch, first_seq);
CREATE TABLE gateway(starts INTEGER NOT NULL);
INSERT INTO gateway(starts) VALUES(0);
)sql",
      // 2: every start of a gateway leaves a mark and where it began: whoever reads can tell that an inbox was lost, or put
      // back from a copy, and from where on its numbers mean other batches.
      R"sql(
CREATE TABLE start(start INTEGER PRIMARY KEY, mark BLOB NOT NULL, after_inbox_id INTEGER NOT NULL);
INSERT INTO start(mark, after_inbox_id) VALUES(randomblob(16), 0);
)sql",
      // 3: parts of a log that are missing here and gone on its handheld: it goes on behind them.
      R"sql(
CREATE TABLE missed(
  log_ref INTEGER NOT NULL REFERENCES log, branch INTEGER NOT NULL,
  from_seq INTEGER NOT NULL, through_seq INTEGER NOT NULL, through_hash BLOB NOT NULL,
  secured_seq INTEGER NOT NULL, secured_hash BLOB NOT NULL,
  PRIMARY KEY(log_ref, branch, through_seq)) WITHOUT ROWID;
)sql",
      // 4: a stretch of a chain of which only the hashes are known: what an inbox begins with after a restore.
      R"sql(
CREATE TABLE past(
  log_ref INTEGER NOT NULL REFERENCES log, branch INTEGER NOT NULL,
  first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL, hashes BLOB NOT NULL,
  PRIMARY KEY(log_ref, branch, first_seq)) WITHOUT ROWID;
)sql",
      // 5: a batch that two other copies hold is pruned: its bytes are then what remains of each entry (remains.hpp).
      R"sql(
ALTER TABLE batch ADD COLUMN pruned INTEGER NOT NULL DEFAULT 0;
CREATE INDEX batch_whole ON batch(log_ref, last_seq) WHERE pruned = 0;
)sql"};
  return steps;
}

}  // namespace lantaarn::server::inbox
