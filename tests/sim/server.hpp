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
  Server(Chance& chance, const WorldTime& world, Ledger& ledger, Counts& counts);

  [[nodiscard]] const ServerSecrets& secrets() const { return secrets_; }
  [[nodiscard]] Books& books() { return *books_; }
  [[nodiscard]] Machine& machine() { return machine_; }
  [[nodiscard]] Chance& chance() { return chance_; }

  /// Some users are bound at once, others only by bind_late(): what they write until then waits.
  void enrol(const Handheld& handheld);
  void bind_late();

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

  /// Every stored batch in order of receipt.
  [[nodiscard]] std::vector<server::inbox::InboxBatch> batches();
  /// Nothing that a handheld was told is received is missing.
  void check_acknowledged();

 private:
  void open();
  void bind(const DeviceId& device, const Writer& writer);
  [[nodiscard]] sync::pb::SignedStatement state_for(const DeviceId& device, sync::pb::StatementKind kind, std::string body);

  Chance& chance_;
  const WorldTime& world_;
  Ledger& ledger_;
  Counts& counts_;
  Machine machine_;
  ServerSecrets secrets_;
  crypto::SignKey receipt_{crypto::random_secret<32>()};
  std::uint64_t counter_ = 0;            // of statements and receipts; a real server reserves them durably
  std::map<DeviceId, std::map<UserId, crypto::VerifyKey>> roster_;
  std::vector<std::pair<DeviceId, const Writer*>> unbound_;
  std::optional<server::inbox::Inbox> inbox_;
  std::unique_ptr<Books> books_;
  std::deque<StoreJob> jobs_;
};

}  // namespace lantaarn::sim
