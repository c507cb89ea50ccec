#pragma once
// What is left of a batch whose ciphertext is gone: of each entry its header and its hash, so that a fork is still seen
// and everybody can be told what was here. Nothing of it opens, and no seal-key box is left.

#include "common/journal/batch.hpp"

namespace lantaarn::server::inbox {

/// header ‖ hash, entry after entry.
inline constexpr std::size_t kRemainsBytes = journal::kHeaderBytes + sizeof(Hash);
static_assert(kRemainsBytes == 160);

/// Errors: those of journal::parse_batch.
[[nodiscard]] Result<Bytes> remains_of(ByteView batch);
/// Hashes of a batch's entries, in order, whole or pruned. Errors: those of journal::parse_batch; kCorrupt
/// "entry_unreadable".
[[nodiscard]] Result<std::vector<Hash>> entry_hashes(ByteView bytes, bool pruned);

}  // namespace lantaarn::server::inbox
