// Leases as the vault keeps them, and what ends with them. lease.hpp decides.
#include "firmware_app/vault/state.hpp"

namespace lantaarn::firmware {
namespace {

// Once it is over nothing is left that says how: by its time, by a directive or by the second PIN.
pb::LeaseRecord record_of(const KeptLease& lease) {
  pb::LeaseRecord record;
  record.set_strict(lease.terms.strict);
  record.set_duress_pin(lease.terms.duress_pin);
  record.set_wrong_pins_max(lease.terms.wrong_pins_max);
  record.set_ended(lease.ended);
  if (!lease.ended) {
    record.set_valid_until_ms(lease.terms.valid_until_ms);
    record.set_boots(lease.terms.boots);
    record.set_running_ms(lease.terms.running_ms);
    record.set_doubtful_unlocks(lease.terms.doubtful_unlocks);
    record.set_used_boots(lease.use.boots);
    record.set_used_running_ms(lease.use.running_ms);
    record.set_used_doubtful_unlocks(lease.use.doubtful_unlocks);
    if (lease.use.boot_id != ByteArray<kIdBytes>{}) record.set_boot_id(to_string(lease.use.boot_id));
    record.set_monotonic_ms(lease.use.monotonic_ms);
  }
  // One byte of tag and two of length: what is filled up is always more than 127 bytes.
  constexpr std::size_t kPaddingHead = 3;
  record.set_padding(std::string(kLeaseRecordBytes - kPaddingHead - record.ByteSizeLong(), '\0'));
  return record;
}

KeptLease from_record(const pb::LeaseRecord& record) {
  KeptLease lease;
  lease.terms = {record.valid_until_ms(), record.boots(), record.running_ms(), record.strict(),
                 record.duress_pin(), record.wrong_pins_max(), record.doubtful_unlocks()};
  lease.use.boots = record.used_boots();
  lease.use.running_ms = record.used_running_ms();
  lease.use.doubtful_unlocks = record.used_doubtful_unlocks();
  lease.use.boot_id = to_array<kIdBytes>(as_bytes(record.boot_id())).value_or(ByteArray<kIdBytes>{});
  lease.use.monotonic_ms = record.monotonic_ms();
  lease.ended = record.ended();
  return lease;
}

bool is_news(const LeaseUse& before, const LeaseUse& after) {
  return before.boot_id != after.boot_id || after.running_ms - before.running_ms >= kLeaseNoteMs;
}

}  // namespace

Result<KeptLease> Vault::State::lease_of(ByteView ref) {
  LANTAARN_ASSIGN(const auto record, get_message<pb::LeaseRecord>(Record::kLease, ref));
  return record ? from_record(*record) : KeptLease{};
}

Status Vault::State::put_lease(ByteView ref, const KeptLease& lease) { return put_message(Record::kLease, ref, record_of(lease)); }

Result<ClockReading> Vault::State::judged(const ClockReading& now) {
  LANTAARN_ASSIGN(const auto record, get_message<pb::ClockRecord>(Record::kClock, {}));
  return judge_clock(now, record ? std::optional(from_record(*record)) : std::nullopt);
}

Result<std::optional<Lease>> Vault::lease(const UserId& user) {
  LANTAARN_ASSIGN(const auto record, state_->get_message<pb::LeaseRecord>(Record::kLease, state_->user_ref(user)));
  if (!record) return std::optional<Lease>{};
  return std::optional<Lease>{from_record(*record).terms};
}

Result<bool> Vault::lease_ended(const UserId& user) {
  LANTAARN_ASSIGN(const KeptLease lease, state_->lease_of(state_->user_ref(user)));
  return lease.ended;
}

Status Vault::set_lease(const UserId& user, const Lease& lease) {
  const Bytes ref = state_->user_ref(user);
  LANTAARN_TRY(state_->put_lease(ref, {lease, {}, false}));
  // A stricter number of wrong PINs does not strike for those of before: there is always one more attempt.
  LANTAARN_ASSIGN(auto cap, state_->database.prepare("UPDATE user SET wrong = min(wrong, $1) WHERE ref = $2"));
  return cap.bind(1, static_cast<std::int64_t>(wrong_pins_max(lease)) - 1).bind(2, ref).run();
}

Status Vault::lock() {
  LANTAARN_ASSIGN(const auto rows, state_->rows());
  LANTAARN_ASSIGN(auto transaction, database::Transaction::begin(state_->database));
  for (const UserRow& row : rows) {
    LANTAARN_ASSIGN(KeptLease lease, state_->lease_of(row.ref));
    lease.ended = true;
    LANTAARN_TRY(state_->put_lease(row.ref, lease));
  }
  return transaction.commit();
}

Result<std::vector<UserId>> Vault::end_due_leases(const ClockReading& now) {
  LANTAARN_ASSIGN(const ClockReading reading, state_->judged(now));
  LANTAARN_ASSIGN(const auto rows, state_->rows());
  std::vector<UserId> over;
  std::vector<std::pair<Bytes, KeptLease>> news;
  for (const UserRow& row : rows) {
    if (row.pending) continue;
    LANTAARN_ASSIGN(KeptLease lease, state_->lease_of(row.ref));
    if (!lease.ended) {
      const LeaseUse before = lease.use;
      lease.use = counted(lease.use, reading);
      lease.ended = has_ended(lease.terms, lease.use, reading);
      if (lease.ended || is_news(before, lease.use)) news.emplace_back(row.ref, lease);
    }
    if (lease.ended) over.push_back(row.user.id);
  }
  if (news.empty()) return over;
  LANTAARN_ASSIGN(auto transaction, database::Transaction::begin(state_->database));
  for (const auto& [ref, lease] : news) LANTAARN_TRY(state_->put_lease(ref, lease));
  LANTAARN_TRY(transaction.commit());
  return over;
}

Status Vault::remove_user(const UserId& user) {
  const Bytes ref = state_->user_ref(user);
  {
    LANTAARN_ASSIGN(auto transaction, database::Transaction::begin(state_->database));
    LANTAARN_TRY(state_->remove_row(ref));
    LANTAARN_TRY(state_->remove(Record::kLease, ref));
    LANTAARN_TRY(transaction.commit());
  }
  return state_->forget_old();
}

}  // namespace lantaarn::firmware
