#include "tests/sync_server/review/routes_page.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "sync_server/admin/caseload.hpp"
#include "sync_server/admin/lookup.hpp"
#include "sync_server/merge/directory.hpp"
#include "sync_server/review/replies.hpp"

namespace lantaarn::server::review {
namespace {

std::vector<std::string> split(const std::string& path) {
  std::vector<std::string> parts;
  std::istringstream stream(path);
  for (std::string part; std::getline(stream, part, '/');) parts.push_back(part);
  return parts;
}

// For check_openapi.py: what was answered, by route.
void keep(const Route& route, const boost::json::value& document) {
  const char* folder = std::getenv("LANTAARN_ANSWERS");
  if (folder == nullptr) return;
  std::ofstream file(std::string(folder) + "/answers", std::ios::app);
  file << boost::json::serialize(boost::json::array{name_of(route.method), route.path, document}) << "\n";
}

}  // namespace

const Route* route_at(std::string_view method, const std::string& path, std::map<std::string, std::string, std::less<>>& found) {
  const Route* best = nullptr;
  for (const Route* route : all_routes()) {
    const auto wanted = split(std::string(route->path)), given = split(path);
    if (name_of(route->method) != method || wanted.size() != given.size()) continue;
    std::map<std::string, std::string, std::less<>> names;
    bool fits = true;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (wanted[i].front() == '{') {
        names[wanted[i].substr(1, wanted[i].size() - 2)] = given[i];
      } else {
        fits = fits && wanted[i] == given[i];
      }
    }
    if (!fits || (best != nullptr && found.size() <= names.size())) continue;
    best = route;
    found = names;
  }
  return best;
}

RoutesPage::RoutesPage() {
  context = [this] { return office.open().context(); };
}

Desk& RoutesPage::desk() {
  if (desk_ == nullptr) {
    auto opened_desk = Desk::open(context().registry, office.folder.path().string(), {});
    REQUIRE(opened_desk.ok());
    desk_ = std::move(*opened_desk);
  }
  return *desk_;
}

admin::Answer RoutesPage::ask(const std::string& user, std::string_view method, const std::string& path, boost::json::value body, Query query) {
  Request request;
  request.path = path;
  request.body = std::move(body);
  request.query = std::move(query);
  std::map<std::string, std::string, std::less<>> names;
  const Route* route = route_at(method, path, names);
  if (route == nullptr) return refused("route_not_found");
  request.method = route->method;
  admin::Context asked = context();
  asked.person = admin::find_user(asked.registry, user).value();
  if (!route->rule.empty()) {
    LANTAARN_ASSIGN(asked.opens, admin::authorise(route->rule, asked.person->role));
  }
  asked.hidden = hidden[user];
  RouteCall call{asked, request, names, {}, desk()};
  if (names.contains("client")) call.client = ClientId::parse_hex(names["client"]);
  if (names.contains("client") && !call.client) return refused("client_not_found");
  if (names.contains("record")) {
    const auto id = EventId::parse_hex(names["record"]);
    const auto record = id ? asked.registry.record(*id).value() : std::nullopt;
    if (!record) return refused("record_not_found");
    call.client = record->client;
  }
  if (call.client) {
    const ClientId head = asked.merger.directory().value()->clusters().head_of(*call.client);
    const auto client = asked.registry.client(head).value();
    if (!client) return refused("client_not_found");
    if (admin::is_hidden(asked, head)) return refused("relation_blocked");
    if (asked.opens != admin::Opens::kAllRecords && !admin::is_hers(asked, *client)) return refused("client_not_found");
    call.client = asked.let_in = head;
  }
  reply = {};
  call.reply = &reply;
  asked.reason = request.text("reason").empty() ? "page" : request.text("reason");
  if (route->run != nullptr) {
    auto answer = route->run(call);
    opened = call.opened;
    detail = call.detail;
    if (answer.ok()) keep(*route, answer->document);
    return answer;
  }
  LANTAARN_ASSIGN(admin::Arguments arguments, route->command(call));
  arguments.values["as"] = {asked.person->id.hex()};
  arguments.values["reason"] = {asked.reason};
  arguments.page = admin::Arguments::FromPage{asked.let_in, asked.hidden};
  admin::Context fresh = context();
  auto answer = admin::run_command(fresh, arguments);
  if (answer.ok()) keep(*route, reply_with(*answer).document);
  return answer;
}

boost::json::value RoutesPage::get(const std::string& user, const std::string& path, Query query) {
  auto answer = ask(user, "GET", path, nullptr, std::move(query));
  if (!answer.ok()) FAIL(user + " GET " + path + ": " + answer.error().to_log_line());
  return std::move(answer->document);
}

boost::json::value RoutesPage::send(const std::string& user, std::string_view method, const std::string& path, boost::json::value body) {
  auto answer = ask(user, method, path, std::move(body));
  if (!answer.ok()) FAIL(user + " " + std::string(method) + " " + path + ": " + answer.error().to_log_line());
  return std::move(answer->document);
}

std::string RoutesPage::refusal(const std::string& user, std::string_view method, const std::string& path, boost::json::value body, Query query) {
  const auto answer = ask(user, method, path, std::move(body), std::move(query));
  if (answer.ok()) FAIL(user + " " + std::string(method) + " " + path + " was not refused");
  return answer.error().code;
}

std::string RoutesPage::add_woman(const std::string& alias, boost::json::object more) {
  more["alias"] = alias;
  return text(send("Noor", "POST", "clients", std::move(more)), "client_id");
}

}  // namespace lantaarn::server::review
