#include "common/journal/chain.hpp"

namespace lantaarn::journal {

Status ChainVerifier::advance(const EntryView& entry) {
  const EntryHeader& header = entry.header;
  if (header.device != device_ || header.log != log_ || header.seq != at_.seq + 1 || header.previous != at_.hash) {
    return corrupt("chain_broken", {std::to_string(header.seq)});
  }
  at_ = {header.seq, entry_hash(entry.bytes)};
  return {};
}

}  // namespace lantaarn::journal
