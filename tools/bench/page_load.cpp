#include "tools/bench/page_load.hpp"

#include <poll.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <random>

#include "common/base/clock.hpp"
#include "sync_server/access/one_time_code.hpp"
#include "sync_server/review/http_rules.hpp"
#include "tools/bench/measure.hpp"

namespace lantaarn::bench {
namespace {

namespace json = boost::json;

constexpr std::size_t kConnections = 64;
constexpr std::size_t kEnough = 20;  // of fewer clicks the 95th percentile is the slowest one
constexpr double kWarmUpSeconds = 2, kTimedSeconds = 10;

// Who asks it.
enum : unsigned { kManager = 1, kCoordinator = 2, kOfficer = 4, kAdministrator = 8, kLead = 16 };
constexpr unsigned kCare = kManager | kCoordinator;
constexpr unsigned kFigures = kCare | kLead;
constexpr unsigned kKeeping = kCoordinator | kOfficer | kAdministrator;
constexpr unsigned kAll = kFigures | kKeeping;

struct Click {
  std::string_view route;  // {client}, {name} and {mine} are filled in
  unsigned roles;
};
// What the pages ask for (review/web/src/pages), in the order of the menu.
constexpr Click kClicks[] = {
    {"session", kAll},
    {"overview", kAll},
    {"review/queue", kCare},
    {"review/history?limit=100", kCoordinator},
    {"clients?query=&mine={mine}&limit=50", kCare},
    {"clients?query={name}&mine=&limit=50", kCare},
    {"clients/{client}", kCare},
    {"clients/{client}/summary", kCare},
    {"clients/{client}/timeline?limit=50", kCare},
    {"clients/{client}/accesses", kCare},
    {"records/kinds", kAll},
    {"codes", kAll},
    {"records?kind=referral", kCare},
    {"records?kind=escalation", kCare},
    {"records?kind=bottleneck", kFigures},
    {"records?kind=risk", kFigures},
    {"records?kind=planning_step", kFigures},
    {"rounds", kFigures},
    {"programme/time-out", kFigures},
    {"programme/flex-budget", kFigures},
    {"hours", kFigures},
    {"caseload", kCare},
    {"users", kAll},
    {"devices", kKeeping},
    {"retention", kKeeping},
    {"erasures", kKeeping},
    {"backups", kKeeping},
    {"health", kKeeping},
    {"keys", kKeeping},
    {"keys/log", kKeeping},
    {"relations", kCoordinator | kOfficer},
    {"access-log?limit=100", kOfficer},
    {"sessions", kAll},
    {"me/credentials", kAll},
};
constexpr const char* kTyped[] = {"Anna", "Biancca", "Mirato", "Loveta", "Kadefi", "Hana", "Elenna", "Jolanda"};

unsigned bit_of(const std::string& role) {
  if (role == "case_manager") return kManager;
  if (role == "coordinator") return kCoordinator;
  if (role == "data_protection_officer") return kOfficer;
  return role == "administrator" ? kAdministrator : kLead;
}

void fill_in(std::string& text, std::string_view place, std::string_view with) {
  if (const auto at = text.find(place); at != std::string::npos) text.replace(at, place.size(), with);
}

std::string get(const Visitor& visitor, std::string_view route) {
  std::string request = "GET /api/v1/";
  request.append(route).append(" HTTP/1.1\r\n").append(visitor.headers).append("\r\n");
  return request;
}

// The code and nothing of the answer: it may be about somebody.
Error unexpected(std::string_view route, int status) { return bug("bench: " + std::to_string(status) + " for " + std::string(route)); }

Result<Visitor> sign_in(const PageTown& town, PageConnection& connection, const PagePerson& person) {
  const std::int64_t step = SystemClock().now().wall_ms / 1000 / server::access::kStepSeconds;
  const json::object proof{{"name", person.name}, {"password", kPagePassword}, {"code", server::access::code_at(person.totp_secret, step)}};
  const std::string body = json::serialize(proof);
  Visitor visitor{&person, "Host: " + town.authority() + "\r\n"};
  LANTAARN_ASSIGN(const PageAnswer answer,
                  connection.ask("POST /api/v1/session/password HTTP/1.1\r\n" + visitor.headers + "Content-Type: application/json\r\nContent-Length: " +
                                 std::to_string(body.size()) + "\r\n\r\n" + body));
  if (answer.status != 200) return unexpected("session/password", answer.status);
  const std::string name = std::string(server::review::cookie_name(true)) + "=";
  const auto at = answer.head.find(name);
  if (at == std::string_view::npos) return bug("bench: no cookie");
  const auto value = answer.head.substr(at, answer.head.find_first_of(";\r", at) - at);
  visitor.headers += "Cookie: " + std::string(value) + "\r\n";
  return visitor;
}

double percentile(std::vector<double> values, double part) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const auto rank = static_cast<std::size_t>(std::ceil(part * static_cast<double>(values.size())));
  return values[std::max<std::size_t>(rank, 1) - 1];
}

}  // namespace

Result<std::vector<Visitor>> sign_in_all(const PageTown& town) {
  std::vector<Visitor> visitors;
  LANTAARN_ASSIGN(const auto connection, PageConnection::open(town.port()));
  for (const PagePerson& person : town.people()) {
    LANTAARN_ASSIGN(auto visitor, sign_in(town, *connection, person));
    visitors.push_back(std::move(visitor));
  }
  return visitors;
}

Clicking::Clicking(const PageTown& town, const std::vector<Visitor>& visitors)
    : town_(town), visitors_(visitors), latencies_(visitors.size()), ended_(visitors.size()) {
  for (std::size_t i = 0; i < visitors.size(); ++i) {
    threads_.emplace_back([this, i] { ended_[i] = click_until_stopped(i, latencies_[i]); });
  }
}

Clicking::~Clicking() { stopped_ = true; }

Status Clicking::click_until_stopped(std::size_t number, Latencies& latencies) {
  const Visitor& visitor = visitors_[number];
  const unsigned bit = bit_of(visitor.person->role);
  std::minstd_rand random(static_cast<unsigned>(number) + 1);
  std::uniform_int_distribution<int> thinks_ms(500, 1500);
  LANTAARN_ASSIGN(const auto connection, PageConnection::open(town_.port()));
  // What it tells stays in the socket: a few lines a second at most.
  LANTAARN_ASSIGN(const auto live, PageConnection::open(town_.port()));
  LANTAARN_TRY(live->begin(get(visitor, "events")));
  for (std::size_t next = number * 7; !stopped_; ++next) {
    const Click& click = kClicks[next % std::size(kClicks)];
    if ((click.roles & bit) == 0) continue;
    std::string route(click.route);
    if (!visitor.person->clients.empty()) fill_in(route, "{client}", visitor.person->clients[random() % visitor.person->clients.size()].hex());
    fill_in(route, "{name}", kTyped[random() % std::size(kTyped)]);
    fill_in(route, "{mine}", bit == kManager ? "1" : "");
    std::this_thread::sleep_for(std::chrono::milliseconds(thinks_ms(random)));
    const Stopwatch watch;
    LANTAARN_ASSIGN(const PageAnswer answer, connection->ask(get(visitor, route)));
    latencies[{visitor.person->role, std::string(click.route)}].push_back(watch.seconds() * 1000);
    if (answer.status != 200) return unexpected(click.route, answer.status);
  }
  return {};
}

Result<Clicking::Slowest> Clicking::stop() {
  stopped_ = true;
  threads_.clear();
  const double seconds = watch_.seconds();
  for (const Status& ended : ended_) LANTAARN_TRY(ended);
  Latencies all;
  std::map<std::string, std::vector<double>> by_route;
  std::vector<double> every;
  for (const Latencies& one : latencies_) {
    for (const auto& [what, times] : one) {
      auto& of = all[what];
      of.insert(of.end(), times.begin(), times.end());
      auto& of_route = by_route[what.second];
      of_route.insert(of_route.end(), times.begin(), times.end());
      every.insert(every.end(), times.begin(), times.end());
    }
  }
  Slowest slowest;
  std::fprintf(stderr, "  %8s %8s %8s %6s\n", "p50 ms", "p95 ms", "max ms", "count");
  for (const auto& [what, times] : all) {
    std::fprintf(stderr, "  %8.1f %8.1f %8.1f %6zu  %s GET %s\n", percentile(times, 0.5), percentile(times, 0.95), percentile(times, 1), times.size(),
                 what.first.c_str(), what.second.c_str());
  }
  for (const auto& [route, times] : by_route) {
    const double p95 = percentile(times, 0.95);
    if (times.size() >= kEnough && p95 > slowest.p95_ms) slowest = {"GET " + route, p95};
  }
  slowest.all_p95_ms = percentile(every, 0.95);
  slowest.requests_per_second = static_cast<double>(every.size()) / seconds;
  std::fprintf(stderr, "  %8.1f %8.1f %8.1f %6zu  all, %.1f requests/s\n", percentile(every, 0.5), slowest.all_p95_ms, percentile(every, 1), every.size(),
               slowest.requests_per_second);
  return slowest;
}

namespace {

// One of the sixty-four.
struct Asker {
  std::unique_ptr<PageConnection> connection;
  const Visitor* visitor = nullptr;
  std::size_t next = 0;
  std::string asked;  // whose summary is on its way

  Status ask() {
    const auto& clients = visitor->person->clients;
    asked = clients[next++ % clients.size()].hex();
    return connection->begin(get(*visitor, "clients/" + asked + "/summary"));
  }
  Status take() {
    LANTAARN_ASSIGN(const PageAnswer answer, connection->finish());
    if (answer.status != 200) return unexpected("clients/{client}/summary", answer.status);
    return answer.body.find(asked) == std::string_view::npos ? Status(bug("bench: somebody else's summary")) : Status();
  }
};

Result<std::vector<Asker>> open_askers(const PageTown& town, const std::vector<Visitor>& visitors) {
  std::vector<const Visitor*> who;
  for (const Visitor& visitor : visitors) {
    if (!visitor.person->clients.empty()) who.push_back(&visitor);
  }
  std::vector<Asker> askers;
  for (std::size_t i = 0; i < kConnections; ++i) {
    LANTAARN_ASSIGN(auto connection, PageConnection::open(town.port()));
    askers.push_back({std::move(connection), who[i % who.size()], i * 31, {}});
  }
  return askers;
}

}  // namespace

Result<Flood> flood(const PageTown& town, const std::vector<Visitor>& visitors) {
  LANTAARN_ASSIGN(auto askers, open_askers(town, visitors));
  std::vector<pollfd> polled;
  for (Asker& asker : askers) {
    LANTAARN_TRY(asker.ask());
    polled.push_back({asker.connection->descriptor(), POLLIN, 0});
  }
  Flood flood;
  flood.asked = askers.size();
  std::uint64_t timed = 0;
  const Stopwatch watch;
  while (true) {
    const double now = watch.seconds();
    if (now >= kWarmUpSeconds + kTimedSeconds) break;
    if (::poll(polled.data(), polled.size(), -1) < 0) return bug("bench: poll");
    for (std::size_t i = 0; i < askers.size(); ++i) {
      if (polled[i].revents == 0) continue;
      LANTAARN_TRY(askers[i].take());
      LANTAARN_TRY(askers[i].ask());
      ++flood.asked;
      timed += now >= kWarmUpSeconds ? 1 : 0;
    }
  }
  for (Asker& asker : askers) LANTAARN_TRY(asker.take());
  flood.requests_per_second = static_cast<double>(timed) / kTimedSeconds;
  return flood;
}

}  // namespace lantaarn::bench
