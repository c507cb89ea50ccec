#include "sync_server/admin/statements.hpp"

#include <algorithm>

#include "common/base/civil_time.hpp"
#include "common/crypto/random.hpp"
#include "common/crypto/wipe_text.hpp"
#include "common/model/card_box.hpp"
#include "sync_server/admin/duress.hpp"
#include "sync_server/registry/cards.hpp"

namespace lantaarn::server::admin {

namespace pb = sync::pb;
using model::id_field;

namespace {

pb::Directive::Kind kind_of(const std::string& directive) {
  if (directive == "lock") return pb::Directive::LOCK;
  if (directive == "wipe") return pb::Directive::WIPE;
  if (directive == "revoke_user") return pb::Directive::REVOKE_USER;
  return directive == "renew_keys" ? pb::Directive::RENEW_KEYS : pb::Directive::UNKNOWN;
}

std::uint64_t secured_through(const std::vector<SecuredThrough>& secured, const LogId& log) {
  const auto found = std::find_if(secured.begin(), secured.end(), [&](const SecuredThrough& one) { return one.log == log; });
  return found == secured.end() ? 0 : found->through.seq;
}

}  // namespace

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

Result<pb::SignedStatement> StatementMaker::lease(const DeviceView& device, const UserId& user, std::int64_t now_ms) {
  const DeviceTerms& terms = device.terms;
  const std::int64_t lease_ms = terms.lease_days * kDayMs;
  pb::Lease body;
  body.set_valid_until_ms(now_ms + lease_ms);
  body.set_boots(terms.lease_boots);
  body.set_running_ms(lease_ms);
  body.set_strict(terms.strict);
  body.set_duress_pin(terms.duress_pin);
  body.set_wrong_pins_max(terms.wrong_pins_max);
  body.set_doubtful_unlocks(kDoubtfulUnlocks);
  return sign({pb::LEASE, device.id, user, now_ms}, body.SerializeAsString());
}

Result<pb::SignedStatement> StatementMaker::standing(const DeviceView& device, const ReceivedLogs& received, std::int64_t now_ms) {
  pb::Standing body;
  LANTAARN_ASSIGN(const auto secured, registry_.secured(device.id));
  for (const auto& [key, position] : received) {
    if (key.first != device.id) continue;
    auto& log = *body.add_logs();
    log.set_log_id(id_field(key.second));
    log.set_received_seq(position.seq);
    log.set_received_hash(to_string(position.hash));
    const auto known = std::find_if(device.logs.begin(), device.logs.end(), [&id = key.second](const LogView& view) { return view.log == id; });
    if (known != device.logs.end()) log.set_merged_seq(std::min(known->merged, position.seq));
    log.set_secured_seq(std::min(secured_through(secured, key.second), position.seq));
  }
  return sign({pb::STANDING, device.id, std::nullopt, now_ms}, body.SerializeAsString());
}

Result<std::optional<pb::SignedStatement>> StatementMaker::secured(const DeviceView& device, std::int64_t now_ms) {
  LANTAARN_ASSIGN(const auto logs, registry_.secured(device.id));
  if (logs.empty()) return std::optional<Signed>();
  pb::Secured body;
  for (const SecuredThrough& one : logs) {
    auto& log = *body.add_logs();
    log.set_log_id(id_field(one.log));
    log.set_seq(one.through.seq);
    log.set_hash(to_string(one.through.hash));
  }
  LANTAARN_ASSIGN(Signed statement, sign({pb::SECURED, device.id, std::nullopt, now_ms}, body.SerializeAsString()));
  return std::optional(std::move(statement));
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

Status StatementMaker::append_directive(const DeviceId& device, const DirectiveView& directive, std::int64_t now_ms, Down& out) {
  pb::Directive body;
  body.set_kind(kind_of(directive.directive));
  body.set_directive_id(id_field(directive.id));
  if (directive.user) body.set_user_id(id_field(*directive.user));
  Stated stated{0, directive, std::nullopt};
  if (body.kind() == pb::Directive::RENEW_KEYS) {
    stated.psk = crypto::random_secret<crypto::Key::kBytes>();
    body.set_psk(to_string(stated.psk->view()));
  }
  LANTAARN_ASSIGN(Signed one, sign({pb::DIRECTIVE, device, std::nullopt, now_ms}, body.SerializeAsString()));
  crypto::wipe_text(*body.mutable_psk());
  stated.counter = next_ - 1;
  out.statements.push_back(std::move(one));
  out.directives.push_back(std::move(stated));
  return {};
}

Status StatementMaker::append_codes(const DeviceId& device, const model::OwnCodes& codes, std::int64_t now_ms, std::vector<Signed>& out) {
  if (codes.size() == 0) return {};
  pb::CodeLists body;
  for (const auto& own : codes.all()) {
    pb::Code& code = *body.add_codes();
    code.set_list(own.list);
    code.set_code(own.code);
    code.set_label_nl(own.label_nl);
    code.set_label_en(own.label_en);
    code.set_withdrawn(own.withdrawn);
  }
  LANTAARN_ASSIGN(Signed one, sign({pb::CODE_LISTS, device, std::nullopt, now_ms}, body.SerializeAsString()));
  out.push_back(std::move(one));
  return {};
}

Status StatementMaker::append_users(const DeviceView& device, std::int64_t now_ms, std::vector<Signed>& out) {
  LANTAARN_ASSIGN(Signed list, users(device, now_ms));
  out.push_back(std::move(list));
  if (device.locked()) return {};
  LANTAARN_ASSIGN(const auto unlocks, duress_unlocks(registry_, device.id));
  for (const auto& user : bound_now(device)) {
    if (is_held(unlocks, user.user)) continue;
    LANTAARN_ASSIGN(Signed lease_of_user, lease(device, user.user, now_ms));
    out.push_back(std::move(lease_of_user));
    LANTAARN_TRY(append_cards(device.id, user, now_ms, out));
  }
  return {};
}

Result<StatementMaker::Down> StatementMaker::for_session(const DeviceView& device, const ReceivedLogs& received,
                                                         const model::OwnCodes& codes, std::int64_t now_ms) {
  const auto wipe = std::find_if(device.directives.begin(), device.directives.end(), [](const DirectiveView& one) {
    return one.directive == "wipe" && one.is_outstanding();
  });
  const bool to_be_wiped = wipe != device.directives.end();
  Down out;
  if (!device.revoked && !to_be_wiped) {
    for (const auto& directive : device.directives) {
      if (directive.is_outstanding()) LANTAARN_TRY(append_directive(device.id, directive, now_ms, out));
    }
    LANTAARN_TRY(append_codes(device.id, codes, now_ms, out.statements));
    LANTAARN_TRY(append_users(device, now_ms, out.statements));
  }
  LANTAARN_ASSIGN(Signed stands, standing(device, received, now_ms));
  out.statements.push_back(std::move(stands));
  LANTAARN_ASSIGN(auto secured_logs, secured(device, now_ms));
  if (secured_logs) out.statements.push_back(std::move(*secured_logs));
  if (to_be_wiped) LANTAARN_TRY(append_directive(device.id, *wipe, now_ms, out));
  return out;
}

}  // namespace lantaarn::server::admin
