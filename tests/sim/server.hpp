#pragma once
// The server of the simulation: the real inbox, sync receiver and registry on a disk that fails. What the two processes
// do around them (threads, sockets) is replaced by chance.

#include <deque>
#include <memory>
#include <optional>

#include "common/sync/receiver.hpp"
#include "sync_server/inbox/inbox.hpp"
#include "sync_server/inbox/reader.hpp"
#include "tests/sim/books.hpp"

namespace lantaarn::sim {

class Call;

/// A batch that waits to be stored; `call` may be gone by then, which stops nothing.
struct StoreJob {
  std::weak_ptr<Call> call;
  DeviceId device;
  sync::Store store;
};

class Server {
 public:
  explicit Server(World& world);

  [[nodiscard]] const ServerSecrets& secrets() const { return secrets_; }
  [[nodiscard]] Books& books() { return *books_; }
  [[nodiscard]] Machine& machine() { return machine_; }
  [[nodiscard]] Chance& chance() { return world_.chance; }

  /// Some users are bound at once, others only later: what they write until then waits.
  void enrol(const Handheld& handheld);
  void bind_one_late();
  void bind_late();
  /// The coordinator states something; the disk may fail in it (never when `calm`). False: it did, and nobody was told
  /// that it stands.
  bool state(const Bytes& fact, bool calm);
  /// The gateway lets it in no more.
  [[nodiscard]] bool is_revoked(const DeviceId& device);
  /// How far every log is durable here.
  [[nodiscard]] std::vector<server::inbox::InboxLog> received();
  [[nodiscard]] sync::pb::SignedStatement secured(const DeviceId& device);

  // What a session asks for.
  [[nodiscard]] sync::ReceiverConfig receiver_config(const DeviceId& device);
  [[nodiscard]] Result<sync::StandingAnswer> standing(const DeviceId& device, const sync::pb::Hello& hello);
  void take(StoreJob job) { jobs_.push_back(std::move(job)); }
  [[nodiscard]] std::vector<sync::pb::SignedStatement> down(const DeviceId& device);

  [[nodiscard]] bool has_jobs() const { return !jobs_.empty(); }
  /// Stores one or more waiting batches in one commit and answers them; the disk may fail in it (never when `calm`).
  void commit_some(bool calm);
  /// A part of what is new in the inbox, or (`calm`) all of it.
  void merge(bool calm);
  /// Off and on: sessions and waiting batches are gone; what was acknowledged is not.
  void cut_power();
  /// cut_power() when the power went in what was done last. True when it was.
  bool recover();

  /// A copy of everything elsewhere, verified: what is in it is secured.
  void back_up();
  [[nodiscard]] std::uint32_t epoch() const { return epoch_; }
  /// The disk is gone. On a new one: the last copy, and what the shipped log says beyond it. Another epoch begins.
  void die();

  /// Every stored batch in order of receipt.
  [[nodiscard]] std::vector<server::inbox::InboxBatch> batches();
  /// Nothing that a handheld was told is received is missing.
  void check_acknowledged();

 private:
  void open();
  void bind(const DeviceId& device, const Writer& writer);
  void promise(const Bytes& fact);
  [[nodiscard]] std::set<Hash> stored_entries();
  [[nodiscard]] sync::pb::SignedStatement state_for(const DeviceId& device, sync::pb::StatementKind kind, std::string body);

  World& world_;
  Machine machine_;
  ServerSecrets secrets_;
  crypto::SignKey receipt_{crypto::random_secret<32>()};
  std::uint32_t epoch_ = 1;
  std::uint64_t counter_ = 0;            // of statements and receipts; a real server reserves them durably
  std::uint64_t own_promised_ = 0;       // through here the server's own log was promised
  std::map<DeviceId, std::map<UserId, crypto::VerifyKey>> roster_;
  std::vector<std::pair<DeviceId, const Writer*>> unbound_;
  std::optional<server::inbox::Inbox> inbox_;
  std::unique_ptr<Books> books_;
  std::deque<StoreJob> jobs_;

  struct Copy {
    support::FaultDisk::Snapshot files;
    std::uint64_t counter = 0;
    std::set<Hash> entries;
    std::map<DeviceId, std::vector<server::inbox::InboxLog>> logs;
  };
  std::optional<Copy> copy_;
  std::vector<Bytes> shipped_;           // the server's own facts, as they were promised
};

}  // namespace lantaarn::sim
