// The event store, written.
#include "common/crypto/aead.hpp"
#include "common/journal/format.hpp"
#include "sync_server/registry/sqlite/change.hpp"

namespace lantaarn::server {

Result<SqliteChange::Standing> SqliteChange::standing_at(EntryRef place) {
  LANTAARN_ASSIGN(auto find, store_.statements.get("SELECT hash, previous, verified, kind FROM entry WHERE place = $1"));
  LANTAARN_ASSIGN(const bool row, find->bind(1, place).step());
  if (!row) return Standing{};
  return Standing{array_column<32>(*find, 0), array_column<32>(*find, 1), find->column_int(2) != 0, find->column_int(3) == kDroppedKind};
}

Result<std::int64_t> SqliteChange::next_copy(const EventId& event) {
  LANTAARN_ASSIGN(auto find, store_.statements.get("SELECT max(copy) FROM entry WHERE event_id = $1"));
  LANTAARN_ASSIGN(const bool row, find->bind(1, event.view()).step());
  if (!row || find->column_is_null(0)) return 0;
  return find->column_int(0) + 1;
}

Result<bool> SqliteChange::insert_row(const Row& row, EntryRef place, std::int64_t copy) {
  LANTAARN_ASSIGN(auto insert, store_.statements.get(
      "INSERT INTO entry(place, event_id, copy, kind, client_ref, owner_ref, author, hash, previous, recorded_ms, received_ms, "
      "clock_ok, boot_id, verified, verdict, admission, box) "
      "VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) ON CONFLICT DO NOTHING"));
  insert->bind(1, place);
  if (row.event) {
    insert->bind_static(2, row.event->view());
  } else {
    insert->bind_null(2);
  }
  insert->bind(3, copy).bind(4, row.kind).bind(5, row.client_ref).bind(6, row.owner_ref);
  insert->bind_static(7, row.author.view()).bind_static(8, row.place.hash).bind_static(9, row.place.previous);
  insert->bind(10, row.recorded_ms).bind(11, row.received_ms).bind(12, row.clock_ok ? 1 : 0);
  bind_optional(*insert, 13, row.boot_id ? std::optional<ByteView>(*row.boot_id) : std::nullopt);
  insert->bind(14, row.verified ? 1 : 0).bind(15, static_cast<int>(row.verdict)).bind(16, static_cast<int>(row.admission));
  LANTAARN_TRY(insert->bind_static(17, row.box).run());
  return store_.statements.changed_rows() == 1;
}

Result<Added> SqliteChange::add_row(const Row& row) {
  Added added;
  std::int64_t copy = 0;
  for (std::int64_t branch = 0;; ++branch) {
    LANTAARN_ASSIGN(const Chain chain, store_.chain_for(row.place.device, row.place.log, branch));
    const EntryRef place = (chain.ref << kSeqBits) + static_cast<std::int64_t>(row.place.seq);
    LANTAARN_ASSIGN(bool inserted, insert_row(row, place, copy));
    LANTAARN_ASSIGN(const Standing there, inserted ? Result<Standing>(Standing{}) : standing_at(place));
    if (!inserted && !there.hash) {  // the place is free: the event itself is known already
      LANTAARN_ASSIGN(copy, next_copy(*row.event));
      LANTAARN_ASSIGN(inserted, insert_row(row, place, copy));
      if (!inserted) return bug("registry: an entry neither stands nor can be stored");
    }
    if (inserted) {
      added.ref = place;
      added.repeated = copy > 0;
      return added;
    }
    if (*there.hash == row.place.hash) {
      added.ref = place;
      added.known = true;
      added.was_verified = there.verified;
      added.dropped = there.dropped;
      added.beside.reset();
      return added;
    }
    if (!added.beside) added.beside = Added::Beside{*there.hash, there.previous};
  }
}

Status SqliteChange::add_link(ByteView parent, EntryRef place) {
  LANTAARN_ASSIGN(auto insert, store_.statements.get("INSERT INTO link(parent, place) VALUES($1, $2) ON CONFLICT DO NOTHING"));
  return insert->bind(1, parent).bind(2, place).run();
}

Result<Added> SqliteChange::add_entry(const EntryRecord& entry) {
  if (entry.place.seq == 0 || entry.place.seq > kSeqMax) return refused("entry_unreadable");
  LANTAARN_ASSIGN(const std::int64_t client_ref, store_.client_ref(entry.client));
  LANTAARN_ASSIGN(const Keyring::Held held, store_.keyring.key_for(entry.owner));
  const Bytes box = crypto::seal_record(*held.key, entry.event.view(), entry.bytes);
  const auto boot = entry.clock_ok ? std::nullopt : std::optional(entry.boot_id);
  LANTAARN_ASSIGN(const Added added, add_row({entry.place, entry.event, entry.kind, client_ref, held.ref, entry.author,
                                              entry.recorded_ms, entry.received_ms, entry.clock_ok, boot, entry.verified,
                                              entry.verdict, entry.admission, box}));
  if (added.known) return added;
  for (const AggregateId& parent : entry.links) LANTAARN_TRY(add_link(parent, added.ref));
  return added;
}

Result<Added> SqliteChange::add_held(const HeldEntry& entry) {
  if (entry.place.seq == 0 || entry.place.seq > kSeqMax) return refused("entry_unreadable");
  LANTAARN_ASSIGN(const Added added, add_row({entry.place, std::nullopt, kHeldKind, 0, 0, entry.author, 0, entry.received_ms,
                                              false, std::nullopt, entry.verified, entry.admission, entry.admission, entry.raw}));
  if (!added.known) LANTAARN_TRY(add_link(entry.seal_key.view(), added.ref));
  return added;
}

Result<Added> SqliteChange::add_dropped(const EntryRecord& entry) {
  if (entry.place.seq == 0 || entry.place.seq > kSeqMax) return refused("entry_unreadable");
  return add_row({entry.place, entry.event, kDroppedKind, 0, 0, entry.author, 0, entry.received_ms, true, std::nullopt, entry.verified,
                  Admission::kAdmitted, Admission::kAdmitted, {}});
}

Status SqliteChange::drop_entry(EntryRef ref) {
  {
    LANTAARN_ASSIGN(auto update, store_.statements.get(
        "UPDATE entry SET kind = -2, client_ref = 0, owner_ref = 0, recorded_ms = 0, clock_ok = 1, boot_id = NULL, verdict = 0, "
        "admission = 0, box = x'' WHERE place = $1"));
    LANTAARN_TRY(update->bind(1, ref).run());
  }
  return blank_own(ref);
}

// One the server itself said: of its own log stay the hash and what stands in clear, so that the chain can still be
// checked, and the box of a seal key that later entries use.
Status SqliteChange::blank_own(EntryRef ref) {
  std::int64_t seq = 0;
  Bytes left;
  {
    LANTAARN_ASSIGN(auto find, store_.statements.get("SELECT seq, entry FROM own_log WHERE hash = (SELECT hash FROM entry WHERE place = $1)"));
    LANTAARN_ASSIGN(const bool row, find->bind(1, ref).step());
    if (!row) return {};
    const auto entry = journal::parse_entry(find->column_blob(1));
    if (!entry.ok()) return {};  // it is so already
    seq = find->column_int(0);
    left = to_bytes(entry->additional);
  }
  LANTAARN_ASSIGN(auto blank, store_.statements.get("UPDATE own_log SET entry = $1 WHERE seq = $2"));
  return blank->bind(1, left).bind(2, seq).run();
}

Status SqliteChange::destroy_key(const AggregateId& owner) {
  keys_destroyed_ = true;
  return store_.keyring.destroy(owner);
}

Status SqliteChange::remove_entry(EntryRef ref) {
  // Links stay: whoever follows one looks at what stands there.
  LANTAARN_ASSIGN(auto remove, store_.statements.get("DELETE FROM entry WHERE place = $1"));
  return remove->bind(1, ref).run();
}

Status SqliteChange::put_admission(EntryRef ref, bool verified, Admission admission) {
  LANTAARN_ASSIGN(auto update, store_.statements.get("UPDATE entry SET verified = $1, admission = $2 WHERE place = $3"));
  return update->bind(1, verified ? 1 : 0).bind(2, static_cast<int>(admission)).bind(3, ref).run();
}

Status SqliteChange::put_run(const UnverifiedRun& run, const std::vector<EntryRef>& entries) {
  LANTAARN_ASSIGN(auto put, store_.statements.get("INSERT INTO run(run_id, device_id, log_id, author, seq, hash, signature) "
                                                  "VALUES($1, $2, $3, $4, $5, $6, $7) ON CONFLICT(run_id) DO NOTHING"));
  put->bind(1, run.id).bind(2, run.device.view()).bind(3, run.log.view()).bind(4, run.author.view());
  LANTAARN_TRY(put->bind(5, static_cast<std::int64_t>(run.seq)).bind(6, run.hash).bind(7, run.signature).run());
  for (const EntryRef entry : entries) LANTAARN_TRY(add_link(run.id, entry));
  return {};
}

Status SqliteChange::remove_run(const ByteArray<kIdBytes>& run) {
  {
    LANTAARN_ASSIGN(auto unlink, store_.statements.get("DELETE FROM link WHERE parent = $1"));
    LANTAARN_TRY(unlink->bind(1, run).run());
  }
  LANTAARN_ASSIGN(auto remove, store_.statements.get("DELETE FROM run WHERE run_id = $1"));
  return remove->bind(1, run).run();
}

}  // namespace lantaarn::server
