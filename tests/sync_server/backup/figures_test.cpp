// How long a backup takes, and how much it is. Not part of the ordinary run: tests_of_backup "[figures]".
#include <chrono>

#include "tests/sync_server/backup/copied_town.hpp"

using namespace lantaarn;
using namespace lantaarn::server;
using namespace lantaarn::server::backup;
using namespace lantaarn::support;

namespace {

template <typename Work>
double seconds(const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

TEST_CASE("figures of a backup of 100,000 contacts", "[.][figures]") {
  CopiedTown town;
  InboxShape shape;
  shape.all_kinds = true;
  GeneratedProgramme programme = generate_programme(shape, town.server);
  LANTAARN_OK(town.live.merger->record(programme.server_facts, kEvening));
  LANTAARN_OK(town.live.merger->merge(programme.inbox));
  std::optional<Shipping::Backup> first, again;
  const double whole = seconds([&] { first = town.back_up(); });
  town.live.state(user_added(town.draw, town.server.keys, town.draw.id<UserId>(), "Anna"));
  const double increment = seconds([&] { again = town.back_up(); });
  const double check = seconds([&] { LANTAARN_OK(check_target(*folder_files(town.target()), town.authority())); });
  const std::string expected = town.live.digest().text();
  const auto store = std::filesystem::file_size(town.live.registry_path());
  const auto keyring = std::filesystem::file_size(town.target() + "/keyring");
  town.live.close();
  std::optional<Result<CopiedTown::PutBack>> back;
  const double restore = seconds([&] { back = town.put_back("again"); });
  LANTAARN_OK(*back);
  CHECK((*back)->machine->digest().text() == expected);
  WARN(programme.events << " events, registry " << store / 1'000'000 << " MB: backup " << whole << " s, " << first->made.bytes / 1'000'000 << " MB in "
                        << first->made.new_chunks << " chunks, keyring " << keyring / 1'000'000.0 << " MB; the next one " << increment << " s, "
                        << again->made.new_bytes / 1'000 << " kB; verify " << check << " s; restore " << restore << " s");
}
