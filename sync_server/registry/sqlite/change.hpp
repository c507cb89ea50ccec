#pragma once
// Inside the registry: the one open transaction.

#include <set>

#include "sync_server/registry/sqlite/store.hpp"

namespace lantaarn::server {

class SqliteChange final : public Change {
 public:
  SqliteChange(Store& store, database::Transaction transaction);
  ~SqliteChange() override;
  [[nodiscard]] Status commit() override;
  [[nodiscard]] Status add_up() override;

  [[nodiscard]] Status put_server(const ServerIdentity& identity) override;
  [[nodiscard]] Status put_secret(std::string_view name, ByteView id, ByteView value) override;
  [[nodiscard]] Status remove_secret(std::string_view name, ByteView id) override;
  [[nodiscard]] Status put_ticket(const TicketRecord& ticket) override;
  [[nodiscard]] Status remove_ticket(const TicketId& ticket) override;
  [[nodiscard]] Result<std::uint64_t> reserve_counters(std::uint64_t count) override;
  [[nodiscard]] Status note_log(const DeviceId& device, const LogId& log, std::uint64_t saved, std::uint64_t received) override;
  [[nodiscard]] Status note_seen(const DeviceId& device, std::int64_t at_ms) override;

  [[nodiscard]] Status put_secured(const DeviceId& device, const LogId& log, const journal::Position& through) override;

  [[nodiscard]] Status append_own(const OwnEntry& entry, const LogId& log) override;
  [[nodiscard]] Status put_cursor(std::int64_t inbox_id) override;
  [[nodiscard]] Status put_fold_version(int version) override;
  [[nodiscard]] Result<Added> add_entry(const EntryRecord& entry) override;
  [[nodiscard]] Result<Added> add_held(const HeldEntry& entry) override;
  [[nodiscard]] Status remove_entry(EntryRef ref) override;
  [[nodiscard]] Status put_admission(EntryRef ref, bool verified, Admission admission) override;
  [[nodiscard]] Status put_run(const UnverifiedRun& run, const std::vector<EntryRef>& entries) override;
  [[nodiscard]] Status remove_run(const ByteArray<kIdBytes>& run) override;
  [[nodiscard]] Status put_bad_batch(const DeviceId& device, const LogId& log, const Hash& batch, std::string_view reason,
                                     std::int64_t received_ms) override;
  [[nodiscard]] Status put_seal_key(const LogId& log, const KeyId& id, const crypto::Key& key, std::uint32_t sealing_number) override;
  [[nodiscard]] Status remove_seal_keys(std::uint32_t through_sealing_number) override;
  [[nodiscard]] Status put_merged(const DeviceId& device, const LogId& log, std::uint64_t first_seq, std::uint64_t last_seq) override;
  [[nodiscard]] Status clear_views() override;
  [[nodiscard]] Status put_client(const ClientFold& client) override;
  [[nodiscard]] Status put_contact(const ContactFold& contact) override;
  [[nodiscard]] Status remove_contact(const EventId& contact) override;
  [[nodiscard]] Result<bool> put_counted(const EventId& contact, bool counted) override;
  [[nodiscard]] Status put_follow_up(const FollowUpFold& follow_up) override;
  [[nodiscard]] Status remove_follow_up(const EventId& follow_up) override;
  [[nodiscard]] Status put_record(const RecordFold& record) override;
  [[nodiscard]] Status remove_record(const EventId& record) override;
  [[nodiscard]] Status remove_client(const ClientId& client) override;
  [[nodiscard]] Status put_kept(const EventId& erasure, const std::vector<KeptCount>& counts) override;
  [[nodiscard]] Result<Added> add_dropped(const EntryRecord& entry) override;
  [[nodiscard]] Status drop_entry(EntryRef ref) override;
  [[nodiscard]] Status destroy_key(const AggregateId& owner) override;
  [[nodiscard]] Status put_round(const Round& round) override;
  [[nodiscard]] Status remove_round(const RoundId& round) override;
  [[nodiscard]] Status put_user(const UserView& user) override;
  [[nodiscard]] Status put_device(const DeviceView& device) override;

 private:
  struct Row {  // an entry as its columns
    const EntryPlace& place;
    std::optional<EventId> event;
    int kind;
    std::int64_t client_ref;
    std::int64_t owner_ref;
    const UserId& author;
    std::int64_t recorded_ms;
    std::int64_t received_ms;
    bool clock_ok;
    std::optional<ByteArray<kIdBytes>> boot_id;
    bool verified;
    Admission verdict;
    Admission admission;
    ByteView box;
  };
  struct Standing {  // what stands at a place
    std::optional<Hash> hash;
    Hash previous{};
    bool verified = false;
    bool dropped = false;
  };
  Result<Added> add_row(const Row& row);
  Result<bool> insert_row(const Row& row, EntryRef place, std::int64_t copy);
  Result<Standing> standing_at(EntryRef place);
  Result<std::int64_t> next_copy(const EventId& event);
  Status add_link(ByteView parent, EntryRef place);
  Status put_setting(std::string_view name, std::int64_t number, ByteView box);
  Status put_cases(ByteView owner, OwnerKind kind, const std::vector<FieldView>& fields);
  Status remove_contact_at(EntryRef anchor);
  Status flush_counts();
  Status flush_last_spoken();
  Status note_keys();
  Status blank_own(EntryRef ref);
  Status count_up(std::string_view name);

  Store& store_;
  database::Transaction transaction_;
  bool committed_ = false;
  bool keys_changed_ = false;
  bool keys_destroyed_ = false;
  // Contacts per (day, channel, place, unknown person): what this change adds and takes away.
  struct Count {
    std::int64_t day = 0;
    std::string channel, place;
    bool unknown = false;
    auto operator<=>(const Count&) const = default;
  };
  std::map<Count, std::int64_t> counts_;
  std::set<std::int64_t> spoken_with_;  // clients whose last conversation may be another one now
};

}  // namespace lantaarn::server
