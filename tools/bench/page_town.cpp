#include "tools/bench/page_town.hpp"

#include <boost/json.hpp>
#include <csignal>
#include <fstream>

#include "common/database/file_lock.hpp"
#include "firmware_app/uplink/uplink.hpp"
#include "sync_server/admin/open_server.hpp"
#include "sync_server/review/desk.hpp"
#include "tests/support/generated_inbox.hpp"
#include "tools/bench/measure.hpp"

namespace lantaarn::bench {
namespace {

namespace admin = server::admin;
namespace access = server::access;

constexpr std::int64_t kHalfADayMs = 12LL * 3600 * 1000;
constexpr std::size_t kOpenedByACoordinator = 250;  // as many as a caseload
constexpr int kStartPatienceMs = 120'000;
constexpr int kCommandPatienceMs = 600'000;

struct Employed {
  const char* role;
  std::size_t count;
};
// Beside the case managers, who are known by their handhelds.
constexpr Employed kEmployed[] = {{"coordinator", 3}, {"data_protection_officer", 1}, {"administrator", 1}, {"project_lead", 1}};

/// A line of a file under /proc, in kB.
std::optional<double> kilobytes(int pid, const char* file, const char* line) {
  std::ifstream text("/proc/" + std::to_string(pid) + "/" + file);
  for (std::string word; text >> word;) {
    double value = 0;
    if (word == line && text >> value) return value;
  }
  return std::nullopt;
}

std::vector<int> with_children(int pid) {
  std::vector<int> all{pid};
  std::ifstream children("/proc/" + std::to_string(pid) + "/task/" + std::to_string(pid) + "/children");
  for (int child = 0; children >> child;) all.push_back(child);
  return all;
}

}  // namespace

Result<std::unique_ptr<PageTown>> PageTown::found(const std::string& folder, std::size_t evenings) {
  std::unique_ptr<PageTown> town(new PageTown(folder, evenings));
  LANTAARN_ASSIGN(const auto founded, Town::found(folder, town->fleet_));
  town->facts_ = founded->facts();
  const admin::Folder there{folder};
  LANTAARN_ASSIGN(const auto lock, database::FileLock::acquire(there.lock(), 1000));
  const SystemClock clock;
  LANTAARN_ASSIGN(const auto opened, admin::OpenServer::open(there, "", clock));
  admin::Context context = opened->context();
  LANTAARN_ASSIGN(town->years_, live_through_years(context));
  LANTAARN_TRY(town->employ(context));
  LANTAARN_TRY(town->open_accounts(context));
  for (const FleetHandheld& handheld : town->fleet_) {
    LANTAARN_ASSIGN(auto evening, town->evening_of(handheld, town->evenings_.size() + 2));
    town->evenings_.push_back(std::move(evening));
  }
  return town;
}

PageTown::~PageTown() {
  if (!server_) return;
  server_->send_signal(SIGTERM);
  static_cast<void>(server_->wait());
}

Status PageTown::employ(admin::Context& context) {
  std::vector<model::Event> events;
  std::size_t others = 0;
  for (const Employed& employed : kEmployed) {
    for (std::size_t i = 0; i < employed.count; ++i, ++others) {
      PagePerson person{crypto::random_id<UserId>(), std::string(employed.role) + " " + std::to_string(i), employed.role, {}, {}};
      events.push_back(context.new_event());
      auto& added = *events.back().mutable_user_added();
      added.set_user_id(model::id_field(person.id));
      added.set_name(person.name);
      added.set_role(person.role);
      if (person.role == "coordinator") {
        for (std::size_t n = 0; n < kOpenedByACoordinator; ++n) person.clients.push_back(client(n * 17 + i));
      }
      people_.push_back(std::move(person));
    }
  }
  for (std::size_t i = 0; i < kPagePeople - others; ++i) {
    PagePerson person{years_.case_managers[i], "Case manager " + std::to_string(i), "case_manager", {}, {}};
    for (std::size_t n = i; n < years_.clients.size(); n += kPageCaseManagers) person.clients.push_back(years_.clients[n]);
    people_.push_back(std::move(person));
  }
  LANTAARN_TRY(context.record(events));
  return {};
}

// What an invitation and, of a coordinator, the reasons given today leave behind.
Status PageTown::open_accounts(admin::Context& context) {
  LANTAARN_ASSIGN(const auto desk, server::review::Desk::open(context.registry, context.folder.registry(), {"localhost", ""}));
  LANTAARN_ASSIGN(access::pb::Password password, desk->sign_in.hash_password(kPagePassword));
  const std::int64_t now_ms = context.clock.now().wall_ms;
  for (PagePerson& person : people_) {
    person.totp_secret.resize(20);
    crypto::fill_random(person.totp_secret);
    password.set_user_id(to_string(person.id.view()));
    password.set_totp_secret(to_string(person.totp_secret));
    password.set_added_ms(now_ms);
    LANTAARN_TRY(desk->accounts.put(access::ItemKind::kPassword, person.id.view(), person.id.view(), password));
    if (person.role != "coordinator") continue;
    for (const ClientId& woman : person.clients) {
      LANTAARN_TRY(desk->gate.open(person.id, woman, access::Sees::kEverybody, "the day's work", false, now_ms, now_ms + kHalfADayMs));
    }
  }
  return {};
}

// The handhelds' own disks are not what is measured.
Result<journal::Journal> PageTown::evening_of(const FleetHandheld& handheld, std::uint64_t seed) const {
  LANTAARN_ASSIGN(auto journal, journal::Journal::open(":memory:", handheld.device));
  support::Draw draw(seed);
  const std::int64_t now_ms = SystemClock().now().wall_ms;
  std::vector<Bytes> events;
  for (std::size_t saved = 0; saved < kEveningEntries; saved += events.size()) {
    events.clear();
    while (events.size() < kCommitEntries && saved + events.size() < kEveningEntries) {
      const auto woman = client(draw.below(kPageClients));
      events.push_back(model::encode_event(support::draw_contact(draw, handheld.user, woman, now_ms, std::string(60, 'n'))));
    }
    LANTAARN_TRY(journal.save({events.begin(), events.end()}, {handheld.user, handheld.sign}, {handheld.seal, facts_.sealing}));
  }
  return journal;
}

Status PageTown::serve(const std::string& certificate, const std::string& key) {
  server_ = std::make_unique<support::Process>(
      support::program_path("lantaarn-server"),
      std::vector<std::string>{"--data", folder_, "--json", "serve", "--sync", "127.0.0.1:0", "--web", "127.0.0.1:0", "--tls-cert", certificate, "--tls-key", key});
  const auto line = server_->wait_for_line("{", kStartPatienceMs);
  if (!line) return in_context(bug("lantaarn-server serve"), server_->kill_now().err);
  const auto said = boost::json::parse(*line).as_object();
  sync_address_ = said.at("sync").as_string();
  const std::string page(said.at("page").as_string());
  port_ = static_cast<std::uint16_t>(std::stoul(page.substr(page.rfind(':') + 1)));
  return {};
}

Result<std::string> PageTown::command(const std::vector<std::string>& arguments) const {
  std::vector<std::string> all = {"--data", folder_, "--json"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  const auto done = support::run(support::program_path("lantaarn-server"), all, {}, kCommandPatienceMs);
  if (done.exit_code != 0) return in_context(bug("lantaarn-server " + arguments.front()), done.err);
  return done.out;
}

Result<double> PageTown::evening_seconds() {
  if (evenings_done_ == evenings_.size()) return bug("bench: no handheld is left");
  const FleetHandheld& handheld = fleet_[evenings_done_];
  firmware::Outbox outbox(evenings_[evenings_done_++]);
  const SystemClock clock;
  firmware::SyncSettings settings;
  settings.server_address = sync_address_;
  settings.server = facts_.id;
  settings.server_key = facts_.channel_key;
  settings.authority_key = facts_.authority;
  settings.device = handheld.device;
  settings.channel_key = &handheld.channel_key;
  settings.psk = &handheld.psk;
  settings.clock = &clock;
  settings.app_version = "bench";
  ForgetfulSink sink;
  const Stopwatch watch;
  LANTAARN_ASSIGN(const auto report, firmware::sync_once(settings, outbox, sink));
  LANTAARN_TRY(command({"merge"}));
  const double seconds = watch.seconds();
  if (report.counts.received != kEveningEntries) return bug("bench: not everything was received");
  return seconds;
}

Result<std::uint64_t> PageTown::verified_entries() const {
  LANTAARN_ASSIGN(const std::string said, command({"access-log", "verify"}));
  return boost::json::parse(said).as_object().at("entries").to_number<std::uint64_t>();
}

Result<PageTown::Megabytes> PageTown::megabytes() const {
  Megabytes all;
  const auto processes = with_children(server_->pid());
  if (processes.size() != 3) return bug("bench: the server is not three processes");
  for (const int pid : processes) {
    const auto resident = kilobytes(pid, "status", "VmRSS:"), peak = kilobytes(pid, "status", "VmHWM:");
    if (!resident || !peak) return bug("bench: no VmRSS of a server process");
    all.now += kilobytes(pid, "smaps_rollup", "Pss:").value_or(*resident) * 1024 / 1e6;
    all.peak += *peak * 1024 / 1e6;
  }
  return all;
}

}  // namespace lantaarn::bench
