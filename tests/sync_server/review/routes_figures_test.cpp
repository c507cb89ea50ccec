// What the page's questions cost with 1 M contacts of 5,000 women. Not part of the ordinary run: tests_of_review "[figures]".
#include <algorithm>
#include <chrono>

#include "sync_server/admin/lookup.hpp"
#include "sync_server/admin/remembered.hpp"
#include "sync_server/registry/sqlite/open.hpp"
#include "tests/support/generated_inbox.hpp"
#include "tests/sync_server/review/routes_page.hpp"

using namespace lantaarn;
using namespace lantaarn::server;
using namespace lantaarn::server::review;

namespace {

double milliseconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

struct Grown {
  explicit Grown(RoutesPage& page) : draw(1), server(draw), inbox("nowhere") {
    auto opened = open_sqlite_registry(page.office.folder.file("grown.db"), server.data_key.duplicate());
    REQUIRE(opened.ok());
    registry = std::move(*opened);
    auto merging = Merger::open(*registry, server.keys);
    REQUIRE(merging.ok());
    merger.emplace(std::move(*merging));
    support::InboxShape shape;
    shape.contacts = 1'000'000;
    auto programme = support::generate_programme(shape, server);
    programme.server_facts.push_back(support::user_added(draw, server.keys, draw.id<UserId>(), "Noor", "coordinator"));
    REQUIRE(merger->record(programme.server_facts, 1).ok());
    REQUIRE(merger->merge(programme.inbox).ok());
    page.context = [this, &page] {
      admin::Context own = page.office.open().context();
      admin::Context context{*registry, *merger, inbox, own.keys, own.folder, page.office.clock};
      context.remembered = &remembered;
      return context;
    };
  }
  support::Draw draw;
  support::GeneratedServer server;
  std::unique_ptr<Registry> registry;
  std::optional<Merger> merger;
  admin::InboxFeed inbox;
  admin::Remembered remembered;
};

}  // namespace

TEST_CASE("figures of the page's questions", "[.][figures]") {
  RoutesPage page;
  Grown grown(page);
  const auto women = grown.registry->clear_clients();
  REQUIRE(women.ok());
  const auto her = [&] { return (*women)[grown.draw.below(women->size())].id.hex(); };
  const std::vector<std::pair<std::string, Query>> asked = {
      {"overview", {}}, {"review/queue", {}}, {"review/history", {}}, {"clients", {}}, {"clients", {{"query", "Alios 1234"}}}, {"clients", {{"mine", "1"}}},
      {"clients/{}", {}}, {"clients/{}/summary", {}}, {"clients/{}/timeline", {}}, {"clients/{}/export", {}}, {"records", {{"kind", "goal"}}}, {"records/kinds", {}}, {"codes", {}},
      {"rounds", {}}, {"programme/time-out", {}}, {"programme/flex-budget", {}}, {"hours", {}}, {"caseload", {}}, {"users", {}}, {"devices", {}},
      {"retention", {}}, {"erasures", {}}, {"health", {}}, {"keys", {}}};
  for (const auto& [path, query] : asked) {
    std::vector<double> took;
    for (int i = 0; i < 21; ++i) {
      std::string whole = path;
      if (const auto at = whole.find("{}"); at != std::string::npos) whole.replace(at, 2, her());
      took.push_back(milliseconds([&] { REQUIRE(page.ask("Noor", "GET", whole, nullptr, query).ok()); }));
    }
    const double first = took.front();
    std::sort(took.begin(), took.end());
    WARN(path << (query.empty() ? "" : "?" + query.begin()->first) << ": first " << first << " ms, median " << took[10] << " ms, worst " << took.back() << " ms");
  }
  // What the handler alone costs, as the router calls it.
  admin::Context context = page.context();
  context.person = admin::find_user(context.registry, "Noor").value();
  context.opens = admin::Opens::kAllRecords;
  std::map<std::string, std::string, std::less<>> names;
  const Route* summary = route_at("GET", "clients/" + her() + "/summary", names);
  std::vector<ClientId> ids;
  for (int i = 0; i < 50'000; ++i) ids.push_back(*ClientId::parse_hex(her()));
  const Request request;
  const clock_t began = clock();
  std::size_t bytes = 0;
  for (const ClientId& id : ids) {
    context.let_in = id;
    RouteCall call{context, request, {}, id, page.desk()};
    bytes += boost::json::serialize(summary->run(call)->document).size();
  }
  WARN("a summary: " << 1e6 * static_cast<double>(clock() - began) / CLOCKS_PER_SEC / 50'000 << " µs of CPU, " << bytes / ids.size() << " bytes");
}
