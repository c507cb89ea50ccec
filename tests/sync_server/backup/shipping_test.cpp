// What goes to the target, and what it proves.
#include "tests/sync_server/backup/copied_town.hpp"

using namespace lantaarn;
using namespace lantaarn::server;
using namespace lantaarn::server::backup;
using namespace lantaarn::support;

namespace {

std::vector<std::string> files_in(const std::string& folder) {
  std::vector<std::string> paths;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (file.is_regular_file()) paths.push_back(file.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

struct Week {
  explicit Week(CopiedTown& t) : town(t), anna(draw_user(t.draw)), device(t.draw.id<DeviceId>()), log(t.draw, device, t.server.sealing.public_key()) {
    town.live.state(user_added(town.draw, town.server.keys, anna.id, "Anna"));
    town.live.state(device_added(town.draw, town.server.keys, device, "handheld", {anna.id}));
    town.live.state(user_bound(town.draw, town.server.keys, device, anna));
  }
  void contacts(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) log.save(anna, model::encode_event(draw_contact(town.draw, anna.id, {}, kEvening)));
  }
  void deliver() {
    constexpr std::size_t kAtOnce = 200;
    for (; sent < log.size(); sent = std::min(log.size(), sent + kAtOnce)) {
      town.live.receive(log, sent + 1, std::min(log.size(), sent + kAtOnce));
    }
  }
  CopiedTown& town;
  GeneratedUser anna;
  DeviceId device;
  GeneratedLog log;
  std::size_t sent = 0;
};

}  // namespace

TEST_CASE("a backup writes what is new since the one before", "[backup]") {
  CopiedTown town;
  Week week(town);
  week.contacts(600);
  week.deliver();
  town.live.merge();
  const auto first = town.back_up();
  CHECK(first.made.new_chunks == static_cast<std::uint64_t>(first.made.manifest.chunks_size()));
  CHECK(first.made.new_chunks >= 4);
  const auto again = town.back_up();
  CHECK(again.made.new_chunks == 0);
  week.contacts(5);
  week.deliver();
  town.live.merge();
  const auto third = town.back_up();
  CHECK(third.made.new_chunks == 2);  // the log's last chunk, and what handhelds said of their logs
  const auto checked = check_target(*folder_files(town.target()), town.authority());
  LANTAARN_OK(checked);
  CHECK(checked->good());
  CHECK(checked->backups == 3);
}

TEST_CASE("what is received is secured once the target has it, before it is merged", "[backup]") {
  CopiedTown town;
  Week week(town);
  (void)town.back_up();
  week.contacts(3);
  week.deliver();
  const Shipped shipped = town.ship();
  const auto at = shipped.secured.find({week.device, week.log.log()});
  REQUIRE(at != shipped.secured.end());
  CHECK(at->second == week.log.head());
  CHECK(town.ship().secured.empty());
  // A start says it once more: who was told may have ended before it was noted.
  town.restart_shipping();
  CHECK(town.ship().secured == shipped.secured);
  CHECK(town.ship().secured.empty());
  town.live.merge();
  const auto made = town.back_up();
  CHECK(made.shipped.secured.at({week.device, week.log.log()}) == week.log.head());
}

TEST_CASE("a target that goes and comes back is brought up to date", "[backup]") {
  CopiedTown town;
  Week week(town);
  (void)town.back_up();
  std::filesystem::rename(town.target(), town.folder.file("away"));
  town.live.state(user_added(town.draw, town.server.keys, town.draw.id<UserId>(), "Bram"));
  const auto failed = town.try_ship();
  REQUIRE_FALSE(failed.ok());
  CHECK(failed.error().code == "target_unreachable");
  std::filesystem::create_directories(town.target());  // another medium stands there
  CHECK(town.try_ship().error().code == "target_unreachable");
  std::filesystem::remove_all(town.target());
  std::filesystem::rename(town.folder.file("away"), town.target());
  CHECK(town.ship().own_seq == 4);
}

TEST_CASE("a torn end of a shipped file is written again", "[backup]") {
  CopiedTown town;
  Week week(town);
  (void)town.back_up();
  week.contacts(2);
  week.deliver();
  (void)town.ship();
  for (const char* name : {"/own.log", "/inbox.log"}) {
    const std::string path = town.target() + name;
    const auto whole = support::read_file(path);
    for (const std::size_t cut : {std::size_t{1}, std::size_t{20}, std::size_t{100}}) {
      std::filesystem::resize_file(path, whole.size() - cut);
      town.restart_shipping();
      (void)town.ship();
      CHECK(support::read_file(path) == whole);
    }
  }
}

TEST_CASE("a server that was put back by hand does not write over what it has forgotten", "[backup]") {
  CopiedTown town;
  Week week(town);
  (void)town.back_up();
  town.live.close();
  std::filesystem::copy(town.live.folder, town.folder.file("old"), std::filesystem::copy_options::recursive);
  town.live.open_registry();
  town.live.open_merger();
  town.live.open_inbox();
  town.live.state(user_added(town.draw, town.server.keys, town.draw.id<UserId>(), "Bram"));
  (void)town.ship();
  town.live.close();
  std::filesystem::remove_all(town.live.folder);
  std::filesystem::rename(town.folder.file("old"), town.live.folder);
  town.live.open_inbox();
  town.restart_shipping();
  const auto refused_one = town.try_ship();
  REQUIRE_FALSE(refused_one.ok());
  CHECK(refused_one.error().code == "target_ahead");
}

TEST_CASE("every file of a target is proved: a changed byte anywhere is noticed without the recovery key", "[backup]") {
  CopiedTown town;
  Week week(town);
  week.contacts(40);
  week.deliver();
  town.live.merge();
  (void)town.back_up();
  std::size_t flips = 0;
  for (const std::string& path : files_in(town.target())) {
    if (path.ends_with("inbox.log")) continue;  // its batches prove themselves when they are taken in
    const std::string whole = support::read_file(path);
    for (std::size_t at = 0; at < whole.size(); at += 1 + whole.size() / 23) {
      std::string changed = whole;
      changed[at] = static_cast<char>(changed[at] ^ 1);
      support::write_file(path, changed);
      const auto checked = check_target(*folder_files(town.target()), town.authority());
      INFO(path << " byte " << at);
      CHECK((!checked.ok() || !checked->good() || checked->own_log_torn));
      ++flips;
    }
    support::write_file(path, whole);
  }
  CHECK(flips > 100);
  LANTAARN_OK(check_target(*folder_files(town.target()), town.authority()));
}

TEST_CASE("pruning keeps the newest backups whole and takes what nobody names", "[backup]") {
  CopiedTown town;
  Week week(town);
  for (int day = 0; day < 4; ++day) {
    week.contacts(20);
    week.deliver();
    town.live.merge();
    (void)town.back_up();
  }
  const auto files = folder_files(town.target());
  const auto before = files_in(town.target()).size();
  const auto pruned = prune_target(*files, town.authority(), 2);
  LANTAARN_OK(pruned);
  CHECK(pruned->backups == 2);
  CHECK(pruned->chunks > 0);
  CHECK(files_in(town.target()).size() == before - 2 - pruned->chunks);
  auto checked = check_target(*files, town.authority());
  LANTAARN_OK(checked);
  CHECK(checked->good());
  CHECK(checked->backups == 2);
  LANTAARN_OK(prune_target(*files, town.authority(), 0));
  CHECK(check_target(*files, town.authority())->backups == 1);
  const Digest expected = town.live.digest();
  town.live.close();
  const auto back = town.put_back("again");
  LANTAARN_OK(back);
  CHECK(back->machine->digest().text() == expected.text());
}

TEST_CASE("nothing that was typed, and no key, stands readable at the target", "[backup]") {
  CopiedTown town;
  const std::string canary = "KANARIEPIET";
  const auto client = town.draw.id<ClientId>();
  model::Event event = draw_event(town.draw, UserId{town.server.keys.server.id.bytes}, kEvening);
  event.mutable_client_added()->set_client_id(model::id_field(client));
  event.mutable_client_added()->set_alias(canary);
  town.live.state(model::encode_event(event));
  town.live.state(user_added(town.draw, town.server.keys, town.draw.id<UserId>(), canary));
  (void)town.back_up();
  std::string found;
  CHECK_FALSE(support::folder_contains(town.target(), canary, found));
  CHECK_FALSE(support::folder_contains(town.target(), "its psk", found));
  CHECK_FALSE(support::folder_contains(town.target(), to_string(town.server.data_key.view()), found));
}
