#include "tools/bench/town.hpp"

#include <charconv>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "common/database/file_lock.hpp"
#include "firmware_app/uplink/uplink.hpp"
#include "sync_server/admin/open_server.hpp"
#include "tools/bench/measure.hpp"

namespace lantaarn::bench {
namespace {

namespace admin = server::admin;

std::vector<model::Event> enrolment_of(const admin::Context& context, const FleetHandheld& handheld, std::size_t number) {
  const std::string device = model::id_field(handheld.device);
  const std::string user = model::id_field(handheld.user);
  std::vector<model::Event> events(4, model::Event());
  for (model::Event& event : events) event = context.new_event();
  auto& user_added = *events[0].mutable_user_added();
  user_added.set_user_id(user);
  user_added.set_name("Bench " + std::to_string(number));
  user_added.set_role("case_manager");
  auto& device_added = *events[1].mutable_device_added();
  device_added.set_device_id(device);
  device_added.set_name("handheld " + std::to_string(number));
  device_added.add_users(user);
  auto& enrolled = *events[2].mutable_device_enrolled();
  enrolled.set_device_id(device);
  enrolled.set_channel_key(to_string(crypto::dh_public(handheld.channel_key)));
  enrolled.set_ticket_id(model::id_field(crypto::random_id<TicketId>()));
  auto& bound = *events[3].mutable_device_user_bound();
  bound.set_device_id(device);
  bound.set_user_id(user);
  bound.set_box_key(to_string(handheld.box.public_key()));
  bound.set_verify_key(to_string(handheld.sign.verify_key()));
  return events;
}

/// VmHWM, in kB.
Result<double> peak_kilobytes(int pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string word; status >> word;) {
    double value = 0;
    if (word == "VmHWM:" && status >> value) return value;
  }
  return bug("bench: no VmHWM of a server process");
}

Result<int> child_of(int parent) {
  std::ifstream children("/proc/" + std::to_string(parent) + "/task/" + std::to_string(parent) + "/children");
  int child = 0;
  if (children >> child) return child;
  return bug("bench: the server has no second process");
}

}  // namespace

Result<std::unique_ptr<Town>> Town::found(const std::string& folder, const std::vector<FleetHandheld>& fleet) {
  std::unique_ptr<Town> town(new Town(folder));
  const auto made = support::run(support::program_path("lantaarn-server"), {"--data", folder, "init"});
  if (made.exit_code != 0) return in_context(bug("lantaarn-server init"), made.err);
  LANTAARN_TRY(town->enrol(fleet));
  return town;
}

Town::~Town() {
  if (!server_) return;
  server_->send_signal(SIGTERM);
  static_cast<void>(server_->wait());
}

Status Town::enrol(const std::vector<FleetHandheld>& fleet) {
  const admin::Folder folder{folder_};
  LANTAARN_ASSIGN(const auto lock, database::FileLock::acquire(folder.lock(), 1000));
  const SystemClock clock;
  LANTAARN_ASSIGN(const auto opened, admin::OpenServer::open(folder, "", clock));
  admin::Context context = opened->context();
  facts_ = {context.keys.server.id, crypto::dh_public(context.keys.channel), context.keys.authority.verify_key(),
            context.keys.sealing.public_key()};
  std::vector<model::Event> events;
  for (std::size_t i = 0; i < fleet.size(); ++i) {
    for (model::Event& event : enrolment_of(context, fleet[i], i)) events.push_back(std::move(event));
  }
  if (events.empty()) return {};
  const auto recorded = context.record(events, [&](server::Change& change) -> Status {
    for (const FleetHandheld& handheld : fleet) LANTAARN_TRY(admin::put_device_psk(change, handheld.device, handheld.psk));
    return {};
  });
  return recorded.ok() ? Status() : Status(recorded.error());
}

Status Town::serve() {
  server_ = std::make_unique<support::Process>(support::program_path("lantaarn-server"),
                                               std::vector<std::string>{"--data", folder_, "serve", "--sync", "127.0.0.1:0"});
  const auto line = server_->wait_for_line("sync ");
  if (!line) return in_context(bug("lantaarn-server serve"), server_->kill_now().err);
  address_ = line->substr(5);
  return {};
}

Status Town::command(const std::vector<std::string>& arguments) {
  std::vector<std::string> all = {"--data", folder_};
  all.insert(all.end(), arguments.begin(), arguments.end());
  const auto done = support::run(support::program_path("lantaarn-server"), all, {}, 600'000);
  return done.exit_code == 0 ? Status() : Status(in_context(bug("lantaarn-server " + arguments.front()), done.err));
}

Result<double> Town::peak_megabytes() const {
  LANTAARN_ASSIGN(const int gateway, child_of(server_->pid()));
  LANTAARN_ASSIGN(const double registry_kb, peak_kilobytes(server_->pid()));
  LANTAARN_ASSIGN(const double gateway_kb, peak_kilobytes(gateway));
  return (registry_kb + gateway_kb) * 1024 / 1e6;
}

Status save_contacts(journal::Journal& journal, const FleetHandheld& handheld, const ServerFacts& server, std::size_t count) {
  std::vector<Bytes> events;
  for (std::size_t saved = 0; saved < count; saved += events.size()) {
    events.clear();
    while (events.size() < kCommitEntries && saved + events.size() < count) {
      events.push_back(sample_contact(handheld.user, static_cast<int>(saved + events.size())));
    }
    LANTAARN_TRY(journal.save({events.begin(), events.end()}, {handheld.user, handheld.sign}, {handheld.seal, server.sealing}));
  }
  return {};
}

Result<SyncTimes> sync_all(const Town& town, const FleetHandheld& handheld, journal::Journal& journal, std::uint64_t entries) {
  const SystemClock clock;
  firmware::SyncSettings settings;
  settings.server_address = town.address();
  settings.server = town.facts().id;
  settings.server_key = town.facts().channel_key;
  settings.authority_key = town.facts().authority;
  settings.device = handheld.device;
  settings.channel_key = &handheld.channel_key;
  settings.psk = &handheld.psk;
  settings.clock = &clock;
  settings.app_version = "bench";
  firmware::Outbox outbox(journal);
  ForgetfulSink sink;
  SyncTimes times;
  const Stopwatch watch;
  const auto note_receipts = [&](const sync::SyncProgress& progress) {
    if (progress.phase == sync::SyncPhase::kFetching && times.received == 0) times.received = watch.seconds();
  };
  LANTAARN_ASSIGN(const auto report, firmware::sync_once(settings, outbox, sink, note_receipts));
  times.session = watch.seconds();
  if (report.counts.received != entries) return bug("bench: not everything was received");
  return times;
}

Status enrol_handheld(Town& town, const std::string& ticket, const std::string& data, const std::string& pin_file) {
  LANTAARN_TRY(town.command({"user", "add", "Noor", "--role", "case_manager"}));
  LANTAARN_TRY(town.command({"device", "add", "one", "--users", "Noor", "--server", town.address(), "--ticket", ticket}));
  const auto done = support::run(support::program_path("lantaarn"),
                                 {"--data", data, "enrol", "--ticket", ticket, "--user", "Noor", "--new-pin-file", pin_file});
  return done.exit_code == 0 ? Status() : Status(in_context(bug("lantaarn enrol"), done.err));
}

}  // namespace lantaarn::bench
