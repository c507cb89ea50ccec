// kill -9 at random moments. A contact that was acknowledged is there afterwards, once; one that was not is there once
// or not at all; and at no moment does anything that was typed stand in the handheld's files.
// LANTAARN_LONG=1 makes three hundred kills of it.
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>

#include "tests/e2e/town.hpp"
#include "tests/support/random.hpp"

using namespace lantaarn::e2e;
using lantaarn::support::folder_contains;
using lantaarn::support::program_path;
using lantaarn::support::Random;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

constexpr const char* kAlias = "Kanarievogel";

bool is_long() { return std::getenv("LANTAARN_LONG") != nullptr; }

/// One handheld that is killed again and again. What it finds wrong is kept as text: it runs in a thread of its own.
class Victim {
 public:
  Victim(Town& town, Handheld& handheld, std::string user, std::uint64_t seed)
      : town_(town), handheld_(handheld), user_(std::move(user)), random_(seed) {
    note_ = town.folder().file("note-" + handheld.name());
    lantaarn::support::write_file(note_, "kanariegeheim\n");
  }

  void suffer(int kills) {
    // A whole save, to know how long one takes.
    const auto began = std::chrono::steady_clock::now();
    log(std::nullopt);
    save_time_ = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - began);
    while (kills_ < kills) {
      const auto what = random_.below(8);
      if (what == 0) end_round();
      else if (what == 1) sync();
      else if (what % 2 == 0) log(any_moment(save_time_));
      else log(kWhenItWrites);
      look_for_canaries();
      // An attempt counts before it is judged, so one that was killed counts as wrong: the third would have to wait.
      if (unfinished_ == 2) log(std::nullopt);
    }
  }
  /// An undisturbed contact.
  void log() { log(std::nullopt); }

  [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }
  [[nodiscard]] const std::map<int, std::string>& attempts() const { return attempts_; }
  [[nodiscard]] int kills() const { return kills_; }
  [[nodiscard]] Handheld& handheld() { return handheld_; }

 private:
  static constexpr std::chrono::microseconds kWhenItWrites{-1};
  using Moment = std::optional<std::chrono::microseconds>;  ///< after its start; nothing: never

  std::chrono::microseconds any_moment(std::chrono::microseconds within) {
    return std::chrono::microseconds(random_.below(static_cast<std::uint64_t>(within.count() * 11 / 10)));
  }

  std::uintmax_t journal_bytes() const {
    std::error_code absent;
    const auto bytes = fs::file_size(handheld_.data() + "/journal.db-wal", absent);
    return absent ? 0 : bytes;
  }

  void wait_until_it_writes(const Process& process) {
    const auto before = journal_bytes();
    const std::string living = "/proc/" + std::to_string(process.pid()) + "/exe";
    std::error_code gone;
    while (journal_bytes() <= before && !fs::read_symlink(living, gone).empty()) std::this_thread::sleep_for(200us);
    std::this_thread::sleep_for(std::chrono::microseconds(random_.below(6000)));
  }

  Finished run_and_kill(const Words& words, Moment moment) {
    Process process(program_path("lantaarn"), words, {.input = "", .env = {{"TMPDIR", handheld_.data()}}, .folder = handheld_.data()});
    if (!moment) {
      unfinished_ = 0;
      return process.wait();
    }
    if (*moment == kWhenItWrites) wait_until_it_writes(process);
    else std::this_thread::sleep_for(*moment);
    const Finished done = process.kill_now();
    if (done.signal != 0) {
      ++kills_;
      ++unfinished_;
    }
    return done;
  }

  // The number of minutes tells one attempt from another.
  void log(Moment moment) {
    const int number = static_cast<int>(attempts_.size()) + 1;
    const Words words = log_words(kAlias, {"--minutes", std::to_string(number), "--note-file", note_, "--follow-up", "2030-01-31:kanarietaak"});
    const Finished done = run_and_kill(handheld_.command(words, user_), moment);
    attempts_[number] = "";
    if (done.signal != 0) {
      // Killed after it had answered: then it counts as saved all the same.
      if (!done.out.empty()) note_acknowledged(number, done.out);
    } else if (done.exit_code == 0) {
      note_acknowledged(number, done.out);
    } else {
      problems_.push_back("log: " + done.err);
    }
  }

  void note_acknowledged(int number, const std::string& out) {
    boost::system::error_code broken;
    const auto answer = json::parse(out, broken);
    if (!broken) attempts_[number] = text_of(answer, "event_id");
  }

  void end_round() {
    const Finished started = handheld_.run({"round", "start", "--place", "zone", "--with", "Kanariecollega"}, user_);
    if (started.exit_code != 0 && started.err.find("round_open") == std::string::npos) problems_.push_back("round start: " + started.err);
    log(std::nullopt);
    (void)run_and_kill(handheld_.command({"round", "end"}, user_), random_.one_in(2) ? kWhenItWrites : any_moment(save_time_));
    const Finished ended = handheld_.run({"round", "end"}, user_);
    if (ended.exit_code != 0 && ended.err.find("round_not_open") == std::string::npos) problems_.push_back("round end: " + ended.err);
  }

  void sync() {
    (void)run_and_kill(handheld_.command({"sync", "--server", town_.address()}), any_moment(150ms));
  }

  void look_for_canaries() {
    std::string where;
    if (folder_contains(handheld_.data(), "anarie", where)) problems_.push_back("readable in " + where);
  }

  Town& town_;
  Handheld& handheld_;
  std::string user_;
  Random random_;
  std::string note_;
  std::chrono::microseconds save_time_{};
  std::map<int, std::string> attempts_;  ///< minutes -> event id, "" when never acknowledged
  std::vector<std::string> problems_;
  int kills_ = 0;
  int unfinished_ = 0;  ///< commands killed since the last one that came to its end
};

/// Compares what the registry has with what one handheld tried; minutes seen are taken out of `contacts`.
void compare(const Victim& victim, const std::string& device, const json::array& contacts) {
  std::map<int, int> seen;
  std::set<std::string> ids;
  for (const auto& contact : contacts) {
    if (text_of(contact, "device_name") != device) continue;
    ++seen[static_cast<int>(number_of(contact, "minutes"))];
    ids.insert(text_of(contact, "event_id"));
  }
  for (const auto& [number, id] : victim.attempts()) {
    INFO(device << ": contact " << number << (id.empty() ? ", never acknowledged" : ", acknowledged"));
    CHECK(seen[number] <= 1);
    if (!id.empty()) CHECK(ids.count(id) == 1);
  }
  CHECK(ids.size() <= victim.attempts().size());
}

}  // namespace

TEST_CASE("killed at any moment, no saved contact is lost or doubled, and nothing typed is readable", "[e2e][kill]") {
  LANTAARN_RANDOM(random);
  Town town;
  town.add_woman(kAlias, "Noor");
  town.add_woman("Ilona", "Maaike");
  (void)town.ask_as_coordinator({"client", "set", kAlias, "--second", "Maaike"});
  Victim noor(town, town.add_handheld("h1", {"Noor"}), "Noor", random.below(1U << 30));
  Victim maaike(town, town.add_handheld("h2", {"Maaike"}), "Maaike", random.below(1U << 30));

  std::string where;
  REQUIRE(folder_contains(town.folder().path(), "anarie", where));  // so it would be seen

  const int kills_each = is_long() ? 130 : 16;
  std::thread beside([&] { maaike.suffer(kills_each); });
  noor.suffer(kills_each);
  beside.join();

  // Then the server, while both are sending and it merges.
  int server_kills = 0;
  for (const int wanted = is_long() ? 40 : 8; server_kills < wanted; ++server_kills) {
    std::thread other([&] { maaike.log(); });
    noor.log();
    other.join();
    Process first(program_path("lantaarn"), noor.handheld().command({"sync", "--server", town.address()}));
    Process second(program_path("lantaarn"), maaike.handheld().command({"sync", "--server", town.address()}));
    std::this_thread::sleep_for(std::chrono::microseconds(random.below(120'000)));
    town.kill_server();
    (void)first.wait();
    (void)second.wait();
    town.serve();
  }
  for (const Victim* victim : {&noor, &maaike}) {
    for (const auto& problem : victim->problems()) FAIL_CHECK(problem);
  }
  noor.handheld().sync();
  maaike.handheld().sync();
  const auto contacts = town.contacts();
  compare(noor, "h1", contacts);
  compare(maaike, "h2", contacts);
  CHECK(town.set_apart().empty());
  CHECK(town.ask({"rebuild", "--verify"}).at("agrees").as_bool());
  WARN(noor.kills() + maaike.kills() << " kills of a handheld, " << server_kills << " of the server; "
       << noor.attempts().size() + maaike.attempts().size() << " contacts tried, " << contacts.size() << " in the registry");
}
