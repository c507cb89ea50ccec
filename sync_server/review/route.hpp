#pragma once
// One row per thing that can be asked of the page's API. The row says who may (a command of admin/roles.cpp), what the
// access log writes down (NEN 7513), and which plain function answers. Router does the rest, in one place and in this order:
// session, CSRF, role, whose dossier, reason, declared relations, answer, access log, reply.

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sync_server/access/action.hpp"
#include "sync_server/access/sessions.hpp"
#include "sync_server/access/sign_in.hpp"
#include "sync_server/admin/context.hpp"
#include "sync_server/review/request.hpp"

namespace lantaarn::server::review {

class Desk;  // access: accounts, sessions, grants, access log (desk.hpp)

/// What the row's function works with. Everything in it was judged already: the person may do this, and may see `client`.
struct RouteCall {
  admin::Context& context;                              ///< person, reason and opens are set
  const Request& request;
  std::map<std::string, std::string, std::less<>> path;  ///< what {…} stood for, by name
  std::optional<ClientId> client = {};                  ///< whose dossier it is about: {client}, or whose {record}, {contact} it is
  Desk& desk;
  /// For the access log, beside what the row says: what was searched for, which event was made. Kept sealed.
  std::string detail = {};
  /// Women whose record the answer opened beyond `client`: a list of search results names each.
  std::vector<ClientId> opened = {};
  access::Session* session = nullptr;                   ///< who asks; nothing on routes for anybody
  access::Instant now = {};
  Reply* reply = nullptr;                               ///< for cookies, files and streams

  [[nodiscard]] std::string param(std::string_view name) const {
    const auto found = path.find(name);
    return found == path.end() ? std::string() : found->second;
  }
};

/// Answered at once.
using Run = admin::Answer (*)(RouteCall&);
/// Or a command of the server (admin/commands.hpp), which may be answered later: once merged, shipped, brought into force.
using AsCommand = Result<admin::Arguments> (*)(RouteCall&);

struct Route {
  Method method;
  std::string_view path;      ///< "clients/{client}/records"; {client}, {record}, {contact} are resolved and judged by Router
  std::string_view rule;      ///< row of admin/roles.cpp; "" = everybody who is signed in; kAnybody = without a session
  access::Action action;
  std::string_view object;    ///< what it is about, for the access log: "dossier", "search", "decision", "device" …
  Run run = nullptr;
  AsCommand command = nullptr;  ///< exactly one of the two
};

inline constexpr std::string_view kAnybody = "*";

/// Every route there is.
[[nodiscard]] std::vector<const Route*> all_routes();
/// "GET overview", … : what this role may ask, for the page's menu.
[[nodiscard]] std::vector<std::string> allowed_to(std::string_view role);
/// As in `openapi.yaml`.
[[nodiscard]] std::string_view name_of(Method method);

/// All rows, room by room (routes_*.cpp). `openapi.yaml` describes each; a test compares.
[[nodiscard]] std::span<const Route> overview_routes();
[[nodiscard]] std::span<const Route> review_routes();
[[nodiscard]] std::span<const Route> client_routes();
[[nodiscard]] std::span<const Route> record_routes();
[[nodiscard]] std::span<const Route> programme_routes();
[[nodiscard]] std::span<const Route> administration_routes();
[[nodiscard]] std::span<const Route> access_routes();    ///< getting in, own sessions and keys: routes_access.cpp
[[nodiscard]] std::span<const Route> access_log_routes();  ///< access log, invitations, relations, openings

}  // namespace lantaarn::server::review
