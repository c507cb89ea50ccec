#pragma once
// Letting go of sealed entries that are secured, as far as nobody here still reads them.

#include "common/journal/journal.hpp"

namespace lantaarn::firmware {

/// Prunes every log as far as the authority's word reaches; entries of an open round or desk stay. A damaged log is left as
/// it is. How many went; nothing of them is left in the files, or the next call sees to it. Needs no PIN.
[[nodiscard]] Result<std::uint64_t> prune_secured(journal::Journal& journal);

}  // namespace lantaarn::firmware
