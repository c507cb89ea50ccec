// What becomes of news of the second copy that cannot be written down, and of a medium that hangs.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>

#include "common/crypto/random.hpp"
#include "sync_server/admin/backups.hpp"
#include "sync_server/admin/target_patience.hpp"
#include "sync_server/backup/format.hpp"
#include "sync_server/backup/recovery_secret.hpp"
#include "tests/sync_server/admin/office.hpp"

using namespace lantaarn;
using namespace lantaarn::server;
using namespace lantaarn::server::admin;
using std::chrono::steady_clock;

namespace {

// Whoever opens its head waits for a writer that does not come: a mount whose other end is gone.
class HangingTarget {
 public:
  explicit HangingTarget(const std::string& path) : path_(path), head_(path + "/" + backup::kTargetFile) {
    std::filesystem::create_directories(path);
    REQUIRE(::mkfifo(head_.c_str(), 0600) == 0);
  }
  // It comes to, and what waited goes on and finds nothing.
  ~HangingTarget() {
    const int writer = ::open(head_.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    ::unlink(head_.c_str());
    ::close(writer);
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_, head_;
};

void give_recovery_key(Office& office) {
  auto change = office.open().context().registry.begin();
  REQUIRE(change.ok());
  const auto key = backup::recovery_key_of(crypto::random_secret<64>());
  REQUIRE(backup::put_recovery_public(**change, key.public_half()).ok());
  REQUIRE((*change)->commit().ok());
}

}  // namespace

TEST_CASE("news of the second copy that cannot be written down is kept, and written down once when it can", "[admin][second_copy]") {
  Office office;
  Context context = office.open().context();
  const auto device = crypto::random_id<DeviceId>();
  const auto log = crypto::random_id<LogId>();
  backup::pb::Manifest manifest;
  manifest.set_backup_id(to_string(crypto::random_id<backup::BackupId>().view()));
  SecondCopy::News news;
  news.add({{{{device, log}, {5, {}}}}, {manifest}});
  {
    auto other = database::Database::open(office.place().registry_database(), {});
    REQUIRE(other.ok());
    REQUIRE(other->execute("BEGIN IMMEDIATE").ok());
    CHECK(note_news(context, "/mnt/backup", news).error().code == "database_locked");
    CHECK(news.secured.size() == 1);
    CHECK(news.made.size() == 1);
    news.add({{{{device, log}, {7, {}}}}, {}});  // what came meanwhile
  }
  REQUIRE(note_news(context, "/mnt/backup", news).ok());
  CHECK(news.empty());
  const auto secured = context.registry.secured(device);
  REQUIRE(secured->size() == 1);
  CHECK(secured->front().through.seq == 7);
  CHECK(office.facts(model::Event::kBackupMade).size() == 1);
  // Told again, it is not another backup.
  news.add({{{{device, log}, {6, {}}}}, {manifest}});
  REQUIRE(note_news(context, "/mnt/backup", news).ok());
  CHECK(office.facts(model::Event::kBackupMade).size() == 1);
  CHECK(context.registry.secured(device)->front().through.seq == 7);
}

TEST_CASE("a target that hangs is unreachable after a while, and the registry goes on", "[admin][second_copy]") {
  Office office;
  give_recovery_key(office);
  const HangingTarget hanging(office.folder.file("hangs"));
  const auto start = steady_clock::now();
  CHECK(office.refusal("backup init", {{"target", {hanging.path()}}, {"as", {"Fatma"}}, {"reason", {"second copy"}}}) == "target_unreachable");
  CHECK(steady_clock::now() - start < 3 * kTargetPatience);
  CHECK_FALSE(backup::stored_target(office.open().context().registry)->has_value());
  std::filesystem::create_directories(office.folder.file("good"));
  (void)office.told("backup init", {{"target", {office.folder.file("good")}}, {"as", {"Fatma"}}, {"reason", {"second copy"}}});
  CHECK(backup::stored_target(office.open().context().registry)->value().path == office.folder.file("good"));
}

TEST_CASE("a second copy that another takes the place of is not waited for", "[admin][second_copy]") {
  Office office;
  const HangingTarget hanging(office.folder.file("hangs"));
  auto data_key = backup::data_key_of(office.open().context().registry);
  REQUIRE(data_key.ok());
  const auto start = steady_clock::now();
  {
    SecondCopy copy(office.place(), std::move(*data_key), {hanging.path(), crypto::random_id<backup::TargetId>()}, office.clock);
    copy.poke();
    CHECK(copy.attend().empty());
    copy.leave();
  }
  CHECK(steady_clock::now() - start < std::chrono::seconds(5));
}
