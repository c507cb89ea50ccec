#include <catch2/catch.hpp>

#include "tests/firmware_app/cli/program.hpp"

using namespace lantaarn::support;

TEST_CASE("what cannot be done is one line with a code, and nothing on standard output", "[cli]") {
  const Program program;
  CHECK(program.refusal(log_words({"--client", "Liv"})) == "1 client_unknown");
  static_cast<void>(program.ask("client-add", {"client", "add", "Ana"}));
  static_cast<void>(program.ask("client-add", {"client", "add", "Aná"}));
  CHECK(program.refusal(log_words({"--client", "ANA"})) == "1 client_ambiguous");
  CHECK(program.refusal({"client", "add", ""}) == "1 alias_empty");
  CHECK(program.refusal({"client", "add", "a\x1b[2J"}) == "1 text_control");
  CHECK(program.refusal(log_words({"--unknown"}, {"--place", "moon"})) == "1 unknown_code");
  CHECK(program.refusal(log_words({"--unknown"}, {"--minutes", "many"})) == "1 minutes_invalid");
  CHECK(program.refusal(log_words({"--unknown"}, {"--minutes", "99999"})) == "1 minutes_invalid");
  CHECK(program.refusal(log_words({"--unknown"}, {"--at", "yesterday"})) == "1 time_invalid");
  CHECK(program.refusal(log_words({"--unknown"}, {"--follow-up", "tomorrow:call"})) == "1 date_invalid");
  CHECK(program.refusal(log_words({"--unknown"}, {"--note-file", "/nowhere"})) == "1 file_unreadable");
  CHECK(program.refusal(log_words({"--unknown"}, {"--note-file", program.file("long", std::string(1001, 'n'))})) == "1 note_too_long");
  CHECK(program.refusal(log_words({"--unknown"}, {"--note-file", program.file("huge", std::string(100'000, 'n'))})) == "1 note_too_long");
  CHECK(program.refusal({"amend", "abcdef", "--reason", "r", "--place", "zone"}) == "1 event_unknown");
  CHECK(program.refusal({"retract", "abc", "--reason", "r"}) == "1 id_invalid");
  CHECK(program.refusal({"round", "end"}) == "1 round_not_open");
  CHECK(program.refusal({"enrol", "--ticket", program.file("ticket", "{}")}) == "1 ticket_unreadable");
  CHECK(program.ask("contacts", {"contacts"}).as_array().empty());
}

TEST_CASE("an unknown place is answered with those that are known", "[cli]") {
  const Program program({"Noor"});
  Words words = log_words({"--unknown"}, {"--place", "moon", "--pin-file", program.folder().file("pin-Noor")});
  const Finished done = program.run(words);
  CHECK(done.exit_code == 1);
  CHECK(done.err.find("zone, loods, huiskamer, elsewhere, home, institution, office") != std::string::npos);
}

TEST_CASE("flags that exclude one another are wrong usage", "[cli]") {
  const Program program;
  CHECK(program.refusal(log_words({})) == "2 usage");
  CHECK(program.refusal(log_words({"--client", "Roos", "--unknown"})) == "2 usage");
  CHECK(program.refusal(log_words({"--client", "Roos", "--describe", "x"})) == "2 usage");
  CHECK(program.refusal(log_words({"--unknown", "--new"})) == "2 usage");
  CHECK(program.refusal(log_words({"--unknown"}, {"--follow-up", "2026-12-01"})) == "2 usage");
  CHECK(program.refusal({"round", "count", "3"}) == "2 usage");
  CHECK(program.refusal({"round", "count", "+x"}) == "2 usage");
  CHECK(program.refusal({"dance"}) == "2 usage");
  CHECK(program.refusal({"log", "--unknown"}) == "2 usage");
}
