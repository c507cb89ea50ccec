#include "sync_server/access/dossier_gate.hpp"

#include "common/crypto/random.hpp"
#include "sync_server/access/limits.hpp"

namespace lantaarn::server::access {
namespace {

constexpr std::size_t kOpeningsKeptMax = 20'000;

Bytes opening_id(const UserId& user, const ClientId& client) {
  Bytes id = to_bytes(user.view());
  append(id, client.view());
  return id;
}

}  // namespace

Result<const std::set<ClientId>*> DossierGate::blocked_of(const UserId& user) {
  const auto known = blocked_.find(user);
  if (known != blocked_.end()) return &known->second;
  LANTAARN_ASSIGN(const auto items, accounts_.of_owner<pb::Relation>(ItemKind::kRelation, user.view()));
  std::set<ClientId> clients;
  for (const auto& item : items) {
    const auto client = ClientId::from(item.value.client_id());
    if (!client) return corrupt("record_unreadable");
    clients.insert(*client);
  }
  return &blocked_.emplace(user, std::move(clients)).first->second;
}

Result<const pb::Opening*> DossierGate::opening_of(const UserId& user, const ClientId& client) {
  const std::pair key(user, client);
  auto known = openings_.find(key);
  if (known == openings_.end()) {
    LANTAARN_ASSIGN(auto opening, accounts_.get<pb::Opening>(ItemKind::kOpening, opening_id(user, client)));
    if (openings_.size() >= kOpeningsKeptMax) openings_.clear();
    known = openings_.emplace(key, std::move(opening)).first;
  }
  return known->second ? &*known->second : static_cast<const pb::Opening*>(nullptr);
}

Result<std::vector<ClientId>> DossierGate::blocked(const UserId& user) {
  LANTAARN_ASSIGN(const auto* clients, blocked_of(user));
  return std::vector<ClientId>(clients->begin(), clients->end());
}

Result<LetIn> DossierGate::judge(const UserId& user, const ClientId& client, bool is_own, Sees sees, std::int64_t now_ms) {
  LANTAARN_ASSIGN(const auto* closed, blocked_of(user));
  if (closed->contains(client)) return refused("relation_blocked");
  if (is_own) return LetIn{true, false, {}};
  LANTAARN_ASSIGN(const auto* opening, opening_of(user, client));
  const bool stands = opening != nullptr && opening->until_ms() > now_ms && opening->at_ms() <= now_ms;
  if (stands && (sees == Sees::kEverybody || opening->emergency())) return LetIn{false, opening->emergency(), opening->reason()};
  return refused(sees == Sees::kEverybody ? "reason_needed" : "client_not_found");
}

Result<std::int64_t> DossierGate::open(const UserId& user, const ClientId& client, Sees sees, const std::string& reason, bool emergency,
                                       std::int64_t now_ms, std::int64_t day_end_ms) {
  if (reason.empty()) return refused("reason_needed");
  LANTAARN_ASSIGN(const auto* closed, blocked_of(user));
  if (closed->contains(client)) return refused("relation_blocked");
  if (sees == Sees::kOwnCaseload && !emergency) return refused("client_not_found");
  pb::Opening opening;
  opening.set_user_id(to_string(user.view()));
  opening.set_client_id(to_string(client.view()));
  opening.set_until_ms(emergency ? now_ms + kEmergencyMs : day_end_ms);
  opening.set_emergency(emergency);
  opening.set_reason(reason);
  opening.set_at_ms(now_ms);
  openings_.erase({user, client});
  LANTAARN_TRY(accounts_.put(ItemKind::kOpening, opening_id(user, client), user.view(), opening));
  return opening.until_ms();
}

Result<Bytes> DossierGate::declare(const UserId& user, const ClientId& client, const UserId& by, const std::string& reason, std::int64_t now_ms) {
  Bytes id(kIdBytes);
  crypto::fill_random(id);
  pb::Relation relation;
  relation.set_user_id(to_string(user.view()));
  relation.set_client_id(to_string(client.view()));
  relation.set_declared_by(to_string(by.view()));
  relation.set_at_ms(now_ms);
  relation.set_reason(reason);
  blocked_.erase(user);
  LANTAARN_TRY(accounts_.put(ItemKind::kRelation, id, user.view(), relation));
  return id;
}

Status DossierGate::withdraw(ByteView id) {
  LANTAARN_ASSIGN(const auto relation, accounts_.get<pb::Relation>(ItemKind::kRelation, id));
  if (!relation) return refused("relation_not_found");
  blocked_.clear();
  return accounts_.remove(ItemKind::kRelation, id);
}

Result<std::vector<DossierGate::Declared>> DossierGate::declared() {
  LANTAARN_ASSIGN(const auto items, accounts_.of_owner<pb::Relation>(ItemKind::kRelation, {}));
  std::vector<Declared> found;
  for (const auto& item : items) {
    const auto user = UserId::from(item.value.user_id());
    const auto client = ClientId::from(item.value.client_id());
    if (!user || !client) return corrupt("record_unreadable");
    found.push_back({item.id, *user, *client, item.value.at_ms(), item.value.reason()});
  }
  return found;
}

}  // namespace lantaarn::server::access
