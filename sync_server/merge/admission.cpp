#include "sync_server/merge/admission.hpp"

namespace lantaarn::server {

Admission judge(const EntryRecord& entry, const Directory& directory, bool own, bool apart) {
  if (own) return entry.verdict;
  if (!entry.verified) {
    return directory.keys_of(entry.place.device, entry.author).empty() ? Admission::kAuthorUnknown : Admission::kSignatureWrong;
  }
  if (entry.verdict != Admission::kAdmitted) return entry.verdict;
  if (directory.is_admitted(entry.place.device, entry.place.hash)) return Admission::kAdmitted;
  if (apart) return Admission::kFork;
  if (directory.is_revoked(entry.place)) return Admission::kDeviceRevoked;
  if (directory.is_user_revoked(entry.place, entry.author)) return Admission::kUserRevoked;
  return Admission::kAdmitted;
}

std::set<Hash> branches_apart(const std::vector<StoredEntry>& log, const std::set<Fork>& forks) {
  std::multimap<Hash, Hash> followers;  // previous -> entry
  for (const StoredEntry& entry : log) followers.emplace(entry.place.previous, entry.place.hash);
  std::vector<Hash> next;
  for (const Fork& fork : forks) next.push_back(fork.other);
  std::set<Hash> apart;
  while (!next.empty()) {
    const Hash at = next.back();
    next.pop_back();
    if (!apart.insert(at).second) continue;
    const auto [first, last] = followers.equal_range(at);
    for (auto follower = first; follower != last; ++follower) next.push_back(follower->second);
  }
  return apart;
}

std::optional<EntryPlace> kept_end(const std::vector<StoredEntry>& log, const std::set<Fork>* forks) {
  const std::set<Hash> apart = forks == nullptr ? std::set<Hash>() : branches_apart(log, *forks);
  std::optional<EntryPlace> end;
  for (const StoredEntry& entry : log) {
    if (!entry.verified || apart.contains(entry.place.hash)) continue;
    if (!end || entry.place.seq > end->seq) end = entry.place;
  }
  return end;
}

Result<std::vector<EntryPlace>> last_accepted(Registry& registry, const Directory& directory, const DeviceId& device) {
  LANTAARN_ASSIGN(const auto logs, registry.logs_of(device));
  std::vector<EntryPlace> ends;
  for (const LogId& log : logs) {
    LANTAARN_ASSIGN(const auto entries, registry.entries_of_log(device, log, 1));
    if (const auto end = kept_end(entries, directory.forks_of(device, log))) ends.push_back(*end);
  }
  return ends;
}

}  // namespace lantaarn::server
