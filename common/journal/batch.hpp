#pragma once
// A batch: consecutive entries of one log with the signatures kept beside them, as it travels and as the inbox stores
// it. Layout: repeated [u32 entry bytes ‖ entry ‖ u8 signature bytes (0 or 64) ‖ signature]. A batch ends at a signed
// entry.

#include <functional>
#include <map>

#include "common/journal/chain.hpp"

namespace lantaarn::journal {

inline constexpr std::size_t kBatchEntriesMax = 500;
inline constexpr std::size_t kBatchBytesMax = 256 * 1024;
static_assert(kEntryBytesMax + 5 + crypto::kSignatureBytes <= kBatchBytesMax);

void append_to_batch(Bytes& batch, ByteView entry, ByteView signature);
[[nodiscard]] inline std::size_t batch_record_bytes(std::size_t entry_bytes, bool is_signed) {
  return 4 + entry_bytes + 1 + (is_signed ? crypto::kSignatureBytes : 0);
}

struct BatchItem {
  EntryView entry;
  ByteView signature;  ///< empty when unsigned
};
/// Takes a batch apart; views into `batch`. kCorrupt "entry_unreadable" / "batch_too_large" / "batch_empty".
[[nodiscard]] Result<std::vector<BatchItem>> parse_batch(ByteView batch);

/// Finds an author's verification key; nothing when she may not write on this device.
using AuthorKeys = std::function<std::optional<crypto::VerifyKey>(const UserId&)>;

/// What a checked batch says.
struct BatchSummary {
  std::uint64_t first_seq = 0;
  Position last;              ///< place after the batch
  Hash first_previous{};      ///< predecessor of its first entry
  std::size_t entries = 0;
  bool author_unknown = false; ///< some run's author has no key here: its signature could not be checked
};

/// The checks of a gateway, without I/O: entries parse, belong to (device, log), are chained to one another, and every
/// run of one author and the batch itself end at an entry with that author's valid signature.
/// A run whose author has no key is reported in `author_unknown`, not refused: it is kept and set apart by the merge.
/// Errors: kCorrupt "entry_unreadable" | "chain_broken" | "batch_too_large" | "batch_empty"; kRejectPeer
/// "signature_missing" | "signature_wrong". Does not check that the batch continues a stored chain (see first_previous).
[[nodiscard]] Result<BatchSummary> verify_batch(ByteView batch, const DeviceId& device, const LogId& log,
                                                const AuthorKeys& keys);

}  // namespace lantaarn::journal
