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

}  // namespace lantaarn::server
