#include "sync_server/merge/directory.hpp"

#include <algorithm>

#include "common/model/event.hpp"

namespace lantaarn::server {
namespace {

using model::Event;

template <typename IdType>
IdType id_of(const std::string& raw) {
  return IdType::from(raw).value_or(IdType{});
}
template <std::size_t N>
ByteArray<N> bytes_of(const std::string& raw) {
  return to_array<N>(as_bytes(raw)).value_or(ByteArray<N>{});
}

}  // namespace

void Directory::apply(const StoredEntry& stored) {
  const auto decoded = model::decode_event(stored.bytes);
  if (!decoded.ok()) return;
  const Event& event = *decoded;
  const std::uint64_t seq = stored.place.seq;
  switch (event.fact_case()) {
    case Event::kUserAdded: {
      const auto& fact = event.user_added();
      const auto id = id_of<UserId>(fact.user_id());
      users_[id].set(seq, {id, fact.name(), fact.role()});
      return;
    }
    case Event::kDeviceAdded: {
      const auto& fact = event.device_added();
      Device& device = devices_[id_of<DeviceId>(fact.device_id())];
      device.added = true;
      device.name.set(seq, fact.name());
      for (const auto& user : fact.users()) device.users.insert(id_of<UserId>(user));
      return;
    }
    case Event::kDeviceEnrolled: {
      const auto& fact = event.device_enrolled();
      devices_[id_of<DeviceId>(fact.device_id())].channel_key.set(seq, bytes_of<32>(fact.channel_key()));
      return;
    }
    case Event::kDeviceUserBound: {
      const auto& fact = event.device_user_bound();
      const BoundUser bound{id_of<UserId>(fact.user_id()), bytes_of<32>(fact.box_key()), bytes_of<32>(fact.verify_key())};
      const auto device = id_of<DeviceId>(fact.device_id());
      auto& at_seq = devices_[device].bound[seq];
      if (std::find(at_seq.begin(), at_seq.end(), bound) == at_seq.end()) at_seq.push_back(bound);
      auto& keys = keys_[{device, bound.user}];
      if (std::find(keys.begin(), keys.end(), bound.verify_key) == keys.end()) keys.push_back(bound.verify_key);
      return;
    }
    case Event::kDeviceRevoked: {
      const auto& fact = event.device_revoked();
      Revocation accepted;
      for (const auto& at : fact.last_accepted()) accepted[id_of<LogId>(at.log_id())] = {at.seq(), bytes_of<32>(at.hash())};
      devices_[id_of<DeviceId>(fact.device_id())].revocations[seq] = std::move(accepted);
      return;
    }
    case Event::kForkObserved: {
      const auto& fact = event.fork_observed();
      devices_[id_of<DeviceId>(fact.device_id())].forks[id_of<LogId>(fact.log_id())].insert(
          {fact.seq(), bytes_of<32>(fact.kept_hash()), bytes_of<32>(fact.other_hash())});
      return;
    }
    case Event::kEntriesAdmitted: {
      const auto& fact = event.entries_admitted();
      Device& device = devices_[id_of<DeviceId>(fact.device_id())];
      for (const auto& hash : fact.entry_hashes()) device.admitted.insert(bytes_of<32>(hash));
      return;
    }
    case Event::kClientsLinked: {
      const auto& fact = event.clients_linked();
      clusters_.link(stored.event, id_of<ClientId>(fact.first()), id_of<ClientId>(fact.second()));
      return;
    }
    case Event::kClientsUnlinked: {
      const auto& fact = event.clients_unlinked();
      for (const auto& edge : fact.edges()) clusters_.cancel(id_of<EventId>(edge));
      for (const auto& pair : fact.apart()) clusters_.keep_apart(id_of<ClientId>(pair.first()), id_of<ClientId>(pair.second()));
      return;
    }
    case Event::kClientErased: {
      for (const auto& client : event.client_erased().clients()) {
        erased_.insert(id_of<ClientId>(client));
        clusters_.drop(id_of<ClientId>(client));
      }
      for (const auto& ended : event.client_erased().events()) ended_.insert(id_of<EventId>(ended));
      return;
    }
    case Event::kContactsShared: {
      const auto& contacts = event.contacts_shared().contacts();
      for (int i = 1; i < contacts.size(); ++i) {
        conversations_.link(stored.event, id_of<EventId>(contacts[i - 1]), id_of<EventId>(contacts[i]));
      }
      return;
    }
    case Event::kContactsKeptApart: {
      const auto& fact = event.contacts_kept_apart();
      for (const auto& decision : fact.cancels()) conversations_.cancel(id_of<EventId>(decision));
      conversations_.keep_apart(id_of<EventId>(fact.first()), id_of<EventId>(fact.second()));
      return;
    }
    case Event::kRetentionSet:
      retention_[event.retention_set().retention()].set(seq, static_cast<int>(event.retention_set().days()));
      return;
    case Event::kRegisterImported:
      former_servers_.insert(id_of<DeviceId>(event.register_imported().from_server_id()));
      return;
    case Event::kRecordsEnded: {
      for (const auto& ended : event.records_ended().events()) ended_.insert(id_of<EventId>(ended));
      return;
    }
    default: return;
  }
}

bool is_directory_fact(int kind) {
  return (kind >= Event::kUserAdded && kind <= Event::kEntriesAdmitted) || kind == Event::kClientsLinked ||
         kind == Event::kClientsUnlinked || (kind >= Event::kClientErased && kind <= Event::kRetentionSet) ||
         kind == Event::kRegisterImported;
}

std::vector<crypto::VerifyKey> Directory::keys_of(const DeviceId& device, const UserId& user) const {
  const auto found = keys_.find({device, user});
  return found == keys_.end() ? std::vector<crypto::VerifyKey>{} : found->second;
}

bool Directory::is_admitted(const DeviceId& device, const Hash& entry) const {
  const auto found = devices_.find(device);
  return found != devices_.end() && found->second.admitted.contains(entry);
}

bool Directory::is_revoked(const EntryPlace& place) const {
  const auto found = devices_.find(place.device);
  if (found == devices_.end()) return false;
  for (const auto& [at, accepted] : found->second.revocations) {
    const auto log = accepted.find(place.log);
    if (log == accepted.end() || place.seq > log->second.first) return true;
    if (place.seq == log->second.first && place.hash != log->second.second) return true;
  }
  return false;
}

std::optional<std::uint64_t> Directory::accepted_through(const DeviceId& device, const LogId& log) const {
  const auto found = devices_.find(device);
  if (found == devices_.end() || found->second.revocations.empty()) return std::nullopt;
  std::uint64_t through = UINT64_MAX;
  for (const auto& [at, accepted] : found->second.revocations) {
    const auto position = accepted.find(log);
    through = std::min(through, position == accepted.end() ? 0 : position->second.first);
  }
  return through;
}

const std::set<Fork>* Directory::forks_of(const DeviceId& device, const LogId& log) const {
  const auto found = devices_.find(device);
  if (found == devices_.end()) return nullptr;
  const auto forks = found->second.forks.find(log);
  return forks == found->second.forks.end() ? nullptr : &forks->second;
}

std::optional<int> Directory::retention_days(std::string_view retention) const {
  const auto found = retention_.find(retention);
  return found == retention_.end() ? std::nullopt : std::optional(found->second.value);
}

std::optional<UserView> Directory::user(const UserId& id) const {
  const auto found = users_.find(id);
  return found == users_.end() ? std::nullopt : std::optional(found->second.value);
}

std::optional<DeviceView> Directory::device(const DeviceId& id) const {
  const auto found = devices_.find(id);
  if (found == devices_.end() || !found->second.added) return std::nullopt;
  DeviceView view;
  view.id = id;
  view.name = found->second.name.value;
  view.users.assign(found->second.users.begin(), found->second.users.end());
  view.channel_key = found->second.channel_key.value;
  for (const auto& [seq, bound] : found->second.bound) view.bound.insert(view.bound.end(), bound.begin(), bound.end());
  view.revoked = !found->second.revocations.empty();
  return view;
}

std::vector<UserId> Directory::users() const {
  std::vector<UserId> ids;
  for (const auto& [id, user] : users_) ids.push_back(id);
  return ids;
}

std::vector<DeviceId> Directory::devices() const {
  std::vector<DeviceId> ids;
  for (const auto& [id, device] : devices_) ids.push_back(id);
  return ids;
}

}  // namespace lantaarn::server
