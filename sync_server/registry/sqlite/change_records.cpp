// Records, written.
#include "sync_server/registry/sqlite/change.hpp"

namespace lantaarn::server {

Status SqliteChange::put_record(const RecordFold& record) {
  LANTAARN_ASSIGN(const std::int64_t client_ref, store_.client_ref(record.client));
  LANTAARN_ASSIGN(auto put, store_.statements.get(
      "INSERT INTO record(anchor, shown, kind, client_ref, day, until, code, subcode, amount, retracted, box) "
      "VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT(anchor) DO UPDATE SET shown = excluded.shown, "
      "client_ref = excluded.client_ref, day = excluded.day, until = excluded.until, code = excluded.code, "
      "subcode = excluded.subcode, amount = excluded.amount, retracted = excluded.retracted, box = excluded.box"));
  put->bind(1, record.anchor).bind(2, record.shown).bind_text(3, record.kind).bind(4, client_ref);
  put->bind(5, record.clear.day.value_or(0));
  bind_optional_int(*put, 6, record.clear.until);
  put->bind_text(7, record.clear.code).bind_text(8, record.clear.subcode);
  bind_optional_int(*put, 9, record.clear.amount);
  put->bind(10, record.retracted ? 1 : 0);
  const bool as_added = record.fields.empty() && !record.retracted;
  if (as_added) {
    put->bind_null(11);
  } else {
    LANTAARN_ASSIGN(const StoredEntry added, store_.entry_at(record.anchor));
    LANTAARN_ASSIGN(const Bytes box, store_.seal_detail(added.owner, record.id.view(), {record.fields, {}, record.retraction_reason, "", {}}));
    put->bind(11, box);
  }
  LANTAARN_TRY(put->run());
  if (record.fresh) return {};
  return put_cases(record.id.view(), OwnerKind::kRecord, record.retracted ? std::vector<FieldView>{} : record.fields);
}

Status SqliteChange::remove_record(const EventId& record) {
  LANTAARN_ASSIGN(const auto anchor, store_.anchor_of(record));
  if (anchor) {
    LANTAARN_ASSIGN(auto remove, store_.statements.get("DELETE FROM record WHERE anchor = $1"));
    LANTAARN_TRY(remove->bind(1, *anchor).run());
  }
  return put_cases(record.view(), OwnerKind::kRecord, {});
}

}  // namespace lantaarn::server
