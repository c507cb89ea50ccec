#pragma once
// A server with its stores in files, handhelds that deliver to it, a target, and the same server put back from there.

#include <filesystem>

#include "common/crypto/random.hpp"
#include "sync_server/backup/check.hpp"
#include "sync_server/backup/recovery_secret.hpp"
#include "sync_server/backup/restore.hpp"
#include "sync_server/backup/shipping.hpp"
#include "sync_server/registry/sqlite/open.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/sync_server/merge/random_evening.hpp"

namespace lantaarn::server::backup {

/// The inbox as the merge reads it.
class ReadInbox final : public InboxSource {
 public:
  explicit ReadInbox(std::string path, const char* vfs = nullptr) : path_(std::move(path)), vfs_(vfs) {}
  [[nodiscard]] Result<Resumption> resume(ByteView mark, std::int64_t cursor) override {
    LANTAARN_ASSIGN(auto reader, inbox::InboxReader::open(path_, vfs_));
    Resumption from;
    LANTAARN_ASSIGN(from.cursor, reader.same_through(mark, cursor));
    LANTAARN_ASSIGN(from.mark, reader.mark());
    return from;
  }
  [[nodiscard]] Result<std::vector<InboxBatch>> read_after(std::int64_t inbox_id, std::size_t batches_max) override {
    LANTAARN_ASSIGN(auto reader, inbox::InboxReader::open(path_, vfs_));
    LANTAARN_ASSIGN(auto stored, reader.read_after(inbox_id, batches_max));
    std::vector<InboxBatch> batches;
    for (auto& one : stored) batches.push_back({one.inbox_id, one.log.device, one.log.log, one.received_ms, std::move(one.bytes)});
    return batches;
  }

 private:
  std::string path_;
  const char* vfs_;
};

/// A server's two stores.
struct Machine {
  Machine(std::string path, const support::GeneratedServer& generated, ServerKeys server_keys, const char* on_vfs = nullptr)
      : folder(std::move(path)), server(generated), keys(server_keys), vfs(on_vfs) {
    if (vfs == nullptr) std::filesystem::create_directories(folder);
  }
  [[nodiscard]] std::string registry_path() const { return folder + "/registry.db"; }
  [[nodiscard]] std::string inbox_path() const { return folder + "/inbox.db"; }
  void open_registry() {
    database::OpenOptions options;
    options.vfs = vfs;
    auto opened = open_sqlite_registry(registry_path(), server.data_key.duplicate(), options);
    LANTAARN_OK(opened);
    registry = std::move(*opened);
  }
  void open_merger() {
    auto opened = Merger::open(*registry, keys);
    LANTAARN_OK(opened);
    merger.emplace(std::move(*opened));
  }
  void open_inbox() {
    auto opened = inbox::Inbox::open(inbox_path(), vfs);
    LANTAARN_OK(opened);
    inbox.emplace(std::move(*opened));
  }
  void state(const Bytes& fact) { LANTAARN_OK(merger->record({fact}, support::kEvening)); }
  /// Entries `first` … `last` of a log arrive.
  void receive(const support::GeneratedLog& log, std::size_t first, std::size_t last) {
    const Bytes bytes = log.batch_of(first, last);
    const journal::AuthorKeys nobody = [](const UserId&) { return std::optional<crypto::VerifyKey>(); };
    const inbox::Incoming one{{log.device(), log.log(), {}, 0, {}}, bytes, support::kEvening, &nobody};
    const auto landed = inbox->store({&one, 1});
    LANTAARN_OK(landed);
    LANTAARN_OK(landed->front());
  }
  void merge() {
    ReadInbox source(inbox_path(), vfs);
    LANTAARN_OK(merger->merge(source));
  }
  [[nodiscard]] Digest digest() {
    const auto now = server::digest(*registry);
    LANTAARN_OK(now);
    return *now;
  }
  void close() {
    merger.reset();
    registry.reset();
    inbox.reset();
  }

  std::string folder;
  const support::GeneratedServer& server;
  ServerKeys keys;
  const char* vfs;
  std::unique_ptr<Registry> registry;
  std::optional<Merger> merger;
  std::optional<inbox::Inbox> inbox;
};

class CopiedTown {
 public:
  explicit CopiedTown(std::uint64_t seed = 1)
      : draw(seed), server(draw), recovery(recovery_key_of(crypto::random_secret<64>())),
        live(folder.file("server"), server, server.keys) {
    live.open_registry();
    {
      auto change = live.registry->begin();
      LANTAARN_OK(change);
      LANTAARN_OK((*change)->put_server(server.keys.server));
      LANTAARN_OK((*change)->put_secret("psk", as_bytes("a handheld"), as_bytes("its psk")));
      LANTAARN_OK((*change)->commit());
    }
    live.open_merger();
    live.open_inbox();
    std::filesystem::create_directories(target());
    auto files = folder_files(target());
    head = {server.keys.server.id, crypto::random_id<TargetId>(), recovery.public_half(), support::kEvening};
    LANTAARN_OK(make_target(*files, head, server.authority));
    restart_shipping();
  }
  [[nodiscard]] std::string target() const { return folder.file("target"); }
  void restart_shipping() { shipping.emplace(folder_files(target()), head.target); }
  [[nodiscard]] Result<Shipped> try_ship() {
    LANTAARN_ASSIGN(const auto snapshot, open_sqlite_snapshot(live.registry_path(), server.data_key.duplicate()));
    LANTAARN_ASSIGN(auto reader, inbox::InboxReader::open(live.inbox_path()));
    return shipping->pass(*snapshot, &reader, server.authority);
  }
  Shipped ship() {
    auto shipped = try_ship();
    LANTAARN_OK(shipped);
    return std::move(*shipped);
  }
  Shipping::Backup back_up() {
    const auto snapshot = open_sqlite_snapshot(live.registry_path(), server.data_key.duplicate());
    LANTAARN_OK(snapshot);
    auto reader = inbox::InboxReader::open(live.inbox_path());
    LANTAARN_OK(reader);
    auto made = shipping->create(**snapshot, &*reader, server.authority, support::kEvening + ++backups);
    LANTAARN_OK(made);
    return std::move(*made);
  }
  [[nodiscard]] AuthorityKeys authority() const { return {server.authority.verify_key()}; }

  /// Where the restore puts it: another machine, another data key.
  struct PutBack {
    std::unique_ptr<support::GeneratedServer> keys;  // only its data key is used
    std::unique_ptr<Machine> machine;
    Restored restored;
  };
  [[nodiscard]] Result<PutBack> put_back(const std::string& name, const RestoreChoice& choice = {}) {
    const auto files = folder_files(target());
    LANTAARN_ASSIGN(const RestorePlan plan, plan_restore(*files, recovery, choice));
    PutBack back;
    back.keys = std::make_unique<support::GeneratedServer>(draw);
    ServerKeys keys = server.keys;
    keys.server.epoch = plan.epoch;
    back.machine = std::make_unique<Machine>(folder.file(name), *back.keys, keys);
    back.machine->open_registry();
    LANTAARN_TRY(put_back_keys(*back.machine->registry, plan));
    LANTAARN_ASSIGN(back.restored, put_back_registry(*back.machine->registry, back.machine->keys, {&server.sealing}, *files, plan, recovery,
                                                     support::kEvening + 1000));
    LANTAARN_ASSIGN(const auto batches, put_back_inbox(back.machine->inbox_path(), *back.machine->registry, plan, back.restored));
    static_cast<void>(batches);
    back.machine->open_merger();
    back.machine->open_inbox();
    back.machine->merge();
    return back;
  }

  support::TempFolder folder;
  support::Draw draw;
  support::GeneratedServer server;
  RecoveryKey recovery;
  TargetHead head;
  Machine live;
  std::optional<Shipping> shipping;
  std::int64_t backups = 0;
};

}  // namespace lantaarn::server::backup
