#include <sys/resource.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <csignal>

#include "sync_server/admin/new_file.hpp"
#include "tests/support/temp_folder.hpp"

using namespace lantaarn;
using namespace lantaarn::server::admin;

namespace {

std::size_t files_in(const support::TempFolder& folder) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder.path()), std::filesystem::directory_iterator()));
}

// The disk takes this much of a file and no more.
class SmallDisk {
 public:
  explicit SmallDisk(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit small = before_;
    small.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  ~SmallDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

}  // namespace

TEST_CASE("a file has its name when it is whole, and is its owner's", "[new_file]") {
  const support::TempFolder folder;
  auto file = WholeFile::begin(folder.file("out"));
  REQUIRE(file.ok());
  const std::string content(200'000, 'x');
  REQUIRE(file->write(as_bytes(content)).ok());
  CHECK_FALSE(std::filesystem::exists(folder.file("out")));
  REQUIRE(file->finish().ok());
  CHECK(support::read_file(folder.file("out")) == content);
  struct stat told {};
  REQUIRE(::stat(folder.file("out").c_str(), &told) == 0);
  CHECK((told.st_mode & 0777) == 0600);
  CHECK(files_in(folder) == 1);
}

TEST_CASE("what is not finished leaves nothing", "[new_file]") {
  const support::TempFolder folder;
  {
    auto file = WholeFile::begin(folder.file("out"));
    REQUIRE(file.ok());
    REQUIRE(file->write(as_bytes("half")).ok());
    auto moved = std::move(*file);
    CHECK(files_in(folder) == 1);
  }
  CHECK(files_in(folder) == 0);
}

TEST_CASE("no file is ever written over, also one that came meanwhile", "[new_file]") {
  const support::TempFolder folder;
  {
    auto file = WholeFile::begin(folder.file("out"));
    REQUIRE(file.ok());
    support::write_file(folder.file("out"), "somebody else's");
    const Status finished = file->finish();
    REQUIRE_FALSE(finished.ok());
    CHECK(finished.error().code == "file_exists");
  }
  CHECK(support::read_file(folder.file("out")) == "somebody else's");
  CHECK(files_in(folder) == 1);
  CHECK(WholeFile::begin(folder.file("out")).error().code == "file_exists");
  CHECK(WholeFile::begin("/nonexistent/out").error().code == "file_not_written");
}

TEST_CASE("a full disk leaves no file", "[new_file]") {
  const support::TempFolder folder;
  {
    auto file = WholeFile::begin(folder.file("out"));
    REQUIRE(file.ok());
    const SmallDisk small(100'000);
    Status written;
    for (int i = 0; i < 8 && written.ok(); ++i) written = file->write(as_bytes(std::string(50'000, 'x')));
    if (written.ok()) written = file->finish();
    REQUIRE_FALSE(written.ok());
    CHECK(written.error().kind == ErrorKind::kStorage);
    CHECK(written.error().code == "file_not_written");
  }
  CHECK(files_in(folder) == 0);
}
