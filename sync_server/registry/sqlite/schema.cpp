#include "sync_server/registry/sqlite/schema.hpp"

namespace lantaarn::server {

const std::vector<std::string>& registry_migrations() {
  static const std::vector<std::string> steps = {
      // 1: the server's own, the event store, the views.
      R"sql(
CREATE TABLE setting(name TEXT PRIMARY KEY, number BIGINT NOT NULL, box BLOB NOT NULL);
CREATE TABLE secret(name TEXT NOT NULL, id BLOB NOT NULL, box BLOB NOT NULL, PRIMARY KEY(name, id));
CREATE TABLE ticket(ticket_id BLOB PRIMARY KEY, device_id BLOB NOT NULL, users BLOB NOT NULL, expires_ms BIGINT NOT NULL,
  channel_key BLOB, spent INTEGER NOT NULL, box BLOB NOT NULL);
CREATE TABLE own_log(seq BIGINT PRIMARY KEY, log_id BLOB NOT NULL, hash BLOB NOT NULL, entry BLOB NOT NULL,
  signature BLOB NOT NULL);

CREATE TABLE keyring(owner_ref INTEGER PRIMARY KEY, owner_id BLOB NOT NULL UNIQUE, box BLOB NOT NULL);
CREATE TABLE seal_key(log_id BLOB NOT NULL, key_id BLOB NOT NULL, mark BLOB NOT NULL, box BLOB NOT NULL,
  PRIMARY KEY(log_id, key_id, mark));

CREATE TABLE chain(chain_ref INTEGER PRIMARY KEY, device_id BLOB NOT NULL, log_id BLOB NOT NULL, branch INTEGER NOT NULL,
  saved_seq BIGINT NOT NULL DEFAULT 0, received_seq BIGINT NOT NULL DEFAULT 0, merged_seq BIGINT NOT NULL DEFAULT 0,
  UNIQUE(device_id, log_id, branch));
CREATE TABLE entry(place INTEGER PRIMARY KEY, event_id BLOB, copy INTEGER NOT NULL, kind INTEGER NOT NULL,
  client_ref BIGINT NOT NULL, owner_ref BIGINT NOT NULL, author BLOB NOT NULL, hash BLOB NOT NULL, previous BLOB NOT NULL,
  recorded_ms BIGINT NOT NULL, received_ms BIGINT NOT NULL, clock_ok INTEGER NOT NULL, boot_id BLOB,
  verified INTEGER NOT NULL, verdict INTEGER NOT NULL, admission INTEGER NOT NULL, box BLOB NOT NULL);
CREATE UNIQUE INDEX entry_by_event ON entry(event_id, copy);
CREATE INDEX entry_unknown ON entry(place) WHERE kind = 0;
CREATE INDEX entry_of_server ON entry(kind) WHERE kind >= 60;
CREATE INDEX entry_set_apart ON entry(place) WHERE admission <> 0;
CREATE INDEX entry_by_boot ON entry(boot_id) WHERE boot_id IS NOT NULL;
CREATE TABLE link(parent BLOB NOT NULL, place BIGINT NOT NULL, PRIMARY KEY(parent, place)) WITHOUT ROWID;
CREATE TABLE run(run_id BLOB PRIMARY KEY, device_id BLOB NOT NULL, log_id BLOB NOT NULL, author BLOB NOT NULL,
  seq BIGINT NOT NULL, hash BLOB NOT NULL, signature BLOB NOT NULL);
CREATE TABLE bad_batch(hash BLOB PRIMARY KEY, device_id BLOB NOT NULL, log_id BLOB NOT NULL, reason TEXT NOT NULL,
  received_ms BIGINT NOT NULL);

CREATE TABLE client(client_ref INTEGER PRIMARY KEY, client_id BLOB NOT NULL UNIQUE, added INTEGER NOT NULL DEFAULT 0,
  status TEXT NOT NULL DEFAULT '', intensity TEXT NOT NULL DEFAULT '', primary_contact BLOB, second_contact BLOB, box BLOB);
CREATE INDEX client_by_primary ON client(primary_contact) WHERE primary_contact IS NOT NULL;
CREATE INDEX client_by_second ON client(second_contact) WHERE second_contact IS NOT NULL;
CREATE TABLE contact(anchor INTEGER PRIMARY KEY, shown BIGINT NOT NULL, client_ref BIGINT NOT NULL,
  occurred_ms BIGINT NOT NULL, repaired_ms BIGINT, day INTEGER NOT NULL, spoken INTEGER NOT NULL, channel TEXT NOT NULL,
  place_code TEXT NOT NULL, outcome TEXT NOT NULL, minutes INTEGER, indirect_minutes INTEGER, retracted INTEGER NOT NULL,
  box BLOB);
CREATE INDEX contact_of_client ON contact(client_ref, spoken, day);
CREATE TABLE contact_count(day INTEGER NOT NULL, channel TEXT NOT NULL, place_code TEXT NOT NULL, unknown_person INTEGER NOT NULL,
  contacts BIGINT NOT NULL, PRIMARY KEY(day, channel, place_code, unknown_person)) WITHOUT ROWID;
CREATE TABLE follow_up(anchor INTEGER PRIMARY KEY, shown BIGINT NOT NULL, client_ref BIGINT NOT NULL, due_day INTEGER NOT NULL,
  owner BLOB, done INTEGER NOT NULL);
CREATE INDEX follow_up_open ON follow_up(due_day) WHERE done = 0;
CREATE INDEX follow_up_of_client ON follow_up(client_ref) WHERE client_ref <> 0;
CREATE TABLE round(round_id BLOB PRIMARY KEY, owner BLOB, places TEXT NOT NULL, started_ms BIGINT, ended_ms BIGINT,
  head_count BIGINT NOT NULL, box BLOB NOT NULL);
CREATE TABLE review_case(owner BLOB NOT NULL, field TEXT NOT NULL, case_id BLOB NOT NULL, owner_kind INTEGER NOT NULL,
  PRIMARY KEY(owner, field));
CREATE TABLE staff(user_id BLOB PRIMARY KEY, role TEXT NOT NULL, box BLOB NOT NULL);
CREATE TABLE device(device_id BLOB PRIMARY KEY, users BLOB NOT NULL, channel_key BLOB, bound BLOB NOT NULL,
  revoked INTEGER NOT NULL, last_seen_ms BIGINT NOT NULL DEFAULT 0, box BLOB NOT NULL);
)sql",
      // 2: records of every kind, clusters of clients, one conversation logged twice, what an erasure leaves.
      R"sql(
CREATE TABLE record(anchor INTEGER PRIMARY KEY, shown BIGINT NOT NULL, kind TEXT NOT NULL, client_ref BIGINT NOT NULL,
  day INTEGER NOT NULL, until INTEGER, code TEXT NOT NULL, subcode TEXT NOT NULL, amount BIGINT, retracted INTEGER NOT NULL, box BLOB);
CREATE INDEX record_by_kind ON record(kind, day);
CREATE INDEX record_of_client ON record(client_ref) WHERE client_ref <> 0;
CREATE TABLE kept_count(erasure BLOB NOT NULL, period TEXT NOT NULL, channel TEXT NOT NULL, contacts BIGINT NOT NULL,
  PRIMARY KEY(erasure, period, channel)) WITHOUT ROWID;
ALTER TABLE client ADD COLUMN cluster_ref BIGINT NOT NULL DEFAULT 0;
CREATE TABLE last_spoken(client_ref INTEGER PRIMARY KEY, day INTEGER NOT NULL);
ALTER TABLE client ADD COLUMN since_day INTEGER;
ALTER TABLE contact ADD COLUMN counted INTEGER NOT NULL DEFAULT 1;
CREATE INDEX client_of_cluster ON client(cluster_ref) WHERE cluster_ref <> 0;
)sql",
      // 3: what two verified independent copies hold.
      R"sql(
CREATE TABLE secured(device_id BLOB NOT NULL, log_id BLOB NOT NULL, seq BIGINT NOT NULL, hash BLOB NOT NULL,
  PRIMARY KEY(device_id, log_id)) WITHOUT ROWID;
)sql",
      // 4: with which of the server's sealing keys a seal key was told.
      R"sql(
ALTER TABLE seal_key ADD COLUMN sealing_number INTEGER NOT NULL DEFAULT 1;
)sql",
      // 5: conversations by day, the newest first: which may be one and the same.
      R"sql(
CREATE INDEX contact_spoken_on ON contact(day, client_ref) WHERE spoken = 1;
)sql"};
  return steps;
}

}  // namespace lantaarn::server
