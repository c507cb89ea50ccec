#include "common/model/event.hpp"
#include "sync_server/merge/feed.hpp"

namespace lantaarn::server {
namespace {

// Whose facts are as good as its own has to be known before the first of them comes.
Status know_former_servers(Registry& live, Directory& directory) {
  LANTAARN_ASSIGN(const auto imports, live.entries_of_kind(model::Event::kRegisterImported));
  for (const StoredEntry& entry : imports) {
    if (entry.admission == Admission::kAdmitted) directory.apply(entry);
  }
  return {};
}

}  // namespace

Result<RebuildReport> rebuild_and_compare(Registry& live, Registry& scratch, const ServerKeys& keys) {
  MergeOptions options;
  options.observes_forks = false;
  LANTAARN_ASSIGN(options.fold_version, live.fold_version());
  LANTAARN_ASSIGN(OwnLog own_log, OwnLog::open(scratch, keys));
  Merger::State state{scratch, keys, options, {}, std::move(own_log), {}, {}, false};
  LANTAARN_TRY(know_former_servers(live, state.directory));
  {
    LANTAARN_ASSIGN(const auto change, scratch.begin());
    LANTAARN_TRY(change->put_fold_version(options.fold_version));
    LANTAARN_TRY(change->commit());
  }
  Feed feed(state);
  LANTAARN_TRY(give_entries(live, feed));
  LANTAARN_TRY(feed.end());
  RebuildReport report;
  LANTAARN_ASSIGN(report.stored, digest(live));
  LANTAARN_ASSIGN(report.rebuilt, digest(scratch));
  return report;
}

}  // namespace lantaarn::server
