#include <catch2/catch.hpp>

#include "tests/e2e/town.hpp"

using namespace lantaarn::e2e;
using lantaarn::support::write_file;

TEST_CASE("what cannot be saved is refused with one line that helps, and costs nothing", "[e2e]") {
  Town town;
  town.add_woman("Roos");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  handheld.log("Noor", "roos");

  const auto with = [&](const Words& words) { return handheld.run(words, "Noor"); };
  const auto place = with({"log", "--client", "Roos", "--channel", "in_person", "--place", "maan", "--outcome", "spoken"});
  CHECK(not_refused(place, "unknown_code") == "");
  for (const char* valid : {"zone", "loods", "huiskamer", "elsewhere", "home", "institution", "office", "maan"}) {
    CHECK(place.err.find(valid) != std::string::npos);
  }
  const auto channel = with({"log", "--client", "Roos", "--channel", "duif", "--place", "zone", "--outcome", "spoken"});
  CHECK(not_refused(channel, "unknown_code") == "");
  CHECK(channel.err.find("home_visit") != std::string::npos);

  const std::string note = town.folder().file("note");
  write_file(note, std::string(1001, 'n'));
  CHECK(not_refused(with(log_words("Roos", {"--note-file", note})), "note_too_long") == "");
  write_file(note, std::string(1000, 'n'));
  CHECK(with(log_words("Roos", {"--note-file", note})).exit_code == 0);

  CHECK(not_refused(with({"client", "add", ""}), "alias_empty") == "");
  CHECK(not_refused(with({"client", "add", "  "}), "alias_empty") == "");
  CHECK(not_refused(with(log_words("Liv")), "client_unknown") == "");
  CHECK(with({"log", "--client", "Roos"}).exit_code == 2);
  CHECK(with({"dance"}).exit_code == 2);

  CHECK(handheld.ask({"contacts"}, "Noor").as_array().size() == 2);
}

TEST_CASE("wrong PINs are refused, then everyone waits, and the right one opens when the wait is over", "[e2e]") {
  Town town;
  town.add_woman("Roos");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  handheld.log("Noor", "Roos");

  // All clocks of the program, moved by so many seconds: thirty of them pass at once.
  const auto later = [](const char* seconds) {
    return lantaarn::support::ProcessOptions{
        .input = "",
        .env = {{"LD_PRELOAD", "/usr/$LIB/faketime/libfaketime.so.1"}, {"FAKETIME", seconds}, {"LANTAARN_ALSO_FILES", "/dev/shm"}, {"ASAN_OPTIONS", "verify_asan_link_order=0"}},
        .folder = ""};
  };
  const std::string wrong = town.folder().file("wrong-pin");
  write_file(wrong, "00000000\n");
  const Words guess = {"contacts", "--user", "Noor", "--pin-file", wrong};
  for (int attempt = 0; attempt < 3; ++attempt) CHECK(not_refused(handheld.run(guess, "", later("+0")), "wrong_pin") == "");
  CHECK(not_refused(handheld.run(guess, "", later("+0")), "wait_before_pin") == "");
  // The right one has to wait as well: whoever holds the handheld cannot tell the two apart.
  CHECK(not_refused(handheld.run({"contacts"}, "Noor", later("+10")), "wait_before_pin") == "");
  // What needs no PIN goes on.
  CHECK(handheld.run({"status"}).exit_code == 0);
  // libfaketime makes the time since boot leap to the wall clock's, so her lease has run out by now: the PIN opens all the
  // same, and nothing is readable any more.
  CHECK(answer_of(handheld.run({"contacts"}, "Noor", later("+60"))).as_array().empty());
  CHECK(handheld.ask({"status"}).at("lease").at("ended") == 1);
}
