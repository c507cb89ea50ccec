#include "sync_server/backup/restore.hpp"

#include <algorithm>
#include <set>

#include "common/model/event.hpp"
#include "sync_server/merge/restore.hpp"

namespace lantaarn::server::backup {
namespace {

Error damaged(const char* what) { return in_context(corrupt("backup_damaged"), what); }

template <typename IdType>
IdType id_of(const std::string& raw) {
  return IdType::from(raw).value_or(IdType{});
}
Hash hash_of(const std::string& raw) { return to_array<sizeof(Hash)>(as_bytes(raw)).value_or(Hash{}); }

/// Beside the cursor: which inbox it counted in. That inbox is gone.
constexpr std::string_view kInboxMark = "inbox_mark";

Result<TicketRecord> ticket_of(const pb::Ticket& raw) {
  TicketRecord ticket;
  ticket.id = id_of<TicketId>(raw.ticket_id());
  ticket.device = id_of<DeviceId>(raw.device_id());
  for (const auto& user : raw.users()) ticket.users.push_back(id_of<UserId>(user));
  ticket.expires_at_ms = raw.expires_at_ms();
  if (!raw.channel_key().empty()) ticket.bound_channel_key = to_array<32>(as_bytes(raw.channel_key()));
  ticket.spent = raw.spent();
  auto psk = crypto::Key::from(as_bytes(raw.psk()));
  auto secret = crypto::Key::from(as_bytes(raw.enrol_secret()));
  if (!psk || !secret) return damaged("ticket");
  ticket.psk = std::move(*psk);
  ticket.enrol_secret = std::move(*secret);
  return ticket;
}

// Says what the own log says, entry by entry; who may sign follows from what was said before.
class OwnLogReplay {
 public:
  OwnLogReplay(const ServerKeys& keys, const std::vector<const crypto::BoxKey*>& opens, AuthorityKeys authority)
      : keys_(keys), opens_(opens), authority_(std::move(authority)) {}

  Status proves(const ShippedEntry& entry) const {
    const DeviceId device{keys_.server.id.bytes};
    const bool is_signed = std::any_of(authority_.begin(), authority_.end(), [&](const crypto::VerifyKey& key) {
      return journal::verify_head(key, device, entry.log, entry.at.seq, entry.at.hash, entry.signature);
    });
    return is_signed ? Status() : Status(damaged("own log: signature"));
  }

  void learn_key(const ShippedEntry& entry) {
    const auto box = entry.dropped ? box_of_blank(entry.entry) : box_of(entry.entry);
    if (!box) return;
    for (const crypto::BoxKey* sealing : opens_) {
      auto key = journal::open_seal_key_box(*sealing, box->second, DeviceId{keys_.server.id.bytes}, entry.log, box->first);
      if (key.ok()) keys_told_.insert_or_assign(box->first, std::move(*key));
    }
  }

  Result<StoredEntry> open(const ShippedEntry& entry) {
    LANTAARN_ASSIGN(const auto view, journal::parse_entry(entry.entry));
    const auto key = keys_told_.find(view.header.seal_key);
    StoredEntry stored;
    if (key == keys_told_.end() || !journal::open_entry(view, key->second, stored.bytes).ok()) return damaged("own log: entry");
    LANTAARN_ASSIGN(const model::Event event, model::decode_event(stored.bytes));
    note_authority(event);
    stored.place = {view.header.device, entry.log, entry.at.seq, entry.at.hash, view.header.previous};
    stored.author = view.header.author;
    stored.event = model::event_id_of(stored.bytes);
    stored.received_ms = event.recorded().wall_ms();
    stored.verified = true;
    return stored;
  }

 private:
  using Box = std::pair<KeyId, ByteView>;
  static std::optional<Box> box_of(ByteView bytes) {
    const auto view = journal::parse_entry(bytes);
    if (!view.ok() || view->box.empty()) return std::nullopt;
    return Box{view->header.seal_key, view->box};
  }
  static std::optional<Box> box_of_blank(ByteView bytes) {
    constexpr std::size_t kAtSealKey = 64;  // journal/FORMAT.md
    if (bytes.size() != journal::kHeaderBytes + journal::kSealKeyBoxBytes) return std::nullopt;
    return Box{*KeyId::from(bytes.subspan(kAtSealKey, kIdBytes)), bytes.subspan(journal::kHeaderBytes)};
  }
  void note_authority(const model::Event& event) {
    if (!event.has_server_key_made() || event.server_key_made().kind() != "authority") return;
    if (const auto key = to_array<32>(as_bytes(event.server_key_made().public_key()))) authority_.push_back(*key);
  }

  const ServerKeys& keys_;
  const std::vector<const crypto::BoxKey*>& opens_;
  AuthorityKeys authority_;
  std::map<KeyId, crypto::Key> keys_told_;
};

Status put_back_state(Registry& registry, Restorer& restorer, const pb::State& state) {
  for (const auto& batch : state.bad_batches()) {
    Quarantined apart;
    apart.entry.device = id_of<DeviceId>(batch.device_id());
    apart.entry.log = id_of<LogId>(batch.log_id());
    apart.entry.hash = hash_of(batch.hash());
    apart.reason = batch.reason();
    apart.received_ms = batch.received_ms();
    LANTAARN_TRY(restorer.entries().add_bad_batch(apart));
  }
  std::vector<ArchivedRun> runs;
  for (const auto& raw : state.runs()) {
    ArchivedRun run{{}, {}};
    run.run.id = to_array<kIdBytes>(as_bytes(raw.run_id())).value_or(ByteArray<kIdBytes>{});
    run.run.device = id_of<DeviceId>(raw.device_id());
    run.run.log = id_of<LogId>(raw.log_id());
    run.run.author = id_of<UserId>(raw.author());
    run.run.seq = raw.seq();
    run.run.hash = hash_of(raw.hash());
    run.run.signature = to_array<crypto::kSignatureBytes>(as_bytes(raw.signature())).value_or(crypto::Signature{});
    for (const auto& entry : raw.entries()) run.entries.push_back(hash_of(entry));
    runs.push_back(std::move(run));
  }
  LANTAARN_TRY(restorer.add_runs(runs));
  LANTAARN_ASSIGN(const auto change, registry.begin());
  for (const auto& log : state.logs()) {
    const auto device = id_of<DeviceId>(log.device_id());
    const auto id = id_of<LogId>(log.log_id());
    LANTAARN_TRY(change->note_log(device, id, log.saved(), log.received()));
    if (log.merged() != 0) LANTAARN_TRY(change->put_merged(device, id, 1, log.merged()));
  }
  for (const auto& seen : state.seen()) LANTAARN_TRY(change->note_seen(id_of<DeviceId>(seen.device_id()), seen.last_seen_ms()));
  for (const auto& log : state.secured()) {
    LANTAARN_TRY(change->put_secured(id_of<DeviceId>(log.device_id()), id_of<LogId>(log.log_id()), {log.seq(), hash_of(log.hash())}));
  }
  return change->commit();
}

// Each chain of the old inbox as hashes, found backwards from its end.
Result<std::vector<inbox::Past>> pasts_of(Registry& registry, const pb::State& state) {
  std::vector<inbox::Past> pasts;
  std::set<std::pair<DeviceId, LogId>> holed;
  for (const auto& chain : state.chains()) {
    inbox::Past past{{id_of<DeviceId>(chain.device_id()), id_of<LogId>(chain.log_id()), id_of<LogId>(chain.after_log()), chain.after_seq(),
                      hash_of(chain.after_hash())},
                     chain.branch(), chain.parent(), chain.first_seq(), {}};
    LANTAARN_ASSIGN(const auto entries, registry.entries_of_log(past.log.device, past.log.log, past.first_seq));
    std::map<Hash, Hash> before;
    for (const StoredEntry& entry : entries) before.emplace(entry.place.hash, entry.place.previous);
    Hash at = hash_of(chain.last_hash());
    for (std::uint64_t seq = chain.last_seq(); seq >= past.first_seq; --seq) {
      const auto found = before.find(at);
      if (found == before.end()) break;
      past.hashes.push_back(at);
      at = found->second;
    }
    // One with a hole, as a batch that could not be taken apart leaves it, is for its handheld to send again; and with it the
    // branches that hang on it.
    if (past.hashes.empty() || past.first_seq + past.hashes.size() != chain.last_seq() + 1) {
      holed.insert({past.log.device, past.log.log});
      continue;
    }
    std::reverse(past.hashes.begin(), past.hashes.end());
    pasts.push_back(std::move(past));
  }
  std::erase_if(pasts, [&](const inbox::Past& past) { return holed.contains({past.log.device, past.log.log}); });
  return pasts;
}

// Only now it is known whose signatures count.
Status prove_signatures(TargetFiles& files, const RestorePlan& plan, const AuthorityKeys& authority) {
  if (!plan.keyring.is_signed_by(authority)) return damaged("keyring: signature");
  LANTAARN_ASSIGN(const Manifests manifests, read_manifests(files, plan.head, &authority));
  const bool is_signed = std::any_of(manifests.good.begin(), manifests.good.end(), [&](const NamedManifest& one) {
    return one.manifest.SerializeAsString() == plan.manifest.SerializeAsString();
  });
  return is_signed ? Status() : Status(damaged("manifest: signature"));
}

std::vector<std::pair<LogId, OwnEntry>> rows_of(const ShippedOwnLog& own) {
  std::vector<std::pair<LogId, OwnEntry>> rows;
  for (const ShippedEntry& entry : own.entries) rows.emplace_back(entry.log, OwnEntry{entry.at, entry.entry, entry.signature});
  return rows;
}

// What the server said after the backup. What it said before is in the archive; there only the seal keys are of use.
Result<std::uint64_t> replay_own(const RestorePlan& plan, OwnLogReplay& replay, EntrySink& sink) {
  std::uint64_t replayed = 0;
  for (const ShippedEntry& entry : plan.own.entries) {
    replay.learn_key(entry);
    if (entry.at.seq <= plan.manifest.own_seq()) continue;
    LANTAARN_TRY(replay.proves(entry));
    ++replayed;
    if (entry.dropped) {
      StoredEntry blank;
      blank.place = {DeviceId{plan.head.server.bytes}, entry.log, entry.at.seq, entry.at.hash, entry.previous};
      blank.author = UserId{plan.head.server.bytes};
      blank.event = *entry.dropped;
      blank.verified = true;
      LANTAARN_TRY(sink.add_dropped(blank));
      continue;
    }
    LANTAARN_ASSIGN(const StoredEntry stored, replay.open(entry));
    LANTAARN_TRY(sink.add_entry(stored));
  }
  return replayed;
}

Bytes raised_fact(const ServerKeys& keys, const RestorePlan& plan, const RecoveryKey& recovery, std::int64_t now_ms) {
  model::Event event = model::new_event(UserId{keys.server.id.bytes}, {now_ms, 0, {}, ClockStatus::kOk});
  auto& raised = *event.mutable_epoch_raised();
  raised.set_epoch(plan.epoch);
  raised.set_backup_id(plan.manifest.backup_id());
  raised.set_loss_accepted(!plan.lost.empty());
  raised.set_statement(sign_epoch(recovery, keys.server.id, plan.epoch, now_ms).SerializeAsString());
  return model::encode_event(event);
}

}  // namespace

Status put_back_keys(Registry& registry, const RestorePlan& plan) {
  const pb::Keyring& keyring = plan.keyring.content();
  LANTAARN_ASSIGN(const auto change, registry.begin());
  LANTAARN_TRY(change->put_server({plan.head.server, plan.epoch}));
  for (const auto& secret : keyring.secrets()) {
    if (secret.name() == kInboxMark) continue;
    LANTAARN_TRY(change->put_secret(secret.name(), as_bytes(secret.id()), as_bytes(secret.value())));
  }
  for (const auto& raw : keyring.tickets()) {
    LANTAARN_ASSIGN(const TicketRecord ticket, ticket_of(raw));
    LANTAARN_TRY(change->put_ticket(ticket));
  }
  for (const auto& raw : keyring.seal_keys()) {
    const auto key = crypto::Key::from(as_bytes(raw.key()));
    if (!key) return damaged("seal key");
    LANTAARN_TRY(change->put_seal_key(id_of<LogId>(raw.log_id()), id_of<KeyId>(raw.key_id()), *key, std::max(raw.sealing_number(), 1U)));
  }
  return change->commit();
}

Result<Restored> put_back_registry(Registry& registry, const ServerKeys& keys, const std::vector<const crypto::BoxKey*>& opens,
                                   TargetFiles& files, const RestorePlan& plan, const RecoveryKey& recovery, std::int64_t now_ms) {
  std::vector<DeviceId> former;
  for (const auto& server : plan.manifest.former_servers()) former.push_back(id_of<DeviceId>(server));
  LANTAARN_ASSIGN(const auto restorer, Restorer::open(registry, keys, former));
  LANTAARN_ASSIGN(const Replayed archive, replay_archive(files, plan.manifest, recovery.box, plan.keyring, restorer->entries()));
  LANTAARN_TRY(put_back_state(registry, *restorer, archive.state));
  Restored restored;
  restored.entries = archive.entries;
  LANTAARN_ASSIGN(restored.archive, digest(registry));
  restored.compared = archive.closed.empty();
  const bool same = to_string(restored.archive.value) == plan.manifest.digest() &&
                    static_cast<std::uint32_t>(restored.archive.fold_version) == plan.manifest.fold_version();
  if (restored.compared && !same) return refused("restore_differs");

  LANTAARN_ASSIGN(AuthorityKeys authority, authority_of(registry, keys.authority.verify_key()));
  LANTAARN_TRY(prove_signatures(files, plan, authority));
  OwnLogReplay replay(keys, opens, std::move(authority));
  LANTAARN_ASSIGN(restored.own_replayed, replay_own(plan, replay, restorer->entries()));
  LANTAARN_TRY(restorer->append_own(rows_of(plan.own)));
  for (const AggregateId& owner : archive.closed) {
    if (!restorer->is_gone(owner) && plan.lost.empty()) return refused("backup_key_missing");
  }
  LANTAARN_ASSIGN(restored.pasts, pasts_of(registry, archive.state));
  std::pair<LogId, journal::Position> head{id_of<LogId>(plan.manifest.own_log()), {plan.manifest.own_seq(), hash_of(plan.manifest.own_hash())}};
  if (!plan.own.entries.empty()) head = {plan.own.entries.back().log, plan.own.head()};
  LANTAARN_TRY(restorer->state(raised_fact(keys, plan, recovery, now_ms), head, now_ms, {}));
  restored.own_seq = head.second.seq;
  return restored;
}

namespace {

// It was secured, so its handheld may not have it any more: the log goes on with it, whatever is missing before it here.
Result<std::vector<Result<inbox::Landed>>> store_behind_gap(inbox::Inbox& inbox, const inbox::Incoming& batch) {
  LANTAARN_ASSIGN(const auto items, journal::parse_batch(batch.bytes));
  const auto& first = items.front().entry.header;
  inbox::Incoming behind{batch.log, {}, batch.received_ms, batch.keys, {}};
  const journal::Position before{first.seq - 1, first.previous};
  behind.anchor = inbox::Incoming::Anchor{before, before};
  LANTAARN_ASSIGN(const auto anchored, inbox.store({&behind, 1}));
  if (!anchored.front().ok()) return std::vector<Result<inbox::Landed>>{anchored.front().error()};
  return inbox.store({&batch, 1});
}

}  // namespace

Result<std::uint64_t> put_back_inbox(const std::string& path, Registry& registry, const RestorePlan& plan, const Restored& restored, const char* vfs) {
  LANTAARN_ASSIGN(inbox::Inbox inbox, inbox::Inbox::open(path, vfs));
  LANTAARN_TRY(inbox.begin_with(restored.pasts));
  LANTAARN_ASSIGN(const auto devices, registry.devices());
  std::uint64_t taken = 0;
  for (const pb::Batch& batch : plan.inbox.batches) {
    const auto device = id_of<DeviceId>(batch.device_id());
    const auto known = std::find_if(devices.begin(), devices.end(), [&](const DeviceView& one) { return one.id == device; });
    const journal::AuthorKeys keys = [&](const UserId& user) -> std::optional<crypto::VerifyKey> {
      const BoundUser* bound = known == devices.end() ? nullptr : known->binding_of(user);
      return bound == nullptr ? std::nullopt : std::optional(bound->verify_key);
    };
    const journal::Genesis log{device, id_of<LogId>(batch.log_id()), id_of<LogId>(batch.after_log()), batch.after_seq(), hash_of(batch.after_hash())};
    const inbox::Incoming incoming{log, as_bytes(batch.bytes()), batch.received_ms(), &keys};
    LANTAARN_ASSIGN(auto landed, inbox.store({&incoming, 1}));
    if (landed.front().ok() && landed.front()->landing == inbox::Landing::kGap) {
      LANTAARN_ASSIGN(landed, store_behind_gap(inbox, incoming));
    }
    // One that proves nothing is for its handheld to send again.
    if (landed.front().ok() && landed.front()->landing != inbox::Landing::kGap) ++taken;
  }
  return taken;
}

}  // namespace lantaarn::server::backup
