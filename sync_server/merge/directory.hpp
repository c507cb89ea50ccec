#pragma once
// What the server's own log has said about staff, handhelds and their logs: a fold of those facts, in memory. Applying
// them in any order, or twice, gives the same directory.

#include <map>
#include <set>

#include "common/model/own_codes.hpp"
#include "sync_server/merge/clusters.hpp"
#include "sync_server/merge/examine.hpp"

namespace lantaarn::server {

using BoundKeys = std::map<std::pair<DeviceId, UserId>, std::vector<crypto::VerifyKey>>;

struct Fork {
  std::uint64_t seq = 0;
  Hash kept{};
  Hash other{};
  auto operator<=>(const Fork&) const = default;
};

class Directory {
 public:
  /// A stored, admitted fact of the own log (opened); others change nothing.
  void apply(const StoredEntry& stored);

  /// Keys that may sign for a user on a device; empty: she is not on its list.
  [[nodiscard]] const BoundKeys& keys() const { return keys_; }
  [[nodiscard]] std::vector<crypto::VerifyKey> keys_of(const DeviceId& device, const UserId& user) const;
  [[nodiscard]] bool is_admitted(const DeviceId& device, const Hash& entry) const;
  /// Beyond what DeviceRevoked accepts.
  [[nodiscard]] bool is_revoked(const EntryPlace& place) const;
  /// Beyond what was accepted when this author was revoked on that handheld.
  [[nodiscard]] bool is_user_revoked(const EntryPlace& place, const UserId& author) const;
  /// Nothing: neither it nor a user of it was revoked. Else the last seq accepted of that log (0: none of it).
  [[nodiscard]] std::optional<std::uint64_t> accepted_through(const DeviceId& device, const LogId& log) const;
  [[nodiscard]] const std::set<Fork>* forks_of(const DeviceId& device, const LogId& log) const;

  /// Servers whose register was taken over: what their logs state holds as this server's own.
  [[nodiscard]] const std::set<DeviceId>& former_servers() const { return former_servers_; }
  /// Known beforehand when a whole event store is replayed: facts of such a server may come before the one that names it.
  void know_former_server(const DeviceId& server) { former_servers_.insert(server); }

  /// Who is linked with whom.
  [[nodiscard]] const Clusters& clusters() const { return clusters_; }
  /// Which contacts are one conversation.
  [[nodiscard]] const Conversations& conversations() const { return conversations_; }
  /// The customer's term of a class in days; nothing when only the proposal holds.
  [[nodiscard]] std::optional<int> retention_days(std::string_view retention) const;
  /// Every event that names her is dropped, whenever it arrives.
  [[nodiscard]] bool is_erased(const ClientId& client) const { return erased_.contains(client); }
  /// Named by an erasure or by the end of a retention term.
  [[nodiscard]] bool is_ended(const EventId& event) const { return ended_.contains(event); }

  /// Of every handheld without terms of its own.
  [[nodiscard]] DeviceTerms terms_of_all() const;
  /// What the customer added to code lists.
  [[nodiscard]] const model::OwnCodes& own_codes() const { return own_codes_; }

  [[nodiscard]] std::optional<UserView> user(const UserId& id) const;
  [[nodiscard]] std::optional<DeviceView> device(const DeviceId& id) const;
  [[nodiscard]] std::vector<UserId> users() const;
  [[nodiscard]] std::vector<DeviceId> devices() const;

 private:
  // Facts of one log have an order of their own; the last one counts.
  template <typename T>
  struct Latest {
    std::uint64_t seq = 0;
    T value{};
    void set(std::uint64_t at, T next) {
      if (at >= seq) *this = {at, std::move(next)};
    }
  };
  using Revocation = std::map<LogId, std::pair<std::uint64_t, Hash>>;
  struct Directive {
    DirectiveView view;
    Revocation accepted;  // revoke_user
  };
  [[nodiscard]] static bool is_beyond(const EntryPlace& place, const Revocation& accepted);
  void apply_directive(const StoredEntry& stored, const model::pb::Event& event);
  struct Device {
    Latest<std::string> name;
    std::set<UserId> users;
    Latest<std::optional<crypto::DhPublicKey>> channel_key;
    std::map<std::uint64_t, std::vector<BoundUser>> bound;  // by seq
    std::map<std::uint64_t, Revocation> revocations;
    std::set<Hash> admitted;
    std::map<LogId, std::set<Fork>> forks;
    std::map<std::uint64_t, Directive> directives;
    std::map<EventId, std::int64_t> carried_out;            // when that was first said
    bool added = false;
  };
  [[nodiscard]] static std::vector<DirectiveView> directives_of(const Device& device);
  std::map<UserId, Latest<UserView>> users_;
  std::map<DeviceId, Device> devices_;
  BoundKeys keys_;
  std::set<DeviceId> former_servers_;
  Clusters clusters_;
  Conversations conversations_;
  std::set<ClientId> erased_;
  std::set<EventId> ended_;
  std::map<std::string, Latest<int>, std::less<>> retention_;
  std::map<DeviceId, Latest<DeviceTerms>> terms_;           // zero: of every handheld without its own
  std::map<std::pair<std::string, std::string>, std::uint64_t> code_seqs_;
  model::OwnCodes own_codes_;
};

/// Facts that make up the directory.
[[nodiscard]] bool is_directory_fact(int kind);

}  // namespace lantaarn::server
