#pragma once
// What sync knows of a log: where it begins, and places in it. The bytes of a batch are opaque here.

#include "common/base/id.hpp"

namespace lantaarn::sync {

/// A place in a log: everything up to and including `seq`, whose last entry has this hash. seq 0: before the first.
struct Place {
  std::uint64_t seq = 0;
  Hash hash{};
  bool operator==(const Place&) const = default;
};

/// Which log, and the frozen log it follows (zero: none).
struct LogOrigin {
  LogId log;
  LogId after_log;
  Place after;
};

}  // namespace lantaarn::sync
