#include "sync_server/review/page.hpp"

#include <poll.h>

#include <algorithm>
#include <boost/json.hpp>

#include "common/channel/address.hpp"
#include "common/crypto/random.hpp"
#include "sync_server/admin/commands.hpp"
#include "sync_server/admin/documents.hpp"
#include "sync_server/access/limits.hpp"
#include "sync_server/review/http_rules.hpp"
#include "sync_server/review/news.hpp"
#include "sync_server/review/replies.hpp"
#include "sync_server/review/router.hpp"
#include "sync_server/review/web_link.hpp"

namespace lantaarn::server::review {
namespace {

namespace json = boost::json;
using admin::Answer;
using admin::Arguments;
using admin::Output;

constexpr int kStartPatienceMs = 10'000;
constexpr std::int64_t kNewsEveryMs = 500;
constexpr std::int64_t kInUseMs = 5000;
constexpr std::size_t kJsonDepthMax = 16;

std::string name_of_site(const admin::PageOptions& options) {
  if (options.origin.empty()) return "localhost";
  std::string authority = authority_of(options.origin);
  const auto colon = authority.rfind(':');
  return colon == std::string::npos ? authority : authority.substr(0, colon);
}

Result<web::Frame> opening(const admin::PageOptions& options) {
  web::Frame frame;
  web::Open& open = *frame.mutable_open();
  if (options.listen.starts_with("unix:")) {
    open.set_unix_path(options.listen.substr(5));
  } else {
    LANTAARN_ASSIGN(const auto address, channel::parse_address(options.listen));
    open.set_host(address.host);
    open.set_port(address.port);
  }
  if (options.certificate.empty() != options.key.empty()) return refused("certificate_unreadable", {options.key.empty() ? "key" : "certificate"});
  open.set_certificate_path(options.certificate);
  open.set_key_path(options.key);
  open.set_name(name_of_site(options));
  open.set_origin(options.origin);
  return frame;
}

Result<std::string> wait_until_listening(WebLink& link) {
  while (true) {
    pollfd ready{link.descriptor(), POLLIN, 0};
    if (::poll(&ready, 1, kStartPatienceMs) <= 0) return retry("web_died");
    LANTAARN_TRY(link.receive());
    web::Frame frame;
    LANTAARN_ASSIGN(const bool whole, link.next(frame));
    if (!whole) continue;
    if (frame.has_listening()) return frame.listening().origin();
    if (!frame.has_start_failed()) return retry("web_died");
    Error error = refused(frame.start_failed().code());
    if (!frame.start_failed().detail().empty()) error.args = {frame.start_failed().detail()};
    return error;
  }
}

// Nothing when it is no JSON, or nested too deep.
std::optional<json::value> read_body(const std::string& text) {
  if (text.empty()) return json::value();
  json::parse_options limits;
  limits.max_depth = kJsonDepthMax;
  boost::system::error_code failed;
  json::value body = json::parse(text, failed, {}, limits);
  if (failed) return std::nullopt;
  return body;
}

std::optional<Request> read_asked(web::Asked& asked) {
  Request request;
  request.method = static_cast<Method>(asked.method());
  request.path = asked.path();
  for (const auto& pair : asked.query()) request.query[pair.name()] = pair.value();
  request.session = asked.session();
  request.csrf = asked.csrf();
  request.remote_user = asked.remote_user();
  request.peer = asked.peer();
  request.agent = asked.agent();
  request.background = asked.background();
  auto body = read_body(asked.body());
  if (!body) return std::nullopt;
  request.body = std::move(*body);
  return request;
}

web::Frame answered(RequestId id, const Reply& reply) {
  web::Frame frame;
  web::Answer& answer = *frame.mutable_answer();
  answer.set_id(id);
  answer.set_status(static_cast<std::uint32_t>(reply.status));
  answer.set_is_stream(reply.is_stream && reply.status == 200);
  answer.set_set_session(reply.set_session);
  answer.set_clear_session(reply.clear_session);
  if (!reply.content.empty()) {
    answer.set_body(reply.content);
    answer.set_content_type(reply.content_type);
    answer.set_file_name(reply.file_name);
  } else {
    answer.set_body(json::serialize(reply.document));
    answer.set_content_type("application/json");
  }
  if (reply.status == 503) answer.set_retry_seconds(1);
  return frame;
}

class Page final : public admin::PageHost {
 public:
  Page(admin::OpenServer& server, const Clock& clock, WebLink link, std::unique_ptr<Desk> desk)
      : server_(server), clock_(clock), link_(std::move(link)), desk_(std::move(desk)),
        router_(*desk_, {[this] { return server_.context(); }, [this](AskId id, const Arguments& asked) { ask(id, asked); }, [this] { return now(); }}) {}
  ~Page() override {
    admin::Context context = server_.context();
    static_cast<void>(desk_->anchor(context.registry, now().monotonic_ms, true));  // at the next start it is behind, not wrong
  }

  void connect(Ask ask) override { ask_ = std::move(ask); }
  std::string origin() const override { return desk_->sign_in.site().origin; }
  void add_to(std::vector<pollfd>& polled) const override { polled.push_back({link_.descriptor(), POLLIN, 0}); }
  void answer(admin::CallerId caller, const Answer& answer) override { router_.answer(caller - admin::kPageCallers, answer); }
  bool is_in_use() const override { return used_ms_ && now().monotonic_ms - *used_ms_ < kInUseMs; }
  std::optional<Answer> run(const Arguments& arguments) override;
  Result<std::optional<std::string>> first_invitation() override;
  Status attend(const std::vector<pollfd>& polled) override;
  Status settle() override;
  std::optional<std::int64_t> deadline_ms() const override { return news_due_ms_; }

 private:
  [[nodiscard]] access::Instant now() const {
    const ClockReading reading = clock_.now();
    return {reading.wall_ms, reading.monotonic_ms};
  }
  void ask(AskId id, const Arguments& asked) {
    if (ask_) ask_(admin::kPageCallers + id, asked);
  }
  [[nodiscard]] Status tell_news();

  admin::OpenServer& server_;
  const Clock& clock_;
  WebLink link_;
  std::unique_ptr<Desk> desk_;
  Router router_;
  Ask ask_;
  News news_;
  std::optional<std::int64_t> used_ms_, news_due_ms_;
};

Status Page::attend(const std::vector<pollfd>& polled) {
  const bool is_there = std::any_of(polled.begin(), polled.end(), [&](const pollfd& one) { return one.fd == link_.descriptor() && one.revents != 0; });
  if (!is_there) return {};
  LANTAARN_TRY(link_.receive());
  web::Frame frame;
  while (true) {
    LANTAARN_ASSIGN(const bool whole, link_.next(frame));
    if (!whole) return {};
    if (frame.has_gone()) router_.gone(frame.gone().id());
    if (!frame.has_asked()) continue;
    used_ms_ = now().monotonic_ms;
    const auto request = read_asked(*frame.mutable_asked());
    if (request) {
      router_.take(frame.asked().id(), *request);
    } else {
      LANTAARN_TRY(link_.add(answered(frame.asked().id(), reply_to(refused("request_malformed")))));
    }
  }
}

Status Page::settle() {
  for (const auto& ready : router_.flush()) LANTAARN_TRY(link_.add(answered(ready.id, ready.reply)));
  LANTAARN_TRY(link_.flush());
  admin::Context context = server_.context();
  // A registry that is held up is told of later.
  static_cast<void>(desk_->anchor(context.registry, now().monotonic_ms, false));
  return tell_news();
}

Status Page::tell_news() {
  const std::int64_t at = now().monotonic_ms;
  if (news_due_ms_ && at < *news_due_ms_) return {};
  news_due_ms_.reset();
  const auto listeners = router_.listeners();
  if (listeners.empty()) return {};
  news_due_ms_ = at + kNewsEveryMs;
  admin::Context context = server_.context();
  const auto text = news_.since_last(context);
  if (!text.ok() || text->empty()) return {};
  web::Frame frame;
  for (const RequestId id : listeners) frame.mutable_news()->add_ids(id);
  frame.mutable_news()->set_text(*text);
  LANTAARN_TRY(link_.add(frame));
  return link_.flush();
}

Answer invite_user(admin::Context& context, Desk& desk, const Arguments& arguments) {
  LANTAARN_TRY(admin::identify(context, arguments));
  LANTAARN_ASSIGN(const UserView user, admin::find_user(context.registry, arguments.one("name")));
  const std::int64_t now_ms = context.clock.now().wall_ms;
  LANTAARN_ASSIGN(const std::string token, desk.invitations.invite(user.id, context.author(), now_ms));
  return Output{json::object{{"user", admin::user_document(user)}, {"link", desk.link_of(token)}, {"expires_at", admin::instant(now_ms + access::kInvitationMs)}}};
}

Answer verify_access_log(admin::Context& context, Desk& desk, const Arguments& arguments) {
  LANTAARN_TRY(admin::identify(context, arguments));
  LANTAARN_ASSIGN(const std::uint64_t entries, desk.verify_log(context.registry));
  return Output{json::object{{"entries", entries}, {"ok", true}}};
}

std::optional<Answer> run_with(admin::Context& context, Desk& desk, const Arguments& arguments) {
  if (arguments.command == "user invite") return invite_user(context, desk, arguments);
  if (arguments.command == "access-log verify") return verify_access_log(context, desk, arguments);
  return std::nullopt;
}

std::optional<Answer> Page::run(const Arguments& arguments) {
  admin::Context context = server_.context();
  return run_with(context, *desk_, arguments);
}

Result<bool> can_sign_in(Desk& desk, const UserView& user) {
  LANTAARN_ASSIGN(const auto passkeys, desk.accounts.of_owner<access::pb::Passkey>(access::ItemKind::kPasskey, user.id.view()));
  LANTAARN_ASSIGN(const auto password, desk.accounts.get<access::pb::Password>(access::ItemKind::kPassword, user.id.view()));
  return !passkeys.empty() || password.has_value();
}

Result<std::optional<std::string>> Page::first_invitation() {
  admin::Context context = server_.context();
  LANTAARN_ASSIGN(const auto users, context.registry.users());
  std::optional<UserId> administrator;
  for (const UserView& user : users) {
    if (user.role != "administrator") continue;
    LANTAARN_ASSIGN(const bool has_account, can_sign_in(*desk_, user));
    if (has_account) return std::optional<std::string>();
    if (!administrator) administrator = user.id;
  }
  if (!administrator) {
    Arguments add{"user add", {{"name", {"Beheer"}}, {"role", {"administrator"}}}};
    LANTAARN_ASSIGN(const Output added, admin::run_command(context, add));
    administrator = UserId::parse_hex(std::string(added.document.at("user_id").as_string()));
    if (!administrator) return bug("review: user without id");
  }
  LANTAARN_ASSIGN(const std::string token, desk_->invitations.invite(*administrator, context.author(), now().wall_ms));
  return std::optional(desk_->link_of(token));
}

}  // namespace

Result<std::unique_ptr<admin::PageHost>> open_page(admin::OpenServer& server, const admin::Folder& folder, const admin::PageOptions& options,
                                                   const Clock& clock) {
  LANTAARN_ASSIGN(WebLink link, WebLink::launch());
  LANTAARN_ASSIGN(const web::Frame open, opening(options));
  LANTAARN_TRY(link.add(open));
  LANTAARN_TRY(link.flush());
  LANTAARN_ASSIGN(const std::string origin, wait_until_listening(link));
  admin::Context context = server.context();
  LANTAARN_ASSIGN(auto desk, Desk::open(context.registry, folder.registry(), {name_of_site(options), origin}));
  return std::unique_ptr<admin::PageHost>(std::make_unique<Page>(server, clock, std::move(link), std::move(desk)));
}

std::optional<Answer> run_page_command(admin::Context& context, const Arguments& arguments) {
  if (arguments.command != "user invite" && arguments.command != "access-log verify") return std::nullopt;
  // Where the page will be is not known while it is not served: the link is without it.
  auto desk = Desk::open(context.registry, context.folder.registry(), {"localhost", ""});
  if (!desk.ok()) return Answer(desk.error());
  return run_with(context, **desk, arguments);
}

}  // namespace lantaarn::server::review
