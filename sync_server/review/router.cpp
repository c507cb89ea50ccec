#include "sync_server/review/router.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "common/crypto/base64url.hpp"
#include "common/crypto/secret.hpp"
#include "common/model/fold_name.hpp"
#include "sync_server/admin/caseload.hpp"
#include "sync_server/admin/roles.hpp"
#include "sync_server/merge/directory.hpp"
#include "sync_server/review/replies.hpp"

namespace lantaarn::server::review {
namespace {

constexpr std::int64_t kUsersKeptMs = 1000;
constexpr std::size_t kStreamsMax = 200;

std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto slash = path.find('/');
    parts.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return parts;
    path.remove_prefix(slash + 1);
  }
}

std::string event_of(const Route& route) { return std::string(name_of(route.method)) + " " + std::string(route.path); }

// What a person in a hurry is still let do: see that it is locked, come back, go away.
bool serves_locked(const Route& route) { return route.rule == kAnybody || route.path == "session"; }

}  // namespace

Router::Router(Desk& desk, Seams seams) : desk_(desk), seams_(std::move(seams)) {
  for (const Route* route : all_routes()) {
    Known known{route, {}};
    for (const auto part : split(route->path)) {
      const bool is_parameter = part.starts_with('{');
      known.segments.push_back({is_parameter ? part.substr(1, part.size() - 2) : part, is_parameter});
    }
    routes_[{route->method, known.segments.size()}].push_back(std::move(known));
  }
  // Words before parameters: "records/kinds" is not the record called "kinds".
  for (auto& [key, rows] : routes_) {
    const auto parameters = [](const Known& known) {
      return std::count_if(known.segments.begin(), known.segments.end(), [](const Segment& segment) { return segment.is_parameter; });
    };
    std::stable_sort(rows.begin(), rows.end(), [&](const Known& a, const Known& b) { return parameters(a) < parameters(b); });
  }
}

Status Router::find_route(const Request& request, Passing& passing) const {
  const auto parts = split(request.path);
  const auto rows = routes_.find({request.method, parts.size()});
  if (rows == routes_.end()) return refused("route_not_found");
  for (const Known& known : rows->second) {
    bool fits = true;
    passing.path.clear();
    for (std::size_t i = 0; i < parts.size() && fits; ++i) {
      const Segment& segment = known.segments[i];
      fits = segment.is_parameter ? !parts[i].empty() : parts[i] == segment.text;
      if (fits && segment.is_parameter) passing.path.emplace(segment.text, parts[i]);
    }
    if (!fits) continue;
    passing.route = known.route;
    return {};
  }
  return refused("route_not_found");
}

Status Router::load_users() {
  const std::int64_t now = seams_.now().monotonic_ms;
  if (users_at_ && now - *users_at_ < kUsersKeptMs) return {};
  const admin::Context context = seams_.context();
  LANTAARN_ASSIGN(users_, context.registry.users());
  users_at_ = now;
  return {};
}

Result<std::optional<UserView>> Router::user(const UserId& id) {
  LANTAARN_TRY(load_users());
  const auto found = std::find_if(users_.begin(), users_.end(), [&](const UserView& user) { return user.id == id; });
  return found == users_.end() ? std::optional<UserView>() : std::optional(*found);
}

Result<std::optional<UserView>> Router::user_named(const std::string& name) {
  LANTAARN_TRY(load_users());
  const auto found = std::find_if(users_.begin(), users_.end(), [&](const UserView& user) { return model::fold_name(user.name) == model::fold_name(name); });
  return found == users_.end() ? std::optional<UserView>() : std::optional(*found);
}

// Who is in front (a municipal single sign-on) has the last word about who it is.
Status Router::check_session(const Request& request, Passing& passing) {
  const access::Instant now = seams_.now();
  if (!request.session.empty()) passing.session = desk_.sessions.find(request.session, {now.wall_ms, now.monotonic_ms});
  if (passing.session != nullptr) {
    LANTAARN_ASSIGN(passing.person, user(passing.session->user));
  }
  if (!request.remote_user.empty() && passing.person) {
    LANTAARN_ASSIGN(const auto named, user_named(request.remote_user));
    if (!named || named->id != passing.person->id) return refused("not_signed_in");
  }
  if (passing.session != nullptr && passing.person) {
    passing.record.user = passing.person->id;
    passing.record.role = passing.person->role;
    passing.record.session = Bytes(passing.session->id.begin(), passing.session->id.end());
  }
  if (passing.route->rule == kAnybody) return {};
  if (passing.session == nullptr || !passing.person) return refused("not_signed_in");
  if (request.method != Method::kGet && !crypto::equal(as_bytes(request.csrf), as_bytes(passing.session->csrf))) return refused("csrf");
  if (passing.session->locked && !serves_locked(*passing.route)) return refused("session_locked");
  if (!request.background && !passing.session->locked) access::Sessions::touch(*passing.session, {now.wall_ms, now.monotonic_ms});
  return {};
}

// Whose dossier the path speaks of; nothing when it is about none.
Result<std::optional<ClientId>> Router::client_meant(admin::Context& context, const Passing& passing) const {
  const auto id_in = [&](std::string_view name) -> std::string {
    const auto found = passing.path.find(name);
    return found == passing.path.end() ? std::string() : found->second;
  };
  if (const std::string text = id_in("client"); !text.empty()) {
    const auto id = ClientId::parse_hex(text);
    if (!id) return refused("client_not_found");
    return std::optional(*id);
  }
  if (const std::string text = id_in("record"); !text.empty()) {
    const auto id = EventId::parse_hex(text);
    if (!id) return refused("record_not_found");
    LANTAARN_ASSIGN(const auto record, context.registry.record(*id));
    if (!record) return refused("record_not_found");
    return record->client;
  }
  if (const std::string text = id_in("contact"); !text.empty()) {
    const auto id = EventId::parse_hex(text);
    if (!id) return refused("contact_not_found");
    LANTAARN_ASSIGN(const auto contact, context.registry.contact(*id));
    if (!contact) return refused("contact_not_found");
    return contact->client;
  }
  return std::optional<ClientId>();
}

Status Router::check_dossier(admin::Context& context, Passing& passing) {
  LANTAARN_ASSIGN(context.hidden, desk_.gate.blocked(passing.person->id));
  LANTAARN_ASSIGN(const auto meant, client_meant(context, passing));
  if (!meant) return {};
  LANTAARN_ASSIGN(const Directory* directory, context.merger.directory());
  const ClientId head = directory->clusters().head_of(*meant);
  LANTAARN_ASSIGN(const auto client, context.registry.client(head));
  if (!client) return refused("client_not_found");
  passing.client = head;
  passing.record.clients.push_back(head);
  if (is_hidden(context, head)) return refused("relation_blocked");
  // Opening is asked for here, so it cannot be asked to be open already.
  if (passing.route->object == "opening") return {};
  const auto sees = context.opens == admin::Opens::kAllRecords ? access::Sees::kEverybody : access::Sees::kOwnCaseload;
  LANTAARN_ASSIGN(passing.let_in, desk_.gate.judge(passing.person->id, head, admin::is_hers(context, *client), sees, seams_.now().wall_ms));
  context.let_in = head;
  passing.record.treatment_relation = passing.let_in.own;
  passing.record.emergency = passing.let_in.emergency;
  return {};
}

Status Router::run(RequestId id, const Request& request, Passing& passing, Reply& reply, bool& waits) {
  const Route& route = *passing.route;
  admin::Context context = seams_.context();
  context.person = passing.person;
  if (route.rule != kAnybody && !route.rule.empty()) {
    LANTAARN_ASSIGN(context.opens, admin::authorise(route.rule, passing.person->role));
  }
  if (passing.person && route.rule != kAnybody) LANTAARN_TRY(check_dossier(context, passing));
  const std::string given = request.text("reason");
  context.reason = !given.empty() ? given : passing.let_in.reason.empty() ? event_of(route) : passing.let_in.reason;
  passing.record.reason = !given.empty() ? given : passing.let_in.reason;

  RouteCall call{context, request, passing.path, passing.client, desk_};
  call.session = passing.session;
  call.now = seams_.now();
  call.reply = &reply;
  if (route.command != nullptr) {
    LANTAARN_ASSIGN(admin::Arguments arguments, route.command(call));
    arguments.values["as"] = {passing.person->id.hex()};
    arguments.values["reason"] = {context.reason};
    arguments.page = admin::Arguments::FromPage{context.let_in, context.hidden};
    passing.record.detail = call.detail;
    waits = true;
    waiting_[++last_ask_] = {id, &route, passing.record};
    seams_.ask(last_ask_, arguments);
    return {};
  }
  auto output = route.run(call);
  passing.record.detail = call.detail;
  passing.record.clients.insert(passing.record.clients.end(), call.opened.begin(), call.opened.end());
  if (call.session != nullptr) {  // also somebody who came in by this very request
    passing.session = call.session;
    passing.record.user = call.session->user;
    passing.record.session = Bytes(call.session->id.begin(), call.session->id.end());
  }
  if (!output.ok()) return std::move(output).error();
  if (output->opened && passing.record.clients.empty()) passing.record.clients.push_back(*output->opened);
  if (reply.is_stream && passing.session != nullptr) {
    if (streams_.size() >= kStreamsMax) return retry("too_many");
    streams_[id] = {passing.session->id};
  }
  if (reply.content.empty()) reply.document = std::move(output->document);
  return {};
}

void Router::note(const Passing& passing, const Status& outcome) {
  if (passing.route == nullptr || passing.route->object.empty()) return;
  access::AccessRecord record = passing.record;
  if (!outcome.ok()) {
    record.outcome = outcome.error().kind == ErrorKind::kRefused ? access::Outcome::kRefused : access::Outcome::kFailed;
    record.code = outcome.error().code;
  }
  desk_.log.add(std::move(record));
}

void Router::take(RequestId id, const Request& request) {
  Passing passing;
  Reply reply;
  bool waits = false;
  Status outcome = find_route(request, passing);
  if (outcome.ok()) {
    passing.record.at_ms = seams_.now().wall_ms;
    passing.record.action = passing.route->action;
    passing.record.event = event_of(*passing.route);
    passing.record.object = std::string(passing.route->object);
    passing.record.peer = request.peer;
    passing.record.agent = request.agent;
    outcome = check_session(request, passing);
  }
  if (outcome.ok()) outcome = run(id, request, passing, reply, waits);
  if (waits && outcome.ok()) return;
  note(passing, outcome);
  ready_.push_back({id, outcome.ok() ? std::move(reply) : reply_to(outcome.error())});
}

void Router::answer(AskId id, const admin::Answer& answer) {
  const auto found = waiting_.find(id);
  if (found == waiting_.end()) return;
  Waiting waiting = std::move(found->second);
  waiting_.erase(found);
  if (!answer.ok()) {
    waiting.record.outcome = answer.error().kind == ErrorKind::kRefused ? access::Outcome::kRefused : access::Outcome::kFailed;
    waiting.record.code = answer.error().code;
    desk_.log.add(std::move(waiting.record));
    ready_.push_back({waiting.request, reply_to(answer.error())});
    return;
  }
  if (answer->opened && waiting.record.clients.empty()) waiting.record.clients.push_back(*answer->opened);
  if (!waiting.route->object.empty()) desk_.log.add(std::move(waiting.record));
  ready_.push_back({waiting.request, reply_with(*answer)});
}

std::vector<Router::Ready> Router::flush() {
  std::vector<Ready> leaving = std::exchange(ready_, {});
  const Status written = desk_.log.commit();
  if (written.ok()) return leaving;
  for (Ready& each : leaving) {
    streams_.erase(each.id);
    each.reply = reply_to(retry("log_not_written"));
  }
  return leaving;
}

std::vector<RequestId> Router::listeners() {
  std::vector<RequestId> open;
  const access::Instant now = seams_.now();
  std::erase_if(streams_, [&](const auto& each) { return !desk_.sessions.is_open(each.second.session, {now.wall_ms, now.monotonic_ms}); });
  for (const auto& [id, stream] : streams_) open.push_back(id);
  return open;
}

}  // namespace lantaarn::server::review
