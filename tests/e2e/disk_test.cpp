// A full disk, as the kernel would report it: strace makes pwrite64 fail from the n-th call on.
#include <catch2/catch.hpp>

#include <filesystem>

#include "tests/e2e/town.hpp"
#include "tests/support/skip.hpp"

using namespace lantaarn::e2e;
using lantaarn::support::program_path;
using lantaarn::support::run;

namespace {

Words full_disk_after(int writes) {
  return {"strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=pwrite64",
          "-e", "inject=pwrite64:error=ENOSPC:when=" + std::to_string(writes + 1) + "+"};
}

// The leak checker of a sanitizer build cannot work under another tracer.
const lantaarn::support::ProcessOptions kTraced{.input = "", .env = {{"ASAN_OPTIONS", "detect_leaks=0"}}, .folder = ""};

Finished run_through(const Words& tracer, const std::string& program, const Words& words) {
  Words all(tracer.begin() + 1, tracer.end());
  all.push_back(program_path(program));
  all.insert(all.end(), words.begin(), words.end());
  return run(tracer.front(), all, kTraced);
}

}  // namespace

TEST_CASE("a disk that fills up while saving: the contact is saved, or refused and not there", "[e2e]") {
  Town town;
  town.add_woman("Roos");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  std::size_t saved = 0;
  int refused = 0;
  for (const int writes : {0, 1, 2, 3, 4, 6, 9, 13, 40}) {
    INFO("disk full after " << writes << " writes");
    const Finished done = run_through(full_disk_after(writes), "lantaarn", handheld.command(log_words("Roos"), "Noor"));
    if (done.exit_code == 0) {
      ++saved;
    } else {
      CHECK(not_refused(done, "disk_full") == "");
      ++refused;
    }
    CHECK(handheld.ask({"contacts"}, "Noor").as_array().size() == saved);
  }
  CHECK(refused >= 3);
  handheld.log("Noor", "Roos");
  handheld.sync();
  CHECK(town.contacts().size() == saved + 1);
}

TEST_CASE("a disk that fills up on the handheld while syncing: nothing is lost or doubled", "[e2e]") {
  Town town;
  town.add_woman("Roos");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  for (int i = 0; i < 3; ++i) handheld.log("Noor", "Roos");
  int refused = 0;
  for (const int writes : {0, 1, 2, 4, 8, 12}) {
    INFO("disk full after " << writes << " writes");
    const Finished done = run_through(full_disk_after(writes), "lantaarn", handheld.command({"sync", "--server", town.address()}));
    if (done.exit_code == 0) continue;
    CHECK(not_refused(done, "disk_full") == "");
    ++refused;
  }
  CHECK(refused >= 2);
  handheld.sync();
  CHECK(town.contacts().size() == 3);
}

TEST_CASE("a disk that fills up on the server while syncing: no receipt, and the next sync brings everything", "[e2e]") {
  Town town;
  town.add_woman("Roos");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  for (int i = 0; i < 3; ++i) handheld.log("Noor", "Roos");
  int refused = 0;
  for (const int writes : {3, 8, 12, 16, 24}) {
    INFO("server's disk full after " << writes << " writes of each process");
    town.stop();
    try {
      town.serve(full_disk_after(writes));
    } catch (const std::runtime_error&) {
      town.serve();  // too full to begin with: it says so and does not listen
      continue;
    }
    const Finished done = handheld.try_sync();
    town.kill_server();
    town.serve();
    if (done.exit_code == 0) continue;
    ++refused;
    CHECK(std::count(done.err.begin(), done.err.end(), '\n') == 1);
  }
  CHECK(refused >= 1);
  handheld.sync();
  CHECK(town.contacts().size() == 3);
  CHECK(town.ask({"rebuild", "--verify"}).at("agrees").as_bool());
}

namespace {

// A small disk of its own, and `words` in it; only root may mount one.
std::string on_small_disk(const std::string& folder, const std::string& script) {
  return "mount -t tmpfs -o size=16m none '" + folder + "' && " + script;
}

}  // namespace

TEST_CASE("a disk that fills up is said early, and tonight's contacts still go onto it", "[e2e]") {
  if (run("unshare", {"-m", "true"}).exit_code != 0) LANTAARN_SKIP("no mount namespaces here");
  Town town;
  town.add_woman("Roos");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  const std::string disk = town.folder().file("disk");
  std::filesystem::create_directory(disk);
  const std::string lantaarn = "'" + program_path("lantaarn") + "' --data '" + disk + "/h1' --json ";
  const std::string log = lantaarn + "log --client Roos --channel in_person --place zone --outcome spoken --user Noor --pin-file '" +
                          handheld.pin_file("Noor") + "'";
  const std::string script = "cp -a '" + handheld.data() + "' '" + disk + "/h1' && " + lantaarn + "status && " +  //
                             "(head -c 32m /dev/zero > '" + disk + "/filler' 2>/dev/null; true) && " +             //
                             log + " && " + log + " && " + log + " && " + lantaarn + "status";
  const Finished done = run("unshare", {"-m", "--propagation", "private", "sh", "-c", on_small_disk(disk, script)});
  INFO(done.err);
  REQUIRE(done.exit_code == 0);
  std::vector<json::value> answers;
  for (std::size_t at = 0; at < done.out.size();) {
    const std::size_t end = done.out.find('\n', at);
    answers.push_back(json::parse(done.out.substr(at, end - at)));
    at = end + 1;
  }
  REQUIRE(answers.size() == 5);
  CHECK(answers[0].at("storage").at("reserve").as_bool());
  CHECK(number_of(answers[0].at("storage"), "days_left") > 50);
  for (std::size_t i = 1; i <= 3; ++i) {
    CHECK(answers[i].at("storage").at("low").as_bool());
    CHECK(number_of(answers[i].at("storage"), "days_left") < 14);
    CHECK_FALSE(answers[i].at("storage").at("reserve").as_bool());
  }
  CHECK(number_of(answers[4], "not_received") >= 3);
}
