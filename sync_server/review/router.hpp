#pragma once
// From a request to a reply, in one place and in one order, deny by default: route, session, CSRF, role, whose dossier,
// reason, declared relations, answer, access log. No reply leaves before what it showed is written down: take() and
// answer() gather replies, flush() makes the log durable and hands them out.

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "sync_server/review/desk.hpp"
#include "sync_server/review/route.hpp"

namespace lantaarn::server::review {

/// Who waits for a reply; the web process's number for it.
using RequestId = std::uint64_t;
/// Who waits for a command's answer; given by the Router, never used twice.
using AskId = std::uint64_t;

class Router {
 public:
  struct Seams {
    std::function<admin::Context()> context;                        ///< a fresh one
    std::function<void(AskId, const admin::Arguments&)> ask;        ///< a command of the server; answer() follows, perhaps at once
    std::function<access::Instant()> now;
  };
  Router(Desk& desk, Seams seams);

  void take(RequestId id, const Request& request);
  void answer(AskId id, const admin::Answer& answer);
  /// A user came or went.
  void users_changed() { users_at_.reset(); }

  struct Ready {
    RequestId id = 0;
    Reply reply;
  };
  /// When the log cannot be written, each of these is "not now" instead (503), and nothing of it was shown.
  [[nodiscard]] std::vector<Ready> flush();
  [[nodiscard]] bool has_ready() const { return !ready_.empty(); }

  /// Streams that go on: who may still hear. Those whose session ended or is locked are forgotten.
  [[nodiscard]] std::vector<RequestId> listeners();
  void gone(RequestId id) { streams_.erase(id); }

 private:
  struct Segment {
    std::string_view text;  // of a parameter without its braces
    bool is_parameter = false;
  };
  struct Known {
    const Route* route = nullptr;
    std::vector<Segment> segments;
  };
  struct Waiting {
    RequestId request = 0;
    const Route* route = nullptr;
    access::AccessRecord record;
  };
  // What is known of a request as it passes.
  struct Passing {
    const Route* route = nullptr;
    std::map<std::string, std::string, std::less<>> path;
    access::Session* session = nullptr;
    std::optional<UserView> person;
    access::AccessRecord record;
    std::optional<ClientId> client;
    access::LetIn let_in;
  };

  [[nodiscard]] Status find_route(const Request& request, Passing& passing) const;
  [[nodiscard]] Status check_session(const Request& request, Passing& passing);
  [[nodiscard]] Status check_dossier(admin::Context& context, Passing& passing);
  [[nodiscard]] Result<std::optional<ClientId>> client_meant(admin::Context& context, const Passing& passing) const;
  [[nodiscard]] Result<std::optional<UserView>> user(const UserId& id);
  [[nodiscard]] Result<std::optional<UserView>> user_named(const std::string& name);
  [[nodiscard]] Status load_users();
  [[nodiscard]] Status run(RequestId id, const Request& request, Passing& passing, Reply& reply, bool& waits);
  void note(const Passing& passing, const Status& outcome);

  Desk& desk_;
  Seams seams_;
  std::map<std::pair<Method, std::size_t>, std::vector<Known>> routes_;
  std::vector<UserView> users_;
  std::optional<std::int64_t> users_at_;
  std::map<AskId, Waiting> waiting_;
  AskId last_ask_ = 0;
  std::vector<Ready> ready_;
  struct Stream {
    ByteArray<8> session{};
  };
  std::map<RequestId, Stream> streams_;
};


}  // namespace lantaarn::server::review
