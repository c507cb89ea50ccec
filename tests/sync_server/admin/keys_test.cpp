#include "sync_server/admin/keys.hpp"

#include <sys/stat.h>

#include "sync_server/admin/data_key.hpp"
#include "sync_server/admin/new_file.hpp"
#include "tests/sync_server/admin/office.hpp"

using namespace lantaarn;
using namespace lantaarn::server;
using namespace lantaarn::server::admin;

namespace {

mode_t mode_of(const std::string& path) {
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  return info.st_mode & 0777U;
}

}  // namespace

TEST_CASE("a registry is made once", "[keys]") {
  Office office;
  const std::string server = office.open().context().keys.server.id.hex();
  office.close();
  CHECK(initialise(office.place(), "").error().code == "already_initialised");
  CHECK(office.open().context().keys.server.id.hex() == server);
}

TEST_CASE("making a registry while another process holds the folder is refused", "[keys]") {
  Office office;
  const auto lock = database::FileLock::acquire(office.place().lock(), 0);
  REQUIRE(lock.ok());
  CHECK(initialise(office.place(), "").error().code == "already_initialised");
}

TEST_CASE("an init that was cut off before its keys were made is finished by the next", "[keys]") {
  const support::TempFolder folder;
  const Folder place{folder.file("data")};
  REQUIRE(place.make().ok());
  REQUIRE(make_data_key(place, "").ok());
  support::write_file(place.registry_database(), "");
  CHECK(initialise(place, "").ok());
}

TEST_CASE("the data key is the owner's alone and is not overwritten", "[keys]") {
  Office office;
  CHECK(mode_of(office.place().data_key()) == 0600);
  const std::string before = support::read_file(office.place().data_key());
  REQUIRE(make_data_key(office.place(), "").ok());
  CHECK(support::read_file(office.place().data_key()) == before);
}

TEST_CASE("a key file elsewhere keeps the key out of the data folder", "[keys]") {
  const support::TempFolder folder;
  const Folder place{folder.file("data")};
  REQUIRE(initialise(place, folder.file("key")).ok());
  CHECK(mode_of(folder.file("key")) == 0600);
  const StandingClock clock;
  CHECK(OpenServer::open(place, "", clock).error().code == "data_key_missing");
  CHECK(OpenServer::open(place, folder.file("key"), clock).ok());
}

TEST_CASE("a wrong or damaged data key opens nothing", "[keys]") {
  Office office;
  office.close();
  const std::string key = support::read_file(office.place().data_key());
  std::string other = key;
  other[0] = other[0] == 'a' ? 'b' : 'a';
  support::write_file(office.place().data_key(), other);
  CHECK(OpenServer::open(office.place(), "", office.clock).error().code == "data_key_wrong");
  for (const std::string& damaged : {key.substr(0, 63), key + "00", "zz" + key.substr(2), std::string()}) {
    support::write_file(office.place().data_key(), damaged);
    CHECK(OpenServer::open(office.place(), "", office.clock).error().code == "data_key_unreadable");
  }
}

TEST_CASE("what was never initialised is said to be so", "[keys]") {
  const support::TempFolder folder;
  const StandingClock clock;
  CHECK(OpenServer::open(Folder{folder.file("nothing")}, "", clock).error().code == "not_initialised");
}

TEST_CASE("a registry made by a newer program is refused and left alone", "[keys]") {
  Office office;
  office.close();
  {
    auto database = database::Database::open(office.place().registry_database(), {});
    REQUIRE(database.ok());
    REQUIRE(database->execute("PRAGMA user_version = 1000").ok());
  }
  CHECK(OpenServer::open(office.place(), "", office.clock).error().code == "newer_store");
}

TEST_CASE("no private key lies readable in the data folder", "[keys]") {
  Office office;
  const Keys& keys = office.open().context().keys;
  for (const ByteView secret : {ByteView(keys.channel.view()), ByteView(keys.receipt_seed.view()), ByteView(keys.sealing.private_key().view())}) {
    std::string found_in;
    CHECK_FALSE(support::folder_contains(office.folder.path(), to_string(secret), found_in));
    CHECK_FALSE(support::folder_contains(office.folder.path(), to_hex(secret), found_in));
  }
}

TEST_CASE("a new file is never written over another, and nothing is left of one that was not filled", "[keys]") {
  const support::TempFolder folder;
  const std::string path = folder.file("ticket.json");
  { const auto file = NewFile::claim(path); REQUIRE(file.ok()); }
  CHECK_FALSE(std::filesystem::exists(path));
  {
    auto file = NewFile::claim(path);
    REQUIRE(file.ok());
    CHECK(NewFile::claim(path).error().code == "file_exists");
    REQUIRE(file->fill(as_bytes("content")).ok());
  }
  CHECK(support::read_file(path) == "content");
  CHECK(mode_of(path) == 0600);
  CHECK(NewFile::claim(path).error().code == "file_exists");
  CHECK(NewFile::claim(folder.file("no/such/folder")).error().code == "file_not_written");
  CHECK(support::read_file(path) == "content");
}
