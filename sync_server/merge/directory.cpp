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

std::map<LogId, std::pair<std::uint64_t, Hash>> positions_of(const google::protobuf::RepeatedPtrField<model::pb::LogPosition>& said) {
  std::map<LogId, std::pair<std::uint64_t, Hash>> positions;
  for (const auto& at : said) positions[id_of<LogId>(at.log_id())] = {at.seq(), bytes_of<32>(at.hash())};
  return positions;
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
      devices_[id_of<DeviceId>(fact.device_id())].revocations[seq] = positions_of(fact.last_accepted());
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
      for (const auto& edge : fact.edges()) clusters_.cancel(stored.event, id_of<EventId>(edge));
      for (const auto& pair : fact.apart()) clusters_.keep_apart(stored.event, id_of<ClientId>(pair.first()), id_of<ClientId>(pair.second()));
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
      for (const auto& decision : fact.cancels()) conversations_.cancel(stored.event, id_of<EventId>(decision));
      conversations_.keep_apart(stored.event, id_of<EventId>(fact.first()), id_of<EventId>(fact.second()));
      return;
    }
    case Event::kRetentionSet:
      retention_[event.retention_set().retention()].set(seq, static_cast<int>(event.retention_set().days()));
      return;
    case Event::kDirectiveGiven: return apply_directive(stored, event);
    case Event::kDirectiveCarriedOut: {
      const auto& fact = event.directive_carried_out();
      const auto at_ms = std::max<std::int64_t>(event.recorded().wall_ms(), 1);
      auto& known = devices_[id_of<DeviceId>(fact.device_id())].carried_out;
      const auto [at, is_new] = known.try_emplace(id_of<EventId>(fact.directive()), at_ms);
      if (!is_new) at->second = std::min(at->second, at_ms);
      return;
    }
    case Event::kDeviceTermsSet: {
      const auto& fact = event.device_terms_set();
      terms_[id_of<DeviceId>(fact.device_id())].set(
          seq, {fact.lease_days(), fact.lease_boots(), fact.strict(), fact.duress_pin(), fact.wrong_pins_max()});
      return;
    }
    case Event::kCodeChanged: {
      const auto& fact = event.code_changed();
      auto& last = code_seqs_[{fact.list(), fact.code()}];
      if (seq < last) return;
      last = seq;
      own_codes_.put({fact.list(), fact.code(), fact.label_nl(), fact.label_en(), fact.withdrawn()});
      return;
    }
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
         kind == Event::kRegisterImported || (kind >= Event::kDirectiveGiven && kind <= Event::kCodeChanged) ||
         kind == Event::kDeviceTermsSet;
}

void Directory::apply_directive(const StoredEntry& stored, const Event& event) {
  const auto& fact = event.directive_given();
  Directive given;
  given.view = {stored.event, fact.directive(), UserId::from(fact.user_id()), id_of<UserId>(event.author()), event.recorded().wall_ms()};
  given.accepted = positions_of(fact.last_accepted());
  devices_[id_of<DeviceId>(fact.device_id())].directives[stored.place.seq] = std::move(given);
}

// What became of each: the handheld said so, or a later unlock took a lock off.
std::vector<DirectiveView> Directory::directives_of(const Device& device) {
  std::vector<DirectiveView> views;
  for (const auto& [seq, given] : device.directives) {
    if (given.view.directive == "unlock") {
      for (auto& earlier : views) earlier.lifted = earlier.lifted || earlier.directive == "lock";
      continue;
    }
    views.push_back(given.view);
    const auto said = device.carried_out.find(given.view.id);
    if (said != device.carried_out.end()) views.back().carried_out_ms = said->second;
  }
  return views;
}

std::vector<crypto::VerifyKey> Directory::keys_of(const DeviceId& device, const UserId& user) const {
  const auto found = keys_.find({device, user});
  return found == keys_.end() ? std::vector<crypto::VerifyKey>{} : found->second;
}

bool Directory::is_admitted(const DeviceId& device, const Hash& entry) const {
  const auto found = devices_.find(device);
  return found != devices_.end() && found->second.admitted.contains(entry);
}

bool Directory::is_beyond(const EntryPlace& place, const Revocation& accepted) {
  const auto log = accepted.find(place.log);
  if (log == accepted.end() || place.seq > log->second.first) return true;
  return place.seq == log->second.first && place.hash != log->second.second;
}

bool Directory::is_revoked(const EntryPlace& place) const {
  const auto found = devices_.find(place.device);
  if (found == devices_.end()) return false;
  const auto& revocations = found->second.revocations;
  return std::any_of(revocations.begin(), revocations.end(), [&](const auto& one) { return is_beyond(place, one.second); });
}

bool Directory::is_user_revoked(const EntryPlace& place, const UserId& author) const {
  const auto found = devices_.find(place.device);
  if (found == devices_.end()) return false;
  const auto& directives = found->second.directives;
  return std::any_of(directives.begin(), directives.end(), [&](const auto& one) {
    const Directive& given = one.second;
    return given.view.directive == "revoke_user" && given.view.user == author && is_beyond(place, given.accepted);
  });
}

std::optional<std::uint64_t> Directory::accepted_through(const DeviceId& device, const LogId& log) const {
  const auto found = devices_.find(device);
  if (found == devices_.end()) return std::nullopt;
  std::optional<std::uint64_t> through;
  const auto take = [&](const Revocation& accepted) {
    const auto position = accepted.find(log);
    const std::uint64_t seq = position == accepted.end() ? 0 : position->second.first;
    through = std::min(through.value_or(seq), seq);
  };
  for (const auto& [at, accepted] : found->second.revocations) take(accepted);
  for (const auto& [at, given] : found->second.directives) {
    if (given.view.directive == "revoke_user") take(given.accepted);
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

DeviceTerms Directory::terms_of_all() const {
  const auto found = terms_.find(DeviceId{});
  return found == terms_.end() ? DeviceTerms{} : found->second.value;
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
  view.directives = directives_of(found->second);
  std::erase_if(view.users, [&](const UserId& user) { return view.has_revoked(user); });
  std::erase_if(view.bound, [&](const BoundUser& one) { return view.has_revoked(one.user); });
  for (const DeviceId& whose : {DeviceId{}, id}) {
    if (const auto terms = terms_.find(whose); terms != terms_.end()) view.terms = terms->second.value;
  }
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
