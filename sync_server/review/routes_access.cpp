// Getting in and going out, and what one keeps to prove who one is.
#include <boost/json.hpp>

#include "common/crypto/base64url.hpp"
#include "common/model/fold_name.hpp"
#include "sync_server/access/limits.hpp"
#include "sync_server/admin/documents.hpp"
#include "sync_server/review/desk.hpp"
#include "sync_server/review/route.hpp"

namespace lantaarn::server::review {
namespace {

namespace json = boost::json;
using access::Action;
using access::Purpose;
using admin::Answer;
using admin::Output;

constexpr std::int64_t kEmergenciesShownMs = 30LL * 24 * 60 * access::kMinuteMs;

Bytes bytes_in(const json::value& from, std::string_view name) {
  const auto* value = from.is_object() ? from.as_object().if_contains(name) : nullptr;
  if (value == nullptr || !value->is_string()) return {};
  return crypto::from_base64url(std::string_view(value->as_string())).value_or(Bytes());
}

// {"id", "response": {…}}, as the page copies it from navigator.credentials.
struct Credential {
  Bytes id, client_data_json, authenticator_data, signature;
};
Credential credential_in(const Request& request) {
  const auto* given = request.body.is_object() ? request.body.as_object().if_contains("credential") : nullptr;
  if (given == nullptr || !given->is_object()) return {};
  const auto* response = given->as_object().if_contains("response");
  const json::value parts = response != nullptr ? *response : json::value();
  return {bytes_in(*given, "id"), bytes_in(parts, "clientDataJSON"), bytes_in(parts, "authenticatorData"), bytes_in(parts, "signature")};
}

Result<std::optional<UserView>> user_where(RouteCall& call, const std::function<bool(const UserView&)>& fits) {
  LANTAARN_ASSIGN(const auto users, call.context.registry.users());
  for (const UserView& user : users) {
    if (fits(user)) return std::optional(user);
  }
  return std::optional<UserView>();
}
Result<std::optional<UserView>> user_by_id(RouteCall& call, const UserId& id) {
  return user_where(call, [&](const UserView& user) { return user.id == id; });
}
Result<std::optional<UserView>> user_by_name(RouteCall& call, const std::string& name) {
  const std::string folded = model::fold_name(name);
  return user_where(call, [&](const UserView& user) { return model::fold_name(user.name) == folded; });
}

// What the FG is told of: dossiers opened as an emergency, lately.
Result<std::size_t> emergencies(RouteCall& call) {
  access::LogFilter filter;
  filter.emergency_only = true;
  filter.from_ms = call.now.wall_ms - kEmergenciesShownMs;
  LANTAARN_ASSIGN(const auto found, call.desk.log.read(filter));
  return found.size();
}

Result<json::object> session_document(RouteCall& call, const UserView& user) {
  const access::Session& session = *call.session;
  const std::int64_t left = session.began + access::kAbsoluteEndMs - call.now.monotonic_ms;
  json::array may;
  for (const std::string& route : allowed_to(user.role)) may.emplace_back(route);
  json::object document{{"user", admin::user_document(user)},
                        {"csrf", session.csrf},
                        {"locked", session.locked},
                        {"idle_seconds", access::kLockAfterMs / 1000},
                        {"expires_at", admin::instant(call.now.wall_ms + left)},
                        {"may", std::move(may)},
                        {"version", LANTAARN_VERSION}};
  if (user.role == "data_protection_officer") {
    LANTAARN_ASSIGN(document["emergencies"], emergencies(call));
  }
  return document;
}

// A fresh session in place of the one that stood (also a locked one): the token of before serves no more.
Answer let_in(RouteCall& call, const UserId& id) {
  LANTAARN_ASSIGN(const auto user, user_by_id(call, id));
  if (!user) return refused("sign_in_refused");
  if (!call.request.session.empty()) {
    if (auto* before = call.desk.sessions.find(call.request.session, {call.now.wall_ms, call.now.monotonic_ms})) call.desk.sessions.end(before->id);
  }
  auto started = call.desk.sessions.start(id, {call.now.wall_ms, call.now.monotonic_ms}, call.request.peer, call.request.agent);
  call.session = started.session;
  call.reply->set_session = std::move(started.token);
  LANTAARN_ASSIGN(auto document, session_document(call, *user));
  return Output{std::move(document)};
}

Answer let_in_with_codes(RouteCall& call, const UserId& id, bool with_codes) {
  json::array codes;
  if (with_codes) {
    LANTAARN_ASSIGN(const auto made, access::renew_recovery_codes(call.desk.accounts, id));
    for (const auto& code : made) codes.emplace_back(code);
  }
  LANTAARN_ASSIGN(Output in, let_in(call, id));
  return Output{json::object{{"session", std::move(in.document)}, {"recovery_codes", std::move(codes)}}};
}

Answer show_session(RouteCall& call) {
  const access::Sessions::Now now{call.now.wall_ms, call.now.monotonic_ms};
  call.session = call.request.session.empty() ? nullptr : call.desk.sessions.find(call.request.session, now);
  if (call.session == nullptr && !call.request.remote_user.empty()) {
    LANTAARN_ASSIGN(const auto named, user_by_name(call, call.request.remote_user));
    if (named) return let_in(call, named->id);
  }
  if (call.session == nullptr) return refused("not_signed_in");
  LANTAARN_ASSIGN(const auto user, user_by_id(call, call.session->user));
  if (!user) return refused("not_signed_in");
  LANTAARN_ASSIGN(auto document, session_document(call, *user));
  return Output{std::move(document)};
}

Answer keep_alive(RouteCall& call) {
  LANTAARN_ASSIGN(auto document, session_document(call, *call.context.person));
  return Output{std::move(document)};
}

Answer lock_session(RouteCall& call) {
  call.session->locked = true;
  return Output{json::object()};
}

Answer end_session(RouteCall& call) {
  call.desk.sessions.end(call.session->id);
  call.session = nullptr;
  call.reply->clear_session = true;
  return Output{json::object()};
}

Answer passkey_options(RouteCall& call) {
  LANTAARN_TRY(call.desk.sign_in.admit_try(call.request.peer, call.now));
  return Output{call.desk.sign_in.passkey_options(call.now)};
}

Answer sign_in_with_passkey(RouteCall& call) {
  const Credential given = credential_in(call.request);
  LANTAARN_ASSIGN(const UserId user, call.desk.sign_in.with_passkey(call.request.text("ceremony"), given.id,
                                                                    {given.client_data_json, given.authenticator_data, given.signature}, call.now));
  return let_in(call, user);
}

Answer sign_in_by_name(RouteCall& call, bool is_recovery) {
  LANTAARN_TRY(call.desk.sign_in.admit_try(call.request.peer, call.now));
  const std::string name = call.request.text("name");
  LANTAARN_ASSIGN(const auto user, user_by_name(call, name));
  const auto id = user ? std::optional(user->id) : std::optional<UserId>();
  LANTAARN_ASSIGN(const UserId proven, call.desk.sign_in.with_password(id, model::fold_name(name), call.request.text("password"),
                                                                       call.request.text("code"), is_recovery, call.now));
  return let_in(call, proven);
}
Answer sign_in_with_password(RouteCall& call) { return sign_in_by_name(call, false); }
Answer sign_in_with_recovery(RouteCall& call) { return sign_in_by_name(call, true); }

Result<UserView> invited(RouteCall& call) {
  LANTAARN_TRY(call.desk.sign_in.admit_try(call.request.peer, call.now));
  LANTAARN_ASSIGN(const auto invited, call.desk.invitations.look(call.request.text("token"), call.now.wall_ms));
  LANTAARN_ASSIGN(const auto user, user_by_id(call, invited.user));
  if (!user) return refused("invitation_invalid");
  return *user;
}

Answer show_invitation(RouteCall& call) {
  LANTAARN_ASSIGN(const UserView user, invited(call));
  LANTAARN_ASSIGN(const auto found, call.desk.invitations.look(call.request.text("token"), call.now.wall_ms));
  return Output{json::object{{"user", json::object{{"name", user.name}, {"role", user.role}}}, {"expires_at", admin::instant(found.expires_ms)}}};
}

Answer invited_passkey_options(RouteCall& call) {
  LANTAARN_ASSIGN(const UserView user, invited(call));
  return Output{call.desk.invitations.passkey_options(Purpose::kInvitedPasskey, user.id, user.name, call.now)};
}

Answer add_invited_passkey(RouteCall& call) {
  LANTAARN_ASSIGN(const UserView user, invited(call));
  const Credential given = credential_in(call.request);
  LANTAARN_TRY(call.desk.invitations.add_passkey(Purpose::kInvitedPasskey, user.id, call.request.text("ceremony"), given.client_data_json,
                                                 given.authenticator_data, call.request.text("label"), call.now));
  LANTAARN_TRY(call.desk.invitations.spend(call.request.text("token"), call.now.wall_ms));
  return let_in_with_codes(call, user.id, false);
}

Answer begin_invited_password(RouteCall& call) {
  LANTAARN_ASSIGN(const UserView user, invited(call));
  LANTAARN_ASSIGN(const auto begun, call.desk.invitations.begin_password(user.id, user.name, call.request.text("password"), call.now));
  return Output{json::object{{"ceremony", begun.ceremony}, {"totp_uri", begun.totp_uri}, {"totp_secret", begun.totp_secret}}};
}

Answer confirm_invited_password(RouteCall& call) {
  LANTAARN_ASSIGN(const UserView user, invited(call));
  LANTAARN_TRY(call.desk.invitations.confirm_password(user.id, call.request.text("ceremony"), call.request.text("code"), call.now));
  LANTAARN_TRY(call.desk.invitations.spend(call.request.text("token"), call.now.wall_ms));
  return let_in_with_codes(call, user.id, true);
}

Answer list_sessions(RouteCall& call) {
  json::array documents;
  for (const auto* session : call.desk.sessions.of(call.session->user, {call.now.wall_ms, call.now.monotonic_ms})) {
    documents.push_back(json::object{{"id", to_hex(session->id)},
                                     {"since", admin::instant(session->since_ms)},
                                     {"last_seen", admin::instant(session->seen_ms)},
                                     {"peer", session->peer},
                                     {"agent", session->agent},
                                     {"current", session->id == call.session->id}});
  }
  return Output{std::move(documents)};
}

Answer end_other_session(RouteCall& call) {
  for (const auto* session : call.desk.sessions.of(call.session->user, {call.now.wall_ms, call.now.monotonic_ms})) {
    if (to_hex(session->id) != call.param("session")) continue;
    const bool is_this = session->id == call.session->id;
    call.desk.sessions.end(session->id);
    if (is_this) call.session = nullptr;
    return Output{json::object()};
  }
  return refused("session_not_found");
}

json::object credential_document(const std::string& id, std::string_view kind, const std::string& label, std::int64_t added_ms, std::int64_t used_ms) {
  return {{"id", id}, {"kind", kind}, {"label", label}, {"added_at", admin::instant_or_null(added_ms)}, {"last_used_at", admin::instant_or_null(used_ms)}};
}

Answer list_credentials(RouteCall& call) {
  json::array documents;
  const UserId& user = call.session->user;
  LANTAARN_ASSIGN(const auto passkeys, call.desk.accounts.of_owner<access::pb::Passkey>(access::ItemKind::kPasskey, user.view()));
  for (const auto& [id, passkey] : passkeys) {
    documents.push_back(credential_document(crypto::to_base64url(id), "passkey", passkey.label(), passkey.added_ms(), passkey.last_used_ms()));
  }
  LANTAARN_ASSIGN(const auto password, call.desk.accounts.get<access::pb::Password>(access::ItemKind::kPassword, user.view()));
  if (password) documents.push_back(credential_document("password", "password", "", password->added_ms(), password->last_used_ms()));
  return Output{std::move(documents)};
}

Answer more_passkeys_options(RouteCall& call) {
  return Output{call.desk.invitations.passkey_options(Purpose::kMorePasskeys, call.session->user, call.context.person->name, call.now)};
}

Answer add_passkey(RouteCall& call) {
  const Credential given = credential_in(call.request);
  LANTAARN_TRY(call.desk.invitations.add_passkey(Purpose::kMorePasskeys, call.session->user, call.request.text("ceremony"),
                                                 given.client_data_json, given.authenticator_data, call.request.text("label"), call.now));
  return list_credentials(call);
}

// The last one stays: whoever has none left could not come back.
Answer remove_credential(RouteCall& call) {
  LANTAARN_ASSIGN(const Output listed, list_credentials(call));
  const auto& all = listed.document.as_array();
  const std::string wanted = call.param("credential");
  const bool is_there = std::any_of(all.begin(), all.end(), [&](const json::value& each) { return each.at("id").as_string() == wanted; });
  if (!is_there) return refused("credential_not_found");
  if (all.size() == 1) return refused("credential_last");
  if (wanted == "password") {
    LANTAARN_TRY(call.desk.accounts.remove(access::ItemKind::kPassword, call.session->user.view()));
  } else {
    LANTAARN_TRY(call.desk.accounts.remove(access::ItemKind::kPasskey, crypto::from_base64url(wanted).value_or(Bytes())));
  }
  return list_credentials(call);
}

Answer renew_codes(RouteCall& call) {
  LANTAARN_ASSIGN(const auto password, call.desk.accounts.get<access::pb::Password>(access::ItemKind::kPassword, call.session->user.view()));
  if (!password) return refused("no_password");
  LANTAARN_ASSIGN(const auto made, access::renew_recovery_codes(call.desk.accounts, call.session->user));
  json::array codes;
  for (const auto& code : made) codes.emplace_back(code);
  return Output{json::object{{"recovery_codes", std::move(codes)}}};
}

constexpr Route kRoutes[] = {
    {Method::kGet, "session", kAnybody, Action::kRead, "", show_session},
    {Method::kDelete, "session", "", Action::kExecute, "session", end_session},
    {Method::kPost, "session/alive", "", Action::kExecute, "", keep_alive},
    {Method::kPost, "session/lock", "", Action::kExecute, "session", lock_session},
    {Method::kPost, "session/passkey/options", kAnybody, Action::kExecute, "", passkey_options},
    {Method::kPost, "session/passkey", kAnybody, Action::kExecute, "session", sign_in_with_passkey},
    {Method::kPost, "session/password", kAnybody, Action::kExecute, "session", sign_in_with_password},
    {Method::kPost, "session/recovery", kAnybody, Action::kExecute, "session", sign_in_with_recovery},
    {Method::kPost, "invitation", kAnybody, Action::kRead, "invitation", show_invitation},
    {Method::kPost, "invitation/passkey/options", kAnybody, Action::kExecute, "", invited_passkey_options},
    {Method::kPost, "invitation/passkey", kAnybody, Action::kCreate, "credential", add_invited_passkey},
    {Method::kPost, "invitation/password", kAnybody, Action::kExecute, "", begin_invited_password},
    {Method::kPost, "invitation/password/confirm", kAnybody, Action::kCreate, "credential", confirm_invited_password},
    {Method::kGet, "sessions", "", Action::kRead, "", list_sessions},
    {Method::kDelete, "sessions/{session}", "", Action::kDelete, "session", end_other_session},
    {Method::kGet, "me/credentials", "", Action::kRead, "", list_credentials},
    {Method::kPost, "me/passkeys/options", "", Action::kExecute, "", more_passkeys_options},
    {Method::kPost, "me/passkeys", "", Action::kCreate, "credential", add_passkey},
    {Method::kDelete, "me/credentials/{credential}", "", Action::kDelete, "credential", remove_credential},
    {Method::kPost, "me/recovery-codes", "", Action::kCreate, "credential", renew_codes},
};

}  // namespace

std::span<const Route> access_routes() { return kRoutes; }

}  // namespace lantaarn::server::review
