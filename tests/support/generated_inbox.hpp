#pragma once
// Handhelds that never existed, and the batches their logs would leave in an inbox: for tests of the merge and for
// lantaarn-bench. Everything but nonces of ciphertexts follows from the seed. No test framework in here.

#include <memory>
#include <random>

#include "common/base/clock.hpp"
#include "common/journal/batch.hpp"
#include "common/model/event.hpp"
#include "sync_server/merge/merge.hpp"

namespace lantaarn::support {

/// Random values that can be drawn again.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : engine_(seed) {}
  [[nodiscard]] std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }
  [[nodiscard]] bool one_in(std::uint64_t count) { return below(count) == 0; }
  template <std::size_t N>
  [[nodiscard]] ByteArray<N> bytes() {
    ByteArray<N> out;
    for (auto& byte : out) byte = static_cast<std::uint8_t>(engine_());
    return out;
  }
  template <typename IdType>
  [[nodiscard]] IdType id() { return IdType{bytes<kIdBytes>()}; }
  template <typename T>
  void shuffle(std::vector<T>& items) { std::shuffle(items.begin(), items.end(), engine_); }

 private:
  std::mt19937_64 engine_;
};

/// The keys of one server. Keep it where it is: ServerKeys refer to it.
struct GeneratedServer {
  explicit GeneratedServer(Draw& draw);
  GeneratedServer(const GeneratedServer&) = delete;
  GeneratedServer& operator=(const GeneratedServer&) = delete;
  crypto::BoxKey sealing;
  crypto::SignKey authority;
  crypto::Key data_key;
  server::ServerKeys keys;
};

struct GeneratedUser {
  UserId id;
  std::shared_ptr<const crypto::SignKey> key;  ///< shared, so that a handheld can be copied
};

[[nodiscard]] GeneratedUser draw_user(Draw& draw);

/// One log of one handheld. Copying it and going on with both is a fork.
class GeneratedLog {
 public:
  GeneratedLog(Draw& draw, DeviceId device, crypto::BoxPublicKey server_sealing_key);
  /// A new seal key: what begins a round.
  void new_seal_key(Draw& draw);
  /// Seals the next entry.
  void save(const GeneratedUser& author, ByteView event);
  /// The box of this seal key never reaches the server.
  void lose_seal_key_box() { key_told_ = true; }
  /// The next entries are sealed with another key than the one they name.
  void spoil_seal_key(Draw& draw);
  /// Everything saved since the last time as one batch, signed at the end of each run; empty when there is nothing.
  [[nodiscard]] Bytes take_batch();
  /// Entries `first` … `last` (from 1), cut anew: a handheld may batch as it likes.
  [[nodiscard]] Bytes batch_of(std::size_t first, std::size_t last) const;
  [[nodiscard]] Hash hash_at(std::size_t seq) const { return entries_[seq - 1]->at.hash; }
  [[nodiscard]] const DeviceId& device() const { return device_; }
  [[nodiscard]] const LogId& log() const { return log_; }
  [[nodiscard]] const journal::Position& head() const { return head_; }
  [[nodiscard]] std::size_t waiting() const { return entries_.size() - taken_; }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    Bytes entry;
    journal::Position at;
    GeneratedUser author;
  };
  DeviceId device_;
  LogId log_;
  crypto::BoxPublicKey server_sealing_key_;
  journal::Position head_;
  std::shared_ptr<const journal::SealKey> seal_key_;
  bool key_told_ = false;
  std::vector<std::shared_ptr<const Entry>> entries_;
  std::size_t taken_ = 0;
};

/// An inbox in memory; batches get their numbers when they are put.
class GeneratedInbox final : public server::InboxSource {
 public:
  void put(const GeneratedLog& log, Bytes batch, std::int64_t received_ms = 1);
  void put(server::InboxBatch batch);
  [[nodiscard]] Result<std::vector<server::InboxBatch>> read_after(std::int64_t inbox_id, std::size_t batches_max) override;
  [[nodiscard]] std::vector<server::InboxBatch>& batches() { return batches_; }

 private:
  std::vector<server::InboxBatch> batches_;
};

// Events, valid as they stand.
[[nodiscard]] model::Event draw_event(Draw& draw, const UserId& author, std::int64_t wall_ms,
                                      ClockStatus status = ClockStatus::kOk);
[[nodiscard]] model::Event draw_contact(Draw& draw, const UserId& author, const std::optional<ClientId>& client,
                                        std::int64_t wall_ms, const std::string& note = {});
[[nodiscard]] Bytes user_added(Draw& draw, const server::ServerKeys& keys, const UserId& user, const std::string& name,
                               const std::string& role = "case_manager");
[[nodiscard]] Bytes device_added(Draw& draw, const server::ServerKeys& keys, const DeviceId& device, const std::string& name,
                                 const std::vector<UserId>& users);
[[nodiscard]] Bytes user_bound(Draw& draw, const server::ServerKeys& keys, const DeviceId& device, const GeneratedUser& user);

struct InboxShape {
  std::size_t contacts = 100'000;
  std::size_t clients = 5'000;
  std::size_t handhelds = 20;
  std::size_t contacts_per_round = 20;
  std::size_t note_characters = 60;
  bool all_kinds = false;                ///< every other event is something else than a contact
  std::uint64_t seed = 1;
};
/// What the server has said before (for Merger::record), and then the inbox: the clients' ClientAdded, then contacts.
struct GeneratedProgramme {
  std::vector<Bytes> server_facts;
  GeneratedInbox inbox;
  std::size_t events = 0;
};
[[nodiscard]] GeneratedProgramme generate_programme(const InboxShape& shape, const GeneratedServer& server);

}  // namespace lantaarn::support
