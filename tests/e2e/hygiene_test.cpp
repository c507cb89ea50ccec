// What a running program gives away: to who reads its memory, and through what it may still do.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>

#include "common/base/clock.hpp"
#include "common/confine/reached.hpp"
#include "firmware_app/vault/vault.hpp"
#include "tests/e2e/memory_image.hpp"
#include "tests/e2e/town.hpp"
#include "tests/support/skip.hpp"

using namespace lantaarn;
using namespace lantaarn::e2e;

namespace {

// Long enough that it stands in no register or small buffer alone, and nowhere else.
const std::string kNote = "Zij vroeg naar een warme jas en kwam terug bij de huiskamer, woord-7f1c9e.";

template <typename T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().to_log_line());
  return std::move(result).value();
}

std::string pin_of(const Handheld& handheld) {
  const std::string line = support::read_file(handheld.pin_file("Noor"));
  return line.substr(0, line.find('\n'));
}

/// Her private key, as the vault opens it.
std::string key_of(const Handheld& handheld) {
  firmware::FileDeviceSecret secret(handheld.data() + "/device.secret");
  auto vault = must(firmware::Vault::open(handheld.data() + "/vault.db", secret, firmware::program_vault_options()));
  const std::string pin = pin_of(handheld);
  const auto user = must(vault.unlock(must(vault.find_user("Noor")), crypto::SecretBytes(as_bytes(pin)), SystemClock().now()));
  return to_string(user.box.private_key().view());
}

std::string status_line(int pid, const std::string& name) {
  const std::string status = support::read_file("/proc/" + std::to_string(pid) + "/status");
  const auto at = status.find("\n" + name + ":");
  return status.substr(at + name.size() + 2, status.find('\n', at + 1) - at - name.size() - 2);
}

bool all_locked(const std::vector<Mapping>& mappings) {
  return std::all_of(mappings.begin(), mappings.end(), [](const Mapping& mapping) { return mapping.flags.find(" lo") != std::string::npos; });
}

/// A program that stops at places it names, until it is told to go on through a named pipe.
class HeldProcess {
 public:
  HeldProcess(const std::string& program, const std::string& pipe, Words arguments) : pipe_(pipe) {
    if (::mkfifo(pipe.c_str(), 0600) != 0) throw std::runtime_error("no named pipe");
    arguments.insert(arguments.begin(), pipe);
    process_ = std::make_unique<Process>(program, arguments);
  }
  [[nodiscard]] int pid() const { return process_->pid(); }
  [[nodiscard]] bool stands_at(const std::string& place) { return process_->wait_for_line(place).has_value(); }
  /// Returns when it does.
  void go_on() const { ::close(::open(pipe_.c_str(), O_WRONLY | O_CLOEXEC)); }
  [[nodiscard]] Finished wait() { return process_->wait(); }

 private:
  std::string pipe_;
  std::unique_ptr<Process> process_;
};

}  // namespace

TEST_CASE("at work a handheld holds her key in locked memory and her PIN nowhere, locked, it holds nothing of her", "[e2e]") {
  if (!can_read_memory()) LANTAARN_SKIP("only root reads the memory of a program that has closed itself");
  Town town;
  town.add_woman("Roos");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  (void)handheld.ask({"round", "start", "--place", "zone"}, "Noor");
  const std::string key = key_of(handheld);
  const std::string pin = pin_of(handheld);
  const std::string note_file = town.folder().file("note");
  support::write_file(note_file, kNote);

  HeldProcess held(support::program_path("../tests_bin/locking-handheld"), town.folder().file("go"), {handheld.data(), "Noor", handheld.pin_file("Noor"), note_file, "Roos"});
  REQUIRE(held.stands_at("unlocked"));
  {
    const MemoryImage image(held.pid());
    REQUIRE(image.holds(key));
    CHECK(all_locked(image.holding(key)));
    CHECK_FALSE(image.holds(pin));
    CHECK(std::stol(status_line(held.pid(), "VmLck")) > 0);
  }
  held.go_on();
  REQUIRE(held.stands_at("saved"));
  CHECK(MemoryImage(held.pid()).holds(kNote));  // the round is readable: she sees it on the screen

  // Without any help of the new program image: what is let go is wiped.
  held.go_on();
  REQUIRE(held.stands_at("let go"));
  {
    const MemoryImage image(held.pid());
    CHECK_FALSE(image.holds(key));
    CHECK_FALSE(image.holds(pin));
    for (const Mapping& mapping : image.holding(kNote)) UNSCOPED_INFO("the note stands in " << mapping.name << " " << mapping.access);
    CHECK_FALSE(image.holds(kNote));
  }
  held.go_on();
  REQUIRE(held.stands_at("locked"));
  const MemoryImage image(held.pid());
  image.write_core(town.folder().file("core"));
  const std::string core = support::read_file(town.folder().file("core"));
  CHECK(core.size() == image.bytes());
  CHECK(core.size() > 1'000'000);
  for (const std::string& secret : {key, pin, kNote, std::string("Roos"), std::string("Noor")}) {
    CHECK(core.find(secret) == std::string::npos);
  }
  held.go_on();
  CHECK(held.wait().exit_code == 0);
}

TEST_CASE("both processes of a server are closed in, to others and to themselves", "[e2e]") {
  Town town;
  const json::value checked = json::parse(town.server({"check"}).out);
  std::string confinement;
  for (const auto& row : checked.at("findings").as_array()) {
    if (text_of(row, "what") == "confinement") confinement = text_of(row, "state");
  }
  if (confine::is_instrumented()) LANTAARN_SKIP("a build under sanitizers is not confined");
  CHECK(confinement == "fine");
  for (const int pid : {town.registry_pid(), town.gateway_pid()}) {
    CHECK(std::stoi(status_line(pid, "NoNewPrivs")) == 1);
    CHECK(std::stoi(status_line(pid, "Seccomp")) == 2);
    rlimit core{1, 1};
    CHECK(::prlimit(pid, RLIMIT_CORE, nullptr, &core) == 0);
    CHECK(core.rlim_max == 0);
  }
}

TEST_CASE("a handheld's command is confined and its memory locked, and says so", "[e2e]") {
  Town town;
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  const json::value status = handheld.ask({"status"});
  const json::value& reached = status.at("protection");
  if (confine::is_instrumented()) LANTAARN_SKIP("a build under sanitizers is not confined");
  CHECK(text_of(reached, "files") == "confined");
  CHECK(text_of(reached, "system_calls") == "confined");
  CHECK(text_of(reached, "memory_locked") != "nothing");
}

TEST_CASE("a file that was not named is not there for a handheld's command", "[e2e]") {
  Town town;
  town.add_woman("Roos");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  if (confine::is_instrumented()) LANTAARN_SKIP("a build under sanitizers is not confined");
  // The named file is a link to one outside: it is the file that counts, and that was named.
  support::write_file(town.folder().file("note"), "kort");
  std::filesystem::create_symlink(town.folder().file("note"), town.folder().file("link"));
  CHECK(handheld.run(log_words("Roos", {"--note-file", town.folder().file("link")}), "Noor").exit_code == 0);
  // The data folder's database, by a link out of it: not reached.
  std::filesystem::rename(handheld.data() + "/caseload.db", town.folder().file("elsewhere.db"));
  std::filesystem::create_symlink(town.folder().file("elsewhere.db"), handheld.data() + "/caseload.db");
  CHECK(handheld.run({"clients"}, "Noor").exit_code == 1);
}

TEST_CASE("what systemd runs is as closed as it can be, and systemd understands every line of it", "[e2e]") {
  if (support::run("systemd-analyze", {"--version"}).exit_code != 0) LANTAARN_SKIP("no systemd-analyze here");
  const support::TempFolder folder;
  Words units;
  for (const char* name : {"lantaarn-server.service", "lantaarn-check.service", "lantaarn-check.timer"}) {
    std::string unit = support::read_file(support::source_path(std::string("tools/packaging/") + name));
    for (std::size_t at = 0; (at = unit.find("/usr/bin/lantaarn-server")) != std::string::npos;) {
      unit.replace(at, std::string("/usr/bin/lantaarn-server").size(), support::program_path("lantaarn-server"));
    }
    support::write_file(folder.file(name), unit);
    units.push_back(folder.file(name));
    if (std::string(name).ends_with(".timer")) continue;
    const Finished exposed = support::run("systemd-analyze", {"security", "--offline=true", "--threshold=20", "--no-pager", folder.file(name)});
    INFO(exposed.out << exposed.err);
    CHECK(exposed.exit_code == 0);
    CHECK(exposed.err.empty());
  }
  units.insert(units.begin(), "verify");
  const Finished verified = support::run("systemd-analyze", units);
  CHECK(verified.out + verified.err == "");
  CHECK(verified.exit_code == 0);
}
