#pragma once
// A handheld of the simulation: the real journal on a disk that fails, two users, a clock, and what it believes it has.

#include <memory>
#include <optional>

#include "common/journal/journal.hpp"
#include "common/model/event.hpp"
#include "tests/sim/handheld_io.hpp"
#include "tests/sim/machine.hpp"
#include "tests/sim/world.hpp"

namespace lantaarn::sim {

inline constexpr const char* kJournal = "journal.db";

struct Writer {
  UserId id = crypto::random_id<UserId>();
  crypto::SignKey sign{crypto::random_secret<32>()};
  crypto::BoxPublicKey box = crypto::BoxKey(crypto::random_secret<32>()).public_key();
};

/// Who a handheld is and who uses it: what a clone has in common with the one it was made from.
struct Owners {
  DeviceId device = crypto::random_id<DeviceId>();
  std::vector<Writer> writers = std::vector<Writer>(2);
};

class Handheld {
 public:
  Handheld(World& world, std::shared_ptr<const Owners> owners, const crypto::BoxPublicKey& server_sealing_key);
  /// Another machine with the same files, and the same name.
  [[nodiscard]] std::unique_ptr<Handheld> clone();

  [[nodiscard]] const DeviceId& id() const { return owners_->device; }
  [[nodiscard]] const std::vector<Writer>& writers() const { return owners_->writers; }
  [[nodiscard]] SimClock& clock() { return clock_; }
  [[nodiscard]] Machine& machine() { return machine_; }
  [[nodiscard]] SmallBatches& source() { return *source_; }
  [[nodiscard]] Marks& marks() { return marks_; }

  /// One commit of one to four events. Disk or memory may fail in it (never when `calm`).
  void save(bool calm);
  /// Off and on, checking that nothing that was saved is gone.
  void cut_power();
  /// cut_power() when the power went in what was done last; else the disk is whole again. True when it was cut.
  bool recover();

  void take_copy();
  /// Puts the copy's files back: what was saved since is lost, as far as this handheld goes.
  void restore_copy();
  /// Flips bits in its files, and checks that whatever can still be read is what was saved.
  void rot();

  /// What is secured goes. What went is the server's to keep, whatever happens to it. Disk may fail (never when `calm`).
  void prune(bool calm);

  /// The authority's word that two copies hold this log through here.
  void told_secured(const LogId& log, std::uint64_t seq, const Hash& hash);
  /// The server says that this log is received through here: what we hold up to there is now its responsibility.
  void acknowledged(const LogId& log, std::uint64_t seq, const Hash& hash);
  [[nodiscard]] std::vector<journal::LogState> logs();
  /// Hashes of every entry that is in the journal now.
  [[nodiscard]] std::set<Hash> entries();

 private:
  void open();
  void close();
  [[nodiscard]] Result<std::vector<journal::Saved>> save_events(const Writer& writer, const std::vector<Bytes>& events, bool calm);
  /// `promised`: the save that the power was cut in had already said "saved".
  void restart(bool promised);
  void check_after_restart(bool promised);
  [[nodiscard]] std::vector<Hash> entries_in_order();
  [[nodiscard]] std::vector<Hash> entries_through(const LogId& log, std::uint64_t seq);
  void let_go(const std::set<Hash>& still_there);
  void adopt_rot(journal::Journal& journal);
  [[nodiscard]] Bytes make_event(const UserId& author);
  void remember(const Hash& entry, const EventId& event);

  World& world_;
  crypto::BoxPublicKey server_sealing_key_;
  Machine machine_;
  SimClock clock_;
  std::shared_ptr<const Owners> owners_;
  journal::SealKey seal_key_{crypto::random_id<KeyId>(), crypto::random_secret<32>()};
  std::vector<EventId> contacts_;
  Marks marks_;
  std::optional<journal::Journal> journal_;
  std::unique_ptr<SmallBatches> source_;

  std::set<Hash> saved_;                         // what a save has reported, less what a restore took away
  std::set<Hash> secured_;                       // of these the authority said so
  bool pruning_ = false;                         // the disk failed in it: a power cut may show that it was done
  std::vector<EventId> in_doubt_;                // handed to the save that is under way
  std::vector<EventId> unsure_;                  // of the last save, when the disk failed in it: only a power cut may show it
  struct Copy {
    support::FaultDisk::Snapshot files;
    std::set<Hash> saved, secured;
    Marks marks;
  };
  [[nodiscard]] Copy copy_now();
  void become(const Copy& copy);
  std::optional<Copy> copy_;
};

}  // namespace lantaarn::sim
