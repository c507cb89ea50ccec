#pragma once
// The registry of the simulation: the real merge and the real store on the server's failing disk, fed from the inbox.

#include <memory>
#include <optional>

#include "sync_server/inbox/reader.hpp"
#include "sync_server/merge/merge.hpp"
#include "tests/sim/handheld.hpp"

namespace lantaarn::sim {

/// Keys that outlive every restart. Keep it where it is: `keys` refers to the rest.
struct ServerSecrets {
  ServerSecrets() = default;
  ServerSecrets(const ServerSecrets&) = delete;
  ServerSecrets& operator=(const ServerSecrets&) = delete;
  server::ServerIdentity identity{crypto::random_id<ServerId>(), 1};
  crypto::BoxKey sealing{crypto::random_secret<32>()};
  crypto::SignKey authority{crypto::random_secret<32>()};
  crypto::Key data_key = crypto::random_secret<32>();
  server::ServerKeys keys{identity, sealing, 1, authority};
};

class Books {
 public:
  /// `vfs` null: in memory. A copy that only replays observes no forks of its own.
  Books(const ServerSecrets& secrets, const char* vfs, bool observes_forks);

  void open();
  void close();
  /// Merges what is new in the inbox, a few entries or all of it. False when the disk failed.
  bool merge(server::InboxSource& inbox, std::size_t entries_max);
  /// The server states this. False when the disk failed.
  [[nodiscard]] bool record(const Bytes& fact);
  [[nodiscard]] server::Registry& registry() { return *registry_; }
  [[nodiscard]] std::string digest();

  // What only a server states.
  [[nodiscard]] model::Event new_fact() const;
  [[nodiscard]] Bytes user_added(const UserId& user) const;
  [[nodiscard]] Bytes device_added(const Handheld& handheld) const;
  [[nodiscard]] Bytes user_bound(const DeviceId& device, const Writer& writer) const;
  [[nodiscard]] Bytes clock_observed(const DeviceId& device, const sync::pb::ClockSample& sample, std::int64_t now_ms) const;
  [[nodiscard]] model::Event entries_admitted(const DeviceId& device, const std::vector<Hash>& entries) const;

  /// Every fact of the server's own log, in its order.
  [[nodiscard]] std::vector<Bytes> own_facts();
  /// Of those that went with a woman who was erased, the event is left.
  [[nodiscard]] std::set<EventId> own_facts_dropped();
  /// A fact of its own log is about a woman, or was.
  [[nodiscard]] bool wrote_about_women();
  /// Into an empty one: exactly these entries, in this order, in transactions as chance wants.
  [[nodiscard]] Status fold(const std::vector<server::StoredEntry>& entries, const std::vector<server::StoredEntry>& dropped,
                            const std::vector<server::HeldEntry>& held, Chance& chance);
  [[nodiscard]] std::uint64_t own_log_seq();
  [[nodiscard]] Result<const server::Directory*> directory() { return merger_->directory(); }
  [[nodiscard]] bool is_revoked(const DeviceId& device);
  /// How far each log of a handheld is merged.
  [[nodiscard]] std::vector<server::LogView> logs_of(const DeviceId& device);
  /// Admitted events, and in how many entries each stands.
  [[nodiscard]] std::map<EventId, int> admitted();
  [[nodiscard]] std::map<EventId, int> contacts();
  /// Every fork that was observed, and the first entry of its branch.
  [[nodiscard]] std::vector<std::pair<LogId, Hash>> forks();
  [[nodiscard]] std::vector<server::Quarantined> set_apart();

 private:
  const ServerSecrets& secrets_;
  const char* vfs_;
  bool observes_forks_;
  std::unique_ptr<server::Registry> registry_;
  std::optional<server::Merger> merger_;
};

/// The inbox as the merge reads it.
class InboxFeed final : public server::InboxSource {
 public:
  InboxFeed(const char* path, const char* vfs) : path_(path), vfs_(vfs) {}
  Result<std::vector<server::InboxBatch>> read_after(std::int64_t inbox_id, std::size_t batches_max) override;

 private:
  const char* path_;
  const char* vfs_;
};

/// Batches that came in another order.
class Replay final : public server::InboxSource {
 public:
  void put(const server::inbox::InboxBatch& batch);
  Result<std::vector<server::InboxBatch>> read_after(std::int64_t inbox_id, std::size_t batches_max) override;

 private:
  std::vector<server::InboxBatch> batches_;
};

}  // namespace lantaarn::sim
