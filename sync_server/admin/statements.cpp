#include "sync_server/admin/statements.hpp"

#include <algorithm>

#include "common/base/civil_time.hpp"
#include "common/model/card_box.hpp"
#include "sync_server/registry/cards.hpp"

namespace lantaarn::server::admin {

namespace pb = sync::pb;
using model::id_field;

std::vector<BoundUser> bound_now(const DeviceView& device) {
  std::vector<BoundUser> users;
  for (const auto& bound : device.bound) {
    const auto* last = device.binding_of(bound.user);
    if (last != nullptr && *last == bound) users.push_back(bound);
  }
  return users;
}

Result<std::uint64_t> StatementMaker::next_counter() {
  if (next_ == reserved_until_) {
    LANTAARN_ASSIGN(auto change, registry_.begin());
    LANTAARN_ASSIGN(const std::uint64_t first, change->reserve_counters(kCounterBlock));
    LANTAARN_TRY(change->commit());
    next_ = first;
    reserved_until_ = first + kCounterBlock;
  }
  return next_++;
}

Result<pb::SignedStatement> StatementMaker::sign(const About& about, std::string body) {
  LANTAARN_ASSIGN(const std::uint64_t counter, next_counter());
  pb::Statement statement;
  statement.set_kind(about.kind);
  statement.set_device_id(id_field(about.device));
  if (about.user) statement.set_user_id(id_field(*about.user));
  statement.set_epoch(keys_.server.epoch);
  statement.set_counter(counter);
  statement.set_issued_at_ms(about.now_ms);
  statement.set_body(std::move(body));
  return sync::sign_statement(keys_.authority, sync::kAuthorityContext, statement);
}

Result<pb::SignedStatement> StatementMaker::receipt_key(const DeviceId& device, std::int64_t now_ms) {
  pb::ReceiptKey body;
  body.set_verify_key(to_string(crypto::SignKey(keys_.receipt_seed).verify_key()));
  return sign({pb::RECEIPT_KEY, device, std::nullopt, now_ms}, body.SerializeAsString());
}

Result<pb::SignedStatement> StatementMaker::users(const DeviceView& device, std::int64_t now_ms) {
  pb::DeviceUsers body;
  for (const auto& bound : bound_now(device)) {
    auto& user = *body.add_users();
    user.set_user_id(id_field(bound.user));
    user.set_box_key(to_string(bound.box_key));
    user.set_verify_key(to_string(bound.verify_key));
  }
  return sign({pb::USERS, device.id, std::nullopt, now_ms}, body.SerializeAsString());
}

Result<pb::SignedStatement> StatementMaker::lease(const DeviceId& device, const UserId& user, std::int64_t now_ms) {
  pb::Lease body;
  body.set_valid_until_ms(now_ms + kLeaseMs);
  body.set_boots(kLeaseBoots);
  body.set_running_ms(kLeaseMs);
  return sign({pb::LEASE, device, user, now_ms}, body.SerializeAsString());
}

Result<pb::SignedStatement> StatementMaker::standing(const DeviceView& device, const ReceivedLogs& received, std::int64_t now_ms) {
  pb::Standing body;
  for (const auto& [key, position] : received) {
    if (key.first != device.id) continue;
    auto& log = *body.add_logs();
    log.set_log_id(id_field(key.second));
    log.set_received_seq(position.seq);
    log.set_received_hash(to_string(position.hash));
    const auto known = std::find_if(device.logs.begin(), device.logs.end(), [&](const LogView& view) { return view.log == key.second; });
    if (known != device.logs.end()) log.set_merged_seq(std::min(known->merged, position.seq));
  }
  return sign({pb::STANDING, device.id, std::nullopt, now_ms}, body.SerializeAsString());
}

Status StatementMaker::append_cards(const DeviceId& device, const BoundUser& user, std::int64_t now_ms, std::vector<Signed>& out) {
  LANTAARN_ASSIGN(const std::uint64_t edition, next_counter());
  LANTAARN_ASSIGN(const auto parts, make_cards(registry_, user.user, to_string(date_in_amsterdam(now_ms)), edition));
  for (const auto& part : parts) {
    LANTAARN_ASSIGN(Signed one, sign({pb::CARDS, device, user.user, now_ms}, to_string(model::seal_cards(user.box_key, part))));
    out.push_back(std::move(one));
  }
  return {};
}

Result<std::vector<pb::SignedStatement>> StatementMaker::for_session(const DeviceView& device, const ReceivedLogs& received,
                                                                     std::int64_t now_ms) {
  std::vector<Signed> out;
  if (!device.revoked) {
    LANTAARN_ASSIGN(Signed list, users(device, now_ms));
    out.push_back(std::move(list));
    for (const auto& user : bound_now(device)) {
      LANTAARN_ASSIGN(Signed lease_of_user, lease(device.id, user.user, now_ms));
      out.push_back(std::move(lease_of_user));
      LANTAARN_TRY(append_cards(device.id, user, now_ms, out));
    }
  }
  LANTAARN_ASSIGN(Signed stands, standing(device, received, now_ms));
  out.push_back(std::move(stands));
  return out;
}

}  // namespace lantaarn::server::admin
