#include "firmware_app/capture/pruning.hpp"

#include <algorithm>

#include "firmware_app/capture/round_key.hpp"

namespace lantaarn::firmware {
namespace {

// Who reads from where, while her round or desk is open; nothing when one of them does not say.
Result<std::optional<std::vector<KeptFrom>>> kept_places(journal::Journal& journal) {
  std::vector<KeptFrom> places;
  for (const CompanionKind kind : {kRoundKeyCompanion, kDeskKeyCompanion}) {
    LANTAARN_ASSIGN(const auto open, journal.companions(kind));
    for (const auto& round : open) {
      LANTAARN_ASSIGN(const auto stored, journal.companion(kKeptFromCompanion, round.key));
      const auto place = stored ? read_kept_from(*stored) : std::nullopt;
      if (!place) return std::optional<std::vector<KeptFrom>>{};
      places.push_back(*place);
    }
  }
  return std::optional(std::move(places));
}

// Through where this log may go: a round reads its own log from its first entry, and later logs whole.
std::uint64_t may_go_through(const std::vector<journal::LogState>& logs, std::size_t index, const std::vector<KeptFrom>& places) {
  std::uint64_t through = UINT64_MAX;
  for (const KeptFrom& place : places) {
    if (place.log == logs[index].genesis.log) through = std::min(through, place.from_seq - 1);
    for (std::size_t earlier = 0; earlier < index; ++earlier) {
      if (place.log == logs[earlier].genesis.log) through = 0;
    }
  }
  return through;
}

}  // namespace

Result<std::uint64_t> prune_secured(journal::Journal& journal) {
  LANTAARN_ASSIGN(const auto places, kept_places(journal));
  if (!places) return std::uint64_t{0};
  LANTAARN_ASSIGN(const auto logs, journal.logs());
  std::uint64_t pruned = 0;
  for (std::size_t i = 0; i < logs.size(); ++i) {
    const auto went = journal.prune(logs[i].genesis.log, may_go_through(logs, i, *places));
    if (!went.ok() && went.error().kind != ErrorKind::kCorrupt) return went.error();
    if (went.ok()) pruned += *went;
  }
  // What still stands in the WAL is sealed, and goes with the next checkpoint.
  if (pruned > 0) static_cast<void>(journal.forget_deleted());
  return pruned;
}

}  // namespace lantaarn::firmware
