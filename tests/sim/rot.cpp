// Bits that flip on a handheld's disk. What can still be read must be what was saved; what is gone must be reported; and
// it goes on with the rest. Here the owner then puts back yesterday's files: the evening is about the others.

#include "tests/sim/handheld.hpp"

namespace lantaarn::sim {
namespace {

/// Bytes that count: where data is, not the zeros of an unused page.
void flip_bits(support::FaultDisk& disk, Chance& chance) {
  const auto files = disk.files();
  for (std::uint64_t flips = 1 + chance.below(3); flips > 0; --flips) {
    const std::string& file = files[chance.below(files.size())];
    const std::size_t size = disk.content(file).size();
    if (size != 0) disk.flip_bit(file, chance.below(size), static_cast<unsigned>(chance.below(8)));
  }
}

bool tells_of_rot(const Error& error) { return error.kind == ErrorKind::kCorrupt || error.code == "newer_store"; }

}  // namespace

void Handheld::rot() {
  ++world_.counts.rotten;
  const Copy whole = copy_now();
  close();
  flip_bits(machine_.disk(), world_.chance);
  database::OpenOptions options;
  options.vfs = machine_.vfs();
  {
    auto opened = journal::Journal::open(kJournal, id(), options);
    if (!opened.ok()) {
      require(tells_of_rot(opened.error()), "rot is called rot: " + opened.error().to_log_line());
      ++world_.counts.rot_reported;
    } else {
      adopt_rot(*opened);
    }
  }
  machine_.disk().restore(whole.files);
  open();
  check_after_restart(false);
}

void Handheld::adopt_rot(journal::Journal& journal) {
  bool reported = !journal.damage().empty();
  std::set<Hash> readable;
  const auto logs = journal.logs();
  if (!logs.ok()) {
    require(tells_of_rot(logs.error()), "rot is called rot: " + logs.error().to_log_line());
    ++world_.counts.rot_reported;
    return;
  }
  for (const journal::LogState& log : *logs) {
    const Status scanned = journal.scan(log.genesis.log, log.pruned.seq + 1, [&](const journal::EntryView& entry, ByteView) -> Status {
      const Hash hash = journal::entry_hash(entry.bytes);
      require(saved_.contains(hash), "rot never makes another entry");
      readable.insert(hash);
      return {};
    });
    if (scanned.ok()) continue;
    require(tells_of_rot(scanned.error()), "rot is called rot: " + scanned.error().to_log_line());
    reported = true;
  }
  require(reported || readable.size() == saved_.size(), "an entry that rotted away is reported");
  world_.counts.rot_reported += reported ? 1 : 0;
}

}  // namespace lantaarn::sim
