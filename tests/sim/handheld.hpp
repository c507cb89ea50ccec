#pragma once
// A handheld of the simulation: the real journal on a disk that fails, two users, a clock, and what it believes it has.

#include <memory>
#include <optional>

#include "common/journal/journal.hpp"
#include "common/model/event.hpp"
#include "tests/sim/ledger.hpp"
#include "tests/sim/machine.hpp"
#include "tests/sim/handheld_io.hpp"
#include "tests/sim/sim_clock.hpp"

namespace lantaarn::sim {

struct Writer {
  UserId id = crypto::random_id<UserId>();
  crypto::SignKey sign{crypto::random_secret<32>()};
  crypto::BoxPublicKey box = crypto::BoxKey(crypto::random_secret<32>()).public_key();
};

class Handheld {
 public:
  Handheld(Chance& chance, const WorldTime& world, Ledger& ledger, Counts& counts, std::vector<ClientId>& clients,
           const crypto::BoxPublicKey& server_sealing_key);

  [[nodiscard]] const DeviceId& id() const { return id_; }
  [[nodiscard]] const std::vector<Writer>& writers() const { return writers_; }
  [[nodiscard]] SimClock& clock() { return clock_; }
  [[nodiscard]] Machine& machine() { return machine_; }
  [[nodiscard]] SmallBatches& source() { return *source_; }
  [[nodiscard]] Marks& marks() { return marks_; }

  /// One commit of one to four events. The disk may fail in it (never when `calm`).
  void save(bool calm);
  /// Off and on, checking that nothing that was saved is gone.
  void cut_power();
  /// cut_power() when the power went in what was done last; else the disk is whole again. True when it was cut.
  bool recover();

  void take_copy();
  /// Puts the copy's files back: what was saved since is lost, as far as this handheld goes.
  void restore_copy();

  /// The server says that this log is received through here: what we hold up to there is now its responsibility.
  void acknowledged(const LogId& log, std::uint64_t seq, const Hash& hash);
  [[nodiscard]] std::vector<journal::LogState> logs();
  /// Hashes of every entry that is in the journal now.
  [[nodiscard]] std::set<Hash> entries();

 private:
  void open();
  void close();
  /// `promised`: the save that the power was cut in had already said "saved".
  void restart(bool promised);
  void check_after_restart(bool promised);
  [[nodiscard]] std::vector<Hash> entries_in_order();
  [[nodiscard]] Bytes make_event(const UserId& author);
  void remember(const Hash& entry, const EventId& event);

  Chance& chance_;
  Ledger& ledger_;
  Counts& counts_;
  std::vector<ClientId>& clients_;
  crypto::BoxPublicKey server_sealing_key_;
  Machine machine_;
  SimClock clock_;
  DeviceId id_ = crypto::random_id<DeviceId>();
  std::vector<Writer> writers_;
  journal::SealKey seal_key_{crypto::random_id<KeyId>(), crypto::random_secret<32>()};
  std::vector<EventId> contacts_;
  Marks marks_;
  std::optional<journal::Journal> journal_;
  std::unique_ptr<SmallBatches> source_;

  std::set<Hash> saved_;                         // what a save has reported, less what a restore took away
  std::vector<EventId> in_doubt_;                // handed to the save that is under way
  struct Copy {
    support::FaultDisk::Snapshot files;
    std::set<Hash> saved;
    Marks marks;
  };
  std::optional<Copy> copy_;
};

}  // namespace lantaarn::sim
