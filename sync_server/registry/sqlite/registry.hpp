#pragma once
// Inside the registry: the reads, and the door to the one transaction.

#include "sync_server/registry/sqlite/store.hpp"

namespace lantaarn::server {

class SqliteRegistry final : public Registry {
 public:
  SqliteRegistry(database::Database database, crypto::Key data_key) : store_(std::move(database), std::move(data_key)) {}

  [[nodiscard]] Result<std::unique_ptr<Change>> begin() override;

  [[nodiscard]] Result<std::optional<ServerIdentity>> server() override;
  [[nodiscard]] Result<std::optional<crypto::SecretBytes>> secret(std::string_view name, ByteView id) override;
  [[nodiscard]] Status forget_removed() override { return store_.database.checkpoint_truncate(); }
  [[nodiscard]] Result<std::vector<TicketRecord>> tickets() override;
  [[nodiscard]] Result<std::optional<TicketRecord>> ticket(const TicketId& id) override;

  [[nodiscard]] Result<Overview> overview(std::string_view today, std::string_view from_date, std::string_view through_date) override;
  [[nodiscard]] Status clients(const Visit<Client>& visit) override;
  [[nodiscard]] Result<std::optional<Client>> client(const ClientId& id) override;
  [[nodiscard]] Result<std::vector<Client>> clients_of(const UserId& user) override;
  [[nodiscard]] Status contacts(const ContactFilter& filter, const Visit<Contact>& visit) override;
  [[nodiscard]] Result<std::optional<Contact>> contact(const EventId& id) override;
  [[nodiscard]] Result<std::vector<Contact>> own_contacts(const ClientId& client, const UserId& author,
                                                          std::string_view since_date) override;
  [[nodiscard]] Status records(const RecordFilter& filter, const Visit<Record>& visit) override;
  [[nodiscard]] Result<std::optional<Record>> record(const EventId& id) override;
  [[nodiscard]] Status clear_records(const RecordFilter& filter, const Visit<ClearRecord>& visit) override;
  [[nodiscard]] Result<std::vector<ClearClient>> clear_clients() override;
  [[nodiscard]] Result<std::vector<EventId>> events_between(int kind, const EventId& first, const EventId& last) override;
  [[nodiscard]] Result<std::vector<EventId>> unknown_contacts_before(std::string_view date) override;
  [[nodiscard]] Result<std::vector<EventId>> records_before(std::string_view kind, std::string_view date, bool by_until) override;
  [[nodiscard]] Result<std::map<ClientId, int>> last_content_days() override;
  [[nodiscard]] Result<std::vector<KeptCount>> counts_to_keep(const ClientId& client) override;
  [[nodiscard]] Status kept_counts(const Visit<KeptCount>& visit) override;
  [[nodiscard]] Status same_day_contacts(std::string_view since_date, const std::function<Result<bool>(const ContactPair&)>& visit) override;
  [[nodiscard]] Result<std::vector<DayCount>> contacts_by_day(std::string_view since_date) override;
  [[nodiscard]] Result<std::vector<Moment>> timeline(const ClientId& client, const std::optional<Moment>& before, std::size_t limit) override;
  [[nodiscard]] Result<DossierCounts> dossier_counts(const ClientId& client) override;
  [[nodiscard]] Result<std::vector<Record>> newest_records(const ClientId& client, std::string_view kind, std::size_t limit) override;
  [[nodiscard]] Result<std::vector<Talk>> talks_with(const ClientId& client) override;
  [[nodiscard]] Result<std::uint64_t> count_unknown_contacts_before(std::string_view date) override;
  [[nodiscard]] Result<std::optional<FollowUp>> follow_up(const EventId& id) override;
  [[nodiscard]] ClientChanges client_changes(std::uint64_t since) const override { return store_.client_changes.since(since); }
  [[nodiscard]] Status follow_ups(const std::optional<ClientId>& client, bool with_done, const Visit<FollowUp>& visit) override;
  [[nodiscard]] Status rounds(const Visit<Round>& visit) override;
  [[nodiscard]] Status review_cases(const Visit<ReviewCase>& visit) override;
  [[nodiscard]] Status quarantine(const Visit<Quarantined>& visit) override;
  [[nodiscard]] Result<std::vector<UserView>> users() override;
  [[nodiscard]] Result<std::vector<DeviceView>> devices() override;

  [[nodiscard]] Result<std::int64_t> cursor() override;
  [[nodiscard]] Result<int> fold_version() override;
  [[nodiscard]] Result<std::optional<std::pair<LogId, journal::Position>>> own_head() override;
  [[nodiscard]] Status own_entries(std::uint64_t from_seq, const Visit<OwnEntry>& visit) override;
  [[nodiscard]] Result<std::vector<StoredEntry>> entries_of(const AggregateId& aggregate) override;
  [[nodiscard]] Result<bool> has_links(const AggregateId& aggregate) override;
  [[nodiscard]] Result<std::vector<StoredEntry>> entries_of_log(const DeviceId& device, const LogId& log, std::uint64_t from_seq) override;
  [[nodiscard]] Result<std::vector<LogId>> logs_of(const DeviceId& device) override;
  [[nodiscard]] Result<std::vector<StoredEntry>> entries_set_apart(const DeviceId& device) override;
  [[nodiscard]] Result<std::vector<StoredEntry>> entries_of_boot(const ByteArray<kIdBytes>& boot_id) override;
  [[nodiscard]] Result<bool> is_dropped(const EventId& event) override;
  [[nodiscard]] Result<std::vector<StoredEntry>> entries_about(const ClientId& client) override;
  [[nodiscard]] Status all_dropped(const Visit<StoredEntry>& visit) override;
  [[nodiscard]] Result<StoredEntry> entry(EntryRef ref) override { return store_.entry_at(ref); }
  [[nodiscard]] Result<std::optional<KeyOwner>> owner_of(const EventId& event) override;
  [[nodiscard]] Result<std::uint64_t> event_count() override;
  [[nodiscard]] Status all_entries(const Visit<StoredEntry>& visit) override;
  [[nodiscard]] Result<std::vector<StoredEntry>> newest_entries(const DeviceId& device, const std::vector<int>& kinds, std::size_t limit) override;
  [[nodiscard]] Result<std::vector<StoredEntry>> entries_of_kind(int kind) override;
  [[nodiscard]] Result<std::vector<std::pair<EntryRef, HeldEntry>>> held_with(const KeyId& seal_key) override;
  [[nodiscard]] Status all_held(const Visit<HeldEntry>& visit) override;
  [[nodiscard]] Result<std::vector<UnverifiedRun>> runs_of(const DeviceId& device, const UserId& author) override;
  [[nodiscard]] Result<std::vector<StoredEntry>> entries_of_run(const ByteArray<kIdBytes>& run) override;
  [[nodiscard]] Result<std::vector<crypto::Key>> seal_keys(const LogId& log, const KeyId& id) override;

  [[nodiscard]] Result<KeysVersion> keys_version() override;
  [[nodiscard]] Status owner_keys(const Visit<OwnerKey>& visit) override;
  [[nodiscard]] Status secrets(const Visit<SecretRecord>& visit) override;
  [[nodiscard]] Status all_seal_keys(const Visit<SealKeyRecord>& visit) override;
  [[nodiscard]] Status sealed_entries(const Visit<SealedEntry>& visit) override;
  [[nodiscard]] Status unverified_runs(const Visit<UnverifiedRun>& visit) override;
  [[nodiscard]] Result<std::vector<SecuredThrough>> secured(const DeviceId& device) override;

  /// Remembers (a new registry) or compares what tells that this is its data key. kRefused "data_key_wrong".
  [[nodiscard]] Status check_data_key();

 private:
  Result<std::optional<std::int64_t>> setting(std::string_view name);
  Result<std::vector<StoredEntry>> collect(database::Statement& rows, bool opened);
  Result<TicketRecord> read_ticket(const database::Statement& row);
  Result<Client> read_client(const database::Statement& row);
  Result<Contact> read_contact(const database::Statement& row);
  Result<Record> read_record(const database::Statement& row);
  struct DayContact;
  Result<bool> visit_day(const std::vector<DayContact>& day, const std::function<Result<bool>(const ContactPair&)>& visit);
  Result<std::optional<ContactPair>> pair_of(const DayContact& a, const DayContact& b);
  Status moments(std::string_view sql, std::int64_t ref, const Moment& before, std::size_t limit, MomentKind kind, std::vector<Moment>& into);
  Result<Loan> record_rows(const RecordFilter& filter);
  Result<FollowUp> read_follow_up(const database::Statement& row);
  Result<HeldEntry> read_held(database::Statement& row);
  Result<std::string> last_spoken(std::int64_t client_ref);
  Result<std::uint64_t> count(std::string_view sql);
  Store store_;
};

}  // namespace lantaarn::server
